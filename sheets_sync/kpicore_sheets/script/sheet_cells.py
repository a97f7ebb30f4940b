"""Values of cells as the API of Sheets tells them, as the same cells are in a formula.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from kpicore import CellFailure, CellScalar
from kpicore_xlsx.serial_numbers import moment_of

CELL_FIELDS = "effectiveValue,effectiveFormat.numberFormat.type"
"""What is to be read of a cell."""

_DATES = frozenset({"DATE", "DATE_TIME", "TIME"})
_ERRORS = {
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
}


def cell_value(cell: Mapping[str, Any]) -> CellScalar:
    """Return the value of a cell, None for an empty one; a number that is shown as a date is one.

    Raises: LookupError for what nobody knows yet, and for a day that is no day of our calendar.
    """
    held = cell.get("effectiveValue", {})
    if "numberValue" in held:
        kind = cell.get("effectiveFormat", {}).get("numberFormat", {}).get("type", "")
        return _moment(held["numberValue"]) if kind in _DATES else float(held["numberValue"])
    if "errorValue" in held:
        kind = held["errorValue"].get("type", "")
        if kind == "LOADING":
            raise LookupError("a cell that is being calculated")
        return CellFailure(_ERRORS.get(kind, "#VALUE!"))
    value: CellScalar = held.get("boolValue", held.get("stringValue"))
    return value


def _moment(serial: float) -> date:
    """Return the day of a serial number, or the moment to the second."""
    try:
        moment = moment_of(serial)
    except OverflowError:
        raise LookupError(f"no day has the number {serial}") from None
    return moment if moment.time() != time() else moment.date()
