"""A table that kpi.toml gives another cell: whoever works in the spreadsheet meanwhile loses nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import SheetUser
from kpicore_sheets.sync.ids import table_ids
from kpicore_sheets.sync.run import sync
from kpicore_xlsx.grid import GridChart
from tests.sheets.grids import ID, TWO, emulated, filled, grid, run, sheet, shown
from tests.sheets.rounds import Killed, KilledSpreadsheets

HERE, THERE = (2, 1), (2, 6)
ROWS_AND_COLUMNS = {
    "a row above": lambda user: user.insert_rows("KPIs", 2),
    "rows above": lambda user: user.insert_rows("KPIs", 1, 2),
    "a row less above": lambda user: user.delete_rows("KPIs", 1),
    "a column on its left": lambda user: user.insert_columns("KPIs", 1),
    "a row inside": lambda user: user.insert_rows("KPIs", 5),
}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("act", ROWS_AND_COLUMNS.values(), ids=ROWS_AND_COLUMNS)
@pytest.mark.parametrize("write", [1, 2, 3])
def test_rows_and_columns_that_come_while_a_table_moves_cost_nobody_a_cell(act, write, strict):
    emulator = emulated()
    emulator.strict_deletes = strict
    user = emulator.user(ID)
    run(emulator, (sheet(cell=HERE), TWO))
    for cell in ("B2", "B7", "A4"):
        user.type("KPIs", cell, f"mine {cell}")
    act_before(emulator, write, lambda: act(user))
    assert run(emulator, (sheet(cell=THERE), TWO))[0].status == "written"
    assert run(emulator, (sheet(cell=THERE), TWO))[0].status == "unchanged"
    stands = [value for value in shown(emulator).values() if not str(value).startswith("Data of")]
    assert sorted(map(str, stands)) == sorted(
        ["mine B2", "mine B7", "mine A4", "rep", "win rate", "Ann", "0.41", "Ben", "0.25"]
    )


def test_marks_of_which_nothing_else_is_left_lock_no_table_out():
    emulator = emulated()
    user = emulator.user(ID)
    run(emulator, (sheet(cell=HERE), TWO))
    remove_by_hand(user)
    state = {"developerMetadataLookup": {"metadataId": table_ids("funnel").state}}
    user.do("deleteDeveloperMetadata", dataFilter=state)
    assert run(emulator, (sheet(cell=THERE), TWO))[0].status == "written"
    assert run(emulator, (sheet(cell=THERE), TWO))[0].status == "unchanged"
    assert {item["location"]["dimensionRange"]["startIndex"] for item in marks(emulator)} == {2, 5, 6, 7}


@pytest.mark.parametrize("dies_after", [False, True])
@pytest.mark.parametrize("dies_at", range(1, 7))
@pytest.mark.parametrize("there", [THERE, (3, 1), (2, 2), (1, 0)])
def test_a_process_that_is_killed_while_a_table_moves_leaves_it_here_or_there(there, dies_at, dies_after):
    emulator = emulated()
    run(emulator, (sheet(cell=HERE), TWO))
    google = KilledSpreadsheets(emulator, dies_at=dies_at, dies_after=dies_after)
    with suppress(Killed):
        sync([sheet(cell=there)], lambda table: filled(TWO), google, MadeUpClock(), run_id="killed")
    assert corner_of_numbers(emulator) in (HERE, there)
    assert run(emulator, (sheet(cell=there), TWO))[0].status in ("written", "unchanged")
    assert corner_of_numbers(emulator) == there
    assert run(emulator, (sheet(cell=there), TWO))[0].status == "unchanged"
    assert len(emulator.spreadsheets[ID].metadata) == 5
    assert [item["name"] for item in emulator.spreadsheets[ID].named_ranges if item["name"][0] != "_"] == ["kpi_funnel"]


def test_a_table_stands_where_it_was_until_it_is_written_elsewhere():
    emulator = emulated()
    run(emulator, (sheet(cell=HERE), TWO))
    stood = []
    emulator.before_write = lambda: stood.append(corner_of_numbers(emulator))
    run(emulator, (sheet(cell=THERE), TWO))
    assert stood == [HERE, HERE, THERE]


def test_a_table_that_finds_something_in_its_new_place_stays_and_gives_the_place_up():
    emulator = emulated()
    run(emulator, (sheet(cell=HERE), TWO))
    act_before(
        emulator, 2, lambda: (emulator.user(ID).type("KPIs", "G4", "mine"), emulator.user(ID).insert_rows("KPIs", 1))
    )
    (outcome,) = run(emulator, (sheet(cell=THERE), TWO))
    assert outcome.error == "G5 holds something that is not kpicore's. Move it, or choose another cell."
    emulator.before_write = None
    assert corner_of_numbers(emulator) == (3, 1)
    assert len(emulator.spreadsheets[ID].metadata) == 5


def test_a_place_that_kpi_toml_takes_back_is_given_up():
    emulator = emulated()
    run(emulator, (sheet(cell=HERE), TWO))
    google = KilledSpreadsheets(emulator, dies_at=4)
    with pytest.raises(Killed):
        sync([sheet(cell=THERE)], lambda table: filled(TWO), google, MadeUpClock(), run_id="killed")
    assert len(emulator.spreadsheets[ID].metadata) == 10
    assert run(emulator, (sheet(cell=HERE), TWO))[0].error == ""
    assert len(emulator.spreadsheets[ID].metadata) == 5


def test_named_range_and_chart_follow_a_table_that_moves_to_another_tab():
    emulator = emulated()
    emulator.user(ID).add_tab("Other", 30, 12)
    shown = replace(TWO, charts=(GridChart("Rates", "line", (0, 0, 2, 0), ((0, 1, 2, 1),)),))
    run(emulator, (sheet(cell=HERE), shown))
    (chart,) = emulator.spreadsheets[ID].tabs[0].charts
    emulator.user(ID).do("updateChartSpec", chartId=chart["chartId"], spec={**chart["spec"], "title": "Ours"})
    assert run(emulator, (sheet(cell=THERE, tab="Other"), shown))[0].status == "written"
    here, there = emulator.spreadsheets[ID].tabs
    assert (here.charts, [chart["spec"]["title"] for chart in there.charts]) == ([], ["Ours"])
    area = next(item for item in emulator.spreadsheets[ID].named_ranges if item["name"] == "kpi_funnel")
    assert (area["range"]["sheetId"], area["range"]["startRowIndex"]) == (there.sheet_id, 2)
    assert not here.cells.get(2)


def test_cells_that_one_table_leaves_are_there_for_another_in_the_same_run():
    emulator, long = emulated(), grid(*[(f"n{number}", 0.5) for number in range(8)])
    run(emulator, (sheet("one", (2, 1)), TWO), (sheet("two", (8, 1)), long))
    outcomes = run(emulator, (sheet("one", (14, 1)), TWO), (sheet("two", (8, 1)), TWO))
    assert [outcome.status for outcome in outcomes] == ["written", "written"]


@pytest.mark.parametrize("cell", [HERE, (10, 5)])
@pytest.mark.parametrize("mode", ["replace", "history"])
def test_a_table_whose_cells_and_names_were_taken_away_is_written_anew(mode, cell):
    emulator = emulated()
    run(emulator, (sheet(cell=HERE, mode=mode), TWO))
    remove_by_hand(emulator.user(ID))
    outcomes = [run(emulator, (sheet(cell=cell, mode=mode), TWO))[0] for _ in range(2)]
    assert [(outcome.status, outcome.rows) for outcome in outcomes] == [("written", 2), ("unchanged", 2)]
    assert {0.41, 0.25, "rep"} <= set(shown(emulator).values())


@pytest.mark.parametrize("name", ["kpi_funnel", "_kpi_funnel_g2"])
def test_a_number_that_was_changed_is_put_right_also_where_a_named_range_is_gone(name):
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.user(ID).type("KPIs", "C5", "999")
    emulator.user(ID).remove_named_range(name)
    assert run(emulator, (sheet(), TWO))[0].status == "written"
    assert shown(emulator)["C5"] == 0.41


def corner_of_numbers(emulator) -> tuple[int, int]:
    """Return where the table stands, whole and once."""
    corners = []
    for tab in emulator.spreadsheets[ID].tabs:
        texts = {(row, column): cell.value for row, cells in tab.cells.items() for column, cell in cells.items()}
        for (row, column), value in texts.items():
            if str(value).startswith(("Data of", "Not refreshed")):
                corners.append((row, column))
                below = [[texts.get((row + down, column + right)) for right in (0, 1)] for down in (1, 2, 3)]
                assert below == [["rep", "win rate"], ["Ann", 0.41], ["Ben", 0.25]]
    (corner,) = corners
    return corner


def act_before(emulator, write: int, act) -> None:
    """Let somebody act right before one of the writes."""
    writes = iter(range(1, 100))
    emulator.before_write = lambda: act() if next(writes) == write else None


def marks(emulator) -> list[dict]:
    ids = table_ids("funnel").marks
    return [item for item in emulator.spreadsheets[ID].metadata if item["metadataId"] in ids]


def remove_by_hand(user: SheetUser, cells: str = "B3:E10") -> None:
    """Take a table away as the README says."""
    spreadsheet = user._spreadsheet
    user.clear("KPIs", cells)
    for item in list(spreadsheet.named_ranges):
        user.remove_named_range(item["name"])
    for guard in list(spreadsheet.tabs[0].protected):
        user.do("deleteProtectedRange", protectedRangeId=guard["protectedRangeId"])
