"""Rows and columns: appended, inserted, deleted, moved, and their properties."""

from __future__ import annotations

from kpicore.testing.sheets.cells import EmulatedCell, Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.field_mask import changed, mask_of
from kpicore.testing.sheets.grid_range import GridRange
from kpicore.testing.sheets.moving import carried, deleted, inserted, order_after
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.tab import EmulatedTab


def _dimension(given: Json) -> str:
    dimension = given.get("dimension", "")
    if dimension not in ("ROWS", "COLUMNS"):
        raise GoogleRefusal("A dimension must be specified.")
    return str(dimension)


def _count(tab: EmulatedTab, dimension: str) -> int:
    return tab.rows if dimension == "ROWS" else tab.columns


def grow(editing: Editing, tab: EmulatedTab, dimension: str, length: int) -> None:
    """Add rows or columns at the end, or remove them there."""
    if dimension == "ROWS":
        tab.rows += length
    else:
        tab.columns += length
    editing.spreadsheet.check_size()


def append_dimension(editing: Editing, request: Json) -> Json:
    """Append rows or columns."""
    tab = editing.spreadsheet.tab_of(request.get("sheetId", 0))
    length = request.get("length", 0)
    if length <= 0:
        raise GoogleRefusal("length must be greater than 0.")
    grow(editing, tab, _dimension(request), length)
    return {}


def _lines(editing: Editing, given: Json) -> tuple[EmulatedTab, str, int, int]:
    dimension = _dimension(given)
    tab = editing.spreadsheet.tab_of(given.get("sheetId", 0))
    count = _count(tab, dimension)
    start, end = given.get("startIndex", 0), given.get("endIndex", count)
    if not 0 <= start < end:
        raise GoogleRefusal(f"DimensionRange {start} to {end} has no {dimension.lower()}.")
    return tab, dimension, start, end


def _within(tab: EmulatedTab, dimension: str, end: int) -> None:
    count = _count(tab, dimension)
    if end > count:
        raise GoogleRefusal(f"{dimension.lower()} {end - 1} is after the last one in the grid, {count - 1}")


def insert_dimension(editing: Editing, request: Json) -> Json:
    """Insert rows or columns, with the formats of those before or after; what stands behind moves."""
    tab, dimension, start, end = _lines(editing, request["range"])
    if start > _count(tab, dimension):
        raise GoogleRefusal(f"{dimension.lower()} {start} is after the end of the grid")
    before = bool(request.get("inheritFromBefore"))
    if before and start == 0:
        raise GoogleRefusal("inheritFromBefore cannot be true at the first index.")
    length = end - start
    looks = _looks(tab, dimension, start - 1 if before else start)
    tab.reorder(dimension, lambda index: index + length if index >= start else index)
    grow(editing, tab, dimension, length)
    editing.spreadsheet.move_lines(tab.sheet_id, dimension, inserted(start, length))
    for index in range(start, end):
        for across, look in looks:
            tab.put(*((index, across) if dimension == "ROWS" else (across, index)), look)
    return {}


def _looks(tab: EmulatedTab, dimension: str, index: int) -> list[tuple[int, EmulatedCell]]:
    """Return the formats of a row or column, each with its place in that."""
    ends = (index, index + 1, 0, tab.columns) if dimension == "ROWS" else (0, tab.rows, index, index + 1)
    return [
        (column if dimension == "ROWS" else row, EmulatedCell(format=cell.format))
        for row, column, cell in tab.filled(ends)
        if cell.format
    ]


def delete_dimension(editing: Editing, request: Json) -> Json:
    """Delete rows or columns."""
    tab, dimension, start, end = _lines(editing, request["range"])
    _within(tab, dimension, end)
    editing.guard(_whole(tab, dimension, start, end))
    delete_lines(editing, tab, dimension, start, end)
    return {}


def delete_lines(editing: Editing, tab: EmulatedTab, dimension: str, start: int, end: int) -> None:
    """Delete rows or columns, but never the last one. Raises GoogleRefusal."""
    length = end - start
    if length >= _count(tab, dimension):
        raise GoogleRefusal(f"You can't delete all the {dimension.lower()} on the sheet.")
    tab.reorder(dimension, lambda index: None if start <= index < end else index - length * (index >= end))
    grow(editing, tab, dimension, -length)
    editing.spreadsheet.move_lines(tab.sheet_id, dimension, deleted(start, end))


def _whole(tab: EmulatedTab, dimension: str, start: int, end: int) -> GridRange:
    return (
        GridRange(tab.sheet_id, start, end) if dimension == "ROWS" else GridRange(tab.sheet_id, None, None, start, end)
    )


def move_dimension(editing: Editing, request: Json) -> Json:
    """Move rows or columns before another one, counted as they stand before the move."""
    tab, dimension, start, end = _lines(editing, request["source"])
    _within(tab, dimension, end)
    to = request.get("destinationIndex", 0)
    if to > _count(tab, dimension) or start < to < end:
        raise GoogleRefusal(f"{dimension.lower()} {start} to {end} cannot be moved to {to}.")
    tab.reorder(dimension, order_after(start, end, to))
    editing.spreadsheet.move_lines(tab.sheet_id, dimension, carried(start, end, to))
    return {}


def update_dimension_properties(editing: Editing, request: Json) -> Json:
    """Change height, width or visibility of rows or columns."""
    tab, dimension, start, end = _lines(editing, request["range"])
    _within(tab, dimension, end)
    mask = mask_of(request.get("fields", ""))
    for index in range(start, end):
        old = tab.lines[dimension].get(index, {})
        tab.lines[dimension][index] = changed(old, request.get("properties", {}), mask)
    return {}


def auto_resize_dimensions(editing: Editing, request: Json) -> Json:
    """Fit columns to what is in them: widths are not computed here, those set by hand are forgotten."""
    tab, dimension, start, end = _lines(editing, request["dimensions"])
    for index in range(start, end):
        tab.lines[dimension].pop(index, None)
    return {}


KINDS: dict[str, Handler] = {
    "appendDimension": append_dimension,
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize_dimensions,
}
