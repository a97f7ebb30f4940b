"""Numbers as people write them: which mark is the decimal one, and the SQL that reads them exactly.

Two readings: `number 1,234.56` and `number 1.234,56`. Either takes spaces and apostrophes between
thousands, a currency sign or code, a per-cent sign, a minus before or after, or brackets for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kpicore import literal
from kpicore_sources.files.reading import EXCEPTIONS, AnswerChoice, Decision, ValueShape

POINT, COMMA = "number 1,234.56", "number 1.234,56"
READINGS = (POINT, COMMA)
LABELLED = "number before its label"
"""Answers of surveys, of which some say in words what their number means: '10 - Extremely likely'."""

_CODES = (
    "USD|EUR|GBP|JPY|CNY|RMB|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|RUB|UAH|TRY|BRL|MXN|INR|ZAR|KRW|SGD|HKD"
)
CURRENCY = rf"(?:{_CODES}|US\$|R\$|A\$|C\$|\p{{Sc}}|zł|Kč|Ft|lei|kr\.?|руб\.?|р\.|Rs\.?|Fr\.?|元|円)"
_SPACE = r"[\s\x{a0}\x{2007}\x{2009}\x{202f}]"
_GAP = r"[\s\x{a0}\x{2007}\x{2009}\x{202f}'’]"
_MINUS = r"[-−–]"
_LABELLED = r"\d{1,3}\s*[-−–—:=.(]\s*[^\d\s].*"
PLAIN = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"

_LONGEST = 100
"""No number has more characters."""

# Python's re knows neither \p{Sc} nor \x{…}.
_PYTHON = {
    r"\p{Sc}": "[$€£¥₩₽₹₺₴¢]",
    r"\x{a0}": "\u00a0",
    r"\x{2007}": "\u2007",
    r"\x{2009}": "\u2009",
    r"\x{202f}": "\u202f",
}


@cache
def _whole(decimal: str) -> str:
    """Return the pattern of a number whose decimal mark is `decimal`."""
    mark, other = re.escape(decimal), re.escape("," if decimal == "." else ".")
    start = r"[1-9]\d{0,2}"  # '0,123' is no group of thousands
    # Groups of two stand above the thousand in India: 12,34,567.
    grouped = rf"{start}(?:{_GAP}\d{{3}})+|{start}(?:{other}\d{{2}})*{other}\d{{3}}|{start}(?:{other}\d{{3}})+"
    # groups of thousands or plain digits, then decimals; or decimals alone: 1,234.5, 12., .5
    digits = rf"(?:(?:{grouped}|\d+)(?:{mark}\d*)?|{mark}\d+)"
    sign = rf"(?:\+|{_MINUS})"
    return (
        rf"\(?{_SPACE}*(?:{sign}?{_SPACE}*{CURRENCY}?|{CURRENCY}?{_SPACE}*{sign}?){_SPACE}*{digits}{_SPACE}*(?:%|{CURRENCY})?"
        rf"{_SPACE}*{_MINUS}?\)?{_SPACE}*(?:%|{CURRENCY})?"
    )


@cache
def _python(pattern: str) -> re.Pattern[str]:
    for theirs, ours in _PYTHON.items():
        pattern = pattern.replace(theirs, ours)
    return re.compile(pattern, re.IGNORECASE)


def is_number(text: str) -> bool:
    """Return whether the text is a number by one of the two readings.

    >>> is_number("(1,234.50)"), is_number("1.234,50 €"), is_number("1,23,4"), is_number("A12")
    (True, True, False, False)
    """
    bare = text.strip()
    if len(bare) > _LONGEST:
        return False
    return bool(re.fullmatch(PLAIN, bare)) or any(_is_whole(bare, mark) for mark in ".,")


def _is_whole(text: str, mark: str) -> bool:
    """Return whether the text is a number whose decimal mark is `mark`; its pattern takes long over long texts."""
    return len(text) <= _LONGEST and _python(_whole(mark)).fullmatch(text) is not None


def is_labelled(text: str) -> bool:
    """Return whether the text is a whole number with what it means behind it.

    >>> is_labelled("10 - Extremely likely"), is_labelled("10-12"), is_labelled("9")
    (True, False, False)
    """
    return re.fullmatch(_LABELLED, text.strip(), re.DOTALL) is not None


def decide_labelled(shapes: Sequence[ValueShape]) -> Decision | None:
    """Return the reading of numbers of which some have a label, None where none has one or others are no numbers."""
    first = next((shape for shape in shapes if is_labelled(shape.example)), None)
    if first is None or not all(is_labelled(shape.example) or shape.example.strip().isdecimal() for shape in shapes):
        return None
    return Decision(LABELLED, f"{first.example.strip()!r} says in words what its number means", first.row, proven=False)


def decide(shapes: Sequence[ValueShape], *, whole: bool = False) -> Decision:
    """Return the reading that all the shapes prove, or both when nothing proves one.

    `whole` says that only whole numbers make sense: then '1.234' can only be a thousand and more.
    A shape's digits are as in its example; `shapes` hold at least one example per place of the marks.
    """
    proofs: dict[str, list[ValueShape]] = {POINT: [], COMMA: []}
    unsure: list[ValueShape] = []
    for shape in shapes:
        proven = _proven(shape.example, whole)
        if proven in proofs:
            proofs[proven].append(shape)
        elif proven:
            unsure.append(shape)
    counts = {reading: sum(shape.count for shape in proving) for reading, proving in proofs.items()}
    reading = max(counts, key=lambda reading: counts[reading])
    other = COMMA if reading == POINT else POINT
    if counts[other] > EXCEPTIONS * counts[reading]:
        return _both(proofs[reading][0], proofs[other][0])
    if counts[reading]:
        proof = proofs[reading][0]
        return Decision(
            reading,
            f"{proof.example.strip()!r} has its decimals after {'a point' if reading == POINT else 'a comma'}",
            proof.row,
        )
    if unsure:
        return _both(unsure[0], unsure[0])
    return Decision(POINT, "whole numbers", proven=False)


def _proven(example: str, whole: bool) -> str:
    """Return the reading that a value proves, '?' if it fits both, '' if it has no mark or is no number."""
    if len(example.strip()) > _LONGEST:
        return ""
    # A point behind letters, as in "Rs. 12", is no mark of the number.
    digits = re.sub(r"^[^\d.,]*(\.(?=\D))?|[^\d]*$", "", _python(CURRENCY).sub("", example.strip()))
    points, commas = digits.count("."), digits.count(",")
    fits = [reading for reading, mark in ((POINT, "."), (COMMA, ",")) if _is_whole(example.strip(), mark)]
    if not points + commas or not fits:
        return ""
    if len(fits) == 1:
        return fits[0]
    if whole:
        return COMMA if points else POINT
    # No group of thousands begins with 0.
    # "?": 1,234 is a thousand and more, or one and a bit
    return POINT if digits.startswith("0.") else COMMA if digits.startswith("0,") else "?"


def _both(first: ValueShape, second: ValueShape) -> Decision:
    example = first.example.strip() if first is second else f"{first.example.strip()} and {second.example.strip()}"
    shown = {reading: f"{first.example.strip()} is {_value(first.example, reading)}" for reading in READINGS}
    choices = tuple(AnswerChoice(reading, text) for reading, text in shown.items())
    return Decision("", f"{example!r} can be read in two ways", first.row, choices, conflict=first is not second)


def _value(example: str, reading: str) -> str:
    mark = "." if reading == POINT else ","
    if not _is_whole(example.strip(), mark):
        return "unreadable"
    return re.sub(rf"[^\d{re.escape(mark)}-]", "", example).replace(mark, ".")


def proves_point(sample: Sequence[str]) -> bool:
    """Return whether plain numbers leave no doubt: no marks at all, or decimals that are not three digits.

    >>> proves_point(["5", "1.25"]), proves_point(["5", "1.250"])
    (True, False)
    """
    marked = [text for text in sample if "." in text]
    return any(_proven(text, False) == POINT for text in marked)


def is_plain(shapes: Sequence[ValueShape]) -> bool:
    """Return whether the database reads all the values as they stand: no marks, signs or codes."""
    return all(re.fullmatch(PLAIN, shape.example) for shape in shapes)


def number_sql(cell: str, reading: str, type_: str, *, plain: bool = False, percent: bool = False) -> str:
    """Return SQL that gives the trimmed text `cell` as the exact `type_`, or null where it is no number.

    `plain` spares the patterns where `is_plain` said so of all values. `percent` divides by 100
    what has no per-cent sign of its own.
    """
    if reading == LABELLED:
        whole = literal(rf"(?s)\d+|{_LABELLED}")
        digits = f"regexp_extract({cell}, '^\\d+')"
        return f"CASE WHEN regexp_full_match({cell}, {whole}) THEN try_cast({digits} AS {type_}) END"
    hundredth = " / 100" if percent else ""
    simple = (
        f"try_cast({cell} AS {type_})"
        if not percent
        else f"try_cast(try_cast({cell} AS DECIMAL(38,10)) / 100 AS {type_})"
    )
    if plain:
        return simple
    mark = "." if reading == POINT else ","
    bare = f"regexp_replace({cell}, {literal('(?i)' + CURRENCY)}, '', 'g')"
    digits = f"regexp_replace({bare}, '[^0-9{mark}]', '', 'g')"
    digits = digits if mark == "." else f"replace({digits}, ',', '.')"
    # Division gives a DOUBLE in DuckDB, so a share is made by multiplying.
    scale = f"CASE WHEN {cell} LIKE '%\\%%' ESCAPE '\\' THEN 0.01 ELSE {'0.01' if hundredth else '1'} END"
    sign = f"CASE WHEN regexp_matches({cell}, '[(]|{_MINUS}') THEN -1 ELSE 1 END"
    # 28 digits, 10 of them decimals, times -1 and 0.01 stay within the 38 that DuckDB has
    value = f"try_cast(try_cast({digits} AS DECIMAL(28,10)) * {sign} * {scale} AS {type_})"
    whole = literal("(?i)" + _whole(mark))
    general = f"CASE WHEN regexp_full_match({cell}, {whole}) THEN {value} END"
    if reading != POINT:
        return general
    return f"CASE WHEN regexp_full_match({cell}, {literal(PLAIN)}) THEN {simple} ELSE {general} END"
