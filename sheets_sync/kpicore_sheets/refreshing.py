"""Bringing tables up to date: the workspace is read and closed, then Google is asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import Clock, KpiError, open_workspace
from kpicore_sheets.filling import Filled, filled
from kpicore_sheets.formula_answers import formula_answers
from kpicore_sheets.table import FormulaContent, SheetTable

if TYPE_CHECKING:
    from kpicore import Config, Workspace
    from kpicore_sheets.port import Spreadsheets
    from kpicore_sheets.sync.outcome import TableOutcome
    from kpicore_sheets.watch import Refresh


def refresher(folder: Path, clock: Clock) -> Refresh:
    """Return what brings tables of a workspace up to date. It raises KpiError where no table can be read.

    It stays logged in at Google while all goes well; after a failure and with other settings it logs in anew.
    """
    logged_in = dict[str, "Spreadsheets"]()

    def refresh(tables: Sequence[SheetTable]) -> Sequence[TableOutcome]:
        from kpicore_sheets.sync.outcome import FAILED
        from kpicore_sheets.sync.reading import LastRun, table_place
        from kpicore_sheets.sync.run import sync
        from kpicore_sheets.sync.status_file import StatusFile

        google, fill = opened(folder, clock, tables, logged_in)
        kept = StatusFile(folder).read().items()
        last = {name: LastRun(place, it.content) for name, it in kept if (place := table_place(it.place))}
        outcomes = sync(tables, fill, google, clock, run_id=secrets.token_hex(4), last=last)
        if any(outcome.status == FAILED for outcome in outcomes):
            logged_in.clear()
        return outcomes

    return refresh


def opened(
    folder: Path, clock: Clock, tables: Sequence[SheetTable], logged_in: MutableMapping[str, Spreadsheets] | None = None
) -> tuple[Spreadsheets, Callable[[SheetTable], Filled]]:
    """Return Google's spreadsheets, and what fills tables: read from the workspace, which is closed again.

    Who is `logged_in`, by the settings of the login, is kept there.

    Raises: KpiError where the workspace cannot be read or nobody is logged in.
    """
    from kpicore_sheets.google.client import spreadsheets

    config, read = _read(folder, tables)
    logged_in = {} if logged_in is None else logged_in
    settings = repr(config.plugin_tables.get("sheets"))
    if settings not in logged_in:
        logged_in[settings] = spreadsheets(config, clock)
    google = logged_in[settings]

    def fill(table: SheetTable) -> Filled:
        if isinstance(table.content, FormulaContent):
            return formula_answers(folder, google, table)
        result = read[table.name]
        if isinstance(result, KpiError):
            raise result
        return result

    return google, fill


def _read(folder: Path, tables: Sequence[SheetTable]) -> tuple[Config, dict[str, Filled | KpiError]]:
    """Return the settings of a workspace, and what each table shows by its name, or why it cannot."""
    shown = dict[str, Filled | KpiError]()
    with open_workspace(folder) as workspace:
        for table in tables:
            if not isinstance(table.content, FormulaContent):
                shown[table.name] = _filled_or_why(workspace, table)
        return workspace.config, shown


def _filled_or_why(workspace: Workspace, table: SheetTable) -> Filled | KpiError:
    """Return what a table shows, or why it cannot: that takes no other table down."""
    try:
        return filled(workspace, table)
    except KpiError as error:
        return error
