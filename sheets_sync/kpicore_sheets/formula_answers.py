"""The answers to the KPI formulas of a spreadsheet, as a table that stands on its hidden tab."""

from __future__ import annotations

import logging
from pathlib import Path
from zoneinfo import ZoneInfo

from kpicore import Cells, KpiError, open_workspace
from kpicore_sheets.filling import Filled
from kpicore_sheets.given_texts import quoted
from kpicore_sheets.port import Spreadsheets
from kpicore_sheets.script.answers import STAMP_NAME, answer_rows
from kpicore_sheets.script.sheet_formulas import FORMULA_FIELDS, SheetFormulas
from kpicore_sheets.table import ANSWERS_TAB, SheetTable

_HIDDEN = "it may be hidden: View > Hidden sheets"


def formula_answers(folder: Path, google: Spreadsheets, table: SheetTable) -> Filled:
    """Return the answers to the formulas that stand in a spreadsheet now; that is read for it.

    Raises: KpiError where there is no data or it cannot be read: the answers that stand there are kept then.
    """
    formulas = SheetFormulas.of(google.get(table.spreadsheet, FORMULA_FIELDS), without=table.tab)
    _check_tab(formulas, table)
    # outdated tables are made anew first, as for every other table: cells would not wait for it
    with open_workspace(folder) as workspace:
        zone, _ = ZoneInfo(workspace.config.timezone), workspace.data_time
    # many people read a spreadsheet: paths and what plugins say of themselves are for the log
    cells = Cells(folder, logging.getLogger("kpicore").warning)
    try:
        answers = answer_rows(formulas.formulas, formulas.value_at, cells, value_of_name=formulas.value_of_name)
    finally:
        cells.close()
    moment = answers.data_time.astimezone(zone) if answers.data_time else None
    return Filled(answers.grid(table.spreadsheet), moment, answers.stamp, stamped=False, names={STAMP_NAME: (0, 1)})


def _check_tab(formulas: SheetFormulas, table: SheetTable) -> None:
    """Refuse to write answers where no script looks for them, or a stamp that no formula follows. Raises KpiError."""
    alike = [title for title in formulas.titles if title.casefold() == ANSWERS_TAB.casefold()]
    title, *corner = formulas.corner_of_name(f"kpi_{table.name}") or (next(iter(alike), ANSWERS_TAB), 1, 1)
    if title != ANSWERS_TAB:
        problem = f"the tab of its answers is called {quoted(title)}, and formulas look for them on '{ANSWERS_TAB}'."
        raise KpiError(problem, hint=f"Rename it to {ANSWERS_TAB} ({_HIDDEN}).")
    if corner != [1, 1]:
        problem = f"the answers on '{ANSWERS_TAB}' were moved away from A1, where formulas look for them."
        raise KpiError(problem, hint=f"Delete the rows and columns before them ({_HIDDEN}).")
    stamp = formulas.corner_of_name(STAMP_NAME)
    if stamp and stamp[0] != ANSWERS_TAB:
        problem = f"{STAMP_NAME} is the name of a cell on {quoted(stamp[0])}, so formulas would not follow the sync."
        raise KpiError(problem, hint="Remove that name (Data > Named ranges): the sync gives it to a cell of its own.")
