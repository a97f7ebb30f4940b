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
from kpicore.testing.sheets.values import Query, one

_SPREADSHEET = re.compile(r"/v4/spreadsheets/([^/:]+)(/[^:]*)?(?::([A-Za-z]+))?")
_VALUES = re.compile(r"/v4/spreadsheets/([^/:]+)/values/(.+?)(?::(append|clear))?")


@dataclass(frozen=True, slots=True)
class Asking:
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


def answer_to(asking: Asking) -> Json | None:
    """Return the answer to a request, None for one without content. Raises GoogleRefusal."""
    if asking.path.startswith("/drive/v3/files"):
        answer = _drive(asking)
    elif asking.path.startswith("/v4/spreadsheets"):
        answer = _sheets(asking)
    else:
        raise unknown(f"{asking.method} {asking.path}")
    mask = one(asking.query, "fields")
    return selected(answer, mask_of(mask)) if answer and mask else answer


def _sheets(asking: Asking) -> Json:
    ranged = _VALUES.fullmatch(asking.path)
    if ranged:
        return _values_of_range(asking, ranged[1], unquote(ranged[2]), ranged[3] or "")
    match = _SPREADSHEET.fullmatch(asking.path)
    if not match:
        if asking.path == "/v4/spreadsheets" and asking.method == "POST":
            return _created(asking)
        raise unknown(f"{asking.method} {asking.path}")
    answer = _CALLS.get((asking.method, match[2] or "", match[3] or ""))
    if answer:
        return answer(asking, match[1])
    single = re.fullmatch(r"/developerMetadata/(\d+)", match[2] or "")
    if single and asking.method == "GET":
        return _metadata(asking.spreadsheet(match[1]), int(single[1]))
    raise unknown(f"{asking.method} {asking.path}")


def _get(asking: Asking, id: str) -> Json:
    with_cells = one(asking.query, "includeGridData").lower() == "true"
    mask = mask_of(one(asking.query, "fields"))
    spreadsheet = asking.spreadsheet(id)
    places = [spreadsheet.named(text) for text in asking.query.get("ranges", ())]
    return read(spreadsheet, asking.account, mask, places, grid_data=with_cells)


def _get_by_filter(asking: Asking, id: str) -> Json:
    spreadsheet = asking.spreadsheet(id)
    places = [place for given in asking.body.get("dataFilters", []) for place in places_of(spreadsheet, given)]
    with_cells = bool(asking.body.get("includeGridData"))
    mask = mask_of(one(asking.query, "fields"))
    return read(spreadsheet, asking.account, mask, places, grid_data=with_cells)


def _batch(asking: Asking, id: str) -> Json:
    spreadsheet = asking.to_write(id)
    editing = Editing(spreadsheet.draft(), asking.ids, asking.account, asking.strict_deletes)
    mask = mask_of(one(asking.query, "fields"))
    answer = apply_batch(spreadsheet, editing, asking.body, mask)
    spreadsheet.modified = asking.now()
    return answer


def _search(asking: Asking, id: str) -> Json:
    spreadsheet, filters = asking.spreadsheet(id), asking.body.get("dataFilters", [])
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


def _created(asking: Asking) -> Json:
    title = asking.body.get("properties", {}).get("title", "Untitled spreadsheet")
    if asking.body.keys() - {"properties"}:
        raise unknown("spreadsheets that are created with tabs")
    made = drive.created(title, next(asking.file_ids), asking.now(), asking.account)
    asking.spreadsheets[made.id] = made
    return read(made, asking.account, {})


def _write_values(asking: Asking, id: str, change: Callable[[Editing], Json]) -> Json:
    spreadsheet = asking.to_write(id)
    draft = spreadsheet.draft()
    answer = change(Editing(draft, asking.ids, asking.account, asking.strict_deletes))
    spreadsheet.take(draft)
    spreadsheet.modified = asking.now()
    return answer


def _values_of_range(asking: Asking, id: str, range_: str, action: str) -> Json:
    if (asking.method, action) == ("GET", ""):
        return values.get(asking.spreadsheet(id), range_, asking.query)
    changes: dict[tuple[str, str], Callable[[Editing], Json]] = {
        ("PUT", ""): lambda editing: values.update(editing, range_, asking.body, asking.query),
        ("POST", "append"): lambda editing: values.append(editing, range_, asking.body, asking.query),
        ("POST", "clear"): lambda editing: values.clear(editing, range_),
    }
    change = changes.get((asking.method, action))
    if change is None:
        raise unknown(f"{asking.method} {asking.path}")
    return _write_values(asking, id, change)


def _drive(asking: Asking) -> Json | None:
    parts = [unquote(part) for part in asking.path.removeprefix("/drive/v3/files").split("/") if part]
    if not parts and asking.method == "GET":
        return drive.listed(asking.spreadsheets, one(asking.query, "q"), mask=one(asking.query, "fields"))
    if not parts and asking.method == "POST":
        made = drive.created(asking.body.get("name", "Untitled"), next(asking.file_ids), asking.now(), asking.account)
        asking.spreadsheets[made.id] = made
        return drive.file_json(made, short=True)
    spreadsheet = drive.known(asking.spreadsheets, parts[0]) if parts else None
    if spreadsheet is None:
        raise unknown(f"{asking.method} {asking.path}")
    if len(parts) == 1 and asking.method == "GET":
        return drive.file_json(spreadsheet, short=not one(asking.query, "fields"))
    if len(parts) == 1 and asking.method == "DELETE":
        del asking.spreadsheets[spreadsheet.id]
        return None
    if parts[1:] == ["permissions"]:
        return drive.permissions(spreadsheet, asking.method, asking.body, asking.ids)
    raise unknown(f"{asking.method} {asking.path}")


_CALLS: dict[tuple[str, str, str], Callable[[Asking, str], Json]] = {
    ("GET", "", ""): _get,
    ("POST", "", "batchUpdate"): _batch,
    ("POST", "", "getByDataFilter"): _get_by_filter,
    ("POST", "/developerMetadata", "search"): _search,
    ("GET", "/values", "batchGet"): lambda asking, id: values.batch_get(asking.spreadsheet(id), asking.query),
    ("POST", "/values", "batchUpdate"): lambda asking, id: _write_values(
        asking, id, lambda editing: values.batch_update(editing, asking.body)
    ),
    ("POST", "/values", "batchClear"): lambda asking, id: _write_values(
        asking, id, lambda editing: values.batch_clear(editing, asking.body)
    ),
}
