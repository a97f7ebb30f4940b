"""Runs over one spreadsheet: what is asked of Google, what stays of what people did, and where tables go."""

from __future__ import annotations

import json

import pytest

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync import aim
from kpicore_sheets.sync.reading import LastRun, table_place
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.run import sync
from kpicore_sheets.table import FormulaContent, SheetTable
from kpicore_xlsx.grid import GridChart, Tint
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, TWO, emulated, grid, run, sheet, shown

THREE = grid(("Ann", 0.5), ("Ben", 0.6), ("Cy", 0.7))


def requests(emulator: Emulator, *tables: object, **further: object) -> list[str]:
    """Return what was asked of Google in a run, the methods."""
    emulator.log.clear()
    for outcome in run(emulator, *tables, **further):  # type: ignore[arg-type]
        assert outcome.is_well, outcome
    return [entry.method for entry in emulator.log]


def test_a_run_asks_no_more_than_it_needs():
    emulator = emulated()
    assert requests(emulator, (sheet(), TWO)) == ["GET", "POST", "POST"]  # reserves its cells, then writes
    assert requests(emulator, (sheet(), TWO)) == ["GET"]
    assert requests(emulator, (sheet(), grid(("Ann", 0.9), ("Ben", 0.25)))) == ["GET", "POST"]
    assert requests(emulator, (sheet(), THREE)) == ["GET", "POST", "POST"]
    last = {"funnel": LastRun(("KPIs", Rectangle(0, 2, 1, 7, 3)))}
    assert requests(emulator, (sheet(), TWO), last=last) == ["GET", "POST", "POST"]


