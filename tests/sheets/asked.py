"""Questions to the emulator, as short as tests need them: of its one spreadsheet, in process."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from kpicore.testing.sheets import Emulator

Json = dict[str, Any]


def _id(emulator: Emulator) -> str:
    return next(iter(emulator.spreadsheets))


def ask(emulator: Emulator, method: str, path: str, body: Json | None = None) -> tuple[int, Any]:
    """Return status and content of an answer; `path` is what follows the spreadsheet's id."""
    sent = json.dumps(body).encode() if body is not None else b""
    status, _, answer = emulator.handle(method, f"/v4/spreadsheets/{_id(emulator)}{path}", {}, sent)
    return status, json.loads(answer)


def batch(emulator: Emulator, *requests: Json, **options: object) -> list[Json]:
    """Apply a batch that has to be valid, and return its replies."""
    status, answer = ask(emulator, "POST", ":batchUpdate", {"requests": list(requests), **options})
    assert status == 200, answer
    replies: list[Json] = answer["replies"]
    return replies


def refused(emulator: Emulator, *requests: Json) -> str:
    """Apply a batch that has to be refused, and return the message."""
    status, answer = ask(emulator, "POST", ":batchUpdate", {"requests": list(requests)})
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT"), answer
    return str(answer["error"]["message"])


def read(emulator: Emulator, fields: str, *ranges: str) -> Json:
    """Return what fields name of the spreadsheet."""
    status, answer = ask(emulator, "GET", "?" + urlencode({"fields": fields, "ranges": ranges}, doseq=True))
    assert status == 200, answer
    return dict(answer)


def values(emulator: Emulator, range: str = "KPIs", **options: str) -> list[list[Any]]:
    """Return the values of a range, unformatted unless asked otherwise."""
    query = {"ranges": range, "valueRenderOption": "UNFORMATTED_VALUE", **options}
    status, answer = ask(emulator, "GET", "/values:batchGet?" + urlencode(query))
    assert status == 200, answer
    rows: list[list[Any]] = answer["valueRanges"][0].get("values", [])
    return rows


def place(top: int, bottom: int, left: int, right: int) -> Json:
    """Return a rectangle of the first tab, from 0, ends not included."""
    return {"startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}


def lines(dimension: str, start: int, end: int) -> Json:
    """Return rows or columns of the first tab."""
    return {"dimension": dimension, "startIndex": start, "endIndex": end}


def cells(*rows: list[Any]) -> list[Json]:
    """Return rows for updateCells, each value as what it is."""
    return [{"values": [_cell(value) for value in row]} for row in rows]


def _cell(value: Any) -> Json:
    if value is None:
        return {}
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}


def name(name: str, where: Json, id: str = "") -> Json:
    """Return the request that names a range."""
    return {"addNamedRange": {"namedRange": {"name": name, "range": where, **({"namedRangeId": id} if id else {})}}}


def mark(id: int, dimension: str, index: int) -> Json:
    """Return the request that marks a row or column of the first tab."""
    where = {"dimensionRange": lines(dimension, index, index + 1)}
    given = {"metadataId": id, "metadataKey": "mark", "visibility": "DOCUMENT", "location": where}
    return {"createDeveloperMetadata": {"developerMetadata": given}}


def unmark(id: int, dimension: str, index: int) -> Json:
    """Return the request that deletes the mark of a row or column, if it is exactly there."""
    where = {"dimensionRange": lines(dimension, index, index + 1)}
    lookup = {"metadataId": id, "metadataLocation": where, "locationMatchingStrategy": "EXACT_LOCATION"}
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


def range_of(emulator: Emulator, name: str) -> Json | None:
    """Return where a named range is, None when nothing is left of it."""
    named = {item["name"]: item.get("range") for item in read(emulator, "namedRanges").get("namedRanges", ())}
    return named[name]


def marks(emulator: Emulator) -> dict[int, tuple[str, int]]:
    """Return each mark with the row or column it stands on."""
    _, answer = ask(emulator, "POST", "/developerMetadata:search", {"dataFilters": [_BY_KEY]})
    items = [matched["developerMetadata"] for matched in answer.get("matchedDeveloperMetadata", ())]
    places = {item["metadataId"]: item["location"]["dimensionRange"] for item in items}
    return {id: (place["dimension"], place["startIndex"]) for id, place in places.items()}


_BY_KEY = {"developerMetadataLookup": {"metadataKey": "mark"}}
