"""The answers to the KPI formulas of a spreadsheet, as a table that stands on its hidden tab."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from kpicore import Cells, KpiError, read_config
from kpicore_sheets.filling import Filled
from kpicore_sheets.given_texts import quoted
from kpicore_sheets.port import Spreadsheets
from kpicore_sheets.script.answers import STAMP_NAME, answer_rows
from kpicore_sheets.script.sheet_formulas import FORMULA_FIELDS, SheetFormulas
from kpicore_sheets.table import ANSWERS_TAB, SheetTable


def formula_answers(folder: Path, google: Spreadsheets, table: SheetTable) -> Filled:
    """Return the answers to the formulas that stand in a spreadsheet now; that is read for it. Raises KpiError."""
    formulas = SheetFormulas.of(google.get(table.spreadsheet, FORMULA_FIELDS), without=table.tab)
    _check_tab(formulas, table)
    cells = Cells(folder)
    try:
        answers = answer_rows(formulas.formulas, formulas.value_at, cells, value_of_name=formulas.value_of_name)
    finally:
        cells.close()
    zone = ZoneInfo(read_config(folder).timezone)
    moment = answers.data_time.astimezone(zone) if answers.data_time else None
    return Filled(answers.grid(), moment, answers.stamp, stamped=False, names={STAMP_NAME: (0, 1)})


def _check_tab(formulas: SheetFormulas, table: SheetTable) -> None:
    """Refuse to write answers where no script looks for them: the tab was renamed. Raises KpiError."""
    alike = [title for title in formulas.titles if title.casefold() == ANSWERS_TAB.casefold()]
    title = formulas.title_of_name(f"kpi_{table.name}") or next(iter(alike), ANSWERS_TAB)
    if title != ANSWERS_TAB:
        problem = f"the tab of its answers is called {quoted(title)}, and formulas look for them on '{ANSWERS_TAB}'."
        raise KpiError(problem, hint=f"Rename it to {ANSWERS_TAB} (it may be hidden: View > Hidden sheets).")
