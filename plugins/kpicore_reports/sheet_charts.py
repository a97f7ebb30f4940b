"""Native charts of a report in a workbook, and the months that they are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kpicore import MONEY
from kpicore_reports.filled_report import MemberTable, MonthTable, TableLine
from kpicore_xlsx.cells import put_date, put_number, put_text
from kpicore_xlsx.number_formats import MONTH_FORMAT, number_format
from kpicore_xlsx.styles import AMBER, LINE, MUTED, TEAL
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LABEL, FIRST = 1, 2
"""The columns of the labels, and of the first number."""

_CHART_ROWS = 14


def member_chart(book: Workbook, sheet: Worksheet, row: int, section: MemberTable, area: tuple[int, int, int]) -> int:
    """Insert bars of the rows and the column of `area`; return the last row that they cover."""
    first, last, column = area
    by = " and ".join(name.replace("_", " ") for name in section.by)
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": section.kpis[0].title,
            "categories": [sheet.name, first, LABEL, last, LABEL],
            "values": [sheet.name, first, column, last, column],
            "fill": {"color": TEAL},
            "gap": 40 if section.chart == "bars" else 12,
            "data_labels": {"value": True, "num_format": number_format(section.kpis[0].unit)},
        }
    )
    # the first line at the top, as in the table
    chart.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"none": True})
    return _place(sheet, row, chart, f"{section.kpis[0].title} by {by}", max(8, len(section.lines) + 3))


def _place(sheet: Worksheet, row: int, chart: Any, title: str, rows: int) -> int:
    """Insert a chart over `rows` rows; return the last of them."""
    chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": 815, "height": rows * 20})
    sheet.insert_chart(row, LABEL, chart, {"object_position": 2})
    return row + rows


def write_months(book: Workbook, sheet: Worksheet, row: int, section: MonthTable, looks: Looks) -> int:
    """Write a row a month, a column a KPI and one for its target; then a chart for each KPI."""
    put_text(sheet, row, LABEL, "Month", looks.header(indent=1))
    first, column = row + 1, FIRST
    for at, month in enumerate(section.months):
        look = looks.body(num_format=MONTH_FORMAT, align="left", indent=1)
        put_date(sheet, first + at, LABEL, month.start, look)
    last = row + len(section.months)
    end = last
    for line in section.lines:
        _put_months(sheet, row, column, line.label, [number.value for number in line.numbers], line, looks)
        chart = book.add_chart({"type": "line"})
        chart.add_series(_series(sheet, line.label, first, last, column, TEAL))
        if any(number.target is not None for number in line.numbers):
            column += 1
            _put_months(sheet, row, column, "Target", [number.target for number in line.numbers], line, looks)
            chart.add_series(_series(sheet, "Target", first, last, column, AMBER, dash_type="dash"))
        column += 1
        font = {"size": 9, "color": MUTED}
        chart.set_x_axis({"num_font": font, "num_format": "mmm yy", "text_axis": True})
        grid = {"visible": True, "line": {"color": LINE}}
        unit = line.numbers[0].kpi.unit
        shown = "#,##0" if unit == MONEY else number_format(unit)  # the ticks are round, and 0 is not 0.00
        chart.set_y_axis({"num_font": font, "num_format": shown, "major_gridlines": grid, "line": {"none": True}})
        chart.set_legend({"position": "top", "font": font})
        chart.show_blanks_as("gap")
        end = _place(sheet, end + 2, chart, f"{line.label} by month", _CHART_ROWS)
    return end


def _put_months(
    sheet: Worksheet, row: int, column: int, title: str, values: Sequence[float | None], line: TableLine, looks: Looks
) -> None:
    put_text(sheet, row, column, title, looks.header(align="right"))
    for at, value in enumerate(values, 1):
        # An empty cell is a gap in a chart; a text would be drawn as zero.
        put_number(sheet, row + at, column, value, looks, num_format=number_format(line.numbers[0].kpi.unit))


def _series(
    sheet: Worksheet, name: str, first: int, last: int, column: int, colour: str, **dashes: str
) -> dict[str, Any]:
    return {
        "name": name,
        "categories": [sheet.name, first, LABEL, last, LABEL],
        "values": [sheet.name, first, column, last, column],
        "line": {"color": colour, "width": 2.25, **dashes},
        "marker": {"type": "none" if dashes else "circle", "size": 5, "fill": {"color": colour}},
    }
