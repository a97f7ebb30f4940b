"""A report as a workbook, in the looks of kpicore's workbook, with native charts.

Figures and tables stand on one sheet, each list of rows on its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import time_words
from kpicore_reports.filled_report import FigureTable, FilledReport, MemberTable, MonthTable, MyTable, RowTable
from kpicore_reports.sheet_charts import FIRST, LABEL, write_months
from kpicore_reports.sheet_rows import for_print, write_rows
from kpicore_reports.sheet_tables import write_figures, write_members, write_mine
from kpicore_xlsx.addresses import sheet_name
from kpicore_xlsx.cells import put_text
from kpicore_xlsx.sections import put_section, put_title
from kpicore_xlsx.styles import MUTED
from kpicore_xlsx.workbooks import Looks, whole_workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


def write_sheets(report: FilledReport, file: Path) -> None:
    """Write the workbook. The same report gives the same file. Raises KpiError when it cannot be written."""
    with whole_workbook(file) as book:
        _write_book(book, report)


def _write_book(book: Workbook, report: FilledReport) -> None:
    book.set_properties({"title": report.name, "created": report.data_time.replace(tzinfo=None)})
    looks = Looks(book, report.wording)
    taken: set[str] = set()

    def add(title: str) -> Worksheet:
        name = sheet_name(title, taken)
        taken.add(name.casefold())
        sheet = book.add_worksheet(name)
        sheet.hide_gridlines(2)
        put_title(sheet, title, f"{report.company}. {report.subtitle}. Amounts in {report.currency}.", looks)
        return sheet

    _write_report(book, add(report.name), report, looks)
    for section in report.sections:
        if isinstance(section, RowTable):
            write_rows(add(section.title), section, looks)


def _write_report(book: Workbook, sheet: Worksheet, report: FilledReport, looks: Looks) -> None:
    sheet.set_column(0, 0, 2)
    sheet.set_column(LABEL, LABEL, 36)
    width = _width(report)
    sheet.set_column(FIRST, width, 13)
    columns = range(LABEL, width + 1)
    row = 3
    for section in report.sections:
        if isinstance(section, RowTable):
            continue
        put_section(sheet, row, columns, section.title, looks)
        row += 1
        match section:
            case FigureTable():
                row = write_figures(sheet, row, section, report, looks)
            case MyTable():
                row = write_mine(sheet, row, section, looks)
            case MemberTable():
                row = write_members(book, sheet, row, section, looks)
            case MonthTable():
                row = write_months(book, sheet, row, section, looks)
        row += 2
    row = _write_notes(sheet, row, columns, report, looks)
    for_print(sheet, row, width)
    sheet.set_portrait()


def _width(report: FilledReport) -> int:
    """Return the last column that a section of the report needs."""
    widths = [len(section.kpis) for section in report.sections if isinstance(section, MemberTable)]
    return FIRST + max(6, *widths, 6) - 1


def _write_notes(sheet: Worksheet, row: int, columns: range, report: FilledReport, looks: Looks) -> int:
    small = looks.get(font_size=9, indent=1, font_color=MUTED)
    if report.notes:
        put_section(sheet, row, columns, "Notes", looks)
        row += 1
        for note in report.notes:
            put_text(sheet, row, LABEL, note, small)
            row += 1
    data = f"Data of {time_words(report.data_time, report.timezone)}, version {report.data_version}."
    put_text(sheet, row + 1, LABEL, data, small)
    return row + 1
