"""What `spreadsheets.get` tells: the parts that a mask names, made only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpicore.testing.sheets.cells import EmulatedCell, Json, value_json
from kpicore.testing.sheets.field_mask import Mask
from kpicore.testing.sheets.grid_range import Area, GridRange
from kpicore.testing.sheets.results import result_of
from kpicore.testing.sheets.shown import formatted, number_format
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab, may_edit

_ADDRESS = "https://docs.google.com/spreadsheets/d/{id}/edit"
_PIXELS = {"ROWS": 21, "COLUMNS": 100}


def read(
    spreadsheet: EmulatedSpreadsheet,
    account: str,
    mask: Mask,
    places: Sequence[tuple[EmulatedTab, GridRange]] = (),
    *,
    grid_data: bool = False,
) -> Json:
    """Return a spreadsheet as JSON: at least what `mask` names; without one all, with cells when `grid_data`.

    With places only the tabs that they lie on are there, and of cells only those within. Merges, charts, formats and
    the like of such a tab are all there, wherever they stand: whether Google leaves some out was not seen.
    """
    result: Json = {"spreadsheetId": spreadsheet.id, "properties": spreadsheet.properties}
    tabs = [tab for tab in spreadsheet.tabs if not places or any(place[0] is tab for place in places)]
    inner = mask.get("sheets", {}) if mask and "*" not in mask else {}
    if not mask or "*" in mask or "sheets" in mask:
        with_cells = grid_data if not mask else not inner or "*" in inner or "data" in inner
        data = inner.get("data", {})
        result["sheets"] = [
            _tab(spreadsheet, tab, account, [place for home, place in places if home is tab], with_cells, data)
            for tab in tabs
        ]
    result["namedRanges"] = spreadsheet.named_ranges
    result["spreadsheetUrl"] = _ADDRESS.format(id=spreadsheet.id)
    result["developerMetadata"] = [item for item in spreadsheet.metadata if item["location"].get("spreadsheet")]
    return _filled(result)


def _filled(items: Json) -> Json:
    return {name: value for name, value in items.items() if value not in (None, [], {})}


def tab_properties(spreadsheet: EmulatedSpreadsheet, tab: EmulatedTab) -> Json:
    """Return the properties of a tab."""
    result: Json = {
        "sheetId": tab.sheet_id,
        "title": tab.title,
        "index": next(index for index, other in enumerate(spreadsheet.tabs) if other is tab),
        "sheetType": "GRID",
        "gridProperties": {"rowCount": tab.rows, "columnCount": tab.columns, **tab.grid},
        **tab.other,
    }
    return result | {"hidden": True} if tab.hidden else result


def _tab(
    spreadsheet: EmulatedSpreadsheet,
    tab: EmulatedTab,
    account: str,
    places: list[GridRange],
    with_cells: bool,
    mask: Mask,
) -> Json:
    result: Json = {
        "properties": tab_properties(spreadsheet, tab),
        "merges": [merge.json() for merge in tab.merges],
        "conditionalFormats": tab.rules,
        "filterViews": tab.filter_views,
        "protectedRanges": [_protected(item, account) for item in tab.protected],
        "basicFilter": tab.basic_filter,
        "charts": tab.charts,
        "bandedRanges": tab.bandings,
        "tables": tab.tables,
        "developerMetadata": [
            item
            for item in spreadsheet.metadata
            if item["location"].get("sheetId") == tab.sheet_id and item["location"]["locationType"] == "SHEET"
        ],
    }
    if with_cells:
        areas = [place.within(tab.rows, tab.columns) for place in places] or [(0, tab.rows, 0, tab.columns)]
        result["data"] = [_grid_data(spreadsheet, tab, area, mask) for area in areas]
    return _filled(result)


def _protected(item: Json, account: str) -> Json:
    """Return a protection as somebody sees it: who may not edit does not see who may."""
    if may_edit(item, account):
        return {**item, "requestingUserCanEdit": True}
    return {name: value for name, value in item.items() if name != "editors"}


def _grid_data(spreadsheet: EmulatedSpreadsheet, tab: EmulatedTab, area: Area, mask: Mask) -> Json:
    top, bottom, left, right = area
    result: Json = {}
    if top:
        result["startRow"] = top
    if left:
        result["startColumn"] = left
    everything = not mask or "*" in mask
    if everything or "rowData" in mask:
        inner = mask.get("rowData", {}).get("values", {})
        rows = [_row(spreadsheet, tab, row, left, right, inner) for row in range(top, bottom)]
        while rows and not rows[-1]:
            rows.pop()
        if rows:
            result["rowData"] = rows
    if everything or "rowMetadata" in mask:
        result["rowMetadata"] = _lines(spreadsheet, tab, "ROWS", top, bottom)
    if everything or "columnMetadata" in mask:
        result["columnMetadata"] = _lines(spreadsheet, tab, "COLUMNS", left, right)
    return result


def _row(
    spreadsheet: EmulatedSpreadsheet, tab: EmulatedTab, row: int, left: int, right: int, mask: Mask
) -> dict[str, list[Json]]:
    cells = tab.cells.get(row)
    if not cells:
        return {}
    values = [_cell(spreadsheet, cells[column], mask) if column in cells else {} for column in range(left, right)]
    while values and not values[-1]:
        values.pop()
    return {"values": values} if values else {}


def _cell(spreadsheet: EmulatedSpreadsheet, cell: EmulatedCell, mask: Mask) -> Json:
    everything = not mask or "*" in mask

    def asked(name: str) -> bool:
        return everything or name in mask

    result: Json = {}
    if asked("userEnteredValue"):
        result["userEnteredValue"] = value_json(cell.value)
    if asked("effectiveValue"):
        result["effectiveValue"] = value_json(result_of(spreadsheet, cell.value))
    if asked("formattedValue"):
        result["formattedValue"] = formatted(result_of(spreadsheet, cell.value), number_format(cell)) or None
    if asked("userEnteredFormat"):
        result["userEnteredFormat"] = cell.format
    if asked("effectiveFormat"):
        result["effectiveFormat"] = _over(spreadsheet.properties.get("defaultFormat", {}), cell.format or {})
    if asked("note"):
        result["note"] = cell.note or None
    for name, value in (cell.rest or {}).items():
        if asked(name):
            result[name] = value
    return {name: value for name, value in result.items() if value is not None}


def _over(under: Any, over: Any) -> Any:
    if not isinstance(under, dict) or not isinstance(over, dict):
        return over
    return {**under, **{name: _over(under.get(name), value) for name, value in over.items()}}


def _lines(spreadsheet: EmulatedSpreadsheet, tab: EmulatedTab, dimension: str, start: int, end: int) -> list[Json]:
    """Return properties of rows or columns, with the developer metadata on each."""
    metadata: dict[int, list[Json]] = {}
    for item in spreadsheet.metadata:
        lines = item["location"].get("dimensionRange")
        if lines and lines["dimension"] == dimension and lines.get("sheetId", 0) == tab.sheet_id:
            metadata.setdefault(lines["startIndex"], []).append(item)
    result = []
    for index in range(start, end):
        line: Json = {"pixelSize": _PIXELS[dimension], **tab.lines[dimension].get(index, {})}
        if index in metadata:
            line["developerMetadata"] = metadata[index]
        result.append(line)
    return result
