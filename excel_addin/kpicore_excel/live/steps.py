"""The sheet of KPIs by period: a row a KPI, a column a part of the period, for the members that are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore_excel.live.formulas import value_formula
from kpicore_excel.live.live import Live
from kpicore_excel.live.places import step_context
from kpicore_excel.live.sheet_cells import cached, grey_errors
from kpicore_xlsx.addresses import cell_address
from kpicore_xlsx.cells import put_comment, put_number, put_text
from kpicore_xlsx.number_formats import number_format
from kpicore_xlsx.sections import one_page_wide, put_title
from kpicore_xlsx.styles import FAINT

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from kpicore_excel.live.times import Times

SHEET = "By period"
HEAD, NAME, FIRST = 3, 1, 2
"""The row of the periods' keys, with their numbers below, and the columns of names and of the first period."""


def value_row(kpi: int) -> int:
    """Return the row of a KPI, given its place."""
    return HEAD + 2 + kpi


def drawn_row(live: Live, kpi: int) -> int:
    """Return the row that charts draw: an error is a gap there, where charts would draw a 0."""
    # below the values are two empty rows, and one that says what follows
    return HEAD + 5 + len(live.request.kpis) + kpi


def write_steps(sheet: Worksheet, live: Live) -> None:
    """Write the sheet."""
    looks, times, kpis = live.looks, live.request.times, live.request.kpis
    last = FIRST + times.steps - 1
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    sheet.set_column(NAME, NAME, 36)
    sheet.set_column(FIRST, last, 12.5)
    put_title(
        sheet, SHEET, f"Each KPI in {times.at(times.offered)}, period by period{_days(times)}. {live.stamp}", looks
    )
    sheet.write_formula(2, NAME, f"={live.cut_words()}", looks.get(italic=True), live.all_words())
    put_text(sheet, HEAD, NAME, "KPI", looks.header(indent=1))
    put_text(sheet, HEAD + 1, NAME, "part no.", looks.body(font_size=8, font_color=FAINT, indent=1))
    for step in range(times.steps):
        put_text(sheet, HEAD, FIRST + step, times.parts[step].key, looks.header(align="right"))
        put_number(sheet, HEAD + 1, FIRST + step, step + 1, looks, font_size=8, font_color=FAINT)
    for place, kpi in enumerate(kpis):
        row = value_row(place)
        put_text(sheet, row, NAME, kpi.name, looks.body(indent=1))
        look = looks.body(num_format=number_format(kpi.definition.unit), align="right")
        for step in range(times.steps):
            cell = cell_address(HEAD + 1, FIRST + step, fixed_row=True)
            formula = value_formula(kpi, live.inputs, step_context(live.request, cell), live.request.by)
            value = cached(live.answer(kpi, times.parts[step], {}))
            sheet.write_formula(row, FIRST + step, formula, look, value)
    grey_errors(sheet, (HEAD + 2, FIRST, HEAD + 1 + len(kpis), last), looks)
    _write_drawn(sheet, live)
    sheet.freeze_panes(HEAD + 1, FIRST)
    one_page_wide(sheet, HEAD)
    sheet.print_area(0, 0, HEAD + 2 + len(kpis), last)


def _days(times: Times) -> str:
    """Return which days the parts cover where they are others than those of the whole: its weeks."""
    first, last, whole = times.parts[0], times.parts[times.steps - 1], times.at(times.offered)
    same = (first.start, last.end) == (whole.start, whole.end)
    return "" if same else f", {first.start} to {last.last}"


def _write_drawn(sheet: Worksheet, live: Live) -> None:
    pale = live.looks.get(font_size=8, font_color=FAINT)
    put_text(sheet, drawn_row(live, 0) - 1, NAME, "What the charts draw: no value is a gap", pale)
    put_comment(sheet, drawn_row(live, 0) - 1, NAME, "Charts draw other errors than #N/A as 0.")
    for place, kpi in enumerate(live.request.kpis):
        put_text(sheet, drawn_row(live, place), NAME, kpi.name, pale)
        look = live.looks.get(font_size=8, font_color=FAINT, num_format=number_format(kpi.definition.unit))
        for step in range(live.request.times.steps):
            cell = cell_address(value_row(place), FIRST + step)
            value = cached(live.answer(kpi, live.request.times.parts[step], {}))
            drawn = "#N/A" if isinstance(value, str) else value
            sheet.write_formula(drawn_row(live, place), FIRST + step, f"=IF(ISNUMBER({cell}),{cell},NA())", look, drawn)
