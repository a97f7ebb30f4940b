"""Draws a grid into a worksheet: values as what they are, notes as comments, tints as conditional formats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kpicore_xlsx.addresses import cell_address
from kpicore_xlsx.cells import NOT_AVAILABLE, put_comment, put_date, put_text, put_value
from kpicore_xlsx.grid import Area, Grid, Look, Scalar, Tint
from kpicore_xlsx.styles import MUTED, TINTS
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_FIRST_YEAR = 1900
"""Days before it are no dates in a sheet."""

_Formats = tuple[Any, Any]
"""Of a value, and of "n/a" in its place."""


def put_grid(sheet: Worksheet, row: int, column: int, grid: Grid, looks: Looks) -> int:
    """Write a grid with its top left cell at a place; return its last row. Its charts are drawn by `put_chart`.

    Where a note tells why there is no number stands "n/a", for paper shows no notes; but nothing in what a line is
    drawn of, as that is a gap and a text would be drawn as 0.
    """
    formats: dict[int, list[_Formats]] = {}
    series = [area for chart in grid.charts if chart.kind == "line" for area in chart.series]
    for at, line in enumerate(grid.rows):
        # rows of one kind share their looks, so that thousands of them ask for a few formats once
        of_row = formats.get(id(line.looks))
        if of_row is None:
            of_row = formats[id(line.looks)] = [_formats(look, looks) for look in line.looks]
        for place, (value, (plain, missing)) in enumerate(zip(line.values, of_row, strict=True)):
            if value is None and (at, place) in grid.notes and not _is_inside(series, at, place):
                sheet.write_string(row + at, column + place, NOT_AVAILABLE, missing)
            else:
                _put(sheet, row + at, column + place, value, plain)
    for (at, place), note in grid.notes.items():
        put_comment(sheet, row + at, column + place, note)
    for tint in grid.tints:
        _put_tint(sheet, row, column, tint, looks)
    return row + len(grid.rows) - 1


def _is_inside(areas: Iterable[Area], row: int, column: int) -> bool:
    return any(top <= row <= end and left <= column <= right for top, left, end, right in areas)


def _formats(look: Look, looks: Looks) -> _Formats:
    style = dict(look.style)
    shown = {"num_format": look.number_format} if look.number_format else {}
    return looks.get(**style, **shown), looks.get(**{**style, "font_color": MUTED, "italic": True})


def _put(sheet: Worksheet, row: int, column: int, value: Scalar, look: Any) -> None:
    match value:
        case None:
            sheet.write_blank(row, column, None, look)
        case bool():
            sheet.write_boolean(row, column, value, look)
        case int() | float():
            put_value(sheet, row, column, value, look)
        case str():
            put_text(sheet, row, column, value, look)
        case date() if value.year < _FIRST_YEAR:
            put_text(sheet, row, column, value.isoformat(), look)
        case datetime():
            sheet.write_datetime(row, column, value, look)
        case date():
            put_date(sheet, row, column, value, look)


def _put_tint(sheet: Worksheet, row: int, column: int, tint: Tint, looks: Looks) -> None:
    """Colour the numbers of an area that a band holds: an empty cell counts as 0 else, and a text as more than any."""
    top, left, end, right = tint.area
    cell = cell_address(row + top, column + left)
    tests = [f"ISNUMBER({cell})"]
    tests += [f"{cell}>={tint.above!r}"] if tint.above is not None else []
    tests += [f"{cell}<{tint.below!r}"] if tint.below is not None else []
    rule = {
        "type": "formula",
        "criteria": f"=AND({','.join(tests)})",
        "format": looks.difference(bg_color=TINTS[tint.status]),
    }
    sheet.conditional_format(row + top, column + left, row + end, column + right, rule)
