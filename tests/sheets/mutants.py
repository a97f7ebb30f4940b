"""Clients with a fault of their own, each of which the loop has to catch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kpicore_sheets.port import Unsure
from kpicore_sheets.sync import batch, plan, requests
from kpicore_sheets.sync.ids import STATE_KEY
from kpicore_sheets.sync.placing import PlacedTable
from kpicore_sheets.sync.steps import Action
from tests.sheets.killed import KilledSpreadsheets

Json = dict[str, Any]
_NOTHING: Json = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 1}}}}


class WithoutFence(KilledSpreadsheets):
    """It does not compare before it sets: what is gone is not missed, what is there is left."""

    __slots__ = ()

    def batch_update(self, spreadsheet: str, body: bytes) -> Json:
        emulator: Any = self.emulator
        act = emulator.owner.before_write
        if act:
            act()
        emulator.owner.before_write = None
        try:
            there = emulator.owner.spreadsheets[spreadsheet]
            names = {item["namedRangeId"] for item in there.named_ranges}
            content = json.loads(body)
            content["requests"] = [_forgiving(request, names) for request in content["requests"]]
            return KilledSpreadsheets.batch_update(self, spreadsheet, json.dumps(content).encode())
        finally:
            emulator.owner.before_write = act


def _forgiving(request: Json, names: set[str]) -> Json:
    if "deleteNamedRange" in request and request["deleteNamedRange"]["namedRangeId"] not in names:
        return _NOTHING
    if "addNamedRange" in request and request["addNamedRange"]["namedRange"]["namedRangeId"] in names:
        return _NOTHING
    lookup = request.get("deleteDeveloperMetadata", {}).get("dataFilter", {}).get("developerMetadataLookup", {})
    lookup.pop("metadataValue", None)
    return request


class ClearsFirst(KilledSpreadsheets):
    """It clears the cells in a request of its own before it writes them."""

    __slots__ = ()

    def batch_update(self, spreadsheet: str, body: bytes) -> Json:
        written = [
            request["updateCells"]["range"] for request in json.loads(body)["requests"] if "updateCells" in request
        ]
        cleared = [{"updateCells": {"range": cells, "fields": "userEnteredValue"}} for cells in written]
        if cleared:
            KilledSpreadsheets.batch_update(self, spreadsheet, json.dumps({"requests": cleared}).encode())
        return KilledSpreadsheets.batch_update(self, spreadsheet, body)


class RetriesAnew(KilledSpreadsheets):
    """Where an answer is lost it sends what it makes anew: the rows one further down, as if those before were there."""

    __slots__ = ()

    def batch_update(self, spreadsheet: str, body: bytes) -> Json:
        try:
            return KilledSpreadsheets.batch_update(self, spreadsheet, body)
        except Unsure:
            content = json.loads(body)
            again = [_further_down(item) for item in content["requests"] if "updateCells" in item]
            if not again:
                raise
            KilledSpreadsheets.batch_update(self, spreadsheet, json.dumps({"requests": again}).encode())
            raise


def _further_down(request: Json) -> Json:
    cells = request["updateCells"]["range"]
    moved = {**cells, "startRowIndex": cells["startRowIndex"] + 1, "endRowIndex": cells["endRowIndex"] + 1}
    return {"updateCells": {**request["updateCells"], "range": moved}}


def without_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let marks be removed wherever they are, so that it is never noticed that they moved."""

    def removed(placed: PlacedTable) -> Iterator[Json]:
        for id in placed.marks:
            yield {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": id}}}}

    monkeypatch.setattr(requests, "marks_removed", removed)
    monkeypatch.setattr(batch, "probes", lambda tab: ())


def moves_without_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a table that moves or goes remove its marks wherever they are: it is not noticed that its rows moved."""
    for name in ("move", "withdraw", "give_up"):
        monkeypatch.setattr(plan, name, _with_marks_anywhere(getattr(plan, name)))


def _with_marks_anywhere(step: Callable[..., Action]) -> Callable[..., Action]:
    def made(*arguments: Any, **further: Any) -> Action:
        action = step(*arguments, **further)
        for request in action.requests:
            lookup = request.get("deleteDeveloperMetadata", {}).get("dataFilter", {}).get("developerMetadataLookup", {})
            for key in ("metadataLocation", "locationMatchingStrategy"):
                lookup.pop(key, None)
        return action

    return made


__all__ = ["STATE_KEY", "ClearsFirst", "RetriesAnew", "WithoutFence", "moves_without_marks", "without_marks"]
