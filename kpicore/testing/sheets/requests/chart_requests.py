"""Charts on a tab."""

from __future__ import annotations

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.field_mask import changed, mask_of
from kpicore.testing.sheets.refusals import GoogleRefusal, unknown
from kpicore.testing.sheets.tab import EmulatedTab

_SIZE = {"widthPixels": 600, "heightPixels": 371}


def add_chart(editing: Editing, request: Json) -> Json:
    """Add a chart above the cells of a tab; its id may be chosen."""
    given = request["chart"]
    if not given.get("spec"):
        raise GoogleRefusal("A chart must have a spec.")
    taken = {chart["chartId"] for tab in editing.spreadsheet.tabs for chart in tab.charts}
    id = editing.new_id(taken, given.get("chartId"), "an embedded object")
    tab, position = _position(editing, given.get("position", {}))
    check_sources(editing, given["spec"])
    chart = {"chartId": id, "spec": given["spec"], "position": position}
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
    return tab, {"overlayPosition": {**_SIZE, **overlay, "anchorCell": anchor}}


def check_sources(editing: Editing, value: object) -> None:
    """Refuse a chart whose data lie beyond the grid."""
    if isinstance(value, list):
        for item in value:
            check_sources(editing, item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "sources":
                for source in item:
                    editing.spreadsheet.checked(source)
            else:
                check_sources(editing, item)


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
    check_sources(editing, request["spec"])
    tab.charts[index] = {**tab.charts[index], "spec": request["spec"]}
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
