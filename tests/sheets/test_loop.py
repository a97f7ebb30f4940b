"""Hundreds of runs with faults on the way, two writers and people at work: no table torn, no cell of anybody lost."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from kpicore_sheets import limits
from kpicore_sheets.sync import aim
from tests.loops import loop
from tests.sheets.disturbances import ACTS, INSERTS
from tests.sheets.mutants import ClearsFirst, RetriesAnew, WithoutFence, moves_without_marks, without_marks
from tests.sheets.rounds import Round, Wrong

RUNS = 4
FAULTY = {"faulty": 0.3, "second_writer": 0.2}
AT_WORK = {"acts": ACTS, "often": 0.4, "faulty": 0.15, "second_writer": 0.1}
INSERTING = {"acts": INSERTS, "often": 0.7}
MOVING = {"moving": 0.5}


def played(rounds: int, dice: Random, record: Callable[[str, object], None], **settings: Any) -> None:
    """Play rounds, and record how many runs, faults and acts of people there were."""
    runs = faults = acts = 0
    for number in range(rounds):
        seed = dice.random()
        try:
            game = Round(Random(seed), **settings)
            game.play(RUNS)
        except Wrong as wrong:
            raise AssertionError(f"round {number}, seed {seed}: {wrong}") from wrong
        runs, faults, acts = runs + game.runs, faults + game.faults, acts + game.disturbed
    for name, count in (("runs", runs), ("faults", faults), ("acts", acts)):
        record(name, count)


@loop("runs of `kpi sheets sync` with faults on the way, killed processes and a second writer", ci=50, soak=1_000)
def test_faults_on_the_way_leave_each_table_whole_and_of_one_version(rounds, chance, record_property):
    played(rounds, chance, record_property, **FAULTY)


@loop("runs of `kpi sheets sync` with people at work between read and write", ci=50, soak=1_000)
def test_people_at_work_lose_no_cell_and_see_each_row_once(rounds, chance, record_property):
    played(rounds, chance, record_property, **AT_WORK)


@loop("runs of `kpi sheets sync` with people who insert in 70 % of all writes", ci=50, soak=1_000)
def test_rows_and_columns_that_people_insert_meanwhile_disturb_nothing(rounds, chance, record_property):
    played(rounds, chance, record_property, **INSERTING)


@loop(
    "runs of `kpi sheets sync` while kpi.toml gives tables other places, disturbed in all these ways", ci=50, soak=1_000
)
@pytest.mark.parametrize("settings", [FAULTY, AT_WORK, INSERTING], ids=["faults", "people", "inserts"])
def test_tables_that_move_lose_no_number_on_the_way_and_no_cell_of_anybody(rounds, chance, record_property, settings):
    played(rounds, chance, record_property, **settings, **MOVING)


@loop("runs of `kpi sheets sync` whose tables go through a hidden tab, disturbed in all these ways", ci=40, soak=1_000)
@pytest.mark.parametrize("settings", [FAULTY, AT_WORK], ids=["faults", "people"])
@pytest.mark.parametrize("most", [50, 300, 700], ids=["in pieces", "with the batches", "in all ways"])
def test_large_tables_are_whole_too_and_leave_no_hidden_tab(
    rounds, chance, record_property, monkeypatch, settings, most
):
    monkeypatch.setattr(aim, "MOST_IN_ONE", most)
    monkeypatch.setattr(limits, "MOST_BYTES", 1_500)  # a piece has few rows, and notes and looks come one by one
    played(rounds, chance, record_property, **settings)


@pytest.mark.parametrize(
    ("client", "settings"),
    [(WithoutFence, FAULTY | {"second_writer": 0.6}), (ClearsFirst, FAULTY), (RetriesAnew, FAULTY)],
)
def test_the_loop_catches_a_client_with_a_fault_of_its_own(client, settings, chance, record_property):
    with pytest.raises(AssertionError, match="round"):
        played(50, chance, record_property, client=client, **settings)


def test_the_loop_catches_a_client_without_marks(chance, record_property, monkeypatch):
    without_marks(monkeypatch)
    with pytest.raises(AssertionError, match="round"):
        played(50, chance, record_property, **INSERTING)


def test_the_loop_catches_a_table_that_moves_without_marks(chance, record_property, monkeypatch):
    moves_without_marks(monkeypatch)
    with pytest.raises(AssertionError, match="round"):
        played(50, chance, record_property, **INSERTING, **MOVING)
