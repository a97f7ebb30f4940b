"""Tables beside each other and kpi.toml that changes: nothing is taken from another table, nothing is lost unsaid."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator, GoogleRefusal
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync import aim
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.sync.reading import LastRun, table_place
from kpicore_sheets.sync.run import would_change
from kpicore_sheets.table import FormulaContent, SheetTable
from kpicore_xlsx.grid import Grid, GridRow
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, MORNING, NAME, TWO, emulated, filled, grid, run, sheet, shown


def many(count: int) -> list[tuple[object, object]]:
    """Return small tables side by side, each with its content."""
    return [(sheet(f"t{number}", (2, 3 * number)), TWO) for number in range(count)]


def recorded(emulator: Emulator, days: int, **place: object) -> list[TableOutcome]:
    """Write a history once a day, and return what came of the last run."""
    outcomes = []
    for day in range(days):
        content = filled(grid((f"Ann {day}", 0.5)), MORNING + timedelta(days=day), str(day))
        outcomes = run(emulator, (sheet(mode="history", **place), content))  # type: ignore[arg-type]
    return outcomes


def blocks(emulator: Emulator, tab: str = "KPIs") -> list[object]:
    """Return the texts of the rows of a history."""
    return [value for value in shown(emulator, tab).values() if str(value).startswith("Ann")]


def test_a_table_that_google_refuses_holds_no_other_one_up():
    emulator = emulated(100, 400)
    emulator.before_write = lambda: _named(emulator, "kpi_t1")
    outcomes = run(emulator, *many(70))
    assert Counter(outcome.status for outcome in outcomes) == {"written": 69, "refused": 1}
    assert outcomes[0].requests < 60


def _named(emulator: Emulator, name: str) -> None:
    if all(item["name"] != name for item in emulator.spreadsheets[ID].named_ranges):
        emulator.user(ID).name_range(name, "KPIs", "A1")


def test_what_google_refuses_twice_as_it_stands_is_not_sent_a_third_time():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.log.clear()

    def refuse() -> None:
        raise GoogleRefusal("something that nobody can read")

    emulator.before_write = refuse
    (outcome,) = run(emulator, (sheet(), grid(("Ann", 0.5))))
    assert outcome.error == "Google does not take it: something that nobody can read"
    # the third one would say so in the stamp
    assert [entry.status for entry in emulator.log if entry.method == "POST"] == [400, 400, 400]
    assert shown(emulator)["C5"] == 0.41


def test_protected_cells_that_a_table_would_leave_are_told_before_it_is_written():
    emulator = emulated()
    run(emulator, (sheet(), grid(*(("Ann", 0.5) for _ in range(9)))))
    emulator.user(ID).protect("KPIs", "B12:C12")
    assert (
        run(emulator, (sheet(), TWO))[0].error
        == "the range B12:C12 is protected. Let kpicore's account edit it (Data > Protect sheets and ranges)."
    )


def test_cells_that_a_protection_leaves_open_are_written():
    emulator = emulated()
    tab = {"sheetId": 0}
    cells = {**tab, "startRowIndex": 2, "endRowIndex": 6, "startColumnIndex": 1, "endColumnIndex": 3}
    emulator.user(ID).do("addProtectedRange", protectedRange={"range": tab, "unprotectedRanges": [cells]})
    # what stands on the tab beside the cells is made all the same
    assert run(emulator, (sheet(), TWO))[0].status == "written"
    told = run(emulator, (sheet(), grid(*(("Ann", 0.5) for _ in range(9)))))[0].error
    assert told == "the range A1:L30 is protected. Let kpicore's account edit it (Data > Protect sheets and ranges)."


def test_a_tab_in_other_capitals_is_the_same_tab():
    emulator = emulated()
    assert run(emulator, (sheet(tab="kpis"), TWO))[0].status == "written"
    assert run(emulator, (sheet(), TWO))[0].status == "written"
    assert run(emulator, (sheet(), TWO))[0].status == "unchanged"


def test_a_table_takes_in_one_run_the_cells_that_another_one_leaves():
    emulator = emulated()
    run(emulator, (sheet("a", (2, 1)), TWO), (sheet("b", (2, 6)), TWO))
    outcomes = run(emulator, (sheet("b", (2, 1)), TWO), (sheet("a", (10, 1)), TWO))
    assert [outcome.status for outcome in outcomes] == ["written", "written"]


def test_room_that_several_tables_lack_is_made_once():
    emulator = emulated(1, 1)
    outcomes = run(emulator, *many(50))
    tab = emulator.spreadsheets[ID].tab("KPIs")
    assert {outcome.status for outcome in outcomes} == {"written"}
    assert (tab.rows, tab.columns) == (6, 3 * 49 + 2)


def test_names_of_fences_are_no_names_of_tables():
    emulator = emulated()
    for share in (0.1, 0.2, 0.3, 0.4):
        outcomes = run(emulator, (sheet(), grid(("A", share))), (sheet("funnel_g3", (2, 6)), grid(("B", share))))
        assert {outcome.status for outcome in outcomes} == {"written"}


def test_a_named_range_of_the_user_with_the_name_of_a_table_is_told_and_stays():
    emulator = emulated()
    emulator.user(ID).name_range("KPI_Funnel", "KPIs", "A1:A2")
    (outcome,) = run(emulator, (sheet(), TWO))
    assert outcome.error == (
        "the named range 'kpi_funnel' is not kpicore's. Remove it (Data > Named ranges), or give it another name."
    )
    assert (shown(emulator), [item["name"] for item in emulator.spreadsheets[ID].named_ranges]) == ({}, ["KPI_Funnel"])


def test_an_empty_cell_of_a_table_that_is_not_of_this_run_is_not_free():
    emulator = emulated()
    run(emulator, (sheet("right", (2, 2)), TWO), (sheet("below", (7, 1)), TWO))
    (outcome,) = run(emulator, (sheet("right", (2, 2)), grid(*(("Ann", 0.5) for _ in range(4)))))
    assert outcome.error.startswith("C8 belongs to the table 'below' of kpicore. Give one of them another cell;")
    assert shown(emulator)["C6"] == "Ben"


def test_a_table_with_another_name_is_told_of_the_one_that_stands_there():
    emulator = emulated()
    run(emulator, (sheet("old"), TWO))
    (outcome,) = run(emulator, (sheet("new"), TWO))
    assert outcome.error == (
        "B3 belongs to the table 'old' of kpicore. Give one of them another cell; "
        "if no [[sheet]] is called 'old' any more, clear its cells and remove the named range 'kpi_old'."
    )
    emulator.user(ID).delete_rows("KPIs", 3, 4)
    assert run(emulator, (sheet("new"), TWO))[0].status == "written"


def test_cells_that_a_table_left_are_told_as_its_own_whatever_people_removed_or_named_anew():
    emulator = emulated()
    run(emulator, (sheet("old"), TWO))
    user, way = emulator.user(ID), "if no [[sheet]] is called 'old' any more, clear its cells"
    area = next(item for item in emulator.spreadsheets[ID].named_ranges if item["name"] == "kpi_old")
    user.do("updateNamedRange", namedRange={**area, "name": "ours"}, fields="name")
    told = run(emulator, (sheet("new"), TWO))[0].error
    assert told.startswith("B3 belongs to the table 'old' of kpicore.")
    assert told.endswith(f"{way} and remove the named range 'ours'.")
    user.remove_named_range("ours")
    told = run(emulator, (sheet("new"), TWO))[0].error
    assert told.startswith("B3 belongs to the table 'old' of kpicore.") and told.endswith(f"{way}.")
    user.clear("KPIs", "B3:C6")
    assert run(emulator, (sheet("new"), TWO))[0].status == "written"


@pytest.mark.parametrize(
    ("table", "way"),
    [
        (sheet(mode="replace"), "Delete its rows,"),
        (sheet(cell=(2, 6), mode="history"), "Cut it and paste it to KPIs!G3, delete its rows,"),
        (sheet(cell=(2, 6)), "Delete its rows,"),
    ],
)
def test_a_history_is_not_wiped_because_kpi_toml_says_something_else(table, way):
    emulator = emulated()
    recorded(emulator, 3)
    (outcome,) = run(emulator, (table, TWO))
    assert outcome.error == (
        f"the history of 'funnel' stands in 'KPIs'!B3:D7 and would be lost. {way} "
        "or give this [[sheet]] another name and cell."
    )
    assert blocks(emulator) == ["Ann 0", "Ann 1", "Ann 2"]


def test_a_history_goes_on_where_it_was_moved_and_kpi_toml_follows():
    emulator = emulated()
    recorded(emulator, 3)
    emulator.user(ID).cut_paste("KPIs", "B3:D7", "G3")
    assert recorded(emulator, 4, cell=(2, 6))[0].status == "written"
    assert blocks(emulator)[-1] == "Ann 3"
    assert {"Ann 0", "Ann 1", "Ann 2"} < set(blocks(emulator))
    emulator.user(ID).rename_tab("KPIs", "Numbers")
    count = len(blocks(emulator, "Numbers"))
    assert recorded(emulator, 1, cell=(2, 6), tab="Numbers")[0].status == "written"
    assert len(blocks(emulator, "Numbers")) == count + 1
    assert (
        run(emulator, (sheet(cell=(2, 6), tab="Numbers", mode="history"), filled(grid(("Ann 0", 0.5)), version="0")))[
            0
        ].status
        == "unchanged"
    )


def test_a_fence_that_is_removed_before_the_area_has_followed_a_smaller_table_gives_it_no_cells_of_others():
    emulator = emulated()
    run(emulator, (sheet(), grid(*(("Ann", 0.5) for _ in range(6)))))

    def meanwhile() -> None:
        if "B7" not in shown(emulator):  # the smaller table is written
            emulator.before_write = None
            emulator.user(ID).type("KPIs", "C10", "mine")
            emulator.user(ID).remove_named_range("_kpi_funnel_g3")

    emulator.before_write = meanwhile
    assert run(emulator, (sheet(), TWO))[0].status == "written"
    assert (shown(emulator)["C10"], shown(emulator)["C6"]) == ("mine", 0.25)


def test_the_name_of_the_stamp_is_made_again_when_its_cell_or_name_is_gone():
    emulator = emulated()
    answers = Grid((GridRow(("kpi", "kpi 0f", "t"), (NAME,) * 3),))
    table = SheetTable("answers", ID, FormulaContent(), "_kpi")
    content = Filled(answers, MORNING, "1", stamped=False, names={"KPI_STAMP": (0, 1)})
    run(emulator, (table, content))
    for act in (
        lambda user: user.delete_columns("_kpi", 2),
        lambda user: user.remove_named_range("KPI_STAMP"),
        lambda user: (user.add_tab("x"), user.delete_tab("_kpi")),
    ):
        act(emulator.user(ID))
        assert run(emulator, (table, content))[0].status == "written"
        named = {item["name"]: item["range"] for item in emulator.spreadsheets[ID].named_ranges}
        assert (named["KPI_STAMP"]["startColumnIndex"], named["KPI_STAMP"]["endColumnIndex"]) == (1, 2)
        assert run(emulator, (table, content))[0].status == "unchanged"


def test_a_hidden_tab_that_was_renamed_and_emptied_is_made_anew():
    emulator = emulated()
    table = SheetTable("answers", ID, FormulaContent(), "_kpi")
    content = Filled(Grid((GridRow(("kpi", "kpi 0f"), (NAME,) * 2),)), MORNING, "1", stamped=False)
    run(emulator, (table, content))
    user = emulator.user(ID)
    user.rename_tab("_kpi", "Mine")
    user.insert_rows("Mine", 1)
    user.delete_rows("Mine", 2)
    assert run(emulator, (table, content))[0].status == "written"
    assert shown(emulator, "_kpi") == {"A1": "kpi", "B1": "kpi 0f"}


@pytest.mark.parametrize("mode", ["replace", "history"])
@pytest.mark.parametrize("large", [2_000_000, 50])
@pytest.mark.parametrize(
    "text",
    [
        *("'KPIs'!B3:C6", "'KPIs'!A1:A1", "'KPIs'!Z90:AA99", "'KPIs'!C6:B3", "'KPIs'!A1:ZZZ10000000"),
        *("'Gone'!A1:B2", "'Other'!A1:B2", "''!A1:B2", "", "nonsense", "'KPIs'!B3", "'a'!b'!A1:B2"),
    ],
)
def test_where_a_table_stood_last_is_only_where_it_is_looked_for_first(text, mode, large, monkeypatch):
    monkeypatch.setattr(aim, "MOST_IN_ONE", large)
    emulator = emulated()
    emulator.user(ID).add_tab("Other")
    run(emulator, (sheet(mode=mode), TWO))
    emulator.user(ID).insert_rows("KPIs", 1, 2)
    last = {"funnel": LastRun(place, "older")} if (place := table_place(text)) else {}
    content = filled(grid(("Ann", 0.5), ("Ben", 0.6), ("Cy", 0.7)), MORNING + timedelta(days=1), "2")
    assert run(emulator, (sheet(mode=mode), content), last=last)[0].status == "written"
    (outcome,) = run(emulator, (sheet(mode=mode), content), last=last)
    assert (outcome.status, outcome.place[:9]) == ("unchanged", "'KPIs'!B5")
    values = list(shown(emulator).values())
    assert [values.count(name) for name in ("Ann", "Ben", "Cy")] == ([2, 2, 1] if mode == "history" else [1, 1, 1])
    assert [tab.title for tab in emulator.spreadsheets[ID].tabs] == ["KPIs", "Other"]


def test_a_dry_run_gives_the_same_cells_to_one_table_only():
    tables = [sheet("one", (2, 3)), sheet("two", (2, 1))]
    wide = grid(("Ann", 0.5, 0.6), header=("rep", "a", "b"))
    first, second = would_change(tables, lambda table: filled(wide), DirectSpreadsheets(emulated()), MadeUpClock())
    assert (first.error, second.error) == ("", "D3 belongs to [[sheet]] 'one'. Give one of them another cell.")
