"""What people have in their spreadsheets and data: each is written as what it is, or refused in one line."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kpicore import BadPeriod, UnknownName
from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync.run import sync
from kpicore_sheets.table import SheetTable
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, TWO, emulated, filled, grid, run, sheet, shown

WRITTEN = {"B4": "rep", "C4": "win rate", "B5": "Ann", "C5": 0.41, "B6": "Ben", "C6": 0.25}


def refused(emulator: Emulator, table: SheetTable | None = None) -> str:
    """Return why a table is refused; nothing of it is written."""
    before = shown(emulator)
    (outcome,) = run(emulator, (table or sheet(), TWO))
    assert (outcome.status, shown(emulator)) == ("refused", before)
    assert emulator.spreadsheets[ID].named_ranges == []
    return outcome.error


def test_a_tab_that_is_not_there_is_named_with_those_that_are():
    told = refused(emulated(), sheet(tab="Numbers"))
    assert told == "there is no tab 'Numbers'. There are 'KPIs': add it, or name another one in [[sheet]]."


def test_a_secret_in_the_place_of_a_tab_is_not_told():
    told = refused(emulated(), sheet(tab="-----BEGIN PRIVATE KEY----- x7q"))
    assert told.startswith("there is no tab what stands there. There are 'KPIs'") and "x7q" not in told


def test_a_tab_that_goes_later_is_told_and_one_that_is_made_anew_is_written():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    user = emulator.user(ID)
    user.add_tab("Other")
    user.delete_tab("KPIs")
    (outcome,) = run(emulator, (sheet(), TWO))
    assert outcome.error == "there is no tab 'KPIs'. There are 'Other': add it, or name another one in [[sheet]]."
    user.add_tab("KPIs")
    assert run(emulator, (sheet(), TWO))[0].status == "written"
    assert shown(emulator).items() >= WRITTEN.items()


def test_a_tab_with_another_name_is_the_same_tab():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.user(ID).rename_tab("KPIs", "Ann's KPIs")
    assert run(emulator, (sheet(), TWO))[0].status == "unchanged"
    assert run(emulator, (sheet(), grid(("Ann", 0.5), ("Ben", 0.25))))[0].status == "written"
    assert shown(emulator, "Ann's KPIs")["C5"] == 0.5


def test_a_named_range_that_is_gone_is_made_anew():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.user(ID).remove_named_range("kpi_funnel")
    assert run(emulator, (sheet(), TWO))[0].status == "written"
    assert "kpi_funnel" in [item["name"] for item in emulator.spreadsheets[ID].named_ranges]
    assert shown(emulator).items() >= WRITTEN.items()


def test_a_protected_range_is_told_with_its_cells():
    emulator = emulated()
    emulator.user(ID).protect("KPIs", "C5:D9")
    assert (
        refused(emulator)
        == "the range C5:D9 is protected. Let kpicore's account edit it (Data > Protect sheets and ranges)."
    )


def test_a_range_that_only_warns_is_written():
    emulator = emulated()
    emulator.user(ID).protect("KPIs", "C5:D9", warning_only=True)
    assert run(emulator, (sheet(), TWO))[0].status == "written"


def test_merged_cells_are_told():
    emulator = emulated()
    emulator.user(ID).merge("KPIs", "A5:C5")
    assert refused(emulator) == "the cells A5:C5 are merged. Split them (Format > Merge cells > Unmerge)."


def test_rows_that_a_filter_hides_are_written_and_the_filter_stays():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.user(ID).filter("KPIs", "B4:C6")
    assert run(emulator, (sheet(), grid(("Ann", 0.5), ("Ben", 0.6), ("Cy", 0.7))))[0].status == "written"
    assert shown(emulator)["C7"] == 0.7
    assert emulator.spreadsheets[ID].tab("KPIs").basic_filter is not None


def test_a_table_of_the_user_in_the_way_is_told():
    emulator = emulated()
    emulator.user(ID).make_table("KPIs", "C6:E9", "Plans")
    assert refused(emulator) == ("the table 'Plans' stands in C6:E9. Move it, or give the [[sheet]] another cell.")


@pytest.mark.parametrize("text", ["mine", "0", "=1+1"])
def test_a_cell_of_the_user_in_the_way_is_told(text):
    emulator = emulated()
    emulator.user(ID).type("KPIs", "C6", text)
    assert refused(emulator) == "C6 holds something that is not kpicore's. Move it, or choose another cell."


def test_a_cell_of_the_user_stops_a_table_from_growing_and_its_numbers_stay():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.user(ID).type("KPIs", "B7", "mine")
    (outcome,) = run(emulator, (sheet(), grid(("Ann", 0.5), ("Ben", 0.6), ("Cy", 0.7))))
    assert outcome.error == "B7 holds something that is not kpicore's. Move it, or choose another cell."
    assert shown(emulator).items() >= (WRITTEN | {"B7": "mine"}).items()
    assert shown(emulator)["B3"] == (
        "Not refreshed: B7 holds something that is not kpicore's. Move it, or choose another cell. "
        "(Data of 2026-03-01 08:00, written 2026-03-02 08:00)"
    )


def test_more_cells_than_google_allows_are_told_before_anything_is_written():
    emulator = Emulator()
    emulator.add(ID, {"KPIs": (4, 26), "Large": (399_995, 25)})
    (outcome,) = run(emulator, (sheet(), grid(*(("Ann", 0.5) for _ in range(10)))))
    assert outcome.error == (
        "the spreadsheet would have 10,000,239 cells; Google's limit is 10,000,000. Delete unused rows or tabs."
    )
    assert emulator.spreadsheets[ID].named_ranges == []


@pytest.mark.parametrize(
    "text", ['=IMPORTXML("https://evil.example", "//a")', "+1", "-1", "@x", "'x", "=", "1,5", "TRUE"]
)
def test_a_text_is_a_text_whatever_it_looks_like(text):
    emulator = emulated()
    assert run(emulator, (sheet(), grid((text, 0.5))))[0].status == "written"
    value = shown(emulator)["B5"]
    assert (value, type(value)) == (text, str)


@pytest.mark.parametrize(
    ("value", "note"),
    [
        (float("nan"), "This is no number: undefined."),
        (float("inf"), "This is no number: infinite."),
        (float("-inf"), "This is no number: infinite."),
    ],
)
def test_what_is_no_number_is_an_empty_cell_with_a_note(value, note):
    emulator = emulated()
    run(emulator, (sheet(), grid(("Ann", value))))
    cell = emulator.spreadsheets[ID].tab("KPIs").cell(4, 2)
    assert (cell.value, cell.note) == (None, note)


def test_a_missing_value_is_an_empty_cell_with_its_reason_as_a_note():
    emulator = emulated()
    run(emulator, (sheet(), grid(("Ann", None), notes={(1, 1): "No deal was closed."})))
    cell = emulator.spreadsheets[ID].tab("KPIs").cell(4, 2)
    assert (cell.value, cell.note) == (None, "No deal was closed.")


@pytest.mark.parametrize(
    ("value", "number", "pattern"),
    [
        (date(1900, 1, 1), 2, "yyyy-mm-dd"),
        (date(2026, 3, 1), 46082, "yyyy-mm-dd"),
        (datetime(2026, 3, 1, 12), 46082.5, "yyyy-mm-dd hh:mm"),
        (date(1899, 12, 31), "1899-12-31", None),
        (datetime(1815, 6, 18, 11), "1815-06-18 11:00:00", None),
    ],
)
def test_a_day_is_a_number_with_a_format_and_one_before_1900_a_text(value, number, pattern):
    emulator = emulated()
    run(emulator, (sheet(), grid((value, 0.5))))
    cell = emulator.spreadsheets[ID].tab("KPIs").cell(4, 1)
    assert cell.value == number
    if pattern:
        assert (cell.format or {})["numberFormat"]["pattern"] == pattern


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_that_is_told():
    emulator = emulated()
    run(emulator, (sheet(), grid(("x" * 50_001, 0.5))))
    cell = emulator.spreadsheets[ID].tab("KPIs").cell(4, 1)
    assert cell.value == "x" * 49_999 + "…"
    assert cell.note == ("This text has 50,001 characters; a cell has room for 50,000, so the rest is left out.")


@pytest.mark.parametrize(
    "error", [UnknownName("KPI", "win_rat", ["win_rate"]), BadPeriod("2025-13", "there is no month 13")]
)
def test_a_kpi_or_a_period_that_is_refused_leaves_the_numbers_and_says_so_in_the_stamp(error):
    emulator = emulated()
    other = sheet("other", (2, 6))
    run(emulator, (sheet(), TWO), (other, TWO))

    def fill(table: SheetTable) -> Filled:
        if table.name == "funnel":
            raise error
        return filled(grid(("Ann", 0.9)))

    first, second = sync([sheet(), other], fill, DirectSpreadsheets(emulator), MadeUpClock(), run_id="x")
    assert (first.status, first.error, second.status) == ("failed", str(error), "written")
    assert shown(emulator).items() >= (WRITTEN | {"H5": 0.9}).items()
    assert shown(emulator)["B3"] == (f"Not refreshed: {error} (Data of 2026-03-01 08:00, written 2026-03-02 08:00)")
    assert run(emulator, (sheet(), TWO))[0].status == "written"
    assert shown(emulator)["B3"] == "Data of 2026-03-01 08:00, written 2026-03-02 08:00"


def test_a_failure_that_is_told_already_is_not_written_again():
    emulator = emulated()
    run(emulator, (sheet(), TWO))

    def fill(table: SheetTable) -> Filled:
        raise UnknownName("KPI", "win_rat", ["win_rate"])

    for _ in range(2):
        emulator.log.clear()
        sync([sheet()], fill, DirectSpreadsheets(emulator), MadeUpClock(), run_id="x")
    assert [entry.method for entry in emulator.log] == ["GET"]


def test_before_there_is_data_the_stamp_says_so():
    emulator = emulated()
    run(emulator, (sheet(), Filled(grid(), None)))
    assert shown(emulator) == {"B3": "No data yet, written 2026-03-02 08:00", "B4": "rep", "C4": "win rate"}


def test_two_tables_that_grow_into_each_other_are_told():
    emulator = emulated()
    below = sheet("below", (6, 1))
    first, second = run(emulator, (sheet(), TWO), (below, TWO))
    assert (first.status, second.status) == ("written", "written")
    first, second = run(emulator, (sheet(), grid(("Ann", 0.5), ("Ben", 0.6), ("Cy", 0.7))), (below, TWO))
    assert first.error == "B7 belongs to [[sheet]] 'below'. Give one of them another cell."
    assert second.status == "unchanged"
