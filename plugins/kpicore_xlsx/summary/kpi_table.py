"""The table of KPIs for the period: now, before, change, target, how much of it is reached, rows, status, trend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpicore import LOWER, NEUTRAL, Note
from kpicore_xlsx.cells import put_answer, put_comment, put_missing, put_number, put_row, put_text
from kpicore_xlsx.number_formats import change_format, change_value, number_format
from kpicore_xlsx.sections import draw_bars
from kpicore_xlsx.styles import AMBER, BAD, GOOD, MUTED, TEAL
from kpicore_xlsx.summary.contents import Summary, SummaryLine
from kpicore_xlsx.summary.trends import Places
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

KPI, NOW, BEFORE, CHANGE, TARGET, REACHED, ROWS, STATUS, TREND = range(1, 10)
_STATUSES = {"good": ("● good", GOOD), "fair": ("◐ fair", AMBER), "poor": ("○ poor", BAD)}


def write_heads(sheet: Worksheet, row: int, summary: Summary, looks: Looks) -> None:
    """Write the heads of the columns."""
    now = "To date" if summary.progress else str(summary.period)
    sheet.set_row(row, 22)
    put_text(sheet, row, KPI, "KPI", looks.header(indent=1))
    heads = (now, "Before", "Change", "Target", "Reached", "Rows")
    put_row(sheet, row, NOW, heads, looks.header(align="right"))
    put_text(sheet, row, STATUS, "Status", looks.header(indent=1))
    put_text(sheet, row, TREND, f"{len(summary.months)} months", looks.header(align="right"))


def write_lines(
    sheet: Worksheet, row: int, lines: Sequence[SummaryLine], summary: Summary, at: Places, looks: Looks
) -> int:
    """Write one row a KPI from `row` on; return the row after the last."""
    for line in lines:
        _write_line(sheet, row, line, at, looks)
        before = line.before.question.period if line.before and line.before.value is not None else summary.before
        if before is not None and before != summary.before:
            compared = looks.wording.note(Note.of("compared", periods=before.with_days))
            put_comment(sheet, row, BEFORE, f"{compared[:1].upper()}{compared[1:]}.")
        row += 1
    return row


def _write_line(sheet: Worksheet, row: int, line: SummaryLine, at: Places, looks: Looks) -> None:
    assert line.now is not None
    put_text(sheet, row, KPI, line.metric.name, looks.body(indent=1))
    if line.metric.meaning:
        put_comment(sheet, row, KPI, line.metric.meaning)
    put_answer(sheet, row, NOW, line.now, looks, bold=True)
    put_answer(sheet, row, BEFORE, line.before, looks, font_color=MUTED)
    _write_change(sheet, row, line, looks)
    put_number(sheet, row, TARGET, line.target, looks, num_format=number_format(line.now.unit))
    _write_reached(sheet, row, line, looks)
    _write_status(sheet, row, line, looks)
    put_text(sheet, row, TREND, "", looks.body())
    draw_trend(sheet, row, TREND, line, at)
    put_number(sheet, row, ROWS, line.now.n, looks, num_format="#,##0", font_color=MUTED, font_size=8, indent=1)


def _write_change(sheet: Worksheet, row: int, line: SummaryLine, looks: Looks) -> None:
    """Write the change; green is good news and red is bad, by the KPI's own direction."""
    assert line.now is not None
    if line.change is None:
        put_missing(sheet, row, CHANGE, looks.wording.note(Note("no_change")), looks)
        return
    shown = change_value(line.change, line.now.unit)
    put_number(sheet, row, CHANGE, shown, looks, num_format=change_format(line.now.unit))
    if line.metric.better is NEUTRAL:
        return
    up, down = (BAD, GOOD) if line.metric.better is LOWER else (GOOD, BAD)
    for sign, colour in ((">", up), ("<", down)):
        rule = {"type": "cell", "criteria": sign, "value": 0, "format": looks.difference(font_color=colour)}
        sheet.conditional_format(row, CHANGE, row, CHANGE, rule)


def _write_reached(sheet: Worksheet, row: int, line: SummaryLine, looks: Looks) -> None:
    put_number(sheet, row, REACHED, line.attainment, looks, num_format="0%", indent=1)
    if line.attainment is not None:
        draw_bars(sheet, (row, REACHED, row, REACHED), 1.5)  # full at 150 %, so that 100 % and more differ


def _write_status(sheet: Worksheet, row: int, line: SummaryLine, looks: Looks) -> None:
    """Write the status as a word with its sign; what it means and what to do stand in the cell's comment."""
    judgement = line.judgement
    text, colour = _STATUSES.get(judgement.status if judgement else "", ("", MUTED))
    put_text(sheet, row, STATUS, text, looks.body(font_color=colour, indent=1))
    if judgement is not None:
        put_comment(sheet, row, STATUS, f"{judgement.meaning} {judgement.action}".strip())


def draw_trend(sheet: Worksheet, row: int, column: int, line: SummaryLine, at: Places) -> None:
    """Draw the monthly numbers into a cell, as columns; the last one, to date, in another colour."""
    if line.metric.id not in at.values or sum(month.value is not None for month in line.months) < 2:
        return
    look: dict[str, object] = {"type": "column", "series_color": TEAL, "last_point": True, "last_color": AMBER}
    if all((month.value or 0) >= 0 for month in line.months):
        look["min"] = 0  # a column that begins elsewhere exaggerates
    else:
        look |= {"negative_points": True, "negative_color": BAD}
    area = at.range(line.metric.id)
    sheet.add_sparkline(row, column, {"range": area, "empty_cells": "gaps", **look})
