"""What a run would change, cell by cell, before anything is written."""

from __future__ import annotations

import json
from dataclasses import replace

from kpicore import UnknownName
from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync.differences import TableDifferences
from kpicore_sheets.sync.run import would_change
from kpicore_sheets.table import FormulaContent, SheetTable
from kpicore_xlsx.grid import Grid, GridRow, Look, Tint
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
        "KPIs!B3 new: Data of 2026-03-01 08:00, written 2026-03-02 08:00",
        "KPIs!B4:C4 new: rep | win rate",
        "KPIs!B5:C5 new: Ann | 41.0%",
    )


def test_what_changes_comes_and_goes_is_told_cell_by_cell():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    assert changes(emulator, sheet(), grid(("Ann", 0.43), ("Bea", 0.25))).lines == (
        "KPIs!C5: 41.0% → 43.0%",
        "KPIs!B6: Ben → Bea",
    )
    assert changes(emulator, sheet(), grid(("Ann", 0.41))).lines == ("KPIs!B6:C6 gone: Ben | 25.0%",)
    why = grid(("Ann", 0.41), ("Ben", None), notes={(2, 1): "No deal was closed."})
    assert changes(emulator, sheet(), why).lines == ("KPIs!C6 gone: 25.0%",)
    run(emulator, (sheet(), why))
    why_not = grid(("Ann", 0.41), ("Ben", None), notes={(2, 1): "No data."})
    assert changes(emulator, sheet(), why_not).lines == ("KPIs!C6: note 'No deal was closed.' → 'No data.'",)


def test_nothing_changes_after_a_run_and_a_cell_that_somebody_changed_would_be_put_right():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    assert changes(emulator, sheet(), TWO) == TableDifferences("funnel")
    emulator.user(ID).type("KPIs", "C5", "=1+1")
    assert changes(emulator, sheet(), TWO).lines == ("KPIs!C5: =1+1 → 41.0%",)


def test_a_table_that_is_to_stand_elsewhere_would_leave_its_place():
    emulator = emulated()
    run(emulator, (sheet(), grid()))
    lines = changes(emulator, sheet(cell=(9, 1)), grid()).lines
    assert [line.partition(": ")[0] for line in lines] == [
        f"KPIs!{cells}" for cells in ("B3 gone", "B4:C4 gone", "B10 new", "B11:C11 new")
    ]
    assert lines[1] == "KPIs!B4:C4 gone: rep | win rate"


def test_a_history_would_get_a_block_below():
    emulator = emulated()
    log = sheet(mode="history")
    run(emulator, (log, grid(("Ann", 0.41))))
    assert changes(emulator, log, grid(("Ann", 0.43))).lines == ("KPIs!B6:D6 new: 2026-03-01 08:00 | Ann | 43.0%",)


def test_why_a_table_would_not_be_written_is_told_and_others_are_shown():
    emulator = emulated()
    emulator.user(ID).type("KPIs", "C5", "mine")
    assert changes(emulator, sheet(), TWO).error.startswith("C5 holds something that is not kpicore's.")

    def fill(table: SheetTable) -> Filled:
        raise UnknownName("KPI", "win_rat", ["win_rate"])

    (told,) = would_change([sheet()], fill, DirectSpreadsheets(emulator), MadeUpClock())
    assert told.error == "no KPI named 'win_rat'. Did you mean 'win_rate'?"


def test_a_number_that_changes_in_what_is_not_shown_is_told_whole():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    told = changes(emulator, sheet(), grid(("Ann", 0.41004), ("Ben", 0.25)))
    assert (told.words, told.lines) == ("1 cell", ("KPIs!C5: 0.41 → 0.41004",))


def test_other_looks_alone_are_a_change_of_no_cell():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    tinted = replace(TWO, tints=(Tint((1, 1, 2, 1), "good", above=0.4),))
    assert changes(emulator, sheet(), tinted).words == "no cell changes, but its looks or its place do"
    assert changes(emulator, sheet(), TWO).words == "nothing changes"


def test_a_long_row_is_told_as_far_as_a_line_goes():
    wide = grid(("Ann", *(0.5,) * 20), header=[f"column {number}" for number in range(21)])
    head, row = changes(emulated(columns=30), sheet(), wide).lines[1:]
    assert head == "KPIs!B4:V4 new: column 0 | column 1 | column 2 | column 3 | … and 17 more"
    assert row.startswith("KPIs!B5:V5 new: Ann | 50.0% | ") and row.endswith(" more")


def test_answers_to_formulas_are_told_before_their_tab_is_made():
    table = SheetTable("formulas", ID, FormulaContent(), "_kpi")
    answers = Filled(Grid((GridRow(("kpi", "stamp", None), (Look(),) * 3),)), stamped=False)
    (told,) = would_change([table], lambda table: answers, DirectSpreadsheets(emulated()), MadeUpClock())
    assert told.lines == ("_kpi!A1:B1 new: kpi | stamp",)
