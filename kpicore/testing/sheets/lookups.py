"""Data filters: which developer metadata they select, by id, key, value, and place."""

from __future__ import annotations

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.grid_range import GridRange, range_of
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab


def matches(spreadsheet: EmulatedSpreadsheet, item: Json, filter: Json) -> bool:
    """Tell whether a filter selects this metadata: by a lookup, or as its place meets a range."""
    if len(filter) != 1:
        raise GoogleRefusal("A data filter must have exactly one of its fields.")
    if "developerMetadataLookup" in filter:
        return _looked_up(item, filter["developerMetadataLookup"])
    place = filter.get("gridRange")
    rectangle = range_of(place) if place else spreadsheet.named(filter["a1Range"])[1]
    where = _rectangle(item["location"])
    return where is not None and where.meets(rectangle)


def places_of(spreadsheet: EmulatedSpreadsheet, filter: Json) -> list[tuple[EmulatedTab, GridRange]]:
    """Return the cells that a filter selects: those of a range, or on which metadata stands that it looks up."""
    if "a1Range" in filter:
        return [spreadsheet.named(filter["a1Range"])]
    if "gridRange" in filter:
        return [spreadsheet.checked(filter["gridRange"])]
    selected = [_rectangle(item["location"]) for item in spreadsheet.metadata if matches(spreadsheet, item, filter)]
    return [(spreadsheet.tab_of(place.sheet_id), place) for place in selected if place is not None]


def _looked_up(item: Json, lookup: Json) -> bool:
    place, strategy = lookup.get("metadataLocation"), lookup.get("locationMatchingStrategy")
    type_ = lookup.get("locationType")
    _check(place, strategy, type_)
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and item.get(name) != lookup[name]:
            return False
    if type_ and item["location"]["locationType"] != type_:
        return False
    if place is None:
        return True
    if strategy == "EXACT_LOCATION":
        return _plain(item["location"]) == _plain(place)
    return _intersect(item["location"], place)


def _check(place: Json | None, strategy: str | None, type_: str | None) -> None:
    if strategy and place is None:
        raise GoogleRefusal("A metadataLocation must be specified with a locationMatchingStrategy.")
    if strategy == "EXACT_LOCATION" and type_:
        raise GoogleRefusal("A locationType must not be specified when an exact location is.")
    if type_ == "SPREADSHEET" and (strategy == "INTERSECTING_LOCATION" or (place and not place.get("spreadsheet"))):
        raise GoogleRefusal("The spreadsheet cannot be the locationType of such a lookup.")


def _plain(location: Json) -> tuple[object, ...]:
    lines = location.get("dimensionRange")
    if lines:
        return lines.get("sheetId", 0), lines.get("dimension"), lines.get("startIndex", 0), lines.get("endIndex")
    return ("spreadsheet",) if location.get("spreadsheet") else ("sheet", location.get("sheetId", 0))


def _rectangle(location: Json) -> GridRange | None:
    """Return the cells of a location, None for the spreadsheet's."""
    if location.get("spreadsheet"):
        return None
    lines = location.get("dimensionRange")
    if not lines:
        return GridRange(location.get("sheetId", 0))
    start, end = lines.get("startIndex"), lines.get("endIndex")
    if lines.get("dimension") == "ROWS":
        return GridRange(lines.get("sheetId", 0), start, end)
    return GridRange(lines.get("sheetId", 0), None, None, start, end)


def _intersect(one: Json, other: Json) -> bool:
    first, second = _rectangle(one), _rectangle(other)
    return first is second if first is None or second is None else first.meets(second)
