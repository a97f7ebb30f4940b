"""Google that does not answer, or answers something else than it did: one line a table, and an end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from kpicore.testing import MadeUpClock
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.sync.run import sync
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, TWO, emulated, filled, grid, run, sheet, shown

Json = dict[str, Any]
NEW = grid(("Cy", 0.25), ("Di", 0.1), ("Ed", 0.1))


def without(*names: str) -> Callable[[Json], Any]:
    """Return what takes fields out of an answer, wherever they stand."""

    def lie(answer: Json) -> Any:
        return json.loads(
            json.dumps(answer), object_hook=lambda item: {k: v for k, v in item.items() if k not in names}
        )

    return lie


LIES: dict[str, Callable[[Json], Any]] = {
    "nothing": lambda answer: {},
    "a list": lambda answer: [answer],
    "fewer replies": lambda answer: {**answer, "replies": answer.get("replies", [])[:-2]},
    "fewer rows": lambda answer: json.loads(json.dumps(answer).replace('"rowCount": 30', '"rowCount": 12')),
    "more rows": lambda answer: json.loads(json.dumps(answer).replace('"rowCount": 30', '"rowCount": 31')),
    "texts for numbers": lambda answer: json.loads(json.dumps(answer).replace('"rowCount": 30', '"rowCount": "x"')),
} | {
    name: without(name)
    for name in (
        *("replies", "updatedSpreadsheet", "sheets", "properties", "gridProperties", "data", "developerMetadata"),
        *("namedRanges", "namedRangeId", "metadataId", "range", "protectedRanges", "userEnteredValue", "sheetId"),
    )
}


@dataclass(slots=True)
class LyingSpreadsheets(DirectSpreadsheets):
    """A client whose answers are not what Google said."""

    lie: Callable[[Json], Any] = dict

    def _once(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        status, content = DirectSpreadsheets._once(self, method, path, body)
        return status, self.lie(content) if status == 200 and content else content


@pytest.mark.parametrize("name", LIES)
@pytest.mark.parametrize("stands", [False, True], ids=["first", "later"])
def test_an_answer_that_lies_ends_in_one_line_and_the_next_run_puts_all_right(name, stands):
    emulator = emulated()
    emulator.user(ID).type("KPIs", "A1", "mine")
    if stands:
        run(emulator, (sheet(), TWO))
    google = LyingSpreadsheets(emulator, lie=LIES[name])
    (outcome,) = sync([sheet()], lambda table: filled(NEW), google, MadeUpClock(), run_id="lie")
    assert (outcome.status == "written") == (outcome.error == "")
    assert "\n" not in outcome.error
    assert google.requests <= 30
    (outcome,) = run(emulator, (sheet(), NEW))
    assert (outcome.status in ("written", "unchanged"), outcome.error) == (True, "")
    assert {cell: value for cell, value in shown(emulator).items() if cell != "B3"} == {
        **{"A1": "mine", "B4": "rep", "C4": "win rate"},
        **{"B5": "Cy", "C5": 0.25, "B6": "Di", "C6": 0.1, "B7": "Ed", "C7": 0.1},
    }


def unanswered(fault: str, after: int) -> tuple[TableOutcome, int]:
    """Return what comes of a run that is answered only so often, and how many requests that took."""
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.log.clear()
    emulator.faults.extend([*[""] * after, *[fault] * 200])
    (outcome,) = run(emulator, (sheet(), NEW))
    return outcome, len(emulator.log)


@pytest.mark.parametrize("fault", ["429", "503_before", "html_502", "drop", "cut_body", "503_after"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_google_that_answers_no_more_is_asked_for_once_and_told(fault, after):
    outcome, count = unanswered(fault, after)
    assert (outcome.status, outcome.error) == ("failed", "Google did not answer.")
    # the client gives up after four tries; a batch that may have been applied is looked for once
    assert count <= after + 1 + 4
