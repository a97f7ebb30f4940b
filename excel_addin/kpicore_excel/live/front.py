"""The first sheet: what can be chosen, and each KPI for it, beside the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore import LOWER, NEUTRAL, POINTS, SHARE, Answer, Note, change, judged
from kpicore_excel.live.formulas import STATUS_WORDS, rows_formula, status_formula, value_formula
from kpicore_excel.live.front_charts import draw_charts, rows_of_charts
from kpicore_excel.live.input_tables import PROGRESS
from kpicore_excel.live.live import Live
from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_excel.live.members import ALL
from kpicore_excel.live.places import CHOSEN_PERIOD, NOW, before, chosen, context_of, number_of
from kpicore_excel.live.remarks import HEAD_OF_REMARKS, remark, remark_formula
from kpicore_excel.live.sheet_cells import cached, defined, grey_errors, heading, text_in_formula
from kpicore_excel.live.steps import SHEET as STEPS
from kpicore_excel.live.steps import drawn_row
from kpicore_excel.live.times import before_row
from kpicore_xlsx.addresses import cell_address, reference
from kpicore_xlsx.cells import put_comment, put_row, put_text
from kpicore_xlsx.number_formats import change_format, change_value, number_format
from kpicore_xlsx.sections import one_page_wide
from kpicore_xlsx.styles import AMBER, BAD, FAINT, GOOD, MUTED, TEAL
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = "KPIs"
KPI, VALUE, BEFORE, CHANGE, ROWS, STATUS, TREND, REMARK = range(1, 9)
_WIDTHS = {0: 2, KPI: 34, VALUE: 15, BEFORE: 15, CHANGE: 12, ROWS: 9, STATUS: 10, TREND: 18, REMARK: 58}
_CHOOSE, _CHARTS = 3, 7
_COLOURS = {"good": GOOD, "fair": AMBER, "poor": BAD}


def table_row(live: Live) -> int:
    """Return the row of the table's head: below the charts, where there are any."""
    return _CHARTS + rows_of_charts(live)


def value_cell(live: Live, kpi: int) -> tuple[int, int]:
    """Return row and column of a KPI's value, given its place."""
    return table_row(live) + 1 + kpi, VALUE


def write_front(book: Workbook, sheet: Worksheet, live: Live) -> None:
    """Write the sheet: choices, charts, table."""
    sheet.hide_gridlines(2)
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    _write_title(sheet, live)
    _write_choices(book, sheet, live)
    draw_charts(book, sheet, live, _CHARTS, KPI)
    _write_heads(sheet, live)
    for place, kpi in enumerate(live.request.kpis):
        _write_line(sheet, live, place, kpi)
    head, last = table_row(live), table_row(live) + len(live.request.kpis)
    grey_errors(sheet, (head + 1, VALUE, last, BEFORE), live.looks)
    grey_errors(sheet, (head + 1, ROWS, last, ROWS), live.looks)
    _write_end(sheet, live, last + 2)
    sheet.freeze_panes(_CHOOSE + 3, 0)
    one_page_wide(sheet)
    sheet.set_margins(0.4, 0.4, 0.4, 0.5)
    sheet.print_area(0, 0, last + 5, REMARK)
    sheet.set_footer("&L&8&F&R&8Page &P of &N")


def _write_title(sheet: Worksheet, live: Live) -> None:
    looks = live.looks
    sheet.set_row(0, 34, looks.title)
    sheet.set_row(1, 20, looks.subtitle)
    put_text(sheet, 0, 1, live.workspace.config.name, looks.title)
    currency = f" Amounts in {live.workspace.config.currency}." if live.has_money else ""
    where = f" Only {live.where_words}." if live.where_words else ""
    put_text(sheet, 1, 1, f"{live.stamp}{currency}{where}", looks.subtitle)


