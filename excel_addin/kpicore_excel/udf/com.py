"""Values as Excel hands them to Python over COM, and as it takes them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from kpicore import CellFailure, CellRange, CellResult, CellScalar, CellValue

MARK = "\x1f"
"""Begins or parts texts that are no texts of a cell; no cell holds this character."""

SHEETS_WANTED = MARK
"""Given instead of a result: send the sheets, then ask again."""

MISSING = -2147352572
"""How COM passes an argument that was left out."""

# SCODEs 0x800A07D0 on, as the signed 32 bits that COM passes: 2000 is #NULL!, 2042 #N/A
_FIRST_ERROR, _LAST_ERROR = 0x800A0000 + 2000 - 2**32, 0x800A0000 + 2100 - 2**32
_ERRORS: Mapping[int, str] = MappingProxyType(
    {
        _FIRST_ERROR + place: code
        for place, code in (
            (0, "#NULL!"),
            (7, "#DIV/0!"),
            (15, "#VALUE!"),
            (23, "#REF!"),
            (29, "#NAME?"),
            (36, "#NUM!"),
            (42, "#N/A"),
        )
    }
)
_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "areas": "an argument is several areas. Name one range.",
        "long": "an argument is a range of more than 100,000 filled cells. Name a shorter one.",
    }
)
_LONGEST_IN_RANGE = 255
"""Excel refuses a whole range for one longer text in it (xlwings #456)."""


def cell_value(raw: object) -> CellValue:
    """Return the value of an argument; a range of one cell is that cell.

    Excel's dates come as moments in UTC that mean local time, currencies as Decimal, errors as negative integers.
    """
    return _range(raw) if isinstance(raw, list | tuple) else _scalar(raw)


def _range(raw: Sequence[object]) -> CellValue:
    rows = tuple(
        tuple(_scalar(cell) for cell in row) if isinstance(row, list | tuple) else (_scalar(row),) for row in raw
    )
    if rows and not isinstance(raw[0], list | tuple):
        # a range of one row comes flat
        rows = (tuple(cell for (cell,) in rows),)
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _scalar(raw: object) -> CellScalar:
    if raw is None or isinstance(raw, float | bool):  # before int: to Python a truth value is one
        return raw
    if isinstance(raw, str):
        return _marked(raw) if raw[:1] == MARK else raw
    if isinstance(raw, datetime):
        return datetime(raw.year, raw.month, raw.day, raw.hour, raw.minute, raw.second, raw.microsecond)
    if isinstance(raw, Decimal):
        return float(raw)
    if isinstance(raw, int):
        return _integer(raw)
    return CellFailure("#VALUE!", "an argument is no value of a cell.")


def _marked(raw: str) -> CellScalar:
    why = _REFUSED.get(raw[1:])
    return CellFailure("#VALUE!", why) if why else raw


def _integer(raw: int) -> CellScalar:
    if raw == MISSING:
        return None
    if _FIRST_ERROR <= raw <= _LAST_ERROR:
        return CellFailure(_ERRORS.get(raw, "#VALUE!"), "an argument is an error.")
    return raw


def com_value(result: CellResult, mark: str = MARK) -> object:
    """Return what leaves Python. An error is its code, the mark and its message, which our VBA makes a native error:
    pywin32 turns every VARIANT of the type VT_ERROR into a missing argument, whatever its code."""
    if isinstance(result, tuple):
        return _rows(result, mark)
    return f"{result.code}{mark}{result.message}" if isinstance(result, CellFailure) else result


def _rows(result: CellRange, mark: str) -> list[list[object]]:
    return [[_cut(cell) if isinstance(cell, str) else com_value(cell, mark) for cell in row] for row in result]  # type: ignore[arg-type]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_IN_RANGE else text[: _LONGEST_IN_RANGE - 1] + "…"
