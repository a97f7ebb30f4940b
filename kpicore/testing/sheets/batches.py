"""One batch of requests: all of them are applied, or none."""

from __future__ import annotations

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.editing import Editing
from kpicore.testing.sheets.field_mask import Mask
from kpicore.testing.sheets.reading import read
from kpicore.testing.sheets.refusals import GoogleRefusal, unknown
from kpicore.testing.sheets.requests import KINDS
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet


def apply_batch(spreadsheet: EmulatedSpreadsheet, editing: Editing, body: Json, mask: Mask | None = None) -> Json:
    """Apply all requests of a batch to a draft, and only then to the spreadsheet; return the answer.

    Raises GoogleRefusal, and then nothing is changed.
    """
    requests = body.get("requests", [])
    if not requests:
        raise GoogleRefusal("Must specify at least one request.")
    replies = [_applied(editing, index, request) for index, request in enumerate(requests)]
    answer: Json = {"spreadsheetId": spreadsheet.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        answer["updatedSpreadsheet"] = _updated(editing, body, mask or {})
    spreadsheet.take(editing.spreadsheet)
    return answer


def _updated(editing: Editing, body: Json, mask: Mask) -> Json:
    """Return what the spreadsheet became; as in `get` a mask decides about cells, in place of the flag."""
    inner = {} if not mask or "*" in mask else mask.get("updatedSpreadsheet", {})
    with_cells = bool(body.get("responseIncludeGridData"))
    places = [editing.spreadsheet.named(text) for text in body.get("responseRanges", ())]
    return read(editing.spreadsheet, editing.account, inner, places, grid_data=with_cells)


def _applied(editing: Editing, index: int, request: Json) -> Json:
    if len(request) != 1:
        raise GoogleRefusal(f"Invalid requests[{index}]: No request set.")
    kind, content = next(iter(request.items()))
    if kind not in KINDS:
        raise unknown(f"requests of the kind {kind}")
    try:
        return KINDS[kind](editing, content)
    except GoogleRefusal as refusal:
        if refusal.code != 400:
            raise
        raise GoogleRefusal(f"Invalid requests[{index}].{kind}: {refusal.message}") from None
