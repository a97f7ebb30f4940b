"""One batch of several tables: its bytes, made once and sent as they are however often, and what its answer tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpicore_sheets import limits
from kpicore_sheets.compact_json import compact_json
from kpicore_sheets.sync.cells import byte_count
from kpicore_sheets.sync.ids import TableIds
from kpicore_sheets.sync.placing import edges
from kpicore_sheets.sync.requests import probes
from kpicore_sheets.sync.rule_places import old_rule, rules_put_back, with_places
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet, SeenTab, seen_spreadsheet
from kpicore_sheets.sync.steps import Action

Json = dict[str, Any]
_SHARE = 0.99
"""Of the bytes of a body, for the steps: the rest is for what tells whether all is as it was read."""
_SHIFTED = "somebody moved cells while it was written; it was put right"


@dataclass(frozen=True, slots=True)
class SheetBatch:
    """The steps of some tables in one body. `starts` are the numbers of their first requests."""

    actions: tuple[Action, ...]
    starts: tuple[int, ...]
    body: bytes
    shown: tuple[tuple[str, Any], ...]


def sheet_batches(
    actions: Sequence[Action], seen: SeenSpreadsheet, further: Sequence[Json] = ()
) -> Iterator[SheetBatch]:
    """Yield the batches that bring the steps to Google, as few as their bytes allow; `further` goes with the first."""
    chosen: list[tuple[Action, str]] = []
    size = 0
    for action in with_places(_with_room_once(actions), seen):
        text = compact_json(action.requests)
        more = byte_count(text)
        if chosen and size + more > _SHARE * limits.MOST_BYTES:
            yield _batch(chosen, seen, further)
            chosen, size, further = [], 0, ()
        chosen.append((action, text))
        size += more
    if chosen:
        yield _batch(chosen, seen, further)


def _with_room_once(actions: Sequence[Action]) -> Iterator[Action]:
    """Yield the steps without the room that one before them makes: rows that two tables lack are appended once."""
    made = Counter[tuple[int, str]]()
    for action in actions:
        kept = list[Json]()
        for request in action.requests:
            if item := request.get("appendDimension"):
                line = item["sheetId"], item["dimension"]
                missing = item["length"] - made[line]
                if missing <= 0:
                    continue
                made[line] += missing
                request = {"appendDimension": {**item, "length": missing}}
            kept.append(request)
        yield replace(action, requests=tuple(kept))


def _batch(chosen: Sequence[tuple[Action, str]], seen: SeenSpreadsheet, others: Sequence[Json]) -> SheetBatch:
    actions = tuple(action for action, _ in chosen)
    tabs = {tab.id: tab for action in actions for tab in action.tabs}
    probed = [request for tab in tabs.values() for request in probes(tab)]
    starts, count = [], len(probed)
    for action in actions:
        starts.append(count)
        count += len(action.requests)
    shown = _shown(actions, seen)
    further: Json = {"includeSpreadsheetInResponse": True}
    if shown:
        further |= {"responseRanges": [part.a1(title) for title, part in shown], "responseIncludeGridData": True}
    lists = [
        text[1:-1]
        for text in (compact_json(probed), *(text for _, text in chosen), compact_json(others))
        if text != "[]"
    ]
    body = f'{{"requests":[{",".join(lists)}],{compact_json(further)[1:]}'
    return SheetBatch(actions, tuple(starts), body.encode("utf-8", "replace"), shown)


def _shown(actions: Sequence[Action], seen: SeenSpreadsheet) -> tuple[tuple[str, Any], ...]:
    """Return the cells that the answer is to bring; then it brings no tab on which none of them is."""
    if not any(action.shown for action in actions):
        return ()
    shown = list[tuple[str, Any]]()
    for action in actions:
        shown += action.shown
        if not action.shown and action.fence:
            shown += [(seen.tabs[part.tab].title, part) for part in edges(action.fence[1])]
    return tuple(dict.fromkeys(shown))


def lone_body(requests: Sequence[Json]) -> bytes:
    """Return the body of a batch of requests of no table, whose answer tells nothing."""
    return compact_json({"requests": list(requests)}).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The spreadsheet as the answer has it, what went wrong under the batch, by table, and what undoes that."""

    after: SeenSpreadsheet
    problems: Mapping[str, str]
    undoing: tuple[Json, ...] = ()


def batch_answer(batch: SheetBatch, answer: Mapping[str, Any], ids: Mapping[str, TableIds]) -> BatchAnswer:
    """Return what the answer to a batch tells."""
    after = seen_spreadsheet(answer.get("updatedSpreadsheet", {}), batch.shown)
    replies: list[Json] = answer.get("replies", [])
    problems = {
        action.name: _SHIFTED
        for action, start in zip(batch.actions, batch.starts, strict=True)
        if not _is_well(action, replies[start : start + len(action.requests)], after, ids[action.name])
    }
    changes = [
        (action.requests[at], replies[start + at], rule)
        for action, start in zip(batch.actions, batch.starts, strict=True)
        for at, rule in action.replaced
        if start + at < len(replies)
    ]
    return BatchAnswer(after, problems, tuple(rules_put_back(changes, after)))


def _is_well(action: Action, replies: Sequence[Json], after: SeenSpreadsheet, ids: TableIds) -> bool:
    removed = (
        bool(reply.get("deleteDeveloperMetadata", {}).get("deletedDeveloperMetadata"))
        for request, reply in zip(action.requests, replies, strict=False)
        if "deleteDeveloperMetadata" in request
    )
    if len(replies) != len(action.requests) or not all(removed):
        return False
    if any(old_rule(replies[at]) != rule for at, rule in action.replaced):
        return False
    return all(_has_size(tab, after, action) for tab in action.tabs) and _has_ranges(action, after, ids)


def _has_size(tab: SeenTab, after: SeenSpreadsheet, action: Action) -> bool:
    """Return whether a tab has as many rows and columns as were read, and those that the batch added."""
    now = after.tabs.get(tab.id)
    if now is None:
        return True  # none of its cells were asked for
    added = {"ROWS": 0, "COLUMNS": 0}
    for request in action.requests:
        item = request.get("appendDimension")
        if item and item["sheetId"] == tab.id:
            added[item["dimension"]] += item["length"]
    return now.rows >= tab.rows + added["ROWS"] and now.columns >= tab.columns + added["COLUMNS"]


def _has_ranges(action: Action, after: SeenSpreadsheet, ids: TableIds) -> bool:
    ranges = {item.id: item.rectangle for item in after.ranges}
    if action.fence and ranges.get(action.fence[0]) != action.fence[1]:
        return False
    if action.witness is None:
        return True
    kind, rectangle = action.witness
    if kind == "area":
        return ranges.get(ids.area) == rectangle
    tab = after.tabs.get(rectangle.tab)
    return tab is None or any(item.id == ids.guard and item.rectangle == rectangle for item in tab.protections)
