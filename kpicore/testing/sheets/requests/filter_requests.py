"""The basic filter, filter views, banded ranges and native tables: what may stand in the way of a table."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.grid_range import GridRange, range_of
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.tab import EmulatedTab


def _bounded(editing: Editing, given: Json) -> tuple[EmulatedTab, GridRange]:
    tab, rectangle = editing.spreadsheet.checked(given)
    return tab, GridRange(tab.sheet_id, *rectangle.within(tab.rows, tab.columns))


def set_basic_filter(editing: Editing, request: Json) -> Json:
    """Set the filter of a tab, in place of the one that is there. No rows are hidden or sorted here."""
    given = request.get("filter", {})
    tab, rectangle = _bounded(editing, given.get("range", {}))
    tab.basic_filter = {**given, "range": rectangle.json()}
    return {}


def clear_basic_filter(editing: Editing, request: Json) -> Json:
    """Remove the filter of a tab."""
    editing.spreadsheet.tab_of(request.get("sheetId", 0)).basic_filter = None
    return {}


def add_filter_view(editing: Editing, request: Json) -> Json:
    """Add a filter view."""
    given = request.get("filter", {})
    tab, rectangle = _bounded(editing, given.get("range", {}))
    taken = {item["filterViewId"] for item in _all(editing, "filter_views")}
    view = {**given, "filterViewId": editing.new_id(taken, given.get("filterViewId"), "a filter view")}
    tab.filter_views.append({**view, "range": rectangle.json()})
    return {"addFilterView": {"filter": tab.filter_views[-1]}}


def delete_filter_view(editing: Editing, request: Json) -> Json:
    """Delete a filter view."""
    _remove(editing, "filter_views", "filterViewId", request.get("filterId", 0))
    return {}


def add_banding(editing: Editing, request: Json) -> Json:
    """Add alternating colors, which must not overlap others."""
    given = request.get("bandedRange", {})
    tab, rectangle = _bounded(editing, given.get("range", {}))
    _check_free(tab.bandings, rectangle)
    taken = {item["bandedRangeId"] for item in _all(editing, "bandings")}
    banding = {**given, "bandedRangeId": editing.new_id(taken, given.get("bandedRangeId"), "a banded range")}
    tab.bandings.append({**banding, "range": rectangle.json()})
    return {"addBanding": {"bandedRange": tab.bandings[-1]}}


def delete_banding(editing: Editing, request: Json) -> Json:
    """Remove alternating colors."""
    _remove(editing, "bandings", "bandedRangeId", request.get("bandedRangeId", 0))
    return {}


def add_table(editing: Editing, request: Json) -> Json:
    """Add a native table, which must not overlap others. Types of its columns are kept, not checked."""
    given = request.get("table", {})
    tab, rectangle = _bounded(editing, given.get("range", {}))
    _check_free(tab.tables, rectangle)
    taken = {int(item["tableId"]) for item in _all(editing, "tables") if item["tableId"].isdigit()}
    id = given.get("tableId") or str(editing.new_id(taken))
    if any(item["tableId"] == id for item in _all(editing, "tables")):
        raise GoogleRefusal(f"A table with id {id} already exists.")
    tab.tables.append({**given, "tableId": id, "range": rectangle.json()})
    return {"addTable": {"table": tab.tables[-1]}}


def delete_table(editing: Editing, request: Json) -> Json:
    """Delete a native table."""
    _remove(editing, "tables", "tableId", request.get("tableId", ""))
    return {}


def _all(editing: Editing, name: str) -> Iterator[Json]:
    for tab in editing.spreadsheet.tabs:
        yield from getattr(tab, name)


def _check_free(items: list[Json], rectangle: GridRange) -> None:
    if any(range_of(item["range"]).meets(rectangle) for item in items):
        raise GoogleRefusal("You cannot add what overlaps another of its kind.")


def _remove(editing: Editing, name: str, key: str, id: int | str) -> None:
    for tab in editing.spreadsheet.tabs:
        items = getattr(tab, name)
        if any(item[key] == id for item in items):
            setattr(tab, name, [item for item in items if item[key] != id])
            return
    raise GoogleRefusal(f"No {key} {id}")


KINDS: dict[str, Handler] = {
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addFilterView": add_filter_view,
    "deleteFilterView": delete_filter_view,
    "addBanding": add_banding,
    "deleteBanding": delete_banding,
    "addTable": add_table,
    "deleteTable": delete_table,
}