def test_fifty_tables_in_one_spreadsheet_go_together():
    emulator = emulated(200, 30)
    tables = [sheet(f"t{number}", (10 * (number // 5), 5 * (number % 5))) for number in range(50)]
    assert requests(emulator, *((table, TWO) for table in tables)) == ["GET", "POST", "POST"]
    assert requests(emulator, *((table, TWO) for table in tables)) == ["GET"]
    assert requests(emulator, *((table, grid(("Ann", 1), ("Ben", 2))) for table in tables)) == ["GET", "POST"]


def test_a_table_that_stands_where_nobody_expects_it_is_found_and_its_place_is_told():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.user(ID).insert_rows("KPIs", 1, 3)
    emulator.user(ID).insert_columns("KPIs", 1, 2)
    (outcome,) = run(emulator, (sheet(), TWO))
    assert (outcome.status, outcome.place) == ("unchanged", "'KPIs'!D6:E9")
    place = table_place(outcome.place)
    assert place is not None
    assert place == ("KPIs", Rectangle(0, 5, 3, 9, 5))
    assert requests(emulator, (sheet(), TWO), last={"funnel": LastRun(place)}) == ["GET"]


@pytest.mark.parametrize("text", ["", "KPIs!A1:B2", "'KPIs'!A1", "''!A1:B2", "'x'!A0:B2", "'x'!AAAA1:B2", "'x'!A1:B2 "])
def test_a_place_that_is_none_is_no_place(text):
    assert table_place(text) is None


def test_a_table_whose_cell_is_another_one_in_kpi_toml_goes_there():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    assert run(emulator, (sheet(cell=(9, 5)), TWO))[0].status == "written"
    assert sorted(shown(emulator)) == ["F10", "F11", "F12", "F13", "G11", "G12", "G13"]
    assert len(emulator.spreadsheets[ID].tab("KPIs").protected) == 1
    assert len(emulator.spreadsheets[ID].named_ranges) == 2


def test_what_people_style_stays_and_rows_that_come_have_the_looks_of_a_table():
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.user(ID).color("KPIs", "B4:C6", 1, 0, 0)
    run(emulator, (sheet(), THREE))
    cells = emulator.spreadsheets[ID].tab("KPIs")
    assert (cells.cell(5, 2).format or {})["backgroundColor"] == {"red": 1}
    new = cells.cell(6, 2).format or {}
    assert (new["numberFormat"], "backgroundColor" in new) == ({"type": "PERCENT", "pattern": "0.0%"}, False)
    run(emulator, (sheet(), TWO))
    assert cells.cell(6, 2).format is not None  # of the model before; the cell itself is as if nobody had written there
    assert emulator.spreadsheets[ID].tab("KPIs").cell(6, 2).is_empty


def test_cells_beside_a_table_are_never_touched():
    emulator = emulated()
    user = emulator.user(ID)
    for cell in ("A3", "B2", "D3", "B8", "D7", "A1"):
        user.type("KPIs", cell, "mine")
    before = {cell: user.value("KPIs", cell) for cell in ("A3", "B2", "D3", "B8", "D7", "A1")}
    for content in (TWO, THREE, TWO, grid()):
        run(emulator, (sheet(), content))
    assert {cell: user.value("KPIs", cell) for cell in before} == before


def test_bands_are_rules_that_follow_the_table_and_keep_what_people_made_of_them():
    emulator = emulated()
    tints = (Tint((1, 1, 2, 1), "good", above=0.4), Tint((1, 1, 2, 1), "poor", below=0.2))
    run(emulator, (sheet(), grid(("Ann", 0.41), ("Ben", 0.25), tints=tints)))
    tab = emulator.spreadsheets[ID].tab("KPIs")
    # an empty cell has no status, though it may count as 0: that rule stands above the bands
    assert [rule["booleanRule"]["condition"] for rule in tab.rules] == [
        {"type": "BLANK"},
        {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "=2/5"}]},
        {"type": "NUMBER_LESS", "values": [{"userEnteredValue": "=1/5"}]},
    ]
    own = {**tab.rules[1]["booleanRule"], "format": {"backgroundColor": {"red": 1}}}
    emulator.user(ID).do("updateConditionalFormatRule", index=1, rule={**tab.rules[1], "booleanRule": own})
    tints = (Tint((1, 1, 3, 1), "good", above=0.4), Tint((1, 1, 3, 1), "poor", below=0.2))
    run(emulator, (sheet(), grid(("Ann", 0.5), ("Ben", 0.6), ("Cy", 0.7), tints=tints)))
    rules = emulator.spreadsheets[ID].tab("KPIs").rules
    assert [(rule["ranges"][0]["startRowIndex"], rule["ranges"][0]["endRowIndex"]) for rule in rules] == [*[(4, 7)] * 3]
    assert rules[1]["booleanRule"]["format"]["backgroundColor"] == {"red": 1}


def test_a_rule_that_somebody_put_above_ours_meanwhile_is_put_back():
    emulator = emulated()
    run(emulator, (sheet(), grid(("Ann", 0.41), tints=(Tint((1, 1, 1, 1), "good", above=0.4),))))
    user = emulator.user(ID)
    theirs = {
        "ranges": [{"startRowIndex": 20, "endRowIndex": 21}],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}},
    }
    acts = iter([lambda: None, lambda: user.do("addConditionalFormatRule", rule=theirs, index=0)])
    emulator.before_write = lambda: next(acts, lambda: None)()
    tints = (Tint((1, 1, 2, 1), "good", above=0.4),)
    (outcome,) = run(emulator, (sheet(), grid(("Ann", 0.5), ("Ben", 0.6), tints=tints)))
    rules = emulator.spreadsheets[ID].tab("KPIs").rules
    assert (outcome.status, len(rules)) == ("written", 3)
    assert rules[0]["booleanRule"]["condition"]["type"] == "NOT_BLANK"


def test_a_chart_is_made_once_follows_the_table_and_keeps_what_people_made_of_it():
    emulator = emulated()

    def charted(*rows: object) -> object:
        last = len(rows)
        chart = GridChart("win rate", "line", (0, 0, last, 0), ((0, 1, last, 1),))
        return grid(*rows, charts=(chart,))  # type: ignore[arg-type]

    run(emulator, (sheet(), charted(("Ann", 0.41))))
    (chart,) = emulator.spreadsheets[ID].tab("KPIs").charts
    emulator.user(ID).edit_chart(chart["chartId"], title="Ours")
    run(emulator, (sheet(), charted(("Ann", 0.41), ("Ben", 0.25))))
    (chart,) = emulator.spreadsheets[ID].tab("KPIs").charts
    series = chart["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"][0]
    assert (chart["spec"]["title"], series["startRowIndex"], series["endRowIndex"]) == ("Ours", 3, 6)
    emulator.user(ID).delete_chart(chart["chartId"])
    run(emulator, (sheet(), charted(("Ann", 0.41), ("Ben", 0.25), ("Cy", 0.1))))
    assert emulator.spreadsheets[ID].tab("KPIs").charts == []


