"""The sheet of monthly numbers, one KPI a row, that charts and sparklines read; and the charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpicore import Note
from kpicore_xlsx.addresses import area_address
from kpicore_xlsx.cells import put_comment, put_date, put_number, put_text
from kpicore_xlsx.number_formats import MONTH_FORMAT, number_format
from kpicore_xlsx.sections import one_page_wide, put_title
from kpicore_xlsx.styles import AMBER, BAD, FAINT, FONT, INK, LINE, MUTED, SKY, TEAL
from kpicore_xlsx.summary.contents import Summary, SummaryLine
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = "Trends"
_HEAD = 3
_NAME, _FIRST = 1, 2


@dataclass(frozen=True, slots=True)
class Places:
    """The rows of the sheet on which the monthly values and targets of each KPI stand."""

    values: Mapping[str, int]
    targets: Mapping[str, int]
    months: int

    def area(self, row: int) -> list[Any]:
        """Return the months of a row as an area for a chart."""
        return [SHEET, row, _FIRST, row, _FIRST + self.months - 1]

    def range(self, id: str) -> str:
        """Return the months of a KPI as a range for a sparkline."""
        _, *area = self.area(self.values[id])
        return f"'{SHEET}'!{area_address(*area)}"


def places(summary: Summary) -> Places:
    """Return where everything will stand: each KPI on a row, and its target on the next."""
    values: dict[str, int] = {}
    targets: dict[str, int] = {}
    row = _HEAD
    for line in summary.lines:
        if line.months:
            row += 1
            values[line.metric.id] = row
        if any(target is not None for target in line.month_targets):
            row += 1
            targets[line.metric.id] = row
    return Places(values, targets, len(summary.months))


def write_trends(sheet: Worksheet, summary: Summary, at: Places, looks: Looks) -> None:
    """Write the sheet: a row a KPI, a column a month."""
    last = _FIRST + at.months - 1
    sheet.hide_gridlines(2)
    put_title(sheet, SHEET, _subtitle(summary), looks)
    sheet.set_column(0, 0, 2)
    sheet.set_column(_NAME, _NAME, 40)
    sheet.set_column(_FIRST, last, 12.5)
    put_text(sheet, _HEAD, _NAME, "KPI", looks.header(indent=1))
    for place, month in enumerate(summary.months):
        put_date(sheet, _HEAD, _FIRST + place, month.start, looks.header(num_format=MONTH_FORMAT, align="right"))
    for line in summary.lines:
        if line.metric.id in at.values:
            _write_values(sheet, at.values[line.metric.id], line, looks)
        if line.metric.id in at.targets:
            _write_targets(sheet, at.targets[line.metric.id], line, looks)
    sheet.freeze_panes(_HEAD + 1, _FIRST)
    one_page_wide(sheet, _HEAD)
    sheet.print_area(0, 0, max([_HEAD, *at.values.values(), *at.targets.values()]), last)


def _subtitle(summary: Summary) -> str:
    gaps = summary.wording.note(Note("gaps_in_cells"))
    return f"Twelve months up to {summary.today:%d %B %Y}, the last one to date. {gaps}"


def _write_values(sheet: Worksheet, row: int, line: SummaryLine, looks: Looks) -> None:
    put_text(sheet, row, _NAME, line.metric.name, looks.body(indent=1))
    for column, answer in enumerate(line.months, _FIRST):
        # An empty cell is a gap in a chart; a text would be drawn as zero.
        put_number(sheet, row, column, answer.value, looks, num_format=number_format(answer.unit))
        if answer.value is None:
            put_comment(sheet, row, column, looks.wording.sentence(answer))


def _write_targets(sheet: Worksheet, row: int, line: SummaryLine, looks: Looks) -> None:
    put_text(sheet, row, _NAME, f"{line.metric.name}: target", looks.body(indent=2, font_color=MUTED))
    shown = number_format(line.months[0].unit)
    for column, value in enumerate(line.month_targets, _FIRST):
        put_number(sheet, row, column, value, looks, num_format=shown, font_color=MUTED)


def charts(book: Workbook, at: Places) -> list[Any]:
    """Return the charts of the overview; one whose KPIs the workspace lacks is left out."""
    makers: tuple[tuple[tuple[str, ...], Callable[[Workbook, Places], Any]], ...] = (
        (("revenue",), _revenue),
        (("win_rate",), _win_rate),
        (("pipeline_value",), _pipeline),
        (("new_customers", "lost_customers"), _customers),
    )
    return [make(book, at) for needed, make in makers if all(id in at.values for id in needed)]


def _revenue(book: Workbook, at: Places) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series(_series(at, "revenue", "Revenue", fill=TEAL))
    if "revenue" in at.targets:
        target = book.add_chart({"type": "line"})
        target.add_series(_drawn(at, at.targets["revenue"], "Target", line=AMBER))
        chart.combine(target)
    return _finished(chart, "Revenue against target, by month", '#,##0,"k"')


def _win_rate(book: Workbook, at: Places) -> Any:
    chart = book.add_chart({"type": "line"})
    chart.add_series(_series(at, "win_rate", "Win rate", line=TEAL))
    return _finished(chart, "Win rate: won of closed deals", "0%", legend=False)


def _pipeline(book: Workbook, at: Places) -> Any:
    chart = book.add_chart({"type": "area"})
    chart.add_series(_series(at, "pipeline_value", "Pipeline", fill=SKY))
    return _finished(chart, "Open pipeline at the end of the month", '#,##0,"k"', legend=False)


def _customers(book: Workbook, at: Places) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series(_series(at, "new_customers", "New", fill=TEAL))
    chart.add_series(_series(at, "lost_customers", "Lost", fill=BAD))
    return _finished(chart, "New and lost customers", "#,##0")


def _series(at: Places, id: str, name: str, **colours: str) -> dict[str, Any]:
    return _drawn(at, at.values[id], name, **colours)


def _drawn(at: Places, row: int, name: str, *, fill: str = "", line: str = "") -> dict[str, Any]:
    series: dict[str, Any] = {"name": name, "categories": at.area(_HEAD), "values": at.area(row), "gap": 60}
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
