"""The workbook: numbers as numbers, text as text, charts that point at the cells."""

from __future__ import annotations

import warnings
import zipfile
from io import BytesIO

import pytest
from openpyxl import load_workbook

from kpicore import MONEY, SHARE, KpiError
from kpicore_reports.filling import fill
from kpicore_reports.report_workbook import write_sheets
from kpicore_xlsx.number_formats import change_format
from tests.reports.test_filling import IDS


def opened(file):
    with warnings.catch_warnings():
        # solid data bars are an extension of the format, which openpyxl passes over
        warnings.filterwarnings("ignore", ".* extension is not supported", UserWarning)
        return load_workbook(BytesIO(file.read_bytes()))


def cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")]


@pytest.mark.parametrize("id", IDS)
def test_every_report_becomes_a_workbook_that_opens(of_demo, tmp_path, id):
    file = tmp_path / "report.xlsx"
    report = of_demo(id)
    write_sheets(report, file)
    book = opened(file)
    assert book.worksheets[0]["B1"].value == report.name
    assert [cell.coordinate for sheet in book for cell in cells(sheet) if cell.data_type == "f"] == []


def test_figures_are_numbers_with_their_format(tiny, tmp_path):
    write_sheets(fill(tiny, "weekly_meeting", "2025-Q2"), tmp_path / "w.xlsx")
    sheet = opened(tmp_path / "w.xlsx").worksheets[0]
    rows = {row[1].value: row for row in sheet.iter_rows() if row[1].value}
    sales, win = rows["Total sales"], rows["Win rate"]
    assert [sale.value for sale in sales[2:8]] == [1220, 3, 1000, 0.22, 1220, 1]
    # 3 of 4 deals after 4 of 6 are 8.3 points more
    assert (win[5].value, win[5].number_format) == (pytest.approx(8.333, abs=1e-3), change_format(SHARE))
    assert sales[5].number_format == change_format(MONEY)
    assert (win[2].value, win[2].number_format, win[3].value) == (0.75, "0.0%", 4)


def test_lists_stand_on_sheets_of_their_own(tiny, tmp_path):
    write_sheets(fill(tiny, "top_opportunities", "2025-Q2"), tmp_path / "t.xlsx")
    book = opened(tmp_path / "t.xlsx")
    # the report has the name already that the first list would have
    assert book.sheetnames == ["Top 10 opportunities", "Top 10 opportunities 2", "Top 10 by amount times probabil"]
    row = [cell.value for cell in book.worksheets[1][5]]
    assert row[:1] + row[2:7] == [1, "Dune", "Ann Lee [u1]", "Offer", 700, 0.5]


def test_charts_are_native(of_demo, tmp_path):
    write_sheets(of_demo("whole_process"), tmp_path / "c.xlsx")
    with zipfile.ZipFile(tmp_path / "c.xlsx") as found:
        charts = [found.read(name).decode() for name in found.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 1
    assert "'Whole-process view'!$C$" in charts[0]


def test_a_name_that_looks_like_a_formula_stays_text(company, tmp_path):
    workspace = company(
        customer="id name\nc1 =cmd|'/c~calc'!A1",
        opportunity="id name customer_id created_at amount\na =1+1 c1 2025-05-01 5",
    )
    write_sheets(fill(workspace, "top_opportunities", "2025-06"), tmp_path / "e.xlsx")
    row = opened(tmp_path / "e.xlsx").worksheets[1][5]
    assert [(cell.value, cell.data_type) for cell in row[1:3]] == [("=1+1", "s"), ("=cmd|'/c calc'!A1", "s")]


def test_the_same_report_gives_the_same_file(tiny, tmp_path):
    report = fill(tiny, "weekly_meeting", "2025-Q2")
    write_sheets(report, tmp_path / "a.xlsx")
    write_sheets(report, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_file_that_cannot_be_written_is_one_clear_line(tiny, tmp_path):
    with pytest.raises(KpiError, match="cannot be written"):
        write_sheets(fill(tiny, "sales_brief", "2025-Q2"), tmp_path / "missing" / "a.xlsx")