def test_a_history_gets_a_block_for_new_data_and_none_for_the_same():
    emulator = emulated()
    log = sheet(mode="history")
    for value in (0.41, 0.41, 0.43):
        run(emulator, (log, grid(("Ann", value))))
    assert shown(emulator) == {
        **{"B3": "Data of 2026-03-01 08:00, written 2026-03-02 08:00", "B4": "Data of", "C4": "rep", "D4": "win rate"},
        **{"B5": 46082 + 1 / 3, "C5": "Ann", "D5": 0.41, "B6": 46082 + 1 / 3, "C6": "Ann", "D6": 0.43},
    }


def test_a_block_with_other_columns_has_a_header_of_its_own():
    emulator = emulated()
    log = sheet(mode="history")
    run(emulator, (log, grid(("Ann", 0.41))))
    run(emulator, (log, grid(("Ann", 0.41, 12), header=("rep", "win rate", "won deals"))))
    assert [shown(emulator).get(f"{letter}6") for letter in "BCDE"] == ["Data of", "rep", "win rate", "won deals"]
    assert [shown(emulator).get(f"{letter}7") for letter in "CDE"] == ["Ann", 0.41, 12]


def test_what_people_write_into_a_history_stays():
    emulator = emulated()
    log = sheet(mode="history")
    run(emulator, (log, grid(("Ann", 0.41))))
    emulator.user(ID).type("KPIs", "C5", "Ann (away)")
    run(emulator, (log, grid(("Ann", 0.43))))
    assert (shown(emulator)["C5"], shown(emulator)["D6"]) == ("Ann (away)", 0.43)


def test_answers_to_formulas_stand_on_a_hidden_tab_whose_stamp_has_a_name():
    emulator = emulated()
    table = SheetTable("answers", ID, FormulaContent(), "_kpi")
    answers = grid(('["KPI","x"]', "1"), header=("kpi", "kpi 0123456789abcdef"))

    def fill(table: SheetTable) -> Filled:
        return Filled(answers, None, "1", stamped=False, names={"KPI_STAMP": (0, 1)})

    for expected in ("written", "unchanged"):
        (outcome,) = sync([table], fill, DirectSpreadsheets(emulator), MadeUpClock(), run_id=expected)
        assert outcome.status == expected
    tab = emulator.spreadsheets[ID].tab("_kpi")
    assert (tab.hidden, tab.cell(0, 0).value, tab.cell(1, 1).value) == (True, "kpi", "1")
    (stamp,) = [item for item in emulator.spreadsheets[ID].named_ranges if item["name"] == "KPI_STAMP"]
    assert (stamp["range"]["startColumnIndex"], stamp["range"]["endColumnIndex"]) == (1, 2)


def test_a_second_writer_that_was_faster_is_noticed_and_nothing_is_written_twice():
    emulator = emulated()
    log = sheet(mode="history")
    run(emulator, (log, grid(("Ann", 0.41))))

    def other() -> None:
        emulator.before_write = None
        run(emulator, (log, grid(("Ann", 0.43))))

    emulator.before_write = other
    (outcome,) = run(emulator, (log, grid(("Ann", 0.43))))
    assert (outcome.status, [shown(emulator).get(f"D{row}") for row in (5, 6, 7)]) == ("unchanged", [0.41, 0.43, None])


