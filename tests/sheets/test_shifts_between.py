"""Cells that people shift while tables go in several batches, or delete with a table: what follows is planned anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from kpicore.testing.sheets import SheetUser
from kpicore_sheets import limits
from tests.sheets.grids import ID, TWO, emulated, grid, run, sheet, shown
from tests.sheets.rounds import Round

NEW = grid(("Cem", 0.7), ("Dee", 0.1))
FIRST, SECOND = sheet("first", (2, 1)), sheet("second", (4, 6))


def written_meanwhile(
    act: Callable[[SheetUser], object], cell: str, monkeypatch: pytest.MonkeyPatch
) -> dict[str, object]:
    """Return what stands in the tab after a run whose tables go alone, and in which somebody acts before the first.

    They have typed into a cell beforehand.
    """
    emulator = emulated()
    run(emulator, (FIRST, TWO), (SECOND, TWO))
    user = emulator.user(ID)
    user.type("KPIs", cell, "mine")
    monkeypatch.setattr(limits, "MOST_BYTES", 2_500)  # for one table
    acts = iter((act,))
    emulator.before_write = lambda: next(acts, lambda user: None)(user)
    first, second = run(emulator, (FIRST, NEW), (SECOND, NEW))
    assert (first.status, second.status) == ("written", "written")
    return shown(emulator)


def test_cells_that_slide_up_under_an_earlier_batch_are_not_written_over(monkeypatch):
    cells = written_meanwhile(lambda user: user.delete_cells("KPIs", "G2:H2", "ROWS"), "G9", monkeypatch)

    assert cells["G8"] == "mine"
    assert [cells[cell] for cell in ("G6", "G7", "B5", "B6")] == ["Cem", "Dee", "Cem", "Dee"]


def test_cells_that_slide_down_under_an_earlier_batch_are_not_written_over(monkeypatch):
    cells = written_meanwhile(lambda user: user.insert_cells("KPIs", "G2:H2", "ROWS"), "G4", monkeypatch)

    assert cells["G5"] == "mine"
    assert [cells[cell] for cell in ("G8", "G9", "B5", "B6")] == ["Cem", "Dee", "Cem", "Dee"]


def test_a_table_whose_cells_are_gone_is_not_looked_for_on_a_tab_of_another_name():
    emulator = emulated()
    run(emulator, (FIRST, TWO))
    user = emulator.user(ID)
    user.delete_columns("KPIs", 2, 2)
    user.rename_tab("KPIs", "Ours")

    (refused,) = run(emulator, (FIRST, NEW))
    (written,) = run(emulator, (replace(FIRST, tab="Ours"), NEW))

    assert refused.error == "there is no tab 'KPIs'. There are 'Ours': add it, or name another one in [[sheet]]."
    assert (written.status, shown(emulator, "Ours")["B5"]) == ("written", "Cem")


def test_the_judge_of_rounds_watches_a_cell_again_that_a_table_has_given_back():
    game = Round(Random(1))
    game.play(0)
    game.emulator.user(ID).type("KPIs", "A50", "mine too")
    game.taken = {(0, 49, 0)}
    game._remember()
    assert (0, 49, 0) in game.before
