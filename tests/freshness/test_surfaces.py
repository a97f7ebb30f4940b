"""No surface says otherwise: the same value, day and note, once an answer, wherever a KPI is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpicore import CellCall, Cells, Figures, KpiRequest, Report, Workspace, kpi_table
from kpicore.testing import run_kpi
from kpicore_excel.live import workbook_request, write_live_workbook
from kpicore_reports.filling import fill
from kpicore_reports.page import page
from kpicore_xlsx.kpi_grid import kpi_grid
from kpicore_xlsx.summary.workbook import write_workbook
from tests.excel.live.conftest import opened
from tests.freshness.shop import at

BEHIND, TO_DATE = "books: 20 days behind", "to date, 8 of 30 days"


def printed(shop: Workspace, *words: str) -> str:
    result = run_kpi(*words, "-w", str(shop.config.folder))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_line_tells_it_once(shop: Workspace) -> None:
    text = printed(shop, "get", "cac", "-p", "2025-06", "--compare", "previous")
    assert text.count(BEHIND) == text.count(TO_DATE) == 1
    assert "Data of 2025-06-08 12:00 UTC" in text and "2025-05-01..2025-05-08" in text


def test_of_several_kpis_it_tells_whose_it_is(shop: Workspace) -> None:
    text = printed(shop, "get", "revenue", "cac", "-p", "2025-06")
    assert f"cac: {BEHIND}" in text.replace("cac.fully_loaded", "cac") and text.count(BEHIND) == 1
    assert "Data of 2025-06-08 12:00 to 2025-06-28 12:00 UTC" in text


def test_records_for_programs_have_its_day_and_the_note(shop: Workspace) -> None:
    [record] = json.loads(printed(shop, "get", "cac", "-p", "2025-06", "--json"))
    assert (record["value"], record["data_time"]) == (60.0, "2025-06-08T12:00:00+00:00")
    assert record["notes"].count(BEHIND) == 1
    assert {"kind": "lagging", "values": {"source": "books", "days": 20}} in record["note_records"]


def test_boards_tell_it_below(shop: Workspace) -> None:
    ranked = printed(shop, "get", "roi.sales", "-p", "2025-06", "--by", "channel", "--rank")
    mine = printed(shop, "get", "roi.sales", "-p", "2025-06", "--by", "channel", "--me", "email")
    assert ranked.count(BEHIND) == mine.count(BEHIND) == 1


def test_an_explanation_lists_the_sources_that_its_inputs_read(shop: Workspace) -> None:
    text = printed(shop, "explain", "cac", "-p", "2025-06")
    assert text.count(BEHIND) == text.count(TO_DATE) == 1 and "2 rows" not in text
    said = " ".join(text.split())
    assert "From books cost, 4 rows of 2025-06-08 12:00 UTC; web order, 6 rows of 2025-06-28 12:00 UTC" in said
    record = json.loads(printed(shop, "explain", "cac", "-p", "2025-06", "--json"))
    assert [(one["source"], one["rows"]) for one in record["sources"]] == [("books", 4), ("web", 6)]


def test_what_an_input_is_explained_by_is_of_the_same_day(shop: Workspace) -> None:
    explanation = shop.explain("cac", "2025-06")
    assert [one.n for one in explanation.inputs] == [2, 2]
    assert [one.rows().total for one in explanation.inputs] == [2, 2]


def test_the_sources_are_listed_with_their_lag(shop: Workspace) -> None:
    rows = json.loads(printed(shop, "sources", "--json"))
    told = [(row["source"], row["entity"], row["rows"], row["days_behind"], row["behind"]) for row in rows]
    assert told == [("books", "cost", 4, 20, True), ("web", "order", 6, 0, False)]
    assert "20 days behind" in printed(shop, "sources")


def test_cells_of_a_spreadsheet_show_it(shop: Workspace) -> None:
    calls = [CellCall("KPI_CAC", ("2025-06",)), CellCall("KPI_EXPLAIN", ("cac", "2025-06"))]
    value, explanation = Cells(shop.config.folder).answer(calls).results
    assert value == 60.0 and isinstance(explanation, tuple)
    rows = [row[:2] for row in explanation]
    assert rows.count(("Note", BEHIND)) == rows.count(("Note", TO_DATE)) == 1
    assert ("Data", at("2025-06-08").replace(tzinfo=None)) in rows


def test_a_table_of_kpis_tells_how_far_each_is(shop: Workspace) -> None:
    one = kpi_table(shop, KpiRequest.of("cac", "2025-06", grain="month"), status=True)
    assert one.rows[0][:2] == ("2025-06", 60.0)
    assert one.notes == (f"2025-06 {TO_DATE}.", f"{BEHIND}.")
    both = kpi_table(shop, KpiRequest.of(["revenue", "cac"], "2025-06", grain="month"))
    assert both.notes == (
        "revenue: 2025-06 to date, 28 of 30 days.",
        f"cac: 2025-06 {TO_DATE}.",
        f"cac: {BEHIND}.",
    )
    assert kpi_grid(both).notes[0, 0].count(BEHIND) == 1


@pytest.fixture
def report(shop: Workspace) -> Report:
    report = Report("mine", "Mine", (Figures("Figures", ("revenue", "cac"), compared=True),))
    shop.registry.reports["mine"] = report  # type: ignore[index]
    yield report  # type: ignore[misc]
    del shop.registry.reports["mine"]  # type: ignore[attr-defined]


def test_a_report_tells_it_once_at_its_end(shop: Workspace, report: Report) -> None:
    filled = fill(shop, report.id, "2025-06")
    assert [number.value for number in filled.sections[0].numbers] == [900.0, 60.0]  # type: ignore[union-attr]
    assert [number.before.value for number in filled.sections[0].numbers] == [500.0, 30.0]  # type: ignore[union-attr]
    assert filled.progress == "to date, 28 of 30 days"
    name = shop.registry.metric("cac").name
    assert f"{name}: {BEHIND}" in filled.notes and f"{name}: {TO_DATE}" in filled.notes
    text = page(filled)
    assert text.count(BEHIND) == 1 and "Data of 2025-06-08 12:00 to 2025-06-28 12:00 UTC" in text
    assert [row.values[0] for row in filled.grid().rows if BEHIND in str(row.values[0])] != []


def test_a_live_workbook_has_the_engines_numbers_and_notes(shop: Workspace, tmp_path: Path) -> None:
    request = workbook_request(shop, ["revenue", "cac"], "2025-06")
    write_live_workbook(shop, request, tmp_path / "live.xlsx")
    book = opened(tmp_path / "live.xlsx", data_only=True)
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"60", "30", "900", "500"} <= {cell.removesuffix(".0") for cell in cells}
    assert any(BEHIND in cell and TO_DATE in cell for cell in cells)
    assert any("Data of 2025-06-08 12:00 to 2025-06-28 12:00 UTC" in cell for cell in cells)
    book.close()


def test_a_workbook_of_all_kpis_tells_it_in_its_remarks(shop: Workspace, tmp_path: Path) -> None:
    write_workbook(shop, tmp_path / "all.xlsx", "2025-06")
    book = opened(tmp_path / "all.xlsx", data_only=True)
    cells = [str(cell.value) for row in book["Overview"].iter_rows() for cell in row if cell.value is not None]
    assert sum(BEHIND in cell for cell in cells) == 1
    book.close()
