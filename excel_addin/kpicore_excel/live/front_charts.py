"""The charts of the first sheet: each KPI by period, and by member, as long as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpicore import COUNT, DAYS, HOURS, MINUTES, MONEY, SHARE, Unit
from kpicore_excel.live import by_member, steps
from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_xlsx.number_formats import number_format
from kpicore_xlsx.styles import FAINT, FONT, INK, LINE, MUTED, TEAL

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from kpicore_excel.live.live import Live

_CHART_ROWS = 13
_WIDTHS = (600, 627)
_MOST_MEMBERS = 25
_MOST_CHARTS = 4


def charts_of(live: Live) -> list[tuple[LiveKpi, str]]:
    """Return what is drawn: a KPI by a dimension, or over time where that is ""; four at most."""
    few = {members.dimension for members in live.request.lists if 1 < len(members.choices) <= _MOST_MEMBERS}
    charts: list[tuple[LiveKpi, str]] = []
    for kpi in live.request.kpis:
        if live.request.times.steps > 1:
            charts.append((kpi, ""))
        by = next((dimension for dimension in live.request.by if dimension in few and dimension in kpi.by), None)
        if by is not None and len(live.request.kpis) <= 2:
            charts.append((kpi, by))
    return charts[:_MOST_CHARTS]


def rows_of_charts(live: Live) -> int:
    """Return how many rows of the first sheet the charts cover."""
    return _CHART_ROWS * ((len(charts_of(live)) + 1) // 2)


def draw_charts(book: Workbook, sheet: Worksheet, live: Live, row: int, column: int) -> None:
    """Draw the charts from a cell on, two beside each other."""
    drawn = charts_of(live)
    for at, (kpi, dimension) in enumerate(drawn):
        chart = _by_member(book, live, kpi, dimension) if dimension else _over_time(book, live, kpi)
        alone = len(drawn) == 1
        width = sum(_WIDTHS) + 10 if alone else _WIDTHS[at % 2]
        chart.set_size({"width": width, "height": _CHART_ROWS * 20 - 12})
        place = {"object_position": 2, "x_offset": (at % 2) * (_WIDTHS[0] + 10)}
        sheet.insert_chart(row + _CHART_ROWS * (at // 2), column, chart, place)


def _over_time(book: Workbook, live: Live, kpi: LiveKpi) -> Any:
    kind = "column" if kpi.definition.unit in (COUNT, MONEY) else "line"
    place = live.request.kpis.index(kpi)
    last = steps.FIRST + live.request.times.steps - 1
    row = steps.drawn_row(live, place)
    series = {
        "name": kpi.name,
        "categories": [steps.SHEET, steps.HEAD, steps.FIRST, steps.HEAD, last],
        "values": [steps.SHEET, row, steps.FIRST, row, last],
        "values_data": [step.value if step else None for step in live.steps(kpi)],
        **_look(kind),
    }
    chart = book.add_chart({"type": kind})
    chart.add_series(series)
    return _finished(chart, kpi.name, kpi.definition.unit, kind)


def _by_member(book: Workbook, live: Live, kpi: LiveKpi, dimension: str) -> Any:
    members = next(members for members in live.request.lists if members.dimension == dimension)
    column = by_member.FIRST + by_member.kpis_of(live, dimension).index(kpi)
    first, last = by_member.TOTAL + 1, by_member.TOTAL + len(members.choices)
    name = by_member.sheet_names(live.request.lists)[dimension]
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": kpi.name,
            "categories": [name, first, by_member.NAME, last, by_member.NAME],
            "values": [name, first, column, last, column],
            **_look("bar"),
        }
    )
    _finished(chart, f"{kpi.name} by {dimension.replace('_', ' ')}", kpi.definition.unit, "bar")
    return chart


def _look(kind: str) -> dict[str, Any]:
    if kind == "line":
        marker = {"type": "circle", "size": 5, "fill": {"color": TEAL}, "border": {"color": "#FFFFFF"}}
        return {"line": {"color": TEAL, "width": 2.25}, "marker": marker}
    return {"fill": {"color": TEAL}, "border": {"none": True}, "gap": 50}


def _axis_format(unit: Unit) -> str:
    if unit == SHARE:
        return "0%"
    return "#,##0" if unit.is_money or unit in (DAYS, HOURS, MINUTES) else number_format(unit)


def _finished(chart: Any, title: str, unit: Unit, kind: str) -> Any:
    font = {"name": FONT, "size": 9, "color": MUTED}
    look = {"name": title, "name_font": {"name": FONT, "size": 11, "bold": True, "color": INK}, "overlay": False}
    chart.set_title(look)
    numbers = {
        "num_font": font,
        "num_format": _axis_format(unit),
        "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.75}},
        "line": {"none": True},
    }
    names = {"num_font": font, "line": {"color": FAINT}, "major_tick_mark": "none", "text_axis": True}
    if kind == "bar":  # the first member on top
        chart.set_x_axis(numbers)
        chart.set_y_axis({**names, "reverse": True})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(numbers)
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.show_blanks_as("span")  # "gap" is not written to the file, and LibreOffice then draws 0
    return chart