def _write_choices(book: Workbook, sheet: Worksheet, live: Live) -> None:
    """Write the cells in which a person chooses, with their lists, and what follows from the choice."""
    looks, request = live.looks, live.request
    box = {
        "bg_color": "#FFF7E0",
        "border": 1,
        "border_color": AMBER,
        "bold": True,
        "num_format": "@",
        "font_size": 11,
        "indent": 1,
    }
    label = looks.get(font_color=MUTED, font_size=9)
    sheet.set_row(_CHOOSE, 15)
    sheet.set_row(_CHOOSE + 1, 22)
    whole = request.times.at(request.times.offered)
    cells = [("Period", CHOSEN_PERIOD, "offered_periods", whole.key)]
    cells += [(heading(dimension), chosen(dimension), f"list_{dimension}", ALL) for dimension in request.by]
    # Not strict: there is room for two dimensions, and a workbook may have fewer.
    for (text, name, values, shown), column in zip(cells, (KPI, BEFORE, STATUS), strict=False):
        put_text(sheet, _CHOOSE, column, f"{text}  ▼ choose", label)
        look = looks.get(**box)
        if column == KPI:
            put_text(sheet, _CHOOSE + 1, column, shown, look)
        else:
            sheet.merge_range(_CHOOSE + 1, column, _CHOOSE + 1, column + 1, "", look)
            put_text(sheet, _CHOOSE + 1, column, shown, look)
        defined(book, name, sheet, _CHOOSE + 1, column)
        rule = {
            "validate": "list",
            "source": f"={values}",
            "ignore_blank": False,
            "input_title": text[:32],
            "input_message": "Choose from the list: every number follows.",
            "error_title": "Not in the list",
            "error_message": f"Choose a {text.lower()[:40]} from the list.",
        }
        sheet.data_validation(_CHOOSE + 1, column, _CHOOSE + 1, column, rule)
    sheet.ignore_errors({"number_stored_as_text": "A1:Z10"})  # a year is chosen as text
    look = looks.get(italic=True, font_color=MUTED)
    sheet.write_formula(_CHOOSE + 2, KPI, _period_formula(live), look, live.period_words(whole))


def _period_formula(live: Live) -> str:
    """Return the formula of what is to be known of the chosen period: whether it is over, what it is compared with."""
    progress = f"INDEX(period_progress,{NOW}_period)"
    parts = f'{CHOSEN_PERIOD}&IF({progress}="","",", "&{progress})'
    opening = f", {live.workspace.wording.note(Note.of('compared', periods=''))}"
    for row in range(len(live.request.times.befores)):  # a plan may be compared with another period
        number = f"{before(row)}_period"
        parts += f'&IF(ISNUMBER({number}),{text_in_formula(opening)}&INDEX(period_told,{number}),"")'
        opening = " or "
    checks = ",".join(f"ISERROR({number_of(dimension)})" for dimension in live.request.by)
    text = f'IF(ISERROR({NOW}_period),"Choose a period from the list.",{parts})'
    return f'=IF(OR({checks}),"Choose from the lists.",{text})' if checks else f"={text}"


def _write_heads(sheet: Worksheet, live: Live) -> None:
    row, looks = table_row(live), live.looks
    sheet.set_row(row, 22)
    put_text(sheet, row, KPI, "KPI", looks.header(indent=1))
    look = looks.header(align="right")
    sheet.write_formula(row, VALUE, f'={CHOSEN_PERIOD}&""', look, live.request.times.at(live.request.times.offered).key)
    word = "A year before" if live.request.times.compare == "year" else "Before"
    put_row(sheet, row, BEFORE, (word, "Change", "Rows"), look)
    put_text(sheet, row, STATUS, "Status", looks.header(indent=1))
    put_text(sheet, row, TREND, STEPS if live.request.times.steps > 1 else "", looks.header())
    put_text(sheet, row, REMARK, HEAD_OF_REMARKS, looks.header(indent=1))


def _write_line(sheet: Worksheet, live: Live, place: int, kpi: LiveKpi) -> None:
    row, looks, request = table_row(live) + 1 + place, live.looks, live.request
    sheet.set_row(row, 18)
    put_text(sheet, row, KPI, kpi.name, looks.body(indent=1))
    meaning = kpi.definition.spec.meaning
    put_comment(sheet, row, KPI, f"{meaning} = {kpi.definition.spec.formula}".strip())
    shown = number_format(kpi.definition.unit)
    whole = request.times.at(request.times.offered)
    now = live.answer(kpi, whole, {})
    formula = value_formula(kpi, live.inputs, context_of(request, NOW), request.by)
    sheet.write_formula(row, VALUE, formula, looks.body(num_format=shown, align="right", bold=True), cached(now))
    earlier = _write_before(sheet, row, live, kpi, shown)
    value, earlier_cell = (cell_address(row, column) for column in (VALUE, BEFORE))
    _write_change(sheet, row, kpi, (value, earlier_cell), _change(now, earlier), looks)
    rows = rows_formula(kpi, live.inputs, context_of(request, NOW), request.by)
    grey = looks.body(num_format="#,##0", align="right", font_color=MUTED, font_size=8)
    sheet.write_formula(row, ROWS, rows, grey, now.n if now else "#VALUE!")
    progress = f"INDEX({live.inputs.column_of[kpi.key, PROGRESS]},{NOW}_period)"
    status = status_formula(kpi, kpi.question(whole, request.where), value, progress)
    _write_status(sheet, row, kpi, status, now, looks)
    put_text(sheet, row, TREND, "", looks.body())
    if request.times.steps > 1:
        area = (drawn_row(live, place), 2, drawn_row(live, place), 1 + request.times.steps)
        look: dict[str, object] = {"type": "column", "series_color": TEAL}
        if all((step.value or 0) >= 0 for step in live.steps(kpi) if step):
            look["min"] = 0  # a column that begins elsewhere exaggerates
        else:
            look |= {"negative_points": True, "negative_color": BAD}
        sheet.add_sparkline(row, TREND, {"range": reference(STEPS, *area), "empty_cells": "gaps", **look})
    note = looks.body(font_size=8, font_color=MUTED, indent=1, text_wrap=True)
    sheet.write_formula(row, REMARK, remark_formula(live, kpi, value), note, remark(live, kpi, whole, now))


