"""Native charts of what a grid shows, in a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kpicore import MONEY
from kpicore_xlsx.grid import Area, Grid, GridChart
from kpicore_xlsx.number_formats import number_format
from kpicore_xlsx.styles import AMBER, LINE, MUTED, NAVY, SKY, TEAL

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_COLOURS = (TEAL, NAVY, SKY, MUTED)
_LINE_ROWS, _ROW_PIXELS, _WIDTH = 14, 20, 815
_SMALL = {"size": 9, "color": MUTED}

Corner = tuple[int, int]
"""The row and column where the top left cell of a grid stands."""


def put_chart(
    book: Workbook, sheet: Worksheet, row: int, column: int, grid: Grid, chart: GridChart, corner: Corner
) -> int:
    """Insert a chart of a grid that stands at a corner of the sheet; return the last row that the chart covers."""
    first, _, last, _ = chart.labels
    is_line = chart.kind == "line"
    rows = _LINE_ROWS if is_line else max(8, last - first + 3)
    drawn = (_line if is_line else _bars)(book, sheet.name, grid, chart, corner)
    # a title that begins as a formula would be one
    title = f" {chart.title}" if chart.title.startswith("=") else chart.title
    drawn.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    drawn.set_chartarea({"border": {"color": LINE}})
    drawn.set_size({"width": _WIDTH, "height": rows * _ROW_PIXELS})
    sheet.insert_chart(row, column, drawn, {"object_position": 2})
    return row + rows


def _bars(book: Workbook, sheet: str, grid: Grid, chart: GridChart, corner: Corner) -> Any:
    bars = book.add_chart({"type": "bar"})
    for at, area in enumerate(chart.series):
        labels = {"value": True, "num_format": _format(grid, area)}
        fill, gap = {"color": _COLOURS[at % len(_COLOURS)]}, 12 if chart.kind == "funnel" else 40
        bars.add_series({**_series(sheet, chart, area, corner), "fill": fill, "gap": gap, "data_labels": labels})
    # the first line at the top, as in the table
    bars.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none"})
    from_zero = {} if any(value < 0 for area in chart.series for value in _numbers(grid, area)) else {"min": 0}
    bars.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, **from_zero})
    bars.set_legend({"position": "top", "font": _SMALL} if len(chart.series) > 1 else {"none": True})
    return bars


def _line(book: Workbook, sheet: str, grid: Grid, chart: GridChart, corner: Corner) -> Any:
    lines = book.add_chart({"type": "line"})
    for at, area in enumerate(chart.series):
        is_goal = at in chart.goals  # dashed, for paper has no colours
        colour = AMBER if is_goal else _COLOURS[at % len(_COLOURS)]
        dashes = {"dash_type": "dash"} if is_goal else {}
        marker = {"type": "none" if is_goal else "circle", "size": 5, "fill": {"color": colour}}
        line = {"color": colour, "width": 2.25, **dashes}
        lines.add_series({**_series(sheet, chart, area, corner), "line": line, "marker": marker})
    lines.set_x_axis({"num_font": _SMALL, "num_format": "mmm yy", "text_axis": True})
    unit = _format(grid, chart.series[0])
    shown = "#,##0" if unit == number_format(MONEY) else unit  # the ticks are round, and 0 is not 0.00
    gridlines = {"visible": True, "line": {"color": LINE}}
    lines.set_y_axis({"num_font": _SMALL, "num_format": shown, "major_gridlines": gridlines, "line": {"none": True}})
    lines.set_legend({"position": "top", "font": _SMALL})
    lines.show_blanks_as("gap")
    return lines


def _series(sheet: str, chart: GridChart, area: Area, corner: Corner) -> dict[str, Any]:
    row, column = corner
    first, at, *_ = area
    return {
        "name": [sheet, row + first, column + at],
        "categories": _below_head(sheet, chart.labels, corner),
        "values": _below_head(sheet, area, corner),
    }


def _below_head(sheet: str, area: Area, corner: Corner) -> list[Any]:
    row, column = corner
    first, left, last, right = area
    return [sheet, row + first + 1, column + left, row + last, column + right]


def _format(grid: Grid, area: Area) -> str:
    first, column, *_ = area
    return grid.rows[first + 1].looks[column].number_format


def _numbers(grid: Grid, area: Area) -> Iterator[float]:
    first, column, last, _ = area
    values = (row.values[column] for row in grid.rows[first + 1 : last + 1])
    yield from (value for value in values if isinstance(value, int | float))
