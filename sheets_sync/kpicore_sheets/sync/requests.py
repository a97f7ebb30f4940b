"""The requests of a batch, one function a kind, as Google's API has them.

API: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpicore_sheets.sync.ids import MARK_KEY, STATE_KEY, TableIds, number_id
from kpicore_sheets.sync.placing import PlacedTable, marks_of
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet, SeenTab

Json = dict[str, Any]
GUARDED = "kpicore: "
"""How the description of a guard begins; the name of its table follows."""


def tab_made(id: int, title: str, rows: int, columns: int) -> Json:
    """Return what makes a hidden tab."""
    size = {"rowCount": rows, "columnCount": columns}
    return {"addSheet": {"properties": {"sheetId": id, "title": title, "hidden": True, "gridProperties": size}}}


def probes(tab: SeenTab) -> Iterator[Json]:
    """Yield what fails when the tab has fewer rows or columns than were read.

    Marks on rows that somebody deleted are gone with them, and to make them anew would succeed: this does not.
    """
    for dimension, index in (("ROWS", tab.rows - 1), ("COLUMNS", tab.columns - 1)):
        id = number_id(f"probe/{tab.id}/{dimension}")
        yield metadata_made(id, MARK_KEY, _line(tab.id, dimension, index))
        yield metadata_removed(id)


def fence_removed(placed: PlacedTable) -> Iterator[Json]:
    """Yield what fails when another writer was faster: there each fence is gone."""
    for id in placed.fences:
        yield {"deleteNamedRange": {"namedRangeId": id}}


def fence_made(ids: TableIds, name: str, generation: int, rectangle: Rectangle) -> Json:
    """Return what fails when another writer was faster: then a fence of that generation is there.

    Its name is one that no area has: those begin with kpi_.
    """
    named = {"namedRangeId": ids.fence(generation), "name": f"_kpi_{name}_g{generation}", "range": rectangle.json()}
    return {"addNamedRange": {"namedRange": named}}


def area_placed(ids: TableIds, name: str, placed: PlacedTable | None, rectangle: Rectangle) -> Json:
    """Return what gives the named range of a table its cells."""
    if placed is None or placed.area is None:
        named = {"namedRangeId": ids.area, "name": f"kpi_{name}", "range": rectangle.json()}
        return {"addNamedRange": {"namedRange": named}}
    # the name stays what people made of it
    return {
        "updateNamedRange": {"namedRange": {"namedRangeId": ids.area, "range": rectangle.json()}, "fields": "range"}
    }


def names_made(
    ids: TableIds, seen: SeenSpreadsheet, target: Rectangle, names: Mapping[str, tuple[int, int]]
) -> Iterator[Json]:
    """Yield what names single cells of a table; a name that is in use for others stays what it is."""
    taken = {item.name.casefold() for item in seen.ranges} if names else ()
    ours = {item.id: item.rectangle for item in seen.ranges_of(ids.area)}
    for number, (name, (row, column)) in enumerate(names.items()):
        top, left = target.top + row, target.left + column
        cell = Rectangle(target.tab, top, left, top + 1, left + 1)
        named = {"namedRangeId": ids.name(number), "name": name, "range": cell.json()}
        if ids.name(number) in ours:
            if ours[ids.name(number)] != cell:
                yield {"updateNamedRange": {"namedRange": named, "fields": "range"}}
        elif name.casefold() not in taken:
            yield {"addNamedRange": {"namedRange": named}}


def guard_placed(ids: TableIds, name: str, placed: PlacedTable | None, rectangle: Rectangle) -> Iterator[Json]:
    """Yield what gives the warning before people type into a table its cells."""
    guard = placed.guard if placed else None
    if guard is None:
        protected = {
            "protectedRangeId": ids.guard,
            "range": rectangle.json(),
            "description": f"{GUARDED}{name}",
            "warningOnly": True,
        }
        yield {"addProtectedRange": {"protectedRange": protected}}
    elif guard.rectangle != rectangle:
        protected = {"protectedRangeId": ids.guard, "range": rectangle.json()}
        yield {"updateProtectedRange": {"protectedRange": protected, "fields": "range"}}


def marks_removed(placed: PlacedTable) -> Iterator[Json]:
    """Yield what removes each mark where it was read, and only there.

    A mark that has moved since then stays, and to make it anew is refused with the whole batch: its id is taken.
    """
    for mark in placed.marks.values():
        lookup: Json = {"metadataId": mark.id}
        if mark.tab is not None:
            lookup["metadataLocation"] = _line(mark.tab, mark.dimension, mark.index)
            lookup["locationMatchingStrategy"] = "EXACT_LOCATION"
        yield {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


def marks_made(ids: TableIds, rectangle: Rectangle) -> Iterator[Json]:
    """Yield what puts the marks on the first and last row and column."""
    for id, dimension, index in marks_of(ids, rectangle):
        yield metadata_made(id, MARK_KEY, _line(rectangle.tab, dimension, index))


def marks_gone(placed: PlacedTable) -> Iterator[Json]:
    """Yield what makes marks that were removed where they were read, and removes them: refused where one has moved."""
    for mark in placed.marks.values():
        location = {"spreadsheet": True} if mark.tab is None else _line(mark.tab, mark.dimension, mark.index)
        yield metadata_made(mark.id, MARK_KEY, location)
        yield metadata_removed(mark.id)


def left_removed(ids: TableIds, placed: PlacedTable, seen: SeenSpreadsheet) -> Iterator[Json]:
    """Yield what removes the area, the guard and the state of a table."""
    for item in seen.ranges_of(ids.area):
        if item.id == ids.area or ids.is_name(item.id):
            yield {"deleteNamedRange": {"namedRangeId": item.id}}
    if placed.guard:
        yield {"deleteProtectedRange": {"protectedRangeId": ids.guard}}
    if placed.state_text:
        yield _state_removed(ids, placed)


def state_kept(ids: TableIds, placed: PlacedTable | None, text: str) -> Iterator[Json]:
    """Yield what a table remembers; refused where it remembers something else than was read."""
    if placed is not None and placed.state_text:
        yield _state_removed(ids, placed)
    yield metadata_made(ids.state, STATE_KEY, {"spreadsheet": True}, text)


def _state_removed(ids: TableIds, placed: PlacedTable) -> Json:
    lookup = {"metadataId": ids.state, "metadataValue": placed.state_text}
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


def room_made(tab: SeenTab, rows: int, columns: int) -> Iterator[Json]:
    """Yield what gives a tab at least so many rows and columns; never what takes any away."""
    for dimension, missing in (("ROWS", rows - tab.rows), ("COLUMNS", columns - tab.columns)):
        if missing > 0:
            yield {"appendDimension": {"sheetId": tab.id, "dimension": dimension, "length": missing}}


def cells_written(rectangle: Rectangle, rows: Sequence[Json]) -> Json:
    """Return what writes values and notes; cells without them are cleared."""
    return {"updateCells": {"range": rectangle.json(), "rows": rows, "fields": "userEnteredValue,note"}}


def cells_cleared(rectangle: Rectangle) -> Json:
    """Return what leaves cells as if nobody had written into them."""
    return {"updateCells": {"range": rectangle.json(), "fields": "userEnteredValue,note,userEnteredFormat"}}


def metadata_made(id: int, key: str, location: Json, value: str = "") -> Json:
    """Return what makes developer metadata; refused where its id is taken."""
    metadata: Json = {"metadataId": id, "metadataKey": key, "location": location, "visibility": "DOCUMENT"}
    if value:
        metadata["metadataValue"] = value
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def metadata_removed(id: int) -> Json:
    """Return what removes developer metadata, wherever it is."""
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": id}}}}


def _line(tab: int, dimension: str, index: int) -> Json:
    return {"dimensionRange": {"sheetId": tab, "dimension": dimension, "startIndex": index, "endIndex": index + 1}}
