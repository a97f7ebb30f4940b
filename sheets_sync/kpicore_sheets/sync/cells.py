"""Values of a grid as Google takes them: typed, so that a text is never a formula and a number never a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite, isinf
from typing import Any

from kpicore_xlsx.grid import Grid, Scalar

Json = dict[str, Any]
MOST_CHARACTERS = 50_000
"""In a cell, and in a note."""
_FIRST_DAY = date(1900, 1, 1)
_DAY_ZERO, _SECONDS = date(1899, 12, 30), 86_400
_CUT = "This text has {length:,} characters; a cell has room for {most:,}, so the rest is left out."
_NO_NUMBER = "This is no number: {value}."
EMPTY: Json = {}


@dataclass(frozen=True, slots=True)
class CellRows:
    """Rows of cells as JSON (CellData with value and note), each as wide as the table."""

    rows: tuple[tuple[Json, ...], ...]

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0


def cell_rows(grid: Grid) -> CellRows:
    """Return the cells of a grid."""
    rows = [tuple(map(cell_json, row.values)) for row in grid.rows]
    for (row, column), note in grid.notes.items():
        cells = rows[row]
        rows[row] = (*cells[:column], with_note(cells[column], note), *cells[column + 1 :])
    return CellRows(tuple(rows))


def cell_json(value: Scalar) -> Json:
    """Return the cell for a value; what cannot be shown is told in its note.

    >>> cell_json(0.41), cell_json("=1+1"), cell_json(None)
    ({'userEnteredValue': {'numberValue': 0.41}}, {'userEnteredValue': {'stringValue': '=1+1'}}, {})
    """
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        if isinstance(value, float) and not isfinite(value):
            return {"note": _NO_NUMBER.format(value="infinite" if isinf(value) else "undefined")}
        return {"userEnteredValue": {"numberValue": value}}
    if isinstance(value, date):
        return _day_json(value)
    value = value.replace("\r\n", "\n").replace("\x00", "")  # as Google gives it back
    if len(value) > MOST_CHARACTERS:
        note = _CUT.format(length=len(value), most=MOST_CHARACTERS)
        return {"userEnteredValue": {"stringValue": f"{value[: MOST_CHARACTERS - 1]}…"}, "note": note}
    return {"userEnteredValue": {"stringValue": value}}


def _day_json(value: date) -> Json:
    """Return a day as the number of days since 1899-12-30; one before 1900 as text, as Excel has no such days."""
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_DAY:
        return {
            "userEnteredValue": {"stringValue": value.isoformat(" ") if isinstance(value, datetime) else str(value)}
        }
    number: float = (day - _DAY_ZERO).days
    if isinstance(value, datetime):
        number += (value.hour * 3600 + value.minute * 60 + value.second) / _SECONDS
    return {"userEnteredValue": {"numberValue": number}}


def with_note(cell: Json, note: str) -> Json:
    """Return a cell with a note, below the one that it has."""
    text = f"{cell['note']}\n{note}" if "note" in cell else note
    return {**cell, "note": text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"}


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


def raw_value(cell: Json) -> Any:
    """Return the value of a cell as values:batchUpdate takes it (RAW): an empty text clears the cell."""
    value = cell.get("userEnteredValue")
    return next(iter(value.values())) if value else ""
