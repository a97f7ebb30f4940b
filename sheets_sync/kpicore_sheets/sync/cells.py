"""Values of a grid as Google takes them: typed, so that a text is never a formula and a number never a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import isfinite, isinf
from typing import Any

from kpicore_xlsx.grid import GridRow, Scalar

Json = dict[str, Any]
Place = tuple[int, int]
MOST_CHARACTERS = 50_000
"""In a cell, and in a note."""
_FIRST_DAY = date(1900, 1, 1)
_DAY_ZERO, _SECONDS = date(1899, 12, 30), 86_400
_ODD = re.compile(r'\{"day":|NaN|Infinity|\\r|\\u0000')
"""What the JSON of a row has when a value of it is shown otherwise than it is."""
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
        return value
    if isinstance(value, date):
        return _day_number(value)
    text = value.replace("\r\n", "\n").replace("\x00", "")  # as Google gives it back
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def value_note(value: Scalar) -> str:
    """Return what is to be told of a value that cannot be shown as it is, "" of others."""
    if isinstance(value, float) and not isfinite(value):
        return _NO_NUMBER.format(value="infinite" if isinf(value) else "undefined")
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        return _CUT.format(length=len(value), most=MOST_CHARACTERS)
    return ""


def _day_number(value: date) -> float | str:
    """Return a day as its number; one before 1900 as text, as Excel has no such days."""
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_DAY:
        return value.isoformat(" ") if isinstance(value, datetime) else str(value)
    number: float = (day - _DAY_ZERO).days
    if isinstance(value, datetime):
        number += (value.hour * 3600 + value.minute * 60 + value.second) / _SECONDS
    return number


def row_text(values: Sequence[Scalar]) -> str:
    """Return a row as JSON: what stands for it, days told from texts that look like them."""
    return _encode(values)


def is_plain(text: str) -> bool:
    """Return whether a row, by its `row_text`, is shown just as it is: most are, and their values need no look."""
    return len(text) <= MOST_CHARACTERS and not _ODD.search(text)


def all_notes(rows: Sequence[GridRow], odd: Iterable[int], notes: Mapping[tuple[int, int], str]) -> dict[Place, str]:
    """Return the notes of cells, with what is to be told of values in the rows that are not plain."""
    kept = {
        (number, column): note
        for number in odd
        for column, value in enumerate(rows[number].values)
        if (note := value_note(value))
    }
    for place, note in notes.items():
        text = f"{kept[place]}\n{note}" if place in kept else note
        kept[place] = text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
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
