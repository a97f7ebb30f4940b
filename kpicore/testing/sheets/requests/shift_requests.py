"""Cells inserted or deleted within a range, whose neighbours are shifted; and ranges that are sorted.

Developer metadata of rows and columns stays where it is: the rows do not move.
"""

from __future__ import annotations

from kpicore.testing.sheets.cells import EMPTY_CELL, Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.grid_range import GridRange
from kpicore.testing.sheets.moving import deleted, inserted, within_band
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.requests.line_requests import grow
from kpicore.testing.sheets.results import result_of
from kpicore.testing.sheets.tab import CellRow, EmulatedTab


def _band(editing: Editing, request: Json) -> tuple[EmulatedTab, str, int, int, GridRange]:
    """Return tab, dimension, start and end of what is inserted or deleted, and the band of cells that shifts."""
    tab, rectangle = editing.spreadsheet.checked(request.get("range", {}))
    dimension = request.get("shiftDimension")
    top, bottom, left, right = rectangle.within(tab.rows, tab.columns)
    if dimension == "ROWS":
        return tab, "ROWS", top, bottom, GridRange(tab.sheet_id, top, None, left, right)
    if dimension == "COLUMNS":
        return tab, "COLUMNS", left, right, GridRange(tab.sheet_id, top, bottom, left, None)
    raise GoogleRefusal("shiftDimension must be specified.")


def insert_range(editing: Editing, request: Json) -> Json:
    """Insert cells: those from there on go down, or to the right. The grid grows when some would fall off it."""
    tab, dimension, start, end, band = _band(editing, request)
    length = end - start
    editing.guard(band)
    area = band.within(tab.rows, tab.columns)
    _check_merges(tab, band)
    last = max((row if dimension == "ROWS" else column for row, column, _ in tab.filled(area)), default=0)
    over = last + length + 1 - (tab.rows if dimension == "ROWS" else tab.columns)
    tab.reorder_band(dimension, area, lambda index: index + length)
    if over > 0:
        grow(editing, tab, dimension, over)
    # what ends above the band is outside of it, and so stays: only the columns (or rows) must lie within
    editing.spreadsheet.move_ranges(within_band(band, dimension, inserted(start, length)))
    return {}


def delete_range(editing: Editing, request: Json) -> Json:
    """Delete cells: those behind come up, or to the left."""
    tab, dimension, start, end, band = _band(editing, request)
    editing.guard(band)
    _check_merges(tab, band)
    length = end - start
    area = band.within(tab.rows, tab.columns)
    tab.reorder_band(dimension, area, lambda index: None if index < end else index - length)
    editing.spreadsheet.move_ranges(within_band(band, dimension, deleted(start, end)))
    return {}


def _check_merges(tab: EmulatedTab, band: GridRange) -> None:
    if any(merge.meets(band) and not band.holds(merge) for merge in tab.merges):
        raise GoogleRefusal("You can't shift cells over a merge that reaches out of them.")


def sort_range(editing: Editing, request: Json) -> Json:
    """Sort the rows of a range: numbers, then texts, then booleans; empty cells are last in either order."""
    tab, rectangle = editing.spreadsheet.checked(request.get("range", {}))
    top, bottom, left, right = area = rectangle.within(tab.rows, tab.columns)
    editing.guard(GridRange(tab.sheet_id, *area))
    rows = [{column: tab.cell(row, column) for column in range(left, right)} for row in range(top, bottom)]
    for spec in reversed(request.get("sortSpecs", [])):
        rows = _sorted(editing, rows, spec.get("dimensionIndex", 0), spec.get("sortOrder") == "DESCENDING")
    for row, cells in zip(range(top, bottom), rows, strict=True):
        for column, cell in cells.items():
            tab.put(row, column, cell)
    return {}


def _sorted(editing: Editing, rows: list[CellRow], column: int, down: bool) -> list[CellRow]:
    def value(row: CellRow) -> object:
        return result_of(editing.spreadsheet, row.get(column, EMPTY_CELL).value)

    filled = [row for row in rows if value(row) is not None]
    filled.sort(key=lambda row: _order(value(row)), reverse=down)
    return filled + [row for row in rows if value(row) is None]


def _order(value: object) -> tuple[int, float, str]:
    if isinstance(value, bool):
        return 2, float(value), ""
    return (0, float(value), "") if isinstance(value, int | float) else (1, 0.0, str(value).lower())


KINDS: dict[str, Handler] = {"insertRange": insert_range, "deleteRange": delete_range, "sortRange": sort_range}
