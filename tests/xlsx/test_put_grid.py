"""Grids in worksheets: each value as what it is, reasons as comments, tints on numbers alone, charts that point."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from kpicore import Wording
from kpicore_xlsx.grid import Grid, GridChart, GridRow, Look, Tint
from kpicore_xlsx.grid_charts import put_chart
from kpicore_xlsx.put_grid import put_grid
from kpicore_xlsx.stacked import GridCell, blank, grid_of, stacked
from kpicore_xlsx.styles import TINTS
from kpicore_xlsx.workbooks import Looks

SERIES = Grid(
    (
        GridRow(("Month", "Sales", "Target"), (Look(),) * 3),
        GridRow(("June", 5, 4), (Look(), Look(number_format="0.0"), Look())),
        GridRow(("July", None, 6), (Look(),) * 3),
    ),
    {(2, 1): "no rows"},
    (),
    (GridChart("=Sales", "line", (0, 0, 2, 0), ((0, 1, 2, 1), (0, 2, 2, 2)), (1,)),),
)


def drawn(grid, *, charts=False):
    """Return the file of a workbook with a grid at B3."""
    file = BytesIO()
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Grid")
        last = put_grid(sheet, 2, 1, grid, Looks(book, Wording()))
        assert last == 1 + len(grid.rows)
        for chart in grid.charts if charts else ():
            put_chart(book, sheet, last + 2, 1, grid, chart, (2, 1))
    return file


def sheet_of(grid):
    return load_workbook(drawn(grid)).worksheets[0]


def row_of(*values, look=None):
    return Grid((GridRow(values, (look or Look(),) * len(values)),))


def test_each_value_is_written_as_what_it_is():
    moment = datetime(2025, 7, 15, 12, 30)
    cells = sheet_of(row_of(1.5, "=1+1", True, date(2025, 7, 15), moment, None, 10**308, date(1899, 12, 31)))[3][1:]
    assert [cell.data_type for cell in cells] == ["n", "s", "b", "n", "n", "n", "s", "s"]
    assert [cell.value for cell in cells[:3]] == [1.5, "=1+1", True]
    assert (cells[3].value, cells[5].value, cells[7].value) == (45853, None, "1899-12-31")
    assert cells[6].value.startswith("100,000,000")


def test_looks_and_number_formats_are_those_of_the_grid():
    cell = sheet_of(row_of(0.5, look=Look({"bold": True, "align": "right"}, "0.0%")))["B3"]
    assert (cell.font.bold, cell.font.name, cell.alignment.horizontal, cell.number_format) == (
        True,
        "Arial",
        "right",
        "0.0%",
    )


def test_where_a_note_tells_why_there_is_no_number_stands_n_a():
    grid = Grid((GridRow((None, None, 7), (Look(),) * 3),), {(0, 0): "no rows", (0, 2): "seven"})
    cells = sheet_of(grid)[3][1:]
    assert [cell.value for cell in cells] == ["n/a", None, 7]
    assert cells[0].comment.text.strip() == "no rows" and cells[2].comment.text.strip() == "seven"


def test_a_gap_in_a_line_stays_a_gap():
    cell = sheet_of(SERIES)["C5"]
    assert cell.value is None
    assert cell.comment.text.strip() == "no rows"


def test_a_tint_is_for_numbers_alone():
    grid = Grid((GridRow((5,), (Look(),)),) * 3, {}, (Tint((0, 0, 2, 0), "fair", 0.2, 0.4), Tint((1, 0, 2, 0), "good")))
    rules = {
        str(area.sqref): [(rule.formula[0], rule.dxf.fill.bgColor.rgb[2:]) for rule in area.rules]
        for area in sheet_of(grid).conditional_formatting
    }
    assert rules == {
        "B3:B5": [("AND(ISNUMBER(B3),B3>=0.2,B3<0.4)", TINTS["fair"][1:])],
        "B4:B5": [("AND(ISNUMBER(B4))", TINTS["good"][1:])],
    }


@pytest.mark.parametrize("kind", ["line", "bars"])
def test_a_chart_points_at_the_cells_below_the_heads_and_its_title_is_text(kind):
    [chart] = SERIES.charts
    grid = Grid(SERIES.rows, SERIES.notes, (), (GridChart(chart.title, kind, chart.labels, chart.series, chart.goals),))
    with zipfile.ZipFile(drawn(grid, charts=True)) as file:
        xml = file.read("xl/charts/chart1.xml").decode()
    for place in ("Grid!$C$3<", "Grid!$B$4:$B$5", "Grid!$C$4:$C$5", "Grid!$D$3<", "Grid!$D$4:$D$5"):
        assert place in xml
    assert "<a:t> =Sales</a:t>" in xml
    assert ('<a:prstDash val="dash"/>' in xml) == (kind == "line")


def test_grids_below_each_other_have_one_width_and_take_what_stands_on_them_along():
    first = grid_of([[GridCell("a"), GridCell("b")]])
    second = Grid(SERIES.rows, SERIES.notes, (Tint((1, 1, 2, 1), "good", 1.0),), SERIES.charts)
    grid = stacked([first, blank(1), second])
    assert [row.values for row in grid.rows[:3]] == [("a", "b", None), (None,) * 3, ("Month", "Sales", "Target")]
    assert grid.notes == {(4, 1): "no rows"}
    assert grid.tints == (Tint((3, 1, 4, 1), "good", 1.0),)
    assert grid.charts == (GridChart("=Sales", "line", (2, 0, 4, 0), ((2, 1, 4, 1), (2, 2, 4, 2)), (1,)),)
