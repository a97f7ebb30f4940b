"""Tables of a report in a workbook: numbers as numbers, with the reason where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpicore_reports.filled_report import FigureTable, FilledReport, MemberTable, MyTable, ReportNumber, TableLine
from kpicore_reports.report_words import change_of
from kpicore_reports.sheet_charts import FIRST, LABEL, member_chart
from kpicore_xlsx.cells import put_answer, put_comment, put_missing, put_number, put_row, put_text
from kpicore_xlsx.number_formats import number_format
from kpicore_xlsx.sections import draw_bars
from kpicore_xlsx.styles import BAD, GOOD, MUTED
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


def write_figures(sheet: Worksheet, row: int, section: FigureTable, report: FilledReport, looks: Looks) -> int:
    """Write KPIs below each other; return the last row."""
    put_text(sheet, row, LABEL, "KPI", looks.header(indent=1))
    heads = ["To date" if report.progress else str(report.period), "Rows", "Before", "Change", "Target", "Reached"]
    put_row(sheet, row, FIRST, heads, looks.header(align="right"))
    for number in section.numbers:
        row += 1
        _put_label(sheet, row, number, looks)
        _put_number(sheet, row, FIRST, number, looks, bold=True)
        put_number(sheet, row, FIRST + 1, number.n, looks, num_format="#,##0", font_color=MUTED)
        _put_before(sheet, row, FIRST + 2, number, looks)
        _put_change(sheet, row, FIRST + 3, number, looks)
        put_number(sheet, row, FIRST + 4, number.target, looks, num_format=number_format(number.kpi.unit))
        put_number(sheet, row, FIRST + 5, number.reached, looks, num_format="0%")
        if number.reached is not None:
            draw_bars(sheet, (row, FIRST + 5, row, FIRST + 5), 1)
    return row


def _put_label(sheet: Worksheet, row: int, number: ReportNumber, looks: Looks) -> None:
    put_text(sheet, row, LABEL, number.kpi.title, looks.body(indent=1))
    if number.kpi.meaning:
        put_comment(sheet, row, LABEL, number.kpi.meaning)


def _put_number(sheet: Worksheet, row: int, column: int, number: ReportNumber, looks: Looks, **style: Any) -> None:
    if number.answer is None and not number.why:
        put_text(sheet, row, column, "–", looks.body(align="right", font_color=MUTED))
    elif number.answer is None:
        put_missing(sheet, row, column, number.why, looks, **style)
    else:
        put_answer(sheet, row, column, number.answer, looks, **style)


def _put_with_rows(sheet: Worksheet, row: int, column: int, number: ReportNumber, looks: Looks, **style: Any) -> None:
    """Write a rate with its rows in brackets, which are part of its format: the cell stays a number."""
    if number.value is None or not number.kpi.is_rate:
        _put_number(sheet, row, column, number, looks, **style)
        return
    rows = f'" ({number.n:,})"'
    shown = ";".join(part + rows for part in number_format(number.kpi.unit).split(";"))
    put_number(sheet, row, column, number.value, looks, num_format=shown, **style)


def _put_before(sheet: Worksheet, row: int, column: int, number: ReportNumber, looks: Looks) -> None:
    if number.before is None:
        put_text(sheet, row, column, "", looks.body())
    else:
        put_answer(sheet, row, column, number.before, looks, font_color=MUTED)


def _put_change(sheet: Worksheet, row: int, column: int, number: ReportNumber, looks: Looks) -> None:
    """Write the change in words with its arrow; green is good news and red is bad."""
    words, good = change_of(number)
    colour = MUTED if good is None else GOOD if good else BAD
    put_text(sheet, row, column, words, looks.body(align="right", font_color=colour))


def write_mine(sheet: Worksheet, row: int, section: MyTable, looks: Looks) -> int:
    """Write my numbers beside the medians; return the last row."""
    put_text(sheet, row, LABEL, "KPI", looks.header(indent=1))
    heads = [section.me, "Rows", "Before", "Change", "Median", f"Of {section.others}"]
    put_row(sheet, row, FIRST, heads, looks.header(align="right"))
    for mine in section.numbers:
        row += 1
        number = mine.number
        _put_label(sheet, row, number, looks)
        _put_number(sheet, row, FIRST, number, looks, bold=True)
        put_number(sheet, row, FIRST + 1, number.n, looks, num_format="#,##0", font_color=MUTED)
        _put_before(sheet, row, FIRST + 2, number, looks)
        _put_change(sheet, row, FIRST + 3, number, looks)
        if mine.median is None:
            put_missing(sheet, row, FIRST + 4, mine.why, looks)
        else:
            put_number(sheet, row, FIRST + 4, mine.median, looks, num_format=number_format(number.kpi.unit))
        put_number(sheet, row, FIRST + 5, mine.members, looks, num_format="#,##0", font_color=MUTED)
    return row


def write_members(book: Workbook, sheet: Worksheet, row: int, section: MemberTable, looks: Looks) -> int:
    """Write a row a member and, where it is wanted, the chart below; return the last row."""
    by = " and ".join(name.replace("_", " ") for name in section.by)
    sheet.set_row(row, 30)
    put_text(sheet, row, LABEL, by.capitalize(), looks.header(indent=1))
    put_row(sheet, row, FIRST, [kpi.title for kpi in section.kpis], looks.header(align="right"))
    first = row + 1
    for line in section.lines:
        row += 1
        _put_line(sheet, row, line, looks)
    last = row
    if section.lines:
        row += 1
        _put_line(sheet, row, section.whole, looks, bold=True)
    for remark in section.remarks:
        row += 1
        _put_remark(sheet, row, remark, looks)
    if section.chart and section.lines:
        area = (first, last, FIRST)
        row = member_chart(book, sheet, row + 2, section, area)
    return row


def _put_remark(sheet: Worksheet, row: int, text: str, looks: Looks) -> None:
    look = looks.get(font_size=9, indent=1, italic=True, text_wrap=True, valign="top")
    sheet.set_row(row, 26)
    sheet.merge_range(row, LABEL, row, FIRST + 5, "", look)
    put_text(sheet, row, LABEL, text, look)


def _put_line(sheet: Worksheet, row: int, line: TableLine, looks: Looks, **style: Any) -> None:
    put_text(sheet, row, LABEL, line.label, looks.body(indent=1, **style))
    for column, number in enumerate(line.numbers, FIRST):
        _put_with_rows(sheet, row, column, number, looks, **style)
