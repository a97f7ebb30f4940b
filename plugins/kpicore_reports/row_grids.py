"""Rows of a listing as cells: dates as dates, numbers as numbers, and texts as texts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kpicore import Listed, ListedColumn
from kpicore_reports.filled_sections import RowTable
from kpicore_reports.report_words import EMPTY, is_numeric
from kpicore_xlsx.grid import Grid, Look
from kpicore_xlsx.number_formats import DAY_FORMAT, MOMENT_FORMAT, number_format
from kpicore_xlsx.stacked import GridCell, grid_of
from kpicore_xlsx.styles import BODY, HEADER, MUTED


def rows_grid(section: RowTable, timezone: str) -> Grid:
    """Return the rows of a listing below their heads, how many there are of how many, and what they are."""
    listed = section.listed
    if section.why or not listed.rows:
        return grid_of([[GridCell(f"n/a: {section.why}" if section.why else "None.", Look({"italic": True}))]])
    heads = [GridCell(column.title, _head_look(column)) for column in listed.columns]
    zone = ZoneInfo(timezone)
    rows = [
        [_cell(value, column, zone) for value, column in zip(row, listed.columns, strict=True)] for row in listed.rows
    ]
    return grid_of([heads, *rows, [], [GridCell(_remark(listed), Look({"font_size": 9, "font_color": MUTED}))]])


def _head_look(column: ListedColumn) -> Look:
    return Look({**HEADER, "align": "right"} if is_numeric(column) else {**HEADER, "indent": 1})


def _remark(listed: Listed) -> str:
    words = [f"{len(listed.rows)} of {listed.total:,}."] if listed.total > len(listed.rows) else []
    return " ".join([*words, *([listed.listing.meaning] if listed.listing.meaning else [])])


def _cell(value: object, column: ListedColumn, zone: ZoneInfo) -> GridCell:
    left = {**BODY, "align": "left", "indent": 1}
    match value:
        case None:
            return GridCell(EMPTY, Look({**BODY, "font_color": MUTED, "indent": 1}))
        case bool():
            return GridCell(value, Look(left))
        case int() | float() | Decimal():
            return GridCell(float(value), Look({**BODY, "align": "right"}, _number_format(value, column)))
        case datetime():
            moment = value.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
            return GridCell(moment, Look(left, MOMENT_FORMAT))
        case date():
            return GridCell(value, Look(left, DAY_FORMAT))
        case _:
            return GridCell(str(value), Look({**BODY, "indent": 1}))


def _number_format(value: float | Decimal, column: ListedColumn) -> str:
    shown = number_format(column.unit) if column.unit else ""
    # days of a row are whole, and those of an average are not
    return shown.replace(".0", "") if isinstance(value, int) and shown.startswith("#,##0.0") else shown
