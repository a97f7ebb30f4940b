"""Named ranges."""

from __future__ import annotations

import re

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.field_mask import mask_of
from kpicore.testing.sheets.grid_range import cells_of
from kpicore.testing.sheets.refusals import GoogleRefusal

_NAME = re.compile(r"[^\W\d]\w*")


def add_named_range(editing: Editing, request: Json) -> Json:
    """Add a named range; its id may be chosen, and a name or id that is there is refused."""
    given, known = request["namedRange"], editing.spreadsheet.named_ranges
    id = given.get("namedRangeId") or ""
    if id and any(named["namedRangeId"] == id for named in known):
        raise GoogleRefusal(f"A named range with id {id} already exists.")
    if not id:
        taken = {int(named["namedRangeId"]) for named in known if named["namedRangeId"].isdigit()}
        id = str(editing.new_id(taken))
    _check_name(editing, given.get("name", ""), id)
    _, rectangle = editing.spreadsheet.checked(given.get("range", {}))
    named = {"namedRangeId": id, "name": given["name"], "range": rectangle.json()}
    known.append(named)
    return {"addNamedRange": {"namedRange": named}}


def _check_name(editing: Editing, name: str, id: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > 250 or _like_cells(name):
        raise GoogleRefusal(f"The name '{name}' is invalid for a named range.")
    for named in editing.spreadsheet.named_ranges:
        if named["name"].lower() == name.lower() and named["namedRangeId"] != id:
            raise GoogleRefusal(f"A named range with name '{name}' already exists.")


def _like_cells(name: str) -> bool:
    return cells_of(name) is not None or bool(re.fullmatch(r"(?i)r\d+c\d+|true|false", name))


def _index(editing: Editing, id: str) -> int:
    for index, named in enumerate(editing.spreadsheet.named_ranges):
        if named["namedRangeId"] == id:
            return index
    raise GoogleRefusal(f"No named range with id: {id}")


def update_named_range(editing: Editing, request: Json) -> Json:
    """Change name or range of a named range."""
    given, mask = request["namedRange"], mask_of(request.get("fields", ""))
    index = _index(editing, given.get("namedRangeId", ""))
    named = dict(editing.spreadsheet.named_ranges[index])
    if "name" in mask or "*" in mask:
        _check_name(editing, given.get("name", ""), named["namedRangeId"])
        named["name"] = given["name"]
    if "range" in mask or "*" in mask:
        named["range"] = editing.spreadsheet.checked(given.get("range", {}))[1].json()
    editing.spreadsheet.named_ranges[index] = named
    return {}


def delete_named_range(editing: Editing, request: Json) -> Json:
    """Delete a named range; one that is not there is refused."""
    editing.spreadsheet.named_ranges.pop(_index(editing, request.get("namedRangeId", "")))
    return {}


KINDS: dict[str, Handler] = {
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
}
