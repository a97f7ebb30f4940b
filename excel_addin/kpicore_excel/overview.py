"""The first sheet: what matters at the top, every KPI below, the pictures beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore import LOWER, NEUTRAL, SHARE
from kpicore_excel.cells import put_answer, put_comment, put_missing, put_number, put_text, put_title
from kpicore_excel.looks import AMBER, BAD, BAND, GOOD, INK, MUTED, NAVY, TEAL, Looks, change_format, number_format
from kpicore_excel.report import Line, Report, family_of
from kpicore_excel.trends import Columns, charts

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = "Overview"
CARDS = ("revenue", "total_sales", "win_rate", "new_customers", "pipeline_value", "nps")
_KPI, _NOW, _BEFORE, _CHANGE, _TARGET, _REACHED, _TREND, _ROWS = range(1, 9)
_CHARTS = 10
_WIDTHS = {0: 2, _KPI: 33, _NOW: 13, _BEFORE: 13, _CHANGE: 11, _TARGET: 12, _REACHED: 12, _TREND: 17, _ROWS: 7, 9: 2}
_CARD_ROW, _TABLE_ROW = 3, 8
_CHART_WIDTH, _CHART_HEIGHT = 500, 232


def write_overview(book: Workbook, sheet: Worksheet, report: Report, columns: Columns, looks: Looks) -> None:
    """Write the sheet: cards, table, charts, remarks."""
    sheet.hide_gridlines(2)
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    sheet.set_column(_CHARTS, _CHARTS + 7, 9)
    put_title(sheet, report.name, _subtitle(report), looks)
    _write_cards(sheet, report, looks)
    last = _write_table(sheet, report, columns, looks)
    row = _TABLE_ROW
    for chart in charts(book, columns):
        chart.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
        sheet.insert_chart(row, _CHARTS, chart, {"object_position": 2})
        row += 12
    last = max(_write_remarks(sheet, report, last + 2, looks), row)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.4, 0.5)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last, _CHARTS + 7)
    sheet.set_footer("&L&8&F&R&8Page &P of &N")


def _subtitle(report: Report) -> str:
    progress = f" {report.progress}" if report.progress else ""
    beside = f", compared with {report.before}" if report.before else ""
    return f"{report.period}{progress}{beside}. Amounts in {report.currency}. Data of {report.data_time:%Y-%m-%d %H:%M} UTC."


def _write_cards(sheet: Worksheet, report: Report, looks: Looks) -> None:
    places = ((_KPI, _KPI), (_NOW, _BEFORE), (_CHANGE, _TARGET), (_REACHED, _ROWS), (_CHARTS, _CHARTS + 3))
    places += ((_CHARTS + 4, _CHARTS + 7),)
    lines = [each for each in map(report.line, CARDS) if each and each.now]
    for row, height in enumerate((18, 30, 18)):
        sheet.set_row(_CARD_ROW + row, height)
    for line, (first, last) in zip(lines, places, strict=False):
        _write_card(sheet, line, first, last, looks)


def _write_card(sheet: Worksheet, line: Line, first: int, last: int, looks: Looks) -> None:
    assert line.now is not None
    frame = {"bg_color": BAND, "left": 5, "left_color": TEAL, "indent": 1}
    name = looks.get(font_color=MUTED, **frame)
    value = looks.get(font_size=20, bold=True, align="left", num_format=number_format(line.now.unit), **frame)
    news = looks.get(font_size=9, font_color=_colour(line), **frame)
    for row, look in enumerate((name, value, news)):
        if first != last:
            sheet.merge_range(_CARD_ROW + row, first, _CARD_ROW + row, last, "", look)
    put_text(sheet, _CARD_ROW, first, line.metric.name, name)
    if line.now.value is None:
        put_text(sheet, _CARD_ROW + 1, first, "n/a", value)
    else:
        sheet.write_number(_CARD_ROW + 1, first, line.now.value, value)
    put_text(sheet, _CARD_ROW + 2, first, _news(line), news)


def _news(line: Line) -> str:
    """Return what a card says below the number."""
    said = []
    if line.change is not None and line.now is not None:
        arrow = "▲" if line.change > 0 else "▼" if line.change < 0 else "="
        size = f"{abs(line.change) * 100:.1f}"
        said.append(f"{arrow} {size} pts" if line.now.unit == SHARE else f"{arrow} {size} %")
    if line.attainment is not None:
        said.append(f"{line.attainment * 100:.0f} % of target")
    return "   ".join(said) or "no earlier number"


def _colour(line: Line) -> str:
    if not line.change or line.metric.better is NEUTRAL:
        return MUTED
    return GOOD if (line.change > 0) == (line.metric.better is not LOWER) else BAD


def _write_table(sheet: Worksheet, report: Report, columns: Columns, looks: Looks) -> int:
    """Write every KPI, family by family; return the last row."""
    now = "To date" if report.progress else str(report.period)
    heads = ("KPI", now, "Before", "Change", "Target", "Reached", f"{len(report.months)} months", "Rows")
    sheet.set_row(_TABLE_ROW, 22)
    for place, head in enumerate(heads):
        put_text(sheet, _TABLE_ROW, _KPI + place, head, looks.header(align="left" if place == 0 else "right"))
    row = _TABLE_ROW
    for family in report.families:
        lines = [each for each in report.lines if each.now and family_of(each.metric) == family]
        if not lines:
            continue
        row += 1
        for column in range(_KPI, _ROWS + 1):
            put_text(sheet, row, column, family.capitalize() if column == _KPI else "", looks.section)
        for line in lines:
            row += 1
            _write_line(sheet, row, line, columns, looks)
    return row


def _write_line(sheet: Worksheet, row: int, line: Line, columns: Columns, looks: Looks) -> None:
    assert line.now is not None
    put_text(sheet, row, _KPI, line.metric.name, looks.body(indent=1))
    if line.metric.meaning:
        put_comment(sheet, row, _KPI, line.metric.meaning)
    put_answer(sheet, row, _NOW, line.now, looks, bold=True)
    put_answer(sheet, row, _BEFORE, line.before, looks, font_color=MUTED)
    _write_change(sheet, row, line, looks)
    put_number(sheet, row, _TARGET, line.target, looks, num_format=number_format(line.now.unit))
    put_number(sheet, row, _REACHED, line.attainment, looks, num_format="0%")
    if line.attainment is not None:
        bar = {"type": "data_bar", "bar_color": "#A7D3CF", "bar_solid": True, "min_type": "num", "max_type": "num"}
        sheet.conditional_format(row, _REACHED, row, _REACHED, {**bar, "min_value": 0, "max_value": 1.25})
    put_text(sheet, row, _TREND, "", looks.body())
    if line.metric.id in columns.values and sum(each.value is not None for each in line.months) > 1:
        _draw_trend(sheet, row, line, columns)
    put_number(sheet, row, _ROWS, line.now.n, looks, num_format="#,##0", font_color=MUTED, font_size=8)


def _write_change(sheet: Worksheet, row: int, line: Line, looks: Looks) -> None:
    """Write the change; green is good news and red is bad, by the KPI's own direction."""
    assert line.now is not None
    if line.change is None:
        put_missing(sheet, row, _CHANGE, "There is no earlier number to compare with, or it is 0 or below", looks)
        return
    shown = line.change * 100 if line.now.unit == SHARE else line.change
    put_number(sheet, row, _CHANGE, shown, looks, num_format=change_format(line.now.unit))
    if line.metric.better is NEUTRAL:
        return
    up, down = (BAD, GOOD) if line.metric.better is LOWER else (GOOD, BAD)
    for sign, colour in ((">", up), ("<", down)):
        rule = {"type": "cell", "criteria": sign, "value": 0, "format": looks.difference(font_color=colour)}
        sheet.conditional_format(row, _CHANGE, row, _CHANGE, rule)


