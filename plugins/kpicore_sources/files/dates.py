"""Dates as people write them: day or month first, two-digit years, names of months, times and zones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kpicore_sources.files.months import MONTH_NAMES, month_number
from kpicore_sources.files.reading import EXCEPTIONS, AnswerChoice, Decision

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "date day-month-year", "date month-day-year", "date year-month-day"
COMPACT, SERIAL, UNIX, UNIX_MS = "date yyyymmdd", "date serial", "date unix seconds", "date unix milliseconds"
READINGS = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST, COMPACT, SERIAL, UNIX, UNIX_MS)
_ORDERS = {DAY_FIRST: "dmy", MONTH_FIRST: "mdy", YEAR_FIRST: "ymd"}

_LONGEST = 100
"""No date has more characters; its patterns take long over long texts."""

# groups 1, 3 and 5 are the numbers, 2 and 4 the marks between them, 6 a mark behind the last one
PARTS = r"^(\d{1,4})(\s*[-/.\s年년]\s*)(\d{1,2})(\s*[-/.\s月월]\s*)(\d{1,4})(日|일|\.(?=\s|$))?"
_NAME = "(?P<name>[^\\W\\d_]{3,12}|[^\\W\\d_]{1,2}月)"
_NAMED_DAY_FIRST = (
    rf"^(?P<d>\d{{1,2}})(?P<s>(?:st|nd|rd|th|\.)?[\s/.-]*(?:de |of )?){_NAME}"
    r"(?P<t>\.?,?[\s/.-]*(?:de |of )?)(?P<y>\d{4}|\d{2})"
)
_NAMED_MONTH_FIRST = rf"^{_NAME}(?P<s>\.?[\s/.-]*)(?P<d>\d{{1,2}})(?P<t>(?:st|nd|rd|th)?,?[\s/.-]+)(?P<y>\d{{4}})"
_NAMED_YEAR_FIRST = rf"^(?P<y>\d{{4}})(?P<s>\.?[\s/.-]*){_NAME}(?P<t>\.?[\s/.-]*)(?P<d>\d{{1,2}})(?P<e>\.)?"
_TIME = (
    r"(?P<gap>T|,?\s+|$)(?:(?P<h>\d{1,2}):(?P<m>\d{2})(?P<sec>:\d{2})?(?P<frac>[.,]\d{1,9})?"
    r"(?P<ap>\s*[AaPp][Mm])?(?P<zone>\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?)?$"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The three numbers of a date as they stand, how many values have them, and the first one's row."""

    first: str
    second: str
    third: str
    count: int
    row: int
    example: str


def decide(parts: Sequence[Parts], mapped: str = "") -> Decision:
    """Return the order of day, month and year that ALL values prove, or the orders that are possible.

    `parts` hold every distinct date of the column once. A day that no order has (31.06.2025) proves none. The
    year may stand first where a mapping says so (`mapped`), be it likely or not.
    """
    # 31.06.2025 is no day in any order, so it does not speak against one; where such are most, they count
    days = [part for part in parts if any(_date(part, order) for order in _ORDERS.values())]
    if 2 * sum(day.count for day in days) > sum(part.count for part in parts):
        parts = days
    fitting = {reading: [part for part in parts if _date(part, order)] for reading, order in _ORDERS.items()}
    total = sum(part.count for part in parts)
    share = {reading: sum(part.count for part in dated) / total for reading, dated in fitting.items()}
    possible = [reading for reading in _ORDERS if share[reading] >= 1 - EXCEPTIONS]
    # 01-02-03 may be read in three ways, but hardly anybody writes two digits of the year first
    if YEAR_FIRST in possible and len(possible) > 1 and mapped != YEAR_FIRST and not _years_first(parts):
        possible.remove(YEAR_FIRST)
    if not possible:
        return _conflict(parts, share)
    if len(possible) == 1:
        return _proof(parts, possible[0])
    # 05.05.2025 is the same day whichever comes first, and asks nothing
    differing = [part for part in parts if len({_date(part, _ORDERS[reading]) for reading in possible}) > 1]
    if not differing:
        return Decision(possible[0], "every order gives the same dates", parts[0].row, proven=False)
    return _ask(differing[0], possible)


def _date(parts: Parts, order: str) -> tuple[int, int, int] | None:
    """Return (year, month, day) by an order, or None where there is no such date."""
    texts = dict(zip(order, (parts.first, parts.second, parts.third), strict=True))
    year, month, day = (int(texts[letter]) for letter in "ymd")
    lengths = {name: len(text) for name, text in texts.items()}
    if lengths["y"] not in (2, 4) or lengths["m"] > 2 or lengths["d"] > 2:
        return None
    if lengths["y"] == 2:
        year += 2000 if year < 69 else 1900  # as %y has it, by which the database reads them
    if not (1 <= month <= 12 and 1 <= day <= _days(year, month)):
        return None
    return year, month, day


def _days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 28 + leap if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def _years_first(parts: Sequence[Parts]) -> bool:
    """Two-digit years are few and days are many: year first is likely only if the first number varies less."""
    return len({int(part.first) for part in parts}) <= len({int(part.third) for part in parts})