def _write_before(sheet: Worksheet, row: int, live: Live, kpi: LiveKpi, shown: str) -> Answer | None:
    """Write the value of the period that is compared with; return the engine's answer for it."""
    request = live.request
    whole = request.times.at(request.times.offered)
    at = before_row(live.workspace, request.times, kpi.question(whole, request.where))
    number = request.times.befores[at][-1]
    answer = live.answer(kpi, request.times.at(number), {}) if number else None
    formula = value_formula(kpi, live.inputs, context_of(request, before(at)), request.by)
    look = live.looks.body(num_format=shown, align="right", font_color=MUTED)
    sheet.write_formula(row, BEFORE, formula, look, cached(answer) if number else "#N/A")
    return answer


def _change(now: Answer | None, earlier: Answer | None) -> float | str:
    relative = change(now, earlier) if now and earlier else None
    if relative is None or now is None:
        return "–"
    return change_value(relative, now.unit)


def _write_change(
    sheet: Worksheet, row: int, kpi: LiveKpi, cells: tuple[str, str], value: float | str, looks: Looks
) -> None:
    """Write the change, green for good news and red for bad, by the KPI's own direction."""
    now, earlier = cells
    unit = kpi.definition.unit
    if unit in (SHARE, POINTS):
        formula = f'=IF(COUNT({now},{earlier})<2,"–",({now}-{earlier}){"*100" if unit == SHARE else ""})'
    else:
        formula = f'=IF(COUNT({now},{earlier})<2,"–",IF({earlier}>0,({now}-{earlier})/{earlier},"–"))'
    sheet.write_formula(row, CHANGE, formula, looks.body(num_format=change_format(unit), align="right"), value)
    if kpi.definition.metric.better is NEUTRAL:
        return
    up, down = (BAD, GOOD) if kpi.definition.metric.better is LOWER else (GOOD, BAD)
    # the column CHANGE
    cell = f"$E${row + 1}"
    for sign, colour in ((">", up), ("<", down)):
        rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}{sign}0)"}
        sheet.conditional_format(row, CHANGE, row, CHANGE, {**rule, "format": looks.difference(font_color=colour)})


def _write_status(sheet: Worksheet, row: int, kpi: LiveKpi, formula: str, now: Answer | None, looks: Looks) -> None:
    """Write what the bands say, as a formula; its colour follows."""
    metric, look = kpi.definition.metric, looks.body(indent=1)
    if not formula:
        put_text(sheet, row, STATUS, "", look)
        return
    judgement = judged(now, metric) if now else None
    sheet.write_formula(row, STATUS, formula, look, STATUS_WORDS[judgement.status] if judgement else "")
    for status, colour in _COLOURS.items():
        # the column STATUS
        criterion = f'=$G${row + 1}="{STATUS_WORDS[status]}"'
        rule = {"type": "formula", "criteria": criterion, "format": looks.difference(font_color=colour)}
        sheet.conditional_format(row, STATUS, row, STATUS, rule)
        sheet.conditional_format(row, VALUE, row, VALUE, rule)


def _write_end(sheet: Worksheet, live: Live, row: int) -> None:
    """Write how the sheet is to be read."""
    look = live.looks.get(font_size=9, font_color=FAINT)
    lines = (
        "Every number here is a formula over the sheets of inputs: click it, and follow it. "
        + live.workspace.wording.note(Note("errors_explained")),
        "The numbers are those of the data time above. For newer ones, write the workbook anew.",
    )
    for at, text in enumerate(lines):
        put_text(sheet, row + at, KPI, text, look)
