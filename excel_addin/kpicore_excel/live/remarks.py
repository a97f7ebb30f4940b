"""What is to be known of a number: why there is none, what was left out; by KPI and period, read by formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore import ZERO_DENOMINATOR, Answer, Note, harmless, told_on_top
from kpicore_excel.live.live import Live
from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_excel.live.places import NOW, number_of
from kpicore_excel.live.sheet_cells import defined, text_in_formula
from kpicore_xlsx.cells import put_row, put_text
from kpicore_xlsx.sections import one_page_wide, put_title

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from kpicore import Period, Wording

SHEET = "Notes"
HEAD_OF_REMARKS = "To know"
_HEAD = 3
_LONGEST = 250


def notes_name(kpi: LiveKpi) -> str:
    """Return the name of a KPI's notes, one for each offered period."""
    return f"notes__{kpi.key}"


def write_notes(book: Workbook, sheet: Worksheet, live: Live) -> None:
    """Write the sheet: a row a period, a column a KPI."""
    looks, times = live.looks, live.request.times
    sheet.hide_gridlines(2)
    put_title(
        sheet, SHEET, "What was left out, what is not final, why there is no number: of all members together.", looks
    )
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 1 + len(live.request.kpis), 60)
    put_row(sheet, _HEAD, 1, ("Period", *(kpi.name for kpi in live.request.kpis)), looks.header())
    for number in range(1, times.offered + 1):
        put_text(sheet, _HEAD + number, 1, times.at(number).key, looks.body(valign="top"))
        for column, kpi in enumerate(live.request.kpis, 2):
            put_text(sheet, _HEAD + number, column, note(live, kpi, number), looks.body(text_wrap=True, valign="top"))
    for column, kpi in enumerate(live.request.kpis, 2):
        defined(book, notes_name(kpi), sheet, _HEAD + 1, column, _HEAD + times.offered, column)
    sheet.freeze_panes(_HEAD + 1, 2)
    one_page_wide(sheet, _HEAD)


def note(live: Live, kpi: LiveKpi, number: int) -> str:
    """Return what is to be known of a KPI in a period, whatever the members; "" where there is nothing."""
    why = live.inputs.why.get((kpi.key, number), "")
    if why:
        return harmless(why)[:_LONGEST]
    answer = live.answer(kpi, live.request.times.at(number), {})
    period, today = live.request.times.at(number), live.workspace.engine.today
    notes = live.workspace.wording.notes(
        note for note in (answer.notes if answer else ()) if not told_on_top(note, period, today)
    )
    return harmless("; ".join(notes))[:_LONGEST]


def remark(live: Live, kpi: LiveKpi, period: Period, answer: Answer | None) -> str:
    """Return what the first sheet says of a value at first."""
    wording = live.workspace.wording
    text = note(live, kpi, live.request.times.number(period))
    if answer is not None and answer.value is not None:
        return text
    if answer is not None and answer.reason == ZERO_DENOMINATOR:
        return _nothing_to_divide_by(wording)
    if kpi.needs:
        return wording.note(Note.of("choose_one", dimension=kpi.needs[0]))
    return text or wording.note(Note("no_rows_of_choice"))


def remark_formula(live: Live, kpi: LiveKpi, value: str) -> str:
    """Return the formula of the remark beside a value: it chooses among the sentences of the wording."""
    wording = live.workspace.wording

    def said(kind: str, **values: str) -> str:
        return text_in_formula(wording.note(Note.of(kind, **values)))

    note = f"INDEX({notes_name(kpi)},{NOW}_period)"
    numbers = [number_of(name) for name in live.request.by]
    why = f'IF({note}="",{said("no_rows_of_choice")},{note})'
    for need in kpi.needs:
        why = f"IF({number_of(need)}=0,{said('choose_one', dimension=need)},{why})"
    for dimension in live.request.by:
        if dimension not in kpi.by:
            why = f"IF({number_of(dimension)}>0,{said('not_cut_by', dimension=dimension)},{why})"
    # Error 2 is #DIV/0!, the one error that says by itself why: all others have several reasons.
    broken = f"IF(ERROR.TYPE({value})=2,{text_in_formula(_nothing_to_divide_by(wording))},{why})"
    whose = f'IF({"+".join(numbers)}>0,{said("of_all", note="")},"")&{note}' if numbers else note
    chosen = "+".join([f"{NOW}_period", *numbers])
    return f'=IF(ISNUMBER({chosen}),IF(ISERROR({value}),{broken},IF({note}="","",{whose})),"Choose from the lists.")'


def _nothing_to_divide_by(wording: Wording) -> str:
    return f"{wording.sentences[ZERO_DENOMINATOR]}."
