"""The sheet of monthly numbers, one KPI a column, that charts and sparklines read; and the charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpicore_excel.cells import put_comment, put_date, put_number, put_text, put_title, reason_of
from kpicore_excel.looks import (
    AMBER,
    BAD,
    FAINT,
    FONT,
    INK,
    LINE,
    MONTH_FORMAT,
    MUTED,
    NAVY,
    SKY,
    TEAL,
    Looks,
    number_format,
)
from kpicore_excel.report import Line, Report

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = "Trends"
_HEAD, _FIRST = 3, 4


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the monthly numbers of each KPI stand on the sheet, for charts and sparklines."""

    values: dict[str, int]
    targets: dict[str, int]
    rows: int

    def range(self, column: int) -> str:
        """Return the cells of a column as a range for a sparkline."""
        from xlsxwriter.utility import xl_range_abs

        return f"'{SHEET}'!{xl_range_abs(_FIRST, column, _FIRST + self.rows - 1, column)}"

    def area(self, column: int) -> list[Any]:
        """Return the cells of a column as an area for a chart."""
        return [SHEET, _FIRST, column, _FIRST + self.rows - 1, column]


def write_trends(book: Workbook, report: Report, looks: Looks) -> Columns:
    """Write the sheet: a row a month, a column a KPI, and one more for its target where there is one."""
    sheet = book.add_worksheet(SHEET)
    sheet.hide_gridlines(2)
    put_title(sheet, "Trends", _subtitle(report), looks)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 12)
    sheet.set_row(_HEAD, 44)
    put_text(sheet, _HEAD, 1, "Month", looks.header())
    for place, month in enumerate(report.months):
        put_date(sheet, _FIRST + place, 1, month.start, looks.body(num_format=MONTH_FORMAT, align="left"))
    values: dict[str, int] = {}
    targets: dict[str, int] = {}
    column = 2
    for line in report.lines:
        if not line.months:
            continue
        values[line.metric.id] = column
        column = _write_months(sheet, column, line, looks)
        if any(each is not None for each in line.month_targets):
            targets[line.metric.id] = column
            column = _write_targets(sheet, column, line, looks)
    sheet.freeze_panes(_FIRST, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, _FIRST + len(report.months), max(column - 1, 2))
    return Columns(values, targets, len(report.months))


def _subtitle(report: Report) -> str:
    return f"Twelve months up to {report.today:%d %B %Y}; the last one is to date. Empty: not computed, see the note."


def _write_months(sheet: Worksheet, column: int, line: Line, looks: Looks) -> int:
    sheet.set_column(column, column, 13)
    put_text(sheet, _HEAD, column, line.metric.name, looks.header(align="right"))
    for place, answer in enumerate(line.months):
        # An empty cell is a gap in a chart; a text would be drawn as zero.
        look = {"num_format": number_format(answer.unit)}
        put_number(sheet, _FIRST + place, column, answer.value, looks, **look)
        if answer.value is None:
            put_comment(sheet, _FIRST + place, column, reason_of(answer))
    return column + 1


def _write_targets(sheet: Worksheet, column: int, line: Line, looks: Looks) -> int:
    sheet.set_column(column, column, 13)
    put_text(sheet, _HEAD, column, f"{line.metric.name}: target", looks.header(align="right", bg_color=NAVY))
    for place, value in enumerate(line.month_targets):
        put_number(sheet, _FIRST + place, column, value, looks, num_format=number_format(line.months[place].unit))
    return column + 1


def charts(book: Workbook, columns: Columns) -> list[Any]:
    """Return the charts of the overview; one whose KPIs the workspace lacks is left out."""
    wanted: tuple[tuple[tuple[str, ...], Callable[[Workbook, Columns], Any]], ...] = (
        (("revenue",), _revenue),
        (("win_rate",), _win_rate),
        (("pipeline_value",), _pipeline),
        (("new_customers", "lost_customers"), _customers),
    )
    return [make(book, columns) for needed, make in wanted if all(each in columns.values for each in needed)]


def _revenue(book: Workbook, columns: Columns) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series(_series(columns, "revenue", "Revenue", fill=TEAL))
    if "revenue" in columns.targets:
        target = book.add_chart({"type": "line"})
        target.add_series(_drawn(columns, columns.targets["revenue"], "Target", line=AMBER))
        chart.combine(target)
    return _finished(chart, "Revenue against target, by month", '#,##0,"k"')


def _win_rate(book: Workbook, columns: Columns) -> Any:
    chart = book.add_chart({"type": "line"})
    chart.add_series(_series(columns, "win_rate", "Win rate", line=TEAL))
    return _finished(chart, "Win rate: won of closed deals", "0%", legend=False)


def _pipeline(book: Workbook, columns: Columns) -> Any:
    chart = book.add_chart({"type": "area"})
    chart.add_series(_series(columns, "pipeline_value", "Pipeline", fill=SKY))
    return _finished(chart, "Open pipeline at the end of the month", '#,##0,"k"', legend=False)


def _customers(book: Workbook, columns: Columns) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series(_series(columns, "new_customers", "New", fill=TEAL))
    chart.add_series(_series(columns, "lost_customers", "Lost", fill=BAD))
    return _finished(chart, "New and lost customers", "#,##0")


def _series(columns: Columns, id: str, name: str, **colours: str) -> dict[str, Any]:
    return _drawn(columns, columns.values[id], name, **colours)


def _drawn(columns: Columns, column: int, name: str, *, fill: str = "", line: str = "") -> dict[str, Any]:
    series: dict[str, Any] = {"name": name, "categories": columns.area(1), "values": columns.area(column), "gap": 60}
    if fill:
        return {**series, "fill": {"color": fill}, "border": {"none": True}}
    marker = {"type": "circle", "size": 5, "fill": {"color": line}, "border": {"color": "#FFFFFF"}}
    return {**series, "line": {"color": line, "width": 2.25}, "marker": marker}


def _finished(chart: Any, title: str, axis_format: str, *, legend: bool = True) -> Any:
    font = {"name": FONT, "size": 9, "color": MUTED}
    chart.set_title(
        {"name": title, "name_font": {"name": FONT, "size": 11, "bold": True, "color": INK}, "overlay": False}
    )
    months = {"num_font": font, "num_format": "mmm", "line": {"color": FAINT}, "text_axis": True}
    chart.set_x_axis({**months, "major_tick_mark": "none"})
    grid = {"visible": True, "line": {"color": LINE, "width": 0.75}}
    chart.set_y_axis(
        {"num_font": font, "num_format": axis_format, "min": 0, "major_gridlines": grid, "line": {"none": True}}
    )
    chart.set_legend({"position": "top", "font": font} if legend else {"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.show_blanks_as("gap")
    return chart
