"""Developer metadata: made, changed and deleted, with ids that are unique and may be chosen."""

from __future__ import annotations

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.field_mask import mask_of
from kpicore.testing.sheets.lookups import matches
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.spreadsheet import tab_of_location

MOST_CHARACTERS = 30_000
"""Of keys and values: so many for the spreadsheet, and so many for each tab with its rows and columns."""


def create_developer_metadata(editing: Editing, request: Json) -> Json:
    """Attach metadata to a row, a column, a tab or the spreadsheet; an id that is there is refused."""
    given = request["developerMetadata"]
    taken = {item["metadataId"] for item in editing.spreadsheet.metadata}
    item: Json = {"metadataId": editing.new_id(taken, given.get("metadataId"), "developer metadata")}
    if not given.get("metadataKey"):
        raise GoogleRefusal("A metadataKey must be specified.")
    if given.get("visibility") not in ("DOCUMENT", "PROJECT"):
        raise GoogleRefusal("A visibility must be specified.")
    item["metadataKey"] = given["metadataKey"]
    if given.get("metadataValue"):
        item["metadataValue"] = given["metadataValue"]
    item["location"] = location(editing, given.get("location", {}))
    item["visibility"] = given["visibility"]
    editing.spreadsheet.metadata.append(item)
    _check_length(editing, item)
    return {"createDeveloperMetadata": {"developerMetadata": item}}


def _check_length(editing: Editing, item: Json) -> None:
    """Refuse more keys and values than fit on the tab of an item, or on the spreadsheet."""
    home = tab_of_location(item["location"])
    there = [other for other in editing.spreadsheet.metadata if tab_of_location(other["location"]) == home]
    if sum(len(other["metadataKey"]) + len(other.get("metadataValue", "")) for other in there) > MOST_CHARACTERS:
        raise GoogleRefusal(f"Developer metadata is limited to {MOST_CHARACTERS} characters for each sheet.")


def location(editing: Editing, given: Json) -> Json:
    """Return a location as Google tells it. Raises GoogleRefusal for none, several, or one beyond the grid."""
    if len(given.keys() & {"dimensionRange", "sheetId", "spreadsheet"}) != 1:
        raise GoogleRefusal("Exactly one location must be specified: a dimensionRange, a sheetId, or the spreadsheet.")
    if given.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in given:
        tab = editing.spreadsheet.tab_of(given["sheetId"])
        return {"locationType": "SHEET", "sheetId": tab.sheet_id}
    lines = given.get("dimensionRange", {})
    tab = editing.spreadsheet.tab_of(lines.get("sheetId", 0))
    dimension, start = lines.get("dimension"), lines.get("startIndex", 0)
    if dimension not in ("ROWS", "COLUMNS") or lines.get("endIndex") != start + 1:
        raise GoogleRefusal("Developer metadata can only be on one row or one column.")
    if not 0 <= start < (tab.rows if dimension == "ROWS" else tab.columns):
        raise GoogleRefusal(f"DimensionRange.startIndex[{start}] is after the last one in the grid")
    place: Json = {"dimension": dimension, "startIndex": start, "endIndex": start + 1}
    if tab.sheet_id:
        place = {"sheetId": tab.sheet_id, **place}
    return {"locationType": dimension.removesuffix("S"), "dimensionRange": place}


def delete_developer_metadata(editing: Editing, request: Json) -> Json:
    """Delete the metadata that a filter selects. None selected: nothing happens, which was never seen at Google."""
    metadata = editing.spreadsheet.metadata
    gone = [item for item in metadata if matches(editing.spreadsheet, item, request.get("dataFilter", {}))]
    if not gone and editing.strict_deletes:
        raise GoogleRefusal("No developer metadata matches the filter.")
    editing.spreadsheet.metadata = [item for item in metadata if item not in gone]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone} if gone else {}}


def update_developer_metadata(editing: Editing, request: Json) -> Json:
    """Change the metadata that filters select."""
    given, mask = request.get("developerMetadata", {}), mask_of(request.get("fields", ""))
    names = {"metadataKey", "metadataValue", "location", "visibility"}
    named = names if "*" in mask else names & mask.keys()
    fresh = {name: given[name] for name in named if given.get(name)}
    if "location" in fresh:
        fresh["location"] = location(editing, fresh["location"])
    done: list[Json] = []
    for index, item in enumerate(editing.spreadsheet.metadata):
        if any(matches(editing.spreadsheet, item, filter) for filter in request.get("dataFilters", [])):
            kept = {name: value for name, value in item.items() if name not in named}
            editing.spreadsheet.metadata[index] = {**kept, **fresh}
            done.append(editing.spreadsheet.metadata[index])
            _check_length(editing, done[-1])
    return {"updateDeveloperMetadata": {"developerMetadata": done} if done else {}}


KINDS: dict[str, Handler] = {
    "createDeveloperMetadata": create_developer_metadata,
    "deleteDeveloperMetadata": delete_developer_metadata,
    "updateDeveloperMetadata": update_developer_metadata,
}
