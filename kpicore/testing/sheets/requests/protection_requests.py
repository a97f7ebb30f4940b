"""Protected ranges."""

from __future__ import annotations

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.field_mask import changed, mask_of
from kpicore.testing.sheets.grid_range import range_of
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.tab import EmulatedTab, may_edit


def add_protected_range(editing: Editing, request: Json) -> Json:
    """Protect cells or a tab; who does it is among the editors, which the reply does not yet tell."""
    given = request["protectedRange"]
    taken = {item["protectedRangeId"] for tab in editing.spreadsheet.tabs for item in tab.protected}
    item: Json = {"protectedRangeId": editing.new_id(taken, given.get("protectedRangeId"), "a protected range")}
    tab, item["range"] = _range(editing, given)
    item |= {name: given[name] for name in ("namedRangeId", "description", "warningOnly") if given.get(name)}
    if given.get("unprotectedRanges"):
        item["unprotectedRanges"] = [range_of(free).json() for free in given["unprotectedRanges"]]
    editors = {name: value for name, value in given.get("editors", {}).items() if value}
    reply = {**item, "requestingUserCanEdit": True, "editors": editors}
    users = [user for user in (*editors.get("users", ()), editing.account) if user]
    item["editors"] = {**editors, "users": list(dict.fromkeys(users))}
    tab.protected.append(item)
    return {"addProtectedRange": {"protectedRange": reply}}


def _range(editing: Editing, given: Json) -> tuple[EmulatedTab, Json]:
    if "namedRangeId" in given:
        for named in editing.spreadsheet.named_ranges:
            if named["namedRangeId"] == given["namedRangeId"]:
                given = {"range": named.get("range", {})}
                break
        else:
            raise GoogleRefusal(f"No named range with id: {given['namedRangeId']}")
    tab, rectangle = editing.spreadsheet.checked(given.get("range", {}))
    return tab, rectangle.json()


def _place(editing: Editing, id: int) -> tuple[EmulatedTab, int]:
    for tab in editing.spreadsheet.tabs:
        for index, item in enumerate(tab.protected):
            if item["protectedRangeId"] == id:
                if editing.account and not may_edit(item, editing.account):
                    raise GoogleRefusal("You don't have permission to edit this protected range.")
                return tab, index
    raise GoogleRefusal(f"No protected range with id: {id}")


def update_protected_range(editing: Editing, request: Json) -> Json:
    """Change a protected range."""
    given, mask = request["protectedRange"], mask_of(request.get("fields", ""))
    tab, index = _place(editing, given.get("protectedRangeId", 0))
    item = tab.protected.pop(index)
    fresh = changed(item, given, mask) | {"protectedRangeId": item["protectedRangeId"]}
    users = [user for user in (*fresh.get("editors", {}).get("users", ()), editing.account) if user]
    fresh["editors"] = {**fresh.get("editors", {}), "users": list(dict.fromkeys(users))}
    fresh.pop("requestingUserCanEdit", None)
    home, fresh["range"] = _range(editing, {"range": fresh.get("range", {})})
    home.protected.insert(index if home is tab else len(home.protected), fresh)
    return {}


def delete_protected_range(editing: Editing, request: Json) -> Json:
    """Remove a protection; the cells stay."""
    tab, index = _place(editing, request.get("protectedRangeId", 0))
    tab.protected.pop(index)
    return {}


KINDS: dict[str, Handler] = {
    "addProtectedRange": add_protected_range,
    "updateProtectedRange": update_protected_range,
    "deleteProtectedRange": delete_protected_range,
}
