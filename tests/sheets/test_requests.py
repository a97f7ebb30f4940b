"""How many requests runs take: large tables, many tables, one that Google refuses, and more than it has room for."""

from __future__ import annotations

import json
from collections import Counter
from math import ceil

import pytest

from kpicore.testing import MadeUpClock
from kpicore_sheets.sync.reading import LastRun
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.run import sync
from kpicore_sheets.sync.state import TableState, read_state, state_text
from tests.sheets.direct import RefusingSome
from tests.sheets.grids import TWO, emulated, filled, grid, run, sheet

LARGE = [[f"Rep {row}", *(row + column / 4 for column in range(11))] for row in range(10_000)]
HEADER = ("rep", *(f"kpi {number}" for number in range(11)))
LAST = {"funnel": LastRun(("KPIs", Rectangle(0, 2, 1, 10_004, 13)))}
LONGEST = TableState(
    "0123456789abcdef",
    "01234567.12",
    "r",
    99,
    9,
    *["01234567"] * 5,
    "1 01234567",
    "01234567",
    "012345",
    "",
    "12345x123",
)


def large(*, last=0.0):
    return grid(*LARGE[:-1], [*LARGE[-1][:-1], last], header=HEADER)


def many(number):
    return [sheet(f"table{at}", (6 * (at // 5), 5 * (at % 5))) for at in range(number)]


def asked(emulator, *tables, **further):
    """Return how many requests a run takes, and how often its outcomes have which status."""
    emulator.log.clear()
    outcomes = run(emulator, *tables, **further)
    return len(emulator.log), dict(Counter(outcome.status for outcome in outcomes))


def test_a_large_table_takes_two_requests_more_than_its_bytes_need():
    emulator = emulated(1_000, 26)
    most = ceil(120_000 * 48.9 / 2_000_000) + 2
    assert asked(emulator, (sheet(), large())) == (5, {"written": 1})
    assert asked(emulator, (sheet(), large(last=1.0)), last=LAST) == (4, {"written": 1})
    assert asked(emulator, (sheet(), large(last=1.0)), last=LAST) == (1, {"unchanged": 1})
    assert most == 5
    assert all(len(entry.body) < 2_100_000 for entry in emulator.log)


def test_two_hundred_tables_of_a_spreadsheet_go_together_and_fit_into_googles_limit():
    emulator = emulated(300, 26)
    tables = many(200)
    assert asked(emulator, *((table, TWO) for table in tables)) == (3, {"written": 200})
    assert asked(emulator, *((table, TWO) for table in tables)) == (1, {"unchanged": 200})
    more = grid(("Ann", 1.0), ("Ben", 2.0), ("Cy", 3.0))
    assert asked(emulator, *((table, more) for table in tables)) == (3, {"written": 200})
    assert len(state_text(LONGEST)) + len("kpicore.state") <= 30_000 / 200


def test_more_tables_than_google_has_room_for_are_refused_in_one_line_and_the_others_written():
    emulator = emulated(400, 26)
    outcomes = run(emulator, *((table, TWO) for table in many(245)))
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    assert [outcome.name for outcome in refused] == [f"table{number}" for number in range(208, 245)]
    assert refused[0].error == (
        "208 tables stand in the spreadsheet, and Google keeps no more than 30,000 characters of what they remember "
        "there. Write it into another spreadsheet."
    )
    assert asked(emulator, (sheet("table241", (290, 20)), TWO)) == (2, {"refused": 1})


@pytest.mark.parametrize(("names", "most"), [(("table7",), 70), (("table0", "table49"), 120)])
def test_tables_that_google_refuses_cost_the_others_few_requests(names, most):
    google, clock = RefusingSome(emulated(100, 26)), MadeUpClock()
    google.names = names
    outcomes = sync(many(50), lambda _: filled(TWO), google, clock, run_id="run1")
    assert {outcome.name for outcome in outcomes if not outcome.is_well} == set(names)
    assert {outcome.error for outcome in outcomes if not outcome.is_well} == {"Google does not take it: no."}
    assert google.requests <= most


def test_what_a_table_remembers_is_read_as_it_was_written():
    assert read_state(state_text(LONGEST)) == LONGEST
    assert read_state(state_text(TableState(batch="run1.0", failed="x", runs="run1 run2"))) == TableState(
        batch="run1.0", failed="x", runs="run1 run2"
    )


@pytest.mark.parametrize("text", ["?", "sx", "c1;;", json.dumps({"c": "1"})])
def test_what_no_table_remembers_is_nothing(text):
    assert read_state(text) is None
