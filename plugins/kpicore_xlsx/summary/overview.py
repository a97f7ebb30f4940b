"""The first sheet: what matters at the top, the headlines below, the pictures beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore import Note, change_in_points, data_words, is_good, per_cent, rounded, told_on_top
from kpicore_xlsx.cells import NOT_AVAILABLE, put_text, put_value
from kpicore_xlsx.number_formats import number_format
from kpicore_xlsx.sections import one_page_wide, put_section, put_title
from kpicore_xlsx.styles import BAD, BAND, GOOD, MUTED, TEAL
from kpicore_xlsx.summary.contents import CARDS, HEADLINES, Summary, SummaryLine, family_of
from kpicore_xlsx.summary.kpi_table import (
    BEFORE,
    CHANGE,
    KPI,
    NOW,
    REACHED,
    ROWS,
    STATUS,
    TARGET,
    TREND,
    write_heads,
    write_lines,
)
from kpicore_xlsx.summary.trends import Places, charts
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from kpicore import Wording

SHEET = "Overview"
_CHARTS = 11
_WIDTHS = {
    0: 2,
    KPI: 32,
    NOW: 13,
    BEFORE: 13,
    CHANGE: 11,
    TARGET: 12,
    REACHED: 13,
    ROWS: 7,
    STATUS: 9,
    TREND: 17,
    10: 2,
}
_COLUMNS = range(KPI, TREND + 1)
_CARD_ROW, _TABLE_ROW = 3, 8
# the same height: of points there are 72 to an inch, of pixels 96
_ROW_POINTS, _ROW_PIXELS = 16.5, 22
_CHART_ROWS, _CHART_WIDTH = 11, 558


def write_overview(book: Workbook, sheet: Worksheet, summary: Summary, at: Places, looks: Looks) -> None:
    """Write the sheet: cards, table, charts, remarks."""
    sheet.hide_gridlines(2)
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    sheet.set_column(_CHARTS, _CHARTS + 7, 9.3)
    sheet.set_default_row(_ROW_POINTS)
    put_title(sheet, summary.name, _subtitle(summary), looks)
    _write_cards(sheet, summary, looks)
    last = _write_table(sheet, summary, at, looks)
    row = _TABLE_ROW
    for chart in charts(book, at):
        chart.set_size({"width": _CHART_WIDTH, "height": _CHART_ROWS * _ROW_PIXELS - 8})
        sheet.insert_chart(row, _CHARTS, chart, {"object_position": 2})
        row += _CHART_ROWS
    last = max(_write_remarks(sheet, summary, last + 2, looks), row)
    sheet.freeze_panes(2, 0)
    one_page_wide(sheet)
    sheet.fit_to_pages(1, 1)  # the one sheet that people print as a whole
    sheet.set_margins(0.4, 0.4, 0.4, 0.5)
    sheet.print_area(0, 0, last, _CHARTS + 7)
    sheet.center_horizontally()
    sheet.set_footer("&L&8&F&R&8Page &P of &N")


def _subtitle(summary: Summary) -> str:
    progress = f" {summary.progress}" if summary.progress else ""
    compared = Note.of("compared", periods=summary.before.with_days) if summary.before else None
    beside = f", {summary.wording.note(compared)}" if compared else ""
    times = {line.now.data_time for line in summary.lines if line.now and line.now.data_time}
    data = f"Data of {data_words({summary.data_time, *times}, summary.timezone)}"
    return f"{summary.period}{progress}{beside}. Amounts in {summary.currency}. {data}."


def _write_cards(sheet: Worksheet, summary: Summary, looks: Looks) -> None:
    beside = ((_CHARTS, _CHARTS + 3), (_CHARTS + 4, _CHARTS + 7))
    places = ((KPI, KPI), (NOW, BEFORE), (CHANGE, TARGET), (REACHED, TREND), *beside)
    lines = [line for line in map(summary.line, CARDS) if line and line.now]
    for row, height in enumerate((18, 30, 18)):
        sheet.set_row(_CARD_ROW + row, height)
    for line, (first, last) in zip(lines, places, strict=False):
        _write_card(sheet, line, first, last, looks)


def _write_card(sheet: Worksheet, line: SummaryLine, first: int, last: int, looks: Looks) -> None:
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
        put_text(sheet, _CARD_ROW + 1, first, NOT_AVAILABLE, value)
    else:
        put_value(sheet, _CARD_ROW + 1, first, line.now.value, value)
    put_text(sheet, _CARD_ROW + 2, first, _news(line, looks.wording), news)


def _news(line: SummaryLine, wording: Wording) -> str:
    """Return what a card says below the number."""
    parts = []
    if line.change is not None and line.now is not None:
        arrow = "▲" if line.change > 0 else "▼" if line.change < 0 else "="
        points = change_in_points(line.change, line.now.unit)
        size = f"{per_cent(abs(line.change))} %" if points is None else f"{rounded(abs(points), 1)} pts"
        parts.append(f"{arrow} {size}")
    if line.attainment is not None:
        parts.append(f"{per_cent(line.attainment, 0)} % of target")
    return "   ".join(parts) or wording.note(Note("no_earlier_number"))


def _colour(line: SummaryLine) -> str:
    return {True: GOOD, False: BAD, None: MUTED}[is_good(line.change, line.metric.better)]


def _write_table(sheet: Worksheet, summary: Summary, at: Places, looks: Looks) -> int:
    """Write the headlines, family by family; return the last row."""
    write_heads(sheet, _TABLE_ROW, summary, looks)
    row = _TABLE_ROW + 1
    for family in summary.families:
        lines = [headline for headline in _headlines(summary) if family_of(headline.metric) == family]
        if lines:
            put_section(sheet, row, _COLUMNS, family.capitalize(), looks)
            row = write_lines(sheet, row + 1, lines, summary, at, looks)
    return row - 1


def _headlines(summary: Summary) -> list[SummaryLine]:
    """Return the lines of the KPIs that people look at first; all lines where the workspace has none of those."""
    headlines = [line for line in map(summary.line, HEADLINES) if line and line.now]
    return headlines or [line for line in summary.lines if line.now]


def _write_remarks(sheet: Worksheet, summary: Summary, row: int, looks: Looks) -> int:
    """Write what an attentive reader should know about single numbers; return the last row."""
    remarks = _remarks(_headlines(summary), summary)
    if not remarks:
        return row
    put_section(sheet, row, _COLUMNS, "Remarks", looks)
    for text, names in remarks.items():
        row += 1
        put_text(sheet, row, KPI, f"{', '.join(names)}: {text}", looks.get(font_size=9, indent=1, font_color=MUTED))
    return row


def _remarks(lines: list[SummaryLine], summary: Summary) -> dict[str, list[str]]:
    """Return what bands and notes say, with the KPIs they are about.

    Not the note on the period in progress, which stands on top.
    """
    holders: dict[str, list[str]] = {}
    for line in lines:
        if line.judgement is not None:
            text = f"{line.judgement.meaning} {line.judgement.action}".strip()
            holders.setdefault(f"{line.judgement.status}. {text}" if line.judgement.status else text, []).append(
                line.metric.name
            )
    for line in lines:
        notes = line.now.notes if line.now else ()
        told = (note for note in notes if not told_on_top(note, summary.period, summary.today))
        for text in summary.wording.notes(told):
            holders.setdefault(text, []).append(line.metric.name)
    return holders