@pytest.mark.parametrize("fault", ["503_after", "drop_after", "cut_body", "html_502_after"])
def test_a_batch_whose_answer_is_lost_is_not_applied_twice(fault):
    emulator = emulated()
    log = sheet(mode="history")
    run(emulator, (log, grid(("Ann", 0.41))))
    emulator.faults.extend(["", "", fault])  # the read and the reservation go well
    (outcome,) = run(emulator, (log, grid(("Ann", 0.43))))
    assert (outcome.status, [shown(emulator).get(f"D{row}") for row in (5, 6, 7)]) == ("written", [0.41, 0.43, None])


def test_a_try_again_sends_the_same_bytes():
    emulator = emulated()
    emulator.faults.extend(["", "429", "429"])
    run(emulator, (sheet(), TWO))
    sent = [entry.body for entry in emulator.log if entry.method == "POST"]
    assert sent[0] == sent[1] == sent[2] != sent[3]


def test_one_table_that_google_refuses_takes_no_other_one_down():
    emulator = emulated()
    other = sheet("other", (2, 6))
    run(emulator, (sheet(), TWO), (other, TWO))
    user = emulator.user(ID)

    def protect() -> None:  # so that it is only seen by the refusal
        if not emulator.spreadsheets[ID].tab("KPIs").protected[2:]:
            user.protect("KPIs", "C5:C6")

    emulator.before_write = protect
    first, second = run(emulator, (sheet(), grid(("Ann", 1), ("Ben", 2))), (other, grid(("Ann", 3), ("Ben", 4))))
    assert (first.status, first.error) == (
        "refused",
        "the range C5:C6 is protected. Let kpicore's account edit it (Data > Protect sheets and ranges).",
    )
    assert (second.status, shown(emulator)["H5"], shown(emulator)["C5"]) == ("written", 3, 0.41)


def test_no_request_is_one_that_google_does_not_know():
    emulator = emulated()
    tints = (Tint((1, 1, 2, 1), "good", above=0.4, below=0.9),)
    chart = GridChart("win rate", "bars", (0, 0, 2, 0), ((0, 1, 2, 1),))
    for content in (grid(("Ann", 0.41), ("Ben", 0.25), tints=tints, charts=(chart,)), THREE, TWO):
        run(emulator, (sheet(), content))
    assert emulator.mistakes == []
    assert json.loads(emulator.log[1].body)["includeSpreadsheetInResponse"] is True


def test_a_large_table_takes_as_many_requests_as_its_bytes_need_and_two_more(monkeypatch):
    monkeypatch.setattr(aim, "MOST_IN_ONE", 50)
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    (outcome,) = run(emulator, (sheet(), grid(("Ann", 1), ("Ben", 2))))
    place = table_place(outcome.place)
    assert place is not None
    last = {"funnel": LastRun(place, outcome.content)}
    new = grid(("Ann", 3), ("Ben", 4))
    assert requests(emulator, (sheet(), new), last=last) == ["POST", "POST", "POST"]
    assert [entry.path.rpartition("/")[2] for entry in emulator.log] == [
        f"{ID}:batchUpdate",
        "values:batchUpdate",
        f"{ID}:batchUpdate",
    ]
    assert (shown(emulator)["C5"], len(emulator.spreadsheets[ID].tabs)) == (3, 1)
    assert requests(emulator, (sheet(), new), last=last) == ["POST", "POST"]  # there is a hidden tab to remove


def test_a_hidden_tab_that_a_killed_run_left_goes_with_the_next_batch(monkeypatch):
    monkeypatch.setattr(aim, "MOST_IN_ONE", 50)
    emulator = emulated()
    run(emulator, (sheet(), TWO))
    emulator.faults.extend(["", "", *["drop"] * 40])  # the read goes well, the tab is made, then nothing gets through
    assert run(emulator, (sheet(), grid(("Ann", 1), ("Ben", 2))))[0].status == "failed"
    assert len(emulator.spreadsheets[ID].tabs) == 2
    emulator.faults.clear()
    monkeypatch.setattr(aim, "MOST_IN_ONE", 2_000_000)
    assert run(emulator, (sheet(), grid(("Ann", 3), ("Ben", 4))))[0].status == "written"
    assert len(emulator.spreadsheets[ID].tabs) == 1
