"""Values between cells of LibreOffice and the JSON of `kpi cells`."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

ERRORS = {"#DIV/0!": 532, "#N/A": 32767, "#VALUE!": 519, "#NAME?": 525, "#NUM!": 503, "#REF!": 524, "#NULL!": 521}
"""LibreOffice's own numbers of the native errors."""

_FIRST_DAY = datetime(1899, 12, 30)
# the high half of a quiet NaN
_NAN = 0x7FF80000
# up to there a double holds every whole number
_EXACT = 2.0**53


def error_cell(code: str) -> float:
    """Return what Calc shows as a native error: it carries an error's number in the low half of a NaN."""
    number = ERRORS.get(code, ERRORS["#VALUE!"])
    [error] = struct.unpack("<d", struct.pack("<II", number, _NAN))
    return float(error)


def shown(result: Any) -> Any:
    """Return what a cell shows for a result in JSON: a number, a text, a native error, or rows of them.

    A date is a number of days, as in every cell. What is empty in a table is an empty text.
    """
    if isinstance(result, list):
        return tuple(tuple(shown(cell) for cell in row) for row in result)
    if isinstance(result, dict):
        return _days(result["date"]) if "date" in result else error_cell(result.get("error", ""))
    if isinstance(result, (int, float)):
        return float(result)
    return "" if result is None else str(result)


def json_argument(value: Any) -> Any:
    """Return the JSON of an argument; whole numbers are written as such, so that 2026 is a year."""
    if isinstance(value, tuple):
        return [[json_argument(cell) for cell in row] for row in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


def as_called(value: Any) -> Any:
    """Return an argument as LibreOffice will hand it over in a call: an empty cell as 0, in a range as an empty text.

    What is found in formulas ahead of a call must be the same key as the call itself.
    """
    if isinstance(value, tuple):
        return without_end(tuple(tuple(_in_range(cell) for cell in row) for row in value))
    if value is None:
        return 0.0
    return float(value) if isinstance(value, bool) else value


def without_end(rows: Any) -> Any:
    """Return a range without the empty rows at its end, two rows at least: a whole column has a million."""
    end = len(rows)
    while end > 2 and not any(cell != "" for cell in rows[end - 1]):
        end -= 1
    return rows[:end] if end < len(rows) else rows


def _in_range(value: Any) -> Any:
    if value is None:
        return ""
    return float(value) if isinstance(value, bool) else value


def _days(text: str) -> float:
    return (datetime.fromisoformat(text) - _FIRST_DAY).total_seconds() / 86_400
