"""Which part of the emulator answers which address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from kpicore.testing.sheets import drive, values
from kpicore.testing.sheets.batches import apply_batch
from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.editing import Editing
from kpicore.testing.sheets.field_mask import mask_of, selected
from kpicore.testing.sheets.lookups import matches, places_of
from kpicore.testing.sheets.reading import read
from kpicore.testing.sheets.refusals import GoogleRefusal, unknown
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.values import Query, parameter

_SPREADSHEET = re.compile(r"/v4/spreadsheets/([^/:]+)(/[^:]*)?(?::([A-Za-z]+))?")
_VALUES = re.compile(r"/v4/spreadsheets/([^/:]+)/values/(.+?)(?::(append|clear))?")


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request as the emulator understands it, and what it may use to answer."""

    method: str
    path: str
    query: Query
    body: Json
    spreadsheets: dict[str, EmulatedSpreadsheet]
    ids: Iterator[int]
    file_ids: Iterator[str]
    account: str
    strict_deletes: bool
    now: Callable[[], str]
    before_write: Callable[[], None]

    def spreadsheet(self, id: str) -> EmulatedSpreadsheet:
        """Return a spreadsheet that the account may read. Raises GoogleRefusal."""
        spreadsheet = self.spreadsheets.get(unquote(id))
        if spreadsheet is None:
            raise GoogleRefusal("Requested entity was not found.", 404)
        if not spreadsheet.shared:
            raise GoogleRefusal("The caller does not have permission", 403)
        return spreadsheet

    def to_write(self, id: str) -> EmulatedSpreadsheet:
        """Return a spreadsheet that the account may change, after others had their turn. Raises GoogleRefusal."""
        if self.spreadsheet(id).shared != "writer":
            raise GoogleRefusal("The caller does not have permission", 403)
        self.before_write()
        return self.spreadsheet(id)


def answer_to(request: ApiRequest) -> Json | None:
    """Return the answer to a request, None for one without content. Raises GoogleRefusal."""
    if request.path.startswith("/drive/v3/files"):
        answer = _drive(request)
    elif request.path.startswith("/v4/spreadsheets"):
        answer = _sheets(request)
    else:
        raise unknown(f"{request.method} {request.path}")
    mask = parameter(request.query, "fields")
    return selected(answer, mask_of(mask)) if answer and mask else answer


def _sheets(request: ApiRequest) -> Json:
    ranged = _VALUES.fullmatch(request.path)
    if ranged:
        return _values_of_range(request, ranged[1], unquote(ranged[2]), ranged[3] or "")
    match = _SPREADSHEET.fullmatch(request.path)
    if not match:
        if request.path == "/v4/spreadsheets" and request.method == "POST":
            return _created(request)
        raise unknown(f"{request.method} {request.path}")
    answer = _CALLS.get((request.method, match[2] or "", match[3] or ""))
    if answer:
        return answer(request, match[1])
    single = re.fullmatch(r"/developerMetadata/(\d+)", match[2] or "")
    if single and request.method == "GET":
        return _metadata(request.spreadsheet(match[1]), int(single[1]))
    raise unknown(f"{request.method} {request.path}")


def _get(request: ApiRequest, id: str) -> Json:
    with_cells = parameter(request.query, "includeGridData").lower() == "true"
    mask = mask_of(parameter(request.query, "fields"))
    spreadsheet = request.spreadsheet(id)
    places = [spreadsheet.named(text) for text in request.query.get("ranges", ())]
    return read(spreadsheet, request.account, mask, places, grid_data=with_cells)


def _get_by_filter(request: ApiRequest, id: str) -> Json:
    spreadsheet = request.spreadsheet(id)
    places = [place for given in request.body.get("dataFilters", []) for place in places_of(spreadsheet, given)]
    with_cells = bool(request.body.get("includeGridData"))
    mask = mask_of(parameter(request.query, "fields"))
    return read(spreadsheet, request.account, mask, places, grid_data=with_cells)


def _batch(request: ApiRequest, id: str) -> Json:
    spreadsheet = request.to_write(id)
    editing = Editing(spreadsheet.draft(), request.ids, request.account, request.strict_deletes)
    mask = mask_of(parameter(request.query, "fields"))
    answer = apply_batch(spreadsheet, editing, request.body, mask)
    spreadsheet.modified = request.now()
    return answer


