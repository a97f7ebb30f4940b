"""Tabs and properties of the spreadsheet."""

from __future__ import annotations

from dataclasses import replace

from kpicore.testing.sheets.cells import Json, with_styles
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.field_mask import Mask, changed, mask_of
from kpicore.testing.sheets.reading import tab_properties
from kpicore.testing.sheets.refusals import GoogleRefusal, unknown
from kpicore.testing.sheets.requests.line_requests import delete_lines, grow
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab

_TOP = ("sheetId", "title", "index", "sheetType", "gridProperties", "hidden")


def add_sheet(editing: Editing, request: Json) -> Json:
    """Add a tab."""
    spreadsheet, given = editing.spreadsheet, request.get("properties", {})
    if given.get("sheetType", "GRID") != "GRID":
        raise unknown("tabs without a grid")
    taken = {tab.sheet_id for tab in spreadsheet.tabs}
    title = given.get("title") or _free_title(spreadsheet)
    _check_title(spreadsheet, title)
    grid = dict(given.get("gridProperties", {}))
    tab = EmulatedTab(
        editing.new_id(taken, given.get("sheetId"), "a sheet"),
        title,
        grid.pop("rowCount", 1000),
        grid.pop("columnCount", 26),
        bool(given.get("hidden")),
        {name: value for name, value in grid.items() if value},
        with_styles({name: value for name, value in given.items() if name not in _TOP}),
    )
    if tab.rows < 1 or tab.columns < 1:
        raise GoogleRefusal("rowCount and columnCount must be at least 1.")
    spreadsheet.tabs.insert(min(given.get("index", len(spreadsheet.tabs)), len(spreadsheet.tabs)), tab)
    spreadsheet.check_size()
    return {"addSheet": {"properties": tab_properties(spreadsheet, tab)}}


def _free_title(spreadsheet: EmulatedSpreadsheet) -> str:
    titles = {tab.title for tab in spreadsheet.tabs}
    return next(title for number in range(1, 10_000) if (title := f"Sheet{number}") not in titles)


def _check_title(spreadsheet: EmulatedSpreadsheet, title: str) -> None:
    if len(title) > 100:
        raise GoogleRefusal("Sheet name cannot be greater than 100 characters. Please shorten the name.")
    if any(tab.title.lower() == title.lower() for tab in spreadsheet.tabs):
        raise GoogleRefusal(f'A sheet with the name "{title}" already exists. Please enter another name.')


def delete_sheet(editing: Editing, request: Json) -> Json:
    """Delete a tab; one that is visible has to stay."""
    spreadsheet = editing.spreadsheet
    tab = spreadsheet.tab_of(request.get("sheetId", 0))
    if not any(other is not tab and not other.hidden for other in spreadsheet.tabs):
        raise GoogleRefusal("You can't remove all the visible sheets in a document.")
    spreadsheet.drop_tab(tab)
    return {}


def duplicate_sheet(editing: Editing, request: Json) -> Json:
    """Copy a tab with its cells, formats and merges. What else stands on it is not copied here."""
    spreadsheet = editing.spreadsheet
    source = spreadsheet.tab_of(request.get("sourceSheetId", 0))
    title = request.get("newSheetName") or f"Copy of {source.title}"
    _check_title(spreadsheet, title)
    tab = source.draft()
    taken = {other.sheet_id for other in spreadsheet.tabs}
    tab.sheet_id, tab.title = editing.new_id(taken, request.get("newSheetId"), "a sheet"), title
    tab.merges = [replace(merge, sheet_id=tab.sheet_id) for merge in source.merges]
    tab.protected, tab.rules, tab.charts, tab.filter_views, tab.bandings, tab.tables = [], [], [], [], [], []
    tab.basic_filter = None
    spreadsheet.tabs.insert(request.get("insertSheetIndex", 0), tab)
    spreadsheet.check_size()
    return {"duplicateSheet": {"properties": tab_properties(spreadsheet, tab)}}


def update_sheet_properties(editing: Editing, request: Json) -> Json:
    """Rename, move, hide or resize a tab."""
    spreadsheet, given = editing.spreadsheet, request.get("properties", {})
    mask = mask_of(request.get("fields", ""))
    if not mask:
        raise GoogleRefusal("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    tab = spreadsheet.tab_of(given.get("sheetId", 0))
    if "title" in mask and given.get("title") != tab.title:
        if not given.get("title"):
            raise GoogleRefusal("A sheet must have a title.")
        _check_title(spreadsheet, given["title"])
        tab.title = given["title"]
    if "hidden" in mask:
        tab.hidden = bool(given.get("hidden"))
        if all(other.hidden for other in spreadsheet.tabs):
            raise GoogleRefusal("You can't hide all the sheets in a document.")
    if "gridProperties" in mask:
        _resize(editing, tab, given.get("gridProperties", {}), mask["gridProperties"])
    others: Mask = {name: inner for name, inner in mask.items() if name not in _TOP}
    if others:
        tab.other = changed(tab.other, with_styles(given), _with_style(others))
    if "index" in mask:
        _place(spreadsheet, tab, given.get("index", len(spreadsheet.tabs)))
    return {}


def _with_style(mask: Mask) -> Mask:
    color: Mask = {"tabColor": {}, "tabColorStyle": {}}
    return {**mask, **color} if mask.keys() & color.keys() else mask


def _resize(editing: Editing, tab: EmulatedTab, given: Json, mask: Mask) -> None:
    named = set(mask) if mask and "*" not in mask else {"rowCount", "columnCount", *tab.grid, *given}
    for name, dimension, count in (("rowCount", "ROWS", tab.rows), ("columnCount", "COLUMNS", tab.columns)):
        if name not in named:
            continue
        wanted = given.get(name, 0)
        if wanted < 1:
            raise GoogleRefusal(f"{name} must be at least 1.")
        if wanted < count:
            delete_lines(editing, tab, dimension, wanted, count)
        elif wanted > count:
            grow(editing, tab, dimension, wanted - count)
    kept = {name: value for name, value in tab.grid.items() if name not in named}
    fresh = {name: given[name] for name in named - {"rowCount", "columnCount"} if given.get(name)}
    tab.grid = {**kept, **fresh}
    if tab.grid.get("frozenRowCount", 0) >= tab.rows or tab.grid.get("frozenColumnCount", 0) >= tab.columns:
        raise GoogleRefusal("You can't freeze all visible rows or columns on the sheet.")


def _place(spreadsheet: EmulatedSpreadsheet, tab: EmulatedTab, index: int) -> None:
    now = spreadsheet.tabs.index(tab)
    spreadsheet.tabs.pop(now)
    spreadsheet.tabs.insert(index - 1 if index > now else index, tab)


def update_spreadsheet_properties(editing: Editing, request: Json) -> Json:
    """Change title, locale, time zone and the like."""
    mask = mask_of(request.get("fields", ""))
    editing.spreadsheet.properties = changed(editing.spreadsheet.properties, request.get("properties", {}), mask)
    return {}


KINDS: dict[str, Handler] = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet_properties,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
}
