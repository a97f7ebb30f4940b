"""Values of a grid as Google takes them: typed, so that a text is never a formula and a number never a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import isfinite, isnan
from typing import Any

from kpicore_sheets.compact_json import compact_json
from kpicore_sheets.limits import MOST_CHARACTERS
from kpicore_xlsx.grid import GridRow, Scalar
from kpicore_xlsx.serial_numbers import DAY_ZERO

Json = dict[str, Any]
Place = tuple[int, int]
_FIRST_DAY = date(1900, 1, 1)
_SECONDS = 86_400
_TYPED, _ROW, _NOTED = 36, 14, 10
"""Bytes that a cell, a row and a note take as CellData beside what stands in them."""
_ODD = re.compile(r'\{"day":|NaN|Infinity|\\r|\\u0000|[\ud800-\udfff]')
"""What the JSON of a row has when a value of it is shown otherwise than it is."""
_LONGEST_NUMBER = 309
"""Digits of the largest whole number that 64 bits with a point hold."""
_LONG_NUMBER = re.compile(rf"\d{{{_LONGEST_NUMBER}}}")
_KINDS = {bool: "boolValue", int: "numberValue", float: "numberValue", str: "stringValue"}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=lambda day: {"day": str(day)}).encode
_CUT = "This text has {length:,} characters; a cell has room for {most:,}, so the rest is left out."
_NO_NUMBER = "This is no number: {value}."


def shown_value(value: Scalar) -> bool | float | str | None:
    """Return what a cell shows for a value: days as numbers since 1899-12-30, None for what cannot be shown.

    >>> shown_value(0.41), shown_value("=1+1"), shown_value(date(2026, 3, 1))
    (0.41, '=1+1', 46082)
    """
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or value == "":
        return None
    if isinstance(value, int):
        return value if _is_number(value) else None
    if isinstance(value, date):
        return _day_number(value)
    return _room(_plain(value)) or None


def _is_number(value: float) -> bool:
    """Return whether a number is one to Google, which knows those of 64 bits with a point."""
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _plain(text: str) -> str:
    """Return a text as Google gives it back: what is none of Unicode cannot be sent."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\r\n", "\n").replace("\x00", "")


def _length(text: str) -> int:
    """Return how many characters a text has to Google: one beyond the first 65,536 of Unicode counts twice."""
    return len(text.encode("utf-16-le")) // 2


def _room(text: str) -> str:
    """Return as much of a text as there is room for."""
    if 2 * len(text) <= MOST_CHARACTERS or _length(text) <= MOST_CHARACTERS:
        return text
    return text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"


def value_note(value: Scalar) -> str:
    """Return what is to be told of a value that cannot be shown as it is, "" of others."""
    if isinstance(value, int | float) and not _is_number(value):
        return _NO_NUMBER.format(value="undefined" if isinstance(value, float) and isnan(value) else "infinite")
    if (
        isinstance(value, str)
        and 2 * len(value) > MOST_CHARACTERS
        and (length := _length(_plain(value))) > MOST_CHARACTERS
    ):
        return _CUT.format(length=length, most=MOST_CHARACTERS)
    return ""


def _day_number(value: date) -> float | str:
    """Return a day as its number; one before 1900 as text, as Excel has no such days."""
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_DAY:
        return value.isoformat(" ") if isinstance(value, datetime) else str(value)
    number: float = (day - DAY_ZERO.date()).days
    if isinstance(value, datetime):
        number += (value.hour * 3600 + value.minute * 60 + value.second) / _SECONDS
    return number


def row_text(values: Sequence[Scalar]) -> str:
    """Return a row as JSON: what stands for it, days told from texts that look like them."""
    return _encode(values)


def is_plain(text: str) -> bool:
    """Return whether a row, by its `row_text`, is shown just as it is: most are, and their values need no look."""
    if 2 * len(text) > MOST_CHARACTERS or _ODD.search(text):
        return False
    return len(text) < _LONGEST_NUMBER or _LONG_NUMBER.search(text) is None


def raw_line(values: Sequence[Scalar]) -> str:
    """Return a row as JSON as it is shown: an empty text clears a cell."""
    shown = ["" if (value := shown_value(item)) is None else value for item in values]
    return compact_json(shown)


def byte_count(text: str) -> int:
    """Return how many bytes a text has in a request."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def typed_bytes(width: int, raw: int, notes: Iterable[str]) -> int:
    """Return how many bytes a row takes at most as cells with types and notes; it has `raw` ones as it is."""
    noted = sum(_NOTED + byte_count(json.dumps(note, ensure_ascii=False)) for note in notes)
    return _TYPED * width + _ROW + raw + noted


def all_notes(rows: Sequence[GridRow], odd: Iterable[int], notes: Mapping[tuple[int, int], str]) -> dict[Place, str]:
    """Return the notes of cells, with what is to be told of values in the rows that are not plain."""
    kept = {
        (number, column): note
        for number in odd
        for column, value in enumerate(rows[number].values)
        if (note := value_note(value))
    }
    for place, note in notes.items():
        kept[place] = _room(_plain(f"{kept[place]}\n{note}" if place in kept else note))
    return kept


def cell_json(value: Scalar, note: str = "") -> Json:
    """Return a cell as CellData: typed, so that a text is never a formula.

    >>> cell_json(0.41), cell_json("=1+1"), cell_json(None)
    ({'userEnteredValue': {'numberValue': 0.41}}, {'userEnteredValue': {'stringValue': '=1+1'}}, {})
    """
    return shown_cell(shown_value(value), note)


def shown_cell(shown: bool | float | str | None, note: str = "") -> Json:
    """Return what a cell shows as CellData."""
    if shown is None or shown == "":
        return {"note": note} if note else {}
    written = {"userEnteredValue": {_KINDS[type(shown)]: shown}}
    return {**written, "note": note} if note else written


def same_value(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Return whether two ExtendedValues show the same: numbers may come back with another last digit."""
    if one == other:
        return True
    first, second = (value.get("numberValue") if value else None for value in (one, other))
    if not isinstance(first, int | float) or not isinstance(second, int | float):
        return False
    return abs(first - second) <= 1e-13 * max(abs(first), abs(second))


def row_data(rows: Iterable[Sequence[Json]]) -> list[Json]:
    """Return rows as RowData; empty cells at their ends are left out, as they are cleared anyway."""
    return [{"values": _trimmed(row)} for row in rows]


def _trimmed(row: Sequence[Json]) -> list[Json]:
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return list(row[:end])
