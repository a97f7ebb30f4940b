"""Conditional formats have no ids, only places in a list: where each is after what a batch did before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet
from kpicore_sheets.sync.steps import Action

Json = dict[str, Any]


def with_places(actions: Iterable[Action], seen: SeenSpreadsheet) -> Iterator[Action]:
    """Yield the steps of tables with the places that rules have by then: each step was made as if it was alone."""
    places = {tab.id: list[int | None](range(len(tab.rules))) for tab in seen.tabs.values()}
    for action in actions:
        yield replace(action, requests=tuple(_placed(request, places) for request in action.requests))


def _placed(request: Json, places: Mapping[int, list[int | None]]) -> Json:
    """Return a request with the place of its rule now, and let it change the places of the others."""
    if item := request.get("addConditionalFormatRule"):
        places[_tab(item)].insert(item["index"], None)
    elif item := request.get("updateConditionalFormatRule"):
        return {"updateConditionalFormatRule": {**item, "index": places[_tab(item)].index(item["index"])}}
    elif item := request.get("deleteConditionalFormatRule"):
        index = places[_tab(item)].index(item["index"])
        places[_tab(item)].pop(index)
        return {"deleteConditionalFormatRule": {**item, "index": index}}
    return request


def _tab(item: Json) -> int:
    tab: int = item["sheetId"] if "sheetId" in item else item["rule"]["ranges"][0].get("sheetId", 0)
    return tab


def rules_put_back(changes: Iterable[tuple[Json, Json, Json]], after: SeenSpreadsheet) -> Iterator[Json]:
    """Yield what puts rules of somebody else back that stood where some of ours were read.

    A change is the request, its reply, and the rule that was read at that place.
    """
    removed = []
    for request, reply, rule in changes:
        old = old_rule(reply)
        if old is None or old == rule:
            continue
        if item := request.get("updateConditionalFormatRule"):
            tab = after.tabs.get(_tab(item))
            fresh = reply["updateConditionalFormatRule"].get("newRule")
            index = tab.rules.index(fresh) if tab and fresh in tab.rules else item["index"]
            yield {"updateConditionalFormatRule": {"rule": old, "index": index}}
        else:
            removed.append((request["deleteConditionalFormatRule"], old))
    for item, old in sorted(removed, key=lambda change: change[0]["index"]):
        tab = after.tabs.get(item["sheetId"])
        index = min(item["index"], len(tab.rules)) if tab else 0
        yield {"addConditionalFormatRule": {"rule": old, "index": index}}


def old_rule(reply: Json) -> Json | None:
    """Return the rule that a request has changed or removed, as its reply tells it."""
    changed = reply.get("updateConditionalFormatRule") or reply.get("deleteConditionalFormatRule") or {}
    rule: Json | None = changed.get("oldRule") or changed.get("rule")
    return rule
