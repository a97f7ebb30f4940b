"""Conditional formats."""

from __future__ import annotations

from kpicore.testing.sheets.cells import Json, with_styles
from kpicore.testing.sheets.editing import Editing, Handler
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.tab import EmulatedTab


def _rule(editing: Editing, given: Json) -> tuple[EmulatedTab, Json]:
    """Return a rule as it is kept, and its tab: all its ranges are on one."""
    checked = [editing.spreadsheet.checked(place) for place in given.get("ranges", [])]
    if not checked or len({tab.sheet_id for tab, _ in checked}) > 1:
        raise GoogleRefusal("A rule must have ranges, all on one sheet.")
    rule = {**given, "ranges": [rectangle.json() for _, rectangle in checked]}
    boolean = given.get("booleanRule")
    if boolean and "format" in boolean:
        rule["booleanRule"] = {**boolean, "format": with_styles(boolean["format"])}
    elif not boolean and "gradientRule" not in given:
        raise GoogleRefusal("A rule must be a booleanRule or a gradientRule.")
    return checked[0][0], rule


def _known(tab: EmulatedTab, index: int) -> Json:
    if not 0 <= index < len(tab.rules):
        raise GoogleRefusal(f"No conditional format on sheet: {tab.sheet_id} at index: {index}")
    return tab.rules[index]


def add_conditional_format_rule(editing: Editing, request: Json) -> Json:
    """Add a rule at an index; those from there on follow."""
    tab, rule = _rule(editing, request.get("rule", {}))
    index = request.get("index", 0)
    if not 0 <= index <= len(tab.rules):
        raise GoogleRefusal(f"Conditional format index {index} is beyond the last one of {len(tab.rules)}.")
    tab.rules.insert(index, rule)
    return {}


def update_conditional_format_rule(editing: Editing, request: Json) -> Json:
    """Replace the rule at an index, or move it; the reply tells the rule that was there and the one that is."""
    index = request.get("index", 0)
    if "rule" in request:
        tab, rule = _rule(editing, request["rule"])
        old, tab.rules[index] = _known(tab, index), rule
        reply = {"newRule": rule, "newIndex": index, "oldRule": old, "oldIndex": index}
    else:
        tab = editing.spreadsheet.tab_of(request.get("sheetId", 0))
        old, to = _known(tab, index), request.get("newIndex", 0)
        _known(tab, to)
        tab.rules.insert(to, tab.rules.pop(index))
        reply = {"newRule": old, "newIndex": to, "oldIndex": index}
    return {"updateConditionalFormatRule": {name: value for name, value in reply.items() if value != 0}}


def delete_conditional_format_rule(editing: Editing, request: Json) -> Json:
    """Delete the rule at an index; the reply tells which it was."""
    tab = editing.spreadsheet.tab_of(request.get("sheetId", 0))
    rule = _known(tab, request.get("index", 0))
    tab.rules.pop(request.get("index", 0))
    return {"deleteConditionalFormatRule": {"rule": rule}}


KINDS: dict[str, Handler] = {
    "addConditionalFormatRule": add_conditional_format_rule,
    "updateConditionalFormatRule": update_conditional_format_rule,
    "deleteConditionalFormatRule": delete_conditional_format_rule,
}
