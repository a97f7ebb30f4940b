"""The sheet about the data: how fresh it is, what was loaded, what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kpicore import Note
from kpicore_xlsx.cells import put_date, put_number, put_row, put_text
from kpicore_xlsx.number_formats import DAY_FORMAT, MOMENT_FORMAT
from kpicore_xlsx.sections import one_page_wide, put_title
from kpicore_xlsx.summary.contents import Summary
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = "About the data"
_HEADS = ("Table", "Rows", "First day", "Last day", "Left out, and why")
_UNREAD = ("Where", "Line", "Column", "What stands there", "Why it could not be read")


def write_about(book: Workbook, summary: Summary, looks: Looks, missing: str = "") -> None:
    """Write the sheet; `missing` tells how a number that cannot be computed shows, if not as n/a."""
    sheet = book.add_worksheet(SHEET)
    sheet.hide_gridlines(2)
    for column, width in enumerate((2, 34, 12, 14, 24, 70)):
        sheet.set_column(column, column, width)
    put_title(sheet, SHEET, summary.name, looks)
    row = _write_facts(sheet, summary, looks, missing)
    row = _write_entities(sheet, summary, row + 2, looks)
    row = _write_unreadable(sheet, summary, row + 2, looks)
    sheet.freeze_panes(2, 0)
    one_page_wide(sheet)
    sheet.print_area(0, 0, row, 5)


def _write_facts(sheet: Worksheet, summary: Summary, looks: Looks, missing: str) -> int:
    row = 3
    plain = looks.body()
    put_text(sheet, row, 1, "Data of", plain)
    moment = summary.data_time.astimezone(ZoneInfo(summary.timezone)).replace(tzinfo=None)
    sheet.write_datetime(row, 2, moment, looks.body(num_format=MOMENT_FORMAT, align="left"))
    facts = (
        ("Data version", summary.data_version),
        ("Period", f"{summary.period} {summary.progress}".strip()),
        ("Compared with", str(summary.before or "")),
        ("Currency", summary.currency),
        ("Time zone", summary.timezone),
        ("KPIs", f"{len(summary.catalogue)}, see the catalogue"),
        ("No number", missing or looks.wording.note(Note("missing_in_cells"))),
    )
    for name, value in facts:
        row += 1
        put_text(sheet, row, 1, name, plain)
        put_text(sheet, row, 2, value, looks.get())
    return row


def _write_entities(sheet: Worksheet, summary: Summary, row: int, looks: Looks) -> int:
    put_row(sheet, row, 1, _HEADS[:1], looks.header())
    put_row(sheet, row, 2, _HEADS[1:4], looks.header(align="center"))
    put_row(sheet, row, 5, _HEADS[4:], looks.header())
    for name, rows, first, last, notes in sorted(summary.entities):
        row += 1
        put_text(sheet, row, 1, name, looks.body())
        put_number(sheet, row, 2, rows, looks, num_format="#,##0", indent=1)
        put_date(sheet, row, 3, first, looks.body(num_format=DAY_FORMAT, align="center"))
        put_date(sheet, row, 4, last, looks.body(num_format=DAY_FORMAT, align="center"))
        put_text(sheet, row, 5, notes, looks.body(text_wrap=True))
    return row


def _write_unreadable(sheet: Worksheet, summary: Summary, row: int, looks: Looks) -> int:
    put_row(sheet, row, 1, _UNREAD, looks.header())
    put_text(sheet, row, 2, _UNREAD[1], looks.header(align="center"))
    if not summary.unreadable:
        put_text(sheet, row + 1, 1, "Everything could be read.", looks.get(italic=True))
        return row + 1
    for cell in summary.unreadable:
        row += 1
        put_text(sheet, row, 1, cell.place or "", looks.body())
        put_number(sheet, row, 2, cell.line, looks, num_format="0", align="center")
        put_row(sheet, row, 3, [cell.column or "(whole row)", cell.raw or "", cell.reason or ""], looks.body())
    return row
