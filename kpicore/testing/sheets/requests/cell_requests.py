"""updateCells, repeatCell, appendCells, merges, notes and validations: what changes cells where they stand."""

from __future__ import annotations

from kpicore.testing.sheets.cells import Json, cell_changed
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.field_mask import Mask, mask_of
from kpicore.testing.sheets.grid_range import Area, GridRange
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.tab import EmulatedTab


def update_cells(editing: Editing, request: Json) -> Json:
    """Write rows of cells from a corner, or into a range, where cells that are not given are cleared."""
    mask = _mask(request)
    rows = request.get("rows", [])
    if "range" in request:
        tab, rectangle = editing.spreadsheet.checked(request["range"])
        area = rectangle.within(tab.rows, tab.columns)
        _check_fits(rows, area)
    else:
        tab, area = _area_from(editing, request.get("start", {}), rows)
    _guard(editing, tab, area)
    _write(tab, area, rows, mask, clear="range" in request)
    return {}


def _mask(request: Json) -> Mask:
    mask = mask_of(request.get("fields", ""))
    if not mask:
        raise GoogleRefusal("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return mask


def _check_fits(rows: list[Json], area: Area) -> None:
    top, bottom, left, right = area
    if len(rows) > bottom - top:
        raise GoogleRefusal(f"Attempting to write row: {bottom}, beyond the last requested row of: {bottom - 1}")
    if any(len(row.get("values", ())) > right - left for row in rows):
        raise GoogleRefusal(f"Attempting to write column: {right}, beyond the last requested column of: {right - 1}")


def _area_from(editing: Editing, start: Json, rows: list[Json]) -> tuple[EmulatedTab, Area]:
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    bottom = top + max(len(rows), 1)
    right = left + max([1, *(len(row.get("values", ())) for row in rows)])
    given = {"sheetId": start.get("sheetId", 0), "startRowIndex": top, "endRowIndex": bottom}
    tab, _ = editing.spreadsheet.checked({**given, "startColumnIndex": left, "endColumnIndex": right})
    return tab, (top, bottom, left, right)


def _guard(editing: Editing, tab: EmulatedTab, area: Area) -> None:
    editing.guard(GridRange(tab.sheet_id, *area))


def _write(tab: EmulatedTab, area: Area, rows: list[Json], mask: Mask, *, clear: bool) -> None:
    top, bottom, left, right = area
    for row in range(top, bottom if clear else min(bottom, top + len(rows))):
        given = rows[row - top].get("values", []) if row - top < len(rows) else []
        for offset, new in enumerate(given):
            tab.put(row, left + offset, cell_changed(tab.cell(row, left + offset), new, mask))
        if clear and row in tab.cells:
            for column in range(left + len(given), right):
                if column in tab.cells[row]:
                    tab.put(row, column, cell_changed(tab.cell(row, column), {}, mask))


def repeat_cell(editing: Editing, request: Json) -> Json:
    """Write the same fields into all cells of a range."""
    mask = _mask(request)
    tab, rectangle = editing.spreadsheet.checked(request["range"])
    top, bottom, left, right = area = rectangle.within(tab.rows, tab.columns)
    _guard(editing, tab, area)
    given = request.get("cell", {})
    for row in range(top, bottom):
        for column in range(left, right):
            tab.put(row, column, cell_changed(tab.cell(row, column), given, mask))
    return {}


def append_cells(editing: Editing, request: Json) -> Json:
    """Write rows after the last row with something in it; rows and columns are added as needed."""
    mask = _mask(request)
    tab = editing.spreadsheet.tab_of(request.get("sheetId", 0))
    rows = request.get("rows", [])
    top = max((row for row, cells in tab.cells.items() if cells), default=-1) + 1
    width = max((len(row.get("values", ())) for row in rows), default=0)
    tab.rows, tab.columns = max(tab.rows, top + len(rows)), max(tab.columns, width)
    editing.spreadsheet.check_size()
    if rows and width:
        _guard(editing, tab, (top, top + len(rows), 0, width))
        _write(tab, (top, top + len(rows), 0, width), rows, mask, clear=False)
    return {}


def set_data_validation(editing: Editing, request: Json) -> Json:
    """Set the validation of all cells of a range; without a rule it is removed."""
    cell = {"dataValidation": request["rule"]} if request.get("rule") else {}
    return repeat_cell(editing, {"range": request["range"], "cell": cell, "fields": "dataValidation"})


def merge_cells(editing: Editing, request: Json) -> Json:
    """Merge cells: only the value of the first stays."""
    tab, rectangle = editing.spreadsheet.checked(request["range"])
    _guard(editing, tab, rectangle.within(tab.rows, tab.columns))
    for part in _merged_parts(request.get("mergeType", "MERGE_ALL"), rectangle, tab):
        if any(merge.meets(part) and not part.holds(merge) for merge in tab.merges):
            raise GoogleRefusal("You must select all cells in a merged range to merge or unmerge them.")
        tab.merges = [merge for merge in tab.merges if not part.holds(merge)] + [part]
        area = top, _, left, _ = part.within(tab.rows, tab.columns)
        for row, column, cell in list(tab.filled(area)):
            if (row, column) != (top, left):
                tab.put(row, column, cell_changed(cell, {}, {"userEnteredValue": {}}))
    return {}


def _merged_parts(kind: str, rectangle: GridRange, tab: EmulatedTab) -> list[GridRange]:
    top, bottom, left, right = rectangle.within(tab.rows, tab.columns)
    if kind == "MERGE_COLUMNS":
        return [GridRange(tab.sheet_id, top, bottom, column, column + 1) for column in range(left, right)]
    if kind == "MERGE_ROWS":
        return [GridRange(tab.sheet_id, row, row + 1, left, right) for row in range(top, bottom)]
    return [GridRange(tab.sheet_id, top, bottom, left, right)]


def unmerge_cells(editing: Editing, request: Json) -> Json:
    """Undo the merges of a range, which must hold them whole."""
    tab, rectangle = editing.spreadsheet.checked(request["range"])
    if any(merge.meets(rectangle) and not rectangle.holds(merge) for merge in tab.merges):
        raise GoogleRefusal("You must select all cells in a merged range to merge or unmerge them.")
    tab.merges = [merge for merge in tab.merges if not rectangle.holds(merge)]
    return {}


KINDS: dict[str, Handler] = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "appendCells": append_cells,
    "setDataValidation": set_data_validation,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
}
