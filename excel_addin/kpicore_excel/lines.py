"""The table of KPIs for the period: now, before, change, target, how much of it is reached, trend, rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpicore import LOWER, NEUTRAL, SHARE
from kpicore_excel.cells import put_answer, put_comment, put_missing, put_number, put_row, put_text
from kpicore_excel.looks import AMBER, BAD, GOOD, MUTED, NAVY, TEAL, Looks, change_format, number_format
from kpicore_excel.report import Line, Report
from kpicore_excel.trends import Columns

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

KPI, NOW, BEFORE, CHANGE, TARGET, REACHED, TREND, ROWS = range(1, 9)


def write_heads(sheet: Worksheet, row: int, report: Report, looks: Looks) -> None:
    """Write the heads of the columns."""
    now = "To date" if report.progress else str(report.period)
    sheet.set_row(row, 22)
    put_text(sheet, row, KPI, "KPI", looks.header())
    heads = (now, "Before", "Change", "Target", "Reached", f"{len(report.months)} months", "Rows")
    put_row(sheet, row, NOW, heads, looks.header(align="right"))


def write_lines(sheet: Worksheet, row: int, lines: Sequence[Line], columns: Columns, looks: Looks) -> int:
    """Write one row a KPI from `row` on; return the row after the last."""
    for line in lines:
        _write_line(sheet, row, line, columns, looks)
        row += 1
    return row


def _write_line(sheet: Worksheet, row: int, line: Line, columns: Columns, looks: Looks) -> None:
    assert line.now is not None
    put_text(sheet, row, KPI, line.metric.name, looks.body(indent=1))
    if line.metric.meaning:
        put_comment(sheet, row, KPI, line.metric.meaning)
    put_answer(sheet, row, NOW, line.now, looks, bold=True)
    put_answer(sheet, row, BEFORE, line.before, looks, font_color=MUTED)
    _write_change(sheet, row, line, looks)
    put_number(sheet, row, TARGET, line.target, looks, num_format=number_format(line.now.unit))
    _write_reached(sheet, row, line, looks)
    put_text(sheet, row, TREND, "", looks.body())
    draw_trend(sheet, row, TREND, line, columns)
    put_number(sheet, row, ROWS, line.now.n, looks, num_format="#,##0", font_color=MUTED, font_size=8)


def _write_change(sheet: Worksheet, row: int, line: Line, looks: Looks) -> None:
    """Write the change; green is good news and red is bad, by the KPI's own direction."""
    assert line.now is not None
    if line.change is None:
        put_missing(sheet, row, CHANGE, "There is no earlier number to compare with, or it is 0 or below.", looks)
        return
    shown = line.change * 100 if line.now.unit == SHARE else line.change
    put_number(sheet, row, CHANGE, shown, looks, num_format=change_format(line.now.unit))
    if line.metric.better is NEUTRAL:
        return
    up, down = (BAD, GOOD) if line.metric.better is LOWER else (GOOD, BAD)
    for sign, colour in ((">", up), ("<", down)):
        rule = {"type": "cell", "criteria": sign, "value": 0, "format": looks.difference(font_color=colour)}
        sheet.conditional_format(row, CHANGE, row, CHANGE, rule)


def _write_reached(sheet: Worksheet, row: int, line: Line, looks: Looks) -> None:
    put_number(sheet, row, REACHED, line.attainment, looks, num_format="0%")
    if line.attainment is not None:
        bar = {"type": "data_bar", "bar_color": "#A7D3CF", "bar_solid": True, "bar_border_color": "#A7D3CF"}
        ends = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1.5}
        sheet.conditional_format(row, REACHED, row, REACHED, {**bar, **ends})


def draw_trend(sheet: Worksheet, row: int, column: int, line: Line, columns: Columns) -> None:
    """Draw the monthly numbers into a cell: amounts and counts as columns, all else as a line."""
    if line.metric.id not in columns.values or sum(each.value is not None for each in line.months) < 2:
        return
    bars = line.metric.unit.name in ("count", "money")
    look = {"type": "column" if bars else "line", "series_color": TEAL if bars else NAVY, "weight": 1.5}
    area = columns.range(columns.values[line.metric.id])
    last = {"last_point": True, "last_color": AMBER, "empty_cells": "gaps"}
    sheet.add_sparkline(row, column, {"range": area, **look, **last})
