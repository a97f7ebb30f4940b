"""A report as a workbook, in the looks of kpicore's workbook, with native charts.

Figures and tables stand on one sheet, each list of rows on its own. What stands in the cells is told by the report's
grids; here is what only a workbook has: widths and heights, bars in cells, where charts lie, and the printed page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import ListedColumn, Type
from kpicore_reports.filled_report import FilledReport
from kpicore_reports.filled_sections import FigureTable, MemberTable, RowTable, Shown
from kpicore_reports.report_grid import head_grid, heading_grid, notes_grid, section_grid, width_of
from kpicore_reports.report_words import is_numeric
from kpicore_reports.table_grids import REACHED
from kpicore_xlsx.addresses import sheet_name
from kpicore_xlsx.cells import put_number, put_text
from kpicore_xlsx.grid import Grid
from kpicore_xlsx.grid_charts import put_chart
from kpicore_xlsx.put_grid import put_grid
from kpicore_xlsx.sections import draw_bars, one_page_wide
from kpicore_xlsx.styles import MUTED
from kpicore_xlsx.workbooks import Looks, whole_workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_LEFT, _TOP = 1, 3
"""Where a sheet's tables begin: beside the margin, below the band."""

_REMARK_COLUMNS = 7


def write_sheets(report: FilledReport, file: Path) -> None:
    """Write the workbook. The same report gives the same file. Raises KpiError when it cannot be written."""
    with whole_workbook(file) as book:
        _write_book(book, report)


def _write_book(book: Workbook, report: FilledReport) -> None:
    book.set_properties({"title": report.name, "created": report.data_time.replace(tzinfo=None)})
    looks = Looks(book, report.wording)
    taken: set[str] = set()

    def add(title: str, width: int) -> Worksheet:
        name = sheet_name(title, taken)
        taken.add(name.casefold())
        sheet = book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 34, looks.title)
        sheet.set_row(1, 20, looks.subtitle)
        put_grid(sheet, 0, _LEFT, head_grid(title, report.band, width), looks)
        return sheet

    grids = [section_grid(section, report.now, report.wording, report.timezone) for section in report.sections]
    tables = [(section, grid) for section, grid in zip(report.sections, grids, strict=True) if not _is_list(section)]
    width = width_of([grid for _, grid in tables])
    _write_report(book, add(report.name, width), report, tables, looks)
    for section, grid in zip(report.sections, grids, strict=True):
        if isinstance(section, RowTable):
            _write_rows(add(section.title, grid.width), section, grid, looks)


def _is_list(section: Shown) -> bool:
    return isinstance(section, RowTable)


def _write_report(
    book: Workbook, sheet: Worksheet, report: FilledReport, tables: Sequence[tuple[Shown, Grid]], looks: Looks
) -> None:
    width = width_of([grid for _, grid in tables])
    sheet.set_column(0, 0, 2)
    sheet.set_column(_LEFT, _LEFT, 36)
    sheet.set_column(_LEFT + 1, width, 13)
    row = _TOP
    for section, grid in tables:
        put_grid(sheet, row, _LEFT, heading_grid(section.title, width), looks)
        row = _write_section(book, sheet, row + 1, section, grid, looks) + 2
    row = put_grid(sheet, row, _LEFT, notes_grid(report.notes, report.data_line, width), looks)
    _for_print(sheet, row, width)
    sheet.set_portrait()


def _write_section(book: Workbook, sheet: Worksheet, row: int, section: Shown, grid: Grid, looks: Looks) -> int:
    """Write a table and its charts below; return the last row that they cover."""
    end = put_grid(sheet, row, _LEFT, grid, looks)
    if isinstance(section, FigureTable):
        for at, line in enumerate(grid.rows):
            if at and line.values[REACHED] is not None:
                draw_bars(sheet, (row + at, _LEFT + REACHED, row + at, _LEFT + REACHED), 1)
    if isinstance(section, MemberTable):
        sheet.set_row(row, 30)
        for remark in range(end - len(section.remarks) + 1, end + 1):
            _widen_remark(sheet, remark, grid, row, looks)
    for chart in grid.charts:
        end = put_chart(book, sheet, end + 2, _LEFT, grid, chart, (row, _LEFT))
    return end


def _widen_remark(sheet: Worksheet, row: int, grid: Grid, top: int, looks: Looks) -> None:
    """Give a remark, which is longer than a label, the width of a table of figures."""
    line = grid.rows[row - top]
    look = looks.get(**line.looks[0].style)
    sheet.set_row(row, 26)
    sheet.merge_range(row, _LEFT, row, _LEFT + _REMARK_COLUMNS - 1, "", look)
    put_text(sheet, row, _LEFT, str(line.values[0]), look)


def _write_rows(sheet: Worksheet, section: RowTable, grid: Grid, looks: Looks) -> None:
    """Write the rows of a listing on a sheet of their own, numbered in the margin, ready for the printer."""
    sheet.set_column(0, 0, 4)
    end = put_grid(sheet, _TOP, _LEFT, grid, looks)
    if section.why or not section.listed.rows:
        return
    put_text(sheet, _TOP, 0, "", looks.header())
    for place, column in enumerate(section.listed.columns, _LEFT):
        sheet.set_column(place, place, _column_width(column, place))
    for place in range(1, len(section.listed.rows) + 1):
        put_number(sheet, _TOP + place, 0, place, looks, font_color=MUTED)
    sheet.repeat_rows(_TOP)
    _for_print(sheet, end, len(section.listed.columns))


def _column_width(column: ListedColumn, place: int) -> int:
    if is_numeric(column):
        return 12
    if column.type is Type.DATE:
        return 15
    return 36 if place == _LEFT else 22


def _for_print(sheet: Worksheet, row: int, column: int) -> None:
    """Fit the sheet, up to a row and a column, to the width of a page."""
    sheet.freeze_panes(2, 0)
    one_page_wide(sheet)
    sheet.set_margins(0.4, 0.4, 0.4, 0.5)
    sheet.print_area(0, 0, row, column)
    sheet.set_footer("&L&8&F&R&8Page &P of &N")
