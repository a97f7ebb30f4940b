"""Rows of a listing on a sheet of their own, ready for the printer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from kpicore import ListedColumn, Type
from kpicore_reports.filled_report import RowTable
from kpicore_reports.report_words import is_numeric
from kpicore_xlsx.cells import put_date, put_number, put_text
from kpicore_xlsx.number_formats import DAY_FORMAT, number_format
from kpicore_xlsx.sections import one_page_wide
from kpicore_xlsx.styles import MUTED
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def write_rows(sheet: Worksheet, section: RowTable, looks: Looks) -> None:
    """Write the rows of a listing on a sheet, or why there are none."""
    listed = section.listed
    sheet.set_column(0, 0, 4)
    row = 3
    if section.why or not listed.rows:
        put_text(sheet, row, 1, f"n/a: {section.why}" if section.why else "None.", looks.get(italic=True))
        return
    put_text(sheet, row, 0, "", looks.header())
    for place, column in enumerate(listed.columns, 1):
        sheet.set_column(place, place, _column_width(column, place))
        look = looks.header(align="right") if is_numeric(column) else looks.header(indent=1)
        put_text(sheet, row, place, column.title, look)
    for place, values in enumerate(listed.rows, 1):
        row += 1
        put_number(sheet, row, 0, place, looks, font_color=MUTED)
        for at, (value, column) in enumerate(zip(values, listed.columns, strict=True), 1):
            _put_cell(sheet, row, at, value, number_format(column.unit) if column.unit else "", looks)
    words = [f"{len(listed.rows)} of {listed.total:,}."] if listed.total > len(listed.rows) else []
    words += [listed.listing.meaning] if listed.listing.meaning else []
    put_text(sheet, row + 2, 1, " ".join(words), looks.get(font_size=9, font_color=MUTED))
    sheet.repeat_rows(3)
    for_print(sheet, row + 2, len(listed.columns))


def _column_width(column: ListedColumn, place: int) -> int:
    if is_numeric(column):
        return 12
    if column.type is Type.DATE:
        return 15
    return 36 if place == 1 else 22


def _put_cell(sheet: Worksheet, row: int, column: int, value: object, shown: str, looks: Looks) -> None:
    if value is None:
        put_text(sheet, row, column, "–", looks.body(font_color=MUTED, indent=1))
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        whole = isinstance(value, int) and shown.startswith("#,##0.0")
        put_number(sheet, row, column, float(value), looks, num_format=shown.replace(".0", "") if whole else shown)
    elif isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        put_date(sheet, row, column, day, looks.body(num_format=DAY_FORMAT, align="left", indent=1))
    else:
        put_text(sheet, row, column, str(value), looks.body(indent=1))


def for_print(sheet: Worksheet, row: int, column: int) -> None:
    """Fit the sheet, up to a row and a column, to the width of a page."""
    sheet.freeze_panes(2, 0)
    one_page_wide(sheet)
    sheet.set_margins(0.4, 0.4, 0.4, 0.5)
    sheet.print_area(0, 0, row, column)
    sheet.set_footer("&L&8&F&R&8Page &P of &N")
