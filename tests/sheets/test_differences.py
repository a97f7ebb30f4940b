"""What a run would change, cell by cell, before anything is written."""

from __future__ import annotations

import json

from kpicore import UnknownName
from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync.differences import TableDifferences
from kpicore_sheets.sync.run import would_change
from kpicore_sheets.table import SheetTable
from kpicore_xlsx.grid import Grid
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, TWO, emulated, filled, grid, run, sheet


def changes(emulator: Emulator, table: SheetTable, shown: Grid) -> TableDifferences:
    """Return what would change, and see that nothing did."""
    before = json.dumps([tab.cells for tab in emulator.spreadsheets[ID].tabs], default=str)
    emulator.log.clear()
    (told,) = would_change([table], lambda table: filled(shown), DirectSpreadsheets(emulator), MadeUpClock())
    assert json.dumps([tab.cells for tab in emulator.spreadsheets[ID].tabs], default=str) == before
    assert {entry.method for entry in emulator.log} == {"GET"}
    return told


def test_a_first_run_would_write_all_of_a_table():
    assert changes(emulated(), sheet(), grid(("Ann", 0.41))).lines == (
        "KPIs!B3: 'Data of 2026-03-01 08:00, written 2026-03-02 08:00' (new)",
        "KPIs!B4: 'rep' (new)",
        "KPIs!C4: 'win rate' (new)",
        "KPIs!B5: 'Ann' (new)",
        "KPIs!C5: 0.41 (new)",
    )


def test_what_changes_comes_and_goes_is_told_cell_by_cell():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    assert changes(emulator, sheet(), grid(("Ann", 0.43), ("Bea", 0.25))).lines == (
        "KPIs!C5: 0.41 → 0.43",
        "KPIs!B6: 'Ben' → 'Bea'",
    )
    assert changes(emulator, sheet(), grid(("Ann", 0.41))).lines == ("KPIs!B6: 'Ben' (gone)", "KPIs!C6: 0.25 (gone)")
    why = grid(("Ann", 0.41), ("Ben", None), notes={(2, 1): "No deal was closed."})
    assert changes(emulator, sheet(), why).lines == ("KPIs!C6: 0.25 (gone)",)
    run(emulator, (sheet(), why))
    why_not = grid(("Ann", 0.41), ("Ben", None), notes={(2, 1): "No data."})
    assert changes(emulator, sheet(), why_not).lines == ("KPIs!C6: note: 'No deal was closed.' → 'No data.'",)


def test_nothing_changes_after_a_run_and_a_cell_that_somebody_changed_would_be_put_right():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    assert changes(emulator, sheet(), TWO) == TableDifferences("funnel")
    emulator.user(ID).type("KPIs", "C5", "=1+1")
    assert changes(emulator, sheet(), TWO).lines == ("KPIs!C5: '=1+1' → 0.41",)


def test_a_table_that_is_to_stand_elsewhere_would_leave_its_place():
    emulator = emulated()
    run(emulator, (sheet(), grid()))
    lines = changes(emulator, sheet(cell=(9, 1)), grid()).lines
    assert [line.partition(": ")[0] for line in lines] == [
        f"KPIs!{cell}" for cell in ("B3", "B4", "C4", "B10", "B11", "C11")
    ]
    assert lines[1] == "KPIs!B4: 'rep' (gone)"


def test_a_history_would_get_a_block_below():
    emulator = emulated()
    log = sheet(mode="history")
    run(emulator, (log, grid(("Ann", 0.41))))
    assert changes(emulator, log, grid(("Ann", 0.43))).lines == (
        "KPIs!B6: 46082.333333333336 (new)",
        "KPIs!C6: 'Ann' (new)",
        "KPIs!D6: 0.43 (new)",
    )


def test_why_a_table_would_not_be_written_is_told_and_others_are_shown():
    emulator = emulated()
    emulator.user(ID).type("KPIs", "C5", "mine")
    assert changes(emulator, sheet(), TWO).error.startswith("C5 holds something that is not kpicore's.")

    def fill(table: SheetTable) -> Filled:
        raise UnknownName("KPI", "win_rat", ["win_rate"])

    (told,) = would_change([sheet()], fill, DirectSpreadsheets(emulator), MadeUpClock())
    assert told.error == "no KPI named 'win_rat'. Did you mean 'win_rate'?"
