"""Charts on a tab."""

from __future__ import annotations

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.field_mask import changed, mask_of
from kpicore.testing.sheets.refusals import GoogleRefusal, unknown
from kpicore.testing.sheets.tab import EmulatedTab, moved_spec

_SIZE = {"widthPixels": 600, "heightPixels": 371}
_ADDED = {"hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS", "fontName": "Roboto"}


def add_chart(editing: Editing, request: Json) -> Json:
    """Add a chart above the cells of a tab; its id may be chosen."""
    given = request["chart"]
    if not given.get("spec"):
        raise GoogleRefusal("A chart must have a spec.")
    taken = {chart["chartId"] for tab in editing.spreadsheet.tabs for chart in tab.charts}
    id = editing.new_id(taken, given.get("chartId"), "an embedded object")
    tab, position = _position(editing, given.get("position", {}))
    chart = {"chartId": id, "spec": _spec(editing, given["spec"]), "position": position}
    tab.charts.append(chart)
    return {"addChart": {"chart": chart}}


def _position(editing: Editing, given: Json) -> tuple[EmulatedTab, Json]:
    if "overlayPosition" not in given:
        raise unknown("charts on a tab of their own")
    overlay = given["overlayPosition"]
    anchor = overlay.get("anchorCell", {})
    row, column = anchor.get("rowIndex", 0), anchor.get("columnIndex", 0)
    place = {"sheetId": anchor.get("sheetId", 0), "startRowIndex": row, "endRowIndex": row + 1}
    tab, _ = editing.spreadsheet.checked({**place, "startColumnIndex": column, "endColumnIndex": column + 1})
    place = {name: value for name, value in anchor.items() if value}
    return tab, {"overlayPosition": {**_SIZE, **overlay, "anchorCell": place}}


def _spec(editing: Editing, given: Json) -> Json:
    """Return the spec of a chart as Google tells it: with what it adds, so that none equals what was sent."""
    _check_sources(editing, given)
    told: Json = moved_spec(given, lambda rectangle: rectangle)
    return {**_ADDED, **told}


def _check_sources(editing: Editing, value: object) -> None:
    if isinstance(value, list):
        for item in value:
            _check_sources(editing, item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "sources":
                for source in item:
                    editing.spreadsheet.checked(source)
            else:
                _check_sources(editing, item)


def _place(editing: Editing, id: int) -> tuple[EmulatedTab, int]:
    for tab in editing.spreadsheet.tabs:
        for index, chart in enumerate(tab.charts):
            if chart["chartId"] == id:
                return tab, index
    raise GoogleRefusal(f"No embedded object with id: {id}")


def update_chart_spec(editing: Editing, request: Json) -> Json:
    """Replace the whole spec of a chart."""
    tab, index = _place(editing, request.get("chartId", 0))
    if not request.get("spec"):
        raise GoogleRefusal("A chart must have a spec.")
    tab.charts[index] = {**tab.charts[index], "spec": _spec(editing, request["spec"])}
    return {}


def update_embedded_object_position(editing: Editing, request: Json) -> Json:
    """Move or resize a chart."""
    tab, index = _place(editing, request.get("objectId", 0))
    mask = mask_of(request.get("fields", "*"))
    old, new = tab.charts[index]["position"]["overlayPosition"], request.get("newPosition", {})
    overlay = changed(old, new.get("overlayPosition", {}), mask)
    home, position = _position(editing, {"overlayPosition": overlay})
    chart = {**tab.charts.pop(index), "position": position}
    home.charts.insert(index if home is tab else len(home.charts), chart)
    return {"updateEmbeddedObjectPosition": {"position": position}}


def delete_embedded_object(editing: Editing, request: Json) -> Json:
    """Delete a chart."""
    tab, index = _place(editing, request.get("objectId", 0))
    tab.charts.pop(index)
    return {}


KINDS: dict[str, Handler] = {
    "addChart": add_chart,
    "updateChartSpec": update_chart_spec,
    "updateEmbeddedObjectPosition": update_embedded_object_position,
    "deleteEmbeddedObject": delete_embedded_object,
}
