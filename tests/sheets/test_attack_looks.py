"""Tints, charts and formats when a table changes its shape: none judges or shows cells that it is not about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kpicore.testing.sheets import Emulator
from kpicore_sheets.sync.ids import table_ids
from kpicore_xlsx.grid import Grid, GridChart, GridRow, Scalar, Tint
from tests.sheets.grids import HEAD, ID, NAME, TWO, emulated, grid, run, sheet

POOR = {"status": "poor", "below": 0.3}
PEOPLE = {"backgroundColorStyle": {"rgbColor": {"blue": 1}}}


def rows(count: int, *tints: Tint, charts: tuple[GridChart, ...] = ()) -> Grid:
    """Return a table with so many rows; its header is row 4 in the spreadsheet."""
    return grid(*(("Ann", 0.25) for _ in range(count)), tints=tints, charts=charts)


def tinted(first: int, last: int) -> Tint:
    """Return a tint of the numbers in some rows of a grid."""
    return Tint((first, 1, last, 1), **POOR)


def judged(emulator: Emulator) -> list[tuple[int, int]]:
    """Return the rows that conditional formats are about, as people count them, without the rule for empty cells."""
    rules = emulator.spreadsheets[ID].tab("KPIs").rules
    bands = [rule for rule in rules if rule["booleanRule"]["condition"]["type"] != "BLANK"]
    return [(area["startRowIndex"] + 1, area["endRowIndex"]) for rule in bands for area in rule["ranges"]]


def drawn(emulator: Emulator, number: int = 0) -> list[tuple[int, int, int, int]]:
    """Return the ranges of a chart: first and last row and column."""
    charts = {chart["chartId"]: chart for chart in emulator.spreadsheets[ID].tab("KPIs").charts}
    basic = charts[table_ids("funnel").chart(number)]["spec"]["basicChart"]
    sources = [*(item["domain"] for item in basic["domains"]), *(item["series"] for item in basic["series"])]
    areas = [source["sourceRange"]["sources"][0] for source in sources]
    return [
        (area["startRowIndex"] + 1, area["endRowIndex"], area["startColumnIndex"] + 1, area["endColumnIndex"])
        for area in areas
    ]


def section(first: int, last: int) -> GridChart:
    """Return a chart of the numbers in some rows of a grid."""
    return GridChart("Share", "line", (first, 0, last, 0), ((first, 1, last, 1),))


def test_rows_that_are_in_progress_are_not_judged_when_others_join_them():
    emulator = emulated()
    run(emulator, (sheet(), rows(2, tinted(1, 2))))
    assert judged(emulator) == [(5, 6)]
    run(emulator, (sheet(), rows(3, tinted(1, 2))))
    assert judged(emulator) == [(5, 6)]
    run(emulator, (sheet(), rows(4, tinted(1, 3))))
    assert judged(emulator) == [(5, 7)]
    run(emulator, (sheet(), rows(4, tinted(1, 4))))
    assert judged(emulator) == [(5, 8)]


def test_rules_that_people_gave_other_colors_follow_too():
    emulator = emulated()
    run(emulator, (sheet(), rows(4, tinted(1, 2))))
    tab = emulator.spreadsheets[ID].tab("KPIs")
    rule = {**tab.rules[1], "booleanRule": {**tab.rules[1]["booleanRule"], "format": PEOPLE}}
    emulator.user(ID).do("updateConditionalFormatRule", index=1, rule=rule)
    run(emulator, (sheet(), rows(5, tinted(1, 3))))
    assert judged(emulator) == [(5, 7)]
    assert emulator.spreadsheets[ID].tab("KPIs").rules[1]["booleanRule"]["format"].keys() >= PEOPLE.keys()
    run(emulator, (sheet(), rows(5, tinted(3, 4))))
    run(emulator, (sheet(), rows(5, Tint((1, 0, 4, 0), **POOR))))
    assert judged(emulator) == [(5, 8)]


def test_a_table_without_rows_has_no_tints_and_gets_them_again():
    emulator = emulated()
    for count, areas in ((3, [(5, 7)]), (0, []), (2, [(5, 6)])):
        run(emulator, (sheet(), rows(count, *([tinted(1, count)] if count else []))))
        assert judged(emulator) == areas


@pytest.mark.parametrize(("first", "last"), [(1, 2), (1, 3), (1, 5), (2, 6)])
def test_a_chart_shows_its_section_wherever_that_is_now(first, last):
    emulator = emulated()
    run(emulator, (sheet(), rows(6, charts=(section(1, 3), section(4, 6)))))
    run(emulator, (sheet(), rows(9, charts=(section(first, last), section(last + 1, 9)))))
    assert drawn(emulator) == [(first + 4, last + 4, 2, 2), (first + 4, last + 4, 3, 3)]
    assert drawn(emulator, 1) == [(last + 5, 13, 2, 2), (last + 5, 13, 3, 3)]


def test_a_chart_that_people_changed_keeps_their_title_and_one_they_deleted_stays_deleted():
    emulator = emulated()
    run(emulator, (sheet(), rows(6, charts=(section(1, 3), section(4, 6)))))
    ids = table_ids("funnel")
    emulator.user(ID).edit_chart(ids.chart(0), title="Ours")
    emulator.user(ID).delete_chart(ids.chart(1))
    run(emulator, (sheet(), rows(7, charts=(section(1, 4), section(5, 7), section(0, 7)))))
    charts = {chart["chartId"]: chart["spec"]["title"] for chart in emulator.spreadsheets[ID].tab("KPIs").charts}
    assert charts == {ids.chart(0): "Ours", ids.chart(2): "Share"}


def test_charts_that_a_table_has_no_more_go_and_all_of_them_with_the_table():
    emulator = emulated()
    run(emulator, (sheet(), rows(6, charts=(section(1, 3), section(4, 6)))))
    run(emulator, (sheet(), rows(6, charts=(section(1, 6),))))
    assert len(emulator.spreadsheets[ID].tab("KPIs").charts) == 1
    run(emulator, (sheet(), rows(6, charts=(section(1, 3), section(4, 6)))))
    run(emulator, (sheet(cell=(2, 6)), rows(6)))
    assert emulator.spreadsheets[ID].tab("KPIs").charts == []


@pytest.mark.parametrize("mode", ["replace", "history"])
def test_a_chart_that_kpi_toml_has_no_more_goes_and_is_made_again_when_it_has(mode):
    emulator = emulated()
    run(emulator, (sheet(), rows(2, charts=(section(0, 2),))))
    assert run(emulator, (sheet(mode=mode), rows(2)))[0].status == "written"
    assert emulator.spreadsheets[ID].tab("KPIs").charts == []
    if mode == "replace":
        run(emulator, (sheet(), rows(3, charts=(section(0, 3),))))
        assert drawn(emulator) == [(4, 7, 2, 2), (4, 7, 3, 3)]


@pytest.mark.parametrize("cell", [(2, 1), (9, 1), (2, 6)])
def test_a_chart_waits_for_rows_wherever_its_table_goes_meanwhile(cell):
    emulator = emulated()
    charted = replace(sheet(), chart="line")
    run(emulator, (charted, rows(2, charts=(section(0, 2),))))
    emulator.user(ID).edit_chart(table_ids("funnel").chart(0), title="Ours")
    for _ in range(2):
        run(emulator, (replace(charted, row=cell[0], column=cell[1]), rows(0)))
    run(emulator, (replace(charted, row=cell[0], column=cell[1]), rows(3, charts=(section(0, 3),))))
    first, left = cell[0] + 2, cell[1] + 1
    assert drawn(emulator) == [(first, first + 3, left, left), (first, first + 3, left + 1, left + 1)]
    (chart,) = emulator.spreadsheets[ID].tab("KPIs").charts
    assert chart["spec"]["title"] == "Ours"


def test_a_chart_that_people_deleted_stays_deleted_when_rows_come_back():
    emulator = emulated()
    charted = replace(sheet(), chart="line")
    run(emulator, (charted, rows(2, charts=(section(0, 2),))))
    run(emulator, (charted, rows(0)))
    emulator.user(ID).delete_chart(table_ids("funnel").chart(0))
    run(emulator, (charted, rows(2, charts=(section(0, 2),))))
    assert emulator.spreadsheets[ID].tab("KPIs").charts == []


def test_a_chart_of_people_whose_rows_are_gone_does_not_keep_a_table_from_being_written():
    emulator = emulated()
    run(emulator, (sheet(), rows(8)))
    area = {"sheetId": 0, "startRowIndex": 8, "endRowIndex": 12, "startColumnIndex": 2, "endColumnIndex": 3}
    spec = {"basicChart": {"chartType": "LINE", "series": [{"series": {"sourceRange": {"sources": [area]}}}]}}
    place = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 1, "columnIndex": 8}}}
    emulator.user(ID).do("addChart", chart={"spec": spec, "position": place})
    assert run(emulator, (sheet(), TWO))[0].status == "written"


@pytest.mark.parametrize("value", [5, "text", None, True])
def test_a_cell_that_held_a_day_shows_what_it_holds_now(value):
    def days(value: Scalar) -> Grid:
        return Grid((GridRow(("when", "n"), (HEAD, HEAD)), GridRow((value, 1), (NAME, NAME))))

    emulator = emulated()
    run(emulator, (sheet(), days(date(2026, 1, 1))))
    run(emulator, (sheet(), days(value)))
    shown = emulator.spreadsheets[ID].tab("KPIs").cell(4, 1)
    assert (shown.value, (shown.format or {}).get("numberFormat")) == (value, None)
