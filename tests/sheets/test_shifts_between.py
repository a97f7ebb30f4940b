"""Cells that people shift while tables go in several batches, or delete with a table: what follows is planned anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from kpicore import UnknownName
from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import SheetUser
from kpicore_sheets import limits
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync.run import sync
from kpicore_sheets.table import SheetTable
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, TWO, emulated, grid, run, sheet, shown
from tests.sheets.rounds import Round

NEW = grid(("Cem", 0.7), ("Dee", 0.1))
STAMP = "Data of 2026-03-01 08:00, written 2026-03-02 08:00"
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


def test_what_slides_to_where_a_history_stood_and_was_not_written_is_left_alone():
    emulator = emulated()
    log = sheet("log", (2, 1), mode="history")
    for number in range(3):
        run(emulator, (log, grid(("Ann", number))))
    emulator.user(ID).type("KPIs", "B2", "mine")
    # the first batch reserves cells, the second one writes the line above and the last block
    acts = iter((lambda: None, lambda: emulator.user(ID).insert_cells("KPIs", "B1:D3", "ROWS")))
    emulator.before_write = lambda: next(acts, lambda: None)()
    (outcome,) = run(emulator, (log, grid(("Ann", 3))))

    cells = shown(emulator)
    assert (outcome.status, outcome.place, cells["B5"]) == ("written", "'KPIs'!B6:D11", "mine")
    # the block was written over the first one before the answer told; all others are there
    assert [cells[cell] for cell in ("B6", "C7", "D8", "D9", "D10")] == [STAMP, "rep", 3, 1, 2]
    assert "B3" not in cells


def no_kpi(table: SheetTable) -> Filled:
    raise UnknownName("KPI", "x", ())


def test_rows_that_are_pushed_down_under_the_stamp_of_a_failure_go_with_the_next_run():
    emulator = emulated()
    run(emulator, (FIRST, TWO))
    acts = iter((lambda: emulator.user(ID).insert_cells("KPIs", "B5:C8", "ROWS"),))
    emulator.before_write = lambda: next(acts, lambda: None)()
    (failed,) = sync([FIRST], no_kpi, DirectSpreadsheets(emulator), MadeUpClock(), run_id="failing")
    (outcome,) = run(emulator, (FIRST, NEW))

    cells = shown(emulator)
    assert (failed.status, outcome.status, outcome.place) == ("failed", "written", "'KPIs'!B3:C6")
    assert [cells[cell] for cell in ("B5", "B6")] == ["Cem", "Dee"]
    assert not any(cell in cells for cell in ("B7", "B8", "B9", "B10"))


def test_a_name_that_people_drag_elsewhere_under_a_batch_takes_no_block_of_a_history_along():
    emulator = emulated()
    log = sheet("log", (2, 1), mode="history")
    for number in range(3):
        run(emulator, (log, grid(("Ann", number))))
    (name,) = (item for item in emulator.spreadsheets[ID].named_ranges if item["name"] == "kpi_log")
    elsewhere = {"startRowIndex": 9, "endRowIndex": 15, "startColumnIndex": 5, "endColumnIndex": 8}
    acts = iter((lambda: None, lambda: name.update(range=elsewhere)))
    emulator.before_write = lambda: next(acts, lambda: None)()
    (outcome,) = run(emulator, (log, grid(("Ann", 3))))

    cells = shown(emulator)
    assert (outcome.status, outcome.place) == ("written", "'KPIs'!B3:D8")
    assert [cells[cell] for cell in ("D5", "D6", "D7", "D8")] == [0, 1, 2, 3]