def _draw_trend(sheet: Worksheet, row: int, line: Line, columns: Columns) -> None:
    bars = line.metric.unit.name in ("count", "money")
    sheet.add_sparkline(
        row,
        _TREND,
        {
            "range": columns.range(columns.values[line.metric.id]),
            "type": "column" if bars else "line",
            "series_color": TEAL if bars else NAVY,
            "last_point": True,
            "last_color": AMBER,
            "empty_cells": "gaps",
        },
    )


def _write_remarks(sheet: Worksheet, report: Report, row: int, looks: Looks) -> int:
    """Write what an attentive reader should know about single numbers; return the last row."""
    remarks = [(each, text) for each in report.lines if each.now for text in _remarks(each)]
    if not remarks:
        return row
    put_text(sheet, row, _KPI, "Remarks", looks.section)
    for column in range(_NOW, _ROWS + 1):
        put_text(sheet, row, column, "", looks.section)
    for line, text in remarks:
        row += 1
        put_text(sheet, row, _KPI, line.metric.name, looks.get(font_size=8, indent=1, font_color=INK))
        put_text(sheet, row, _NOW, text, looks.get(font_size=8, font_color=MUTED))
    return row


def _remarks(line: Line) -> list[str]:
    """Return the notes of an answer but the one on the period in progress, which the subtitle tells once."""
    assert line.now is not None
    return [each for each in dict.fromkeys(line.now.notes) if not each.startswith("to date")]
