"""Runs with the real client over TLS: what goes wrong on the way leaves whole tables, and changes are applied once."""

from __future__ import annotations

import pytest

from kpicore import Config
from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import FAULTS, Rig
from kpicore_sheets.google.client import GoogleSheets
from kpicore_sheets.google.credentials import login
from kpicore_sheets.sync.run import sync
from tests.sheets.grids import ID, TWO, filled, grid, sheet, shown

THREE = grid(("Ann", 0.5), ("Ben", 0.25), ("Cem", 0.75))


@pytest.fixture
def rig(served) -> Rig:
    """Give the rig with an empty spreadsheet, and nothing that goes wrong."""
    served.emulator.add(ID, {"KPIs": (30, 12)})
    return served


def run(rig, table, run_id, version="1"):
    """Write a table with the real client, and return what came of it."""
    who = login(Config(rig.service_account_file.parent, "x"))
    google = GoogleSheets(who, MadeUpClock(), chance=lambda: 1.0)
    (outcome,) = sync([sheet()], lambda _: filled(table, version=version), google, MadeUpClock(), run_id=run_id)
    return outcome


def values(rig):
    return {cell: value for cell, value in shown(rig.emulator).items() if cell[0] in "BC" and cell[1:] in "4567"}


def test_a_table_is_written_and_left_alone_when_nothing_changed(rig):
    outcome = run(rig, TWO, "run1")
    assert (outcome.status, outcome.error) == ("written", "")
    assert values(rig) == {"B4": "rep", "C4": "win rate", "B5": "Ann", "C5": 0.41, "B6": "Ben", "C6": 0.25}
    outcome = run(rig, TWO, "run2")
    assert (outcome.status, outcome.requests) == ("unchanged", 1)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault[0] != "4" or fault.startswith("429")])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_whatever_goes_wrong_at_whichever_request_the_table_is_whole(rig, fault, at):
    run(rig, TWO, "run1")
    rig.emulator.faults.extend([""] * at + [fault])
    outcome = run(rig, THREE, "run2", "2")
    rig.emulator.faults.clear()
    assert outcome.status in ("written", "unchanged"), outcome.error
    assert [values(rig)[f"C{row}"] for row in (5, 6, 7)] == [0.5, 0.25, 0.75]


def test_a_batch_that_was_applied_is_not_sent_again(rig):
    run(rig, TWO, "run1")
    rig.emulator.log.clear()
    rig.emulator.faults.extend(["", "503_after"])
    run(rig, grid(("Ann", 0.5), ("Ben", 0.25)), "run2", "2")
    bodies = [entry.body for entry in rig.emulator.log if entry.method == "POST"]
    assert len(bodies) == len(set(bodies))


def test_a_spreadsheet_that_is_not_shared_is_told_with_the_address_to_share_it_with(rig):
    rig.emulator.spreadsheets[ID].shared = ""
    outcome = run(rig, TWO, "run1")
    assert outcome.status == "failed" and f"add {rig.emulator.account} as Editor" in outcome.error
    assert {entry.method for entry in rig.emulator.log} == {"GET"}