def _search(request: ApiRequest, id: str) -> Json:
    spreadsheet, filters = request.spreadsheet(id), request.body.get("dataFilters", [])
    matched = []
    for item in spreadsheet.metadata:
        by = [given for given in filters if matches(spreadsheet, item, given)]
        if by:
            matched.append({"developerMetadata": item, "dataFilters": by})
    return {"matchedDeveloperMetadata": matched} if matched else {}


def _metadata(spreadsheet: EmulatedSpreadsheet, id: int) -> Json:
    for item in spreadsheet.metadata:
        if item["metadataId"] == id:
            return item
    raise GoogleRefusal(f"No developer metadata with id: {id}", 404)


def _created(request: ApiRequest) -> Json:
    title = request.body.get("properties", {}).get("title", "Untitled spreadsheet")
    if request.body.keys() - {"properties"}:
        raise unknown("spreadsheets that are created with tabs")
    made = drive.created(title, next(request.file_ids), request.now(), request.account)
    request.spreadsheets[made.id] = made
    return read(made, request.account, {})


def _write_values(request: ApiRequest, id: str, change: Callable[[Editing], Json]) -> Json:
    spreadsheet = request.to_write(id)
    draft = spreadsheet.draft()
    answer = change(Editing(draft, request.ids, request.account, request.strict_deletes))
    spreadsheet.take(draft)
    spreadsheet.modified = request.now()
    return answer


def _values_of_range(request: ApiRequest, id: str, range_: str, action: str) -> Json:
    if (request.method, action) == ("GET", ""):
        return values.get(request.spreadsheet(id), range_, request.query)
    changes: dict[tuple[str, str], Callable[[Editing], Json]] = {
        ("PUT", ""): lambda editing: values.update(editing, range_, request.body, request.query),
        ("POST", "append"): lambda editing: values.append(editing, range_, request.body, request.query),
        ("POST", "clear"): lambda editing: values.clear(editing, range_),
    }
    change = changes.get((request.method, action))
    if change is None:
        raise unknown(f"{request.method} {request.path}")
    return _write_values(request, id, change)


def _drive(request: ApiRequest) -> Json | None:
    parts = [unquote(part) for part in request.path.removeprefix("/drive/v3/files").split("/") if part]
    if not parts and request.method == "GET":
        return drive.listed(
            request.spreadsheets, parameter(request.query, "q"), mask=parameter(request.query, "fields")
        )
    if not parts and request.method == "POST":
        made = drive.created(
            request.body.get("name", "Untitled"), next(request.file_ids), request.now(), request.account
        )
        request.spreadsheets[made.id] = made
        return drive.file_json(made, short=True)
    spreadsheet = drive.known(request.spreadsheets, parts[0]) if parts else None
    if spreadsheet is None:
        raise unknown(f"{request.method} {request.path}")
    if len(parts) == 1 and request.method == "GET":
        return drive.file_json(spreadsheet, short=not parameter(request.query, "fields"))
    if len(parts) == 1 and request.method == "DELETE":
        del request.spreadsheets[spreadsheet.id]
        return None
    if parts[1:] == ["permissions"]:
        return drive.permissions(spreadsheet, request.method, request.body, request.ids)
    raise unknown(f"{request.method} {request.path}")


_CALLS: dict[tuple[str, str, str], Callable[[ApiRequest, str], Json]] = {
    ("GET", "", ""): _get,
    ("POST", "", "batchUpdate"): _batch,
    ("POST", "", "getByDataFilter"): _get_by_filter,
    ("POST", "/developerMetadata", "search"): _search,
    ("GET", "/values", "batchGet"): lambda request, id: values.batch_get(request.spreadsheet(id), request.query),
    ("POST", "/values", "batchUpdate"): lambda request, id: _write_values(
        request, id, lambda editing: values.batch_update(editing, request.body)
    ),
    ("POST", "/values", "batchClear"): lambda request, id: _write_values(
        request, id, lambda editing: values.batch_clear(editing, request.body)
    ),
}