def _proof(parts: Sequence[Parts], reading: str) -> Decision:
    rivals = [order for other, order in _ORDERS.items() if other != reading and other != YEAR_FIRST]
    if reading == YEAR_FIRST:
        return Decision(reading, f"{parts[0].example!r} has its year first", parts[0].row)
    # rivals[0]: of day first it is month first, and the reverse; year first is told by its four digits
    proof = next((part for part in parts if _date(part, _ORDERS[reading]) and not _date(part, rivals[0])), parts[0])
    number = proof.first if reading == DAY_FIRST else proof.second
    return Decision(reading, f"{proof.example!r}: there is no month {int(number)}", proof.row)


def _conflict(parts: Sequence[Parts], share: dict[str, float]) -> Decision:
    likely = sorted((reading for reading in share if share[reading] > 0), key=lambda reading: -share[reading])[:2]
    if not likely:
        return Decision("", "no date")
    proofs = []
    for reading in likely:
        others = [_ORDERS[other] for other in likely if other != reading]
        proofs += [part for part in parts if _date(part, _ORDERS[reading]) and not any(_date(part, o) for o in others)][
            :1
        ]
    shown = " and ".join(repr(proof.example) for proof in proofs)
    first = proofs[0] if proofs else parts[0]
    choices = tuple(AnswerChoice(reading, f"{share[reading]:.0%} of the values are dates so") for reading in likely)
    return Decision(
        "",
        f"no order fits all values: {shown}",
        first.row,
        choices if len(choices) > 1 else (*choices, AnswerChoice("text", "no date")),
        conflict=True,
    )


def _ask(example: Parts, possible: Sequence[str]) -> Decision:
    choices = []
    for reading in possible:
        date = _date(example, _ORDERS[reading])
        shown = "no date" if date is None else f"{date[0]:04}-{date[1]:02}-{date[2]:02}"
        choices.append(AnswerChoice(reading, f"{example.example} is {shown}"))
    return Decision(
        "",
        f"{example.example!r} can be read in {len(choices)} ways, and no value proves one",
        example.row,
        tuple(choices),
    )


@dataclass(frozen=True, slots=True)
class Format:
    """A strptime format of DuckDB; `zone` is "" for a local time, "utc" for one in UTC, "offset" for %z."""

    text: str
    zone: str = ""


def format_of(example: str, reading: str) -> Format | None:
    """Return the format that reads a value and those of its shape, or None where it is no such date.

    >>> format_of("1/10/11 10:04", MONTH_FIRST)
    Format(text='%m/%d/%y %H:%M', zone='')
    """
    text = example.strip()
    if len(text) > _LONGEST:
        return None
    if reading == COMPACT:
        compact = re.match(r"^(\d{8})", text)
        return compact and _with_time("%Y%m%d", text[8:])
    named = _named(text)
    if named:
        return named
    parts = re.match(PARTS, text)
    if parts is None or reading not in _ORDERS:
        return None
    # dmy of 31.01.2026: %d.%m.%Y, with the marks as they stand
    codes = [_code(letter, parts[group]) for letter, group in zip(_ORDERS[reading], (1, 3, 5), strict=True)]
    if None in codes:
        return None
    date = f"{codes[0]}{parts[2]}{codes[1]}{parts[4]}{codes[2]}{parts[6] or ''}"
    return _with_time(date, text[parts.end() :])


def _code(letter: str, digits: str) -> str | None:
    if letter == "y":
        return {2: "%y", 4: "%Y"}.get(len(digits))
    return f"%{letter}" if len(digits) <= 2 else None


def _named(text: str) -> Format | None:
    for pattern, order in ((_NAMED_DAY_FIRST, "dby"), (_NAMED_MONTH_FIRST, "bdy"), (_NAMED_YEAR_FIRST, "ybd")):
        parts = re.match(pattern, text)
        if parts and month_number(parts["name"]):
            codes = {"d": "%d", "b": "%m", "y": "%Y" if len(parts["y"]) == 4 else "%y"}
            first, second, third = (codes[letter] for letter in order)
            end = parts.groupdict().get("e") or ""
            return _with_time(f"{first}{parts['s']}{second}{parts['t']}{third}{end}", text[parts.end() :])
    return None


def _with_time(date: str, rest: str) -> Format | None:
    parts = re.match(_TIME, rest)
    if parts is None:
        return None
    if parts["h"] is None:
        return Format(date) if not rest.strip() else None
    if len(parts["frac"] or "") > 7:  # %f reads a mark and six digits at most
        return None
    half = parts["ap"]
    clock = (
        f"{'%I' if half else '%H'}:%M{':%S' if parts['sec'] else ''}{parts['frac'][0] + '%f' if parts['frac'] else ''}"
    )
    # the space before it stays, as the format must have it where the values do
    clock += re.sub(r"\S+", "%p", half) if half else ""
    zone = parts["zone"] or ""
    kind = "" if not zone else "utc" if zone.strip() in ("Z", "UTC", "GMT") else "offset"
    clock += zone if kind == "utc" else re.sub(r"\S+", "%z", zone)
    return Format(f"{date}{parts['gap']}{clock}", kind)


def with_month_numbers(cell: str, words: Sequence[str]) -> str:
    """Return SQL that puts month numbers in the place of the given month names."""
    # the longest first: "jun" for "juni" would leave an i behind
    for word in sorted(words, key=len, reverse=True):
        cell = f"regexp_replace({cell}, '(?i){re.escape(word)}', '{month_number(word):02}')"
    return cell


def month_words(example: str) -> list[str]:
    """Return the words of a value that name a month."""
    return [word for word in re.findall(r"[^\W\d_]{3,12}|[^\W\d_]{1,2}月", example) if word.casefold() in MONTH_NAMES]
