"""Bringing tables up to date: the workspace is read and closed, then Google is asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import Clock, Config, KpiError, open_workspace
from kpicore_sheets.filling import Filled, filled
from kpicore_sheets.formula_answers import formula_answers
from kpicore_sheets.table import FormulaContent, SheetTable

if TYPE_CHECKING:
    from kpicore import Config, Workspace
    from kpicore_sheets.port import Spreadsheets
    from kpicore_sheets.sync.outcome import TableOutcome
    from kpicore_sheets.sync.reading import LastRun
    from kpicore_sheets.watch import Refresh


def refresher(folder: Path, clock: Clock) -> Refresh:
    """Return what brings tables of a workspace up to date. It raises KpiError where nobody can log in.

    It stays logged in at Google while all goes well; after a failure and with other settings it logs in anew.
    """
    logged_in = dict[str, "Spreadsheets"]()

    def refresh(tables: Sequence[SheetTable]) -> Sequence[TableOutcome]:
        from kpicore_sheets.sync.outcome import FAILED
        from kpicore_sheets.sync.run import sync

        google, fill = opened(folder, clock, tables, logged_in)
        outcomes = sync(tables, fill, google, clock, run_id=secrets.token_hex(4), last=begun(folder, tables))
        if any(outcome.status == FAILED for outcome in outcomes):
            logged_in.clear()
        return outcomes

    return refresh


def begun(folder: Path, tables: Sequence[SheetTable]) -> Mapping[str, LastRun]:
    """Return what is known of the last writes from here, and keep that these tables are to be written now."""
    from kpicore_sheets.sync.ownership import settings_digest
    from kpicore_sheets.sync.status_file import StatusFile

    with suppress(KpiError):  # who keeps the outcome tells of it
        StatusFile(folder).begin({table.name: settings_digest(table) for table in tables})
    return last_runs(folder)


def last_runs(folder: Path) -> Mapping[str, LastRun]:
    """Return what is known of the last writes from here, by table."""
    from kpicore_sheets.sync.reading import last_run
    from kpicore_sheets.sync.status_file import StatusFile

    kept = StatusFile(folder).read().items()
    return {name: run for name, status in kept if (run := last_run(status.outcome))}


def opened(
    folder: Path, clock: Clock, tables: Sequence[SheetTable], logged_in: MutableMapping[str, Spreadsheets] | None = None
) -> tuple[Spreadsheets, Callable[[SheetTable], Filled]]:
    """Return Google's spreadsheets, and what fills tables: read from the workspace, which is closed again.

    Who is `logged_in`, by the settings of the login, is kept there.

    Raises: KpiError where nobody is logged in yet, and the workspace cannot be opened or nobody can log in.
    """
    from kpicore_sheets.google.client import spreadsheets

    logged_in = {} if logged_in is None else logged_in
    try:
        config, shown = _read(folder, tables)
        settings = repr(config.plugin_tables.get("sheets"))
        if settings not in logged_in:
            logged_in[settings] = spreadsheets(config, clock)
    except KpiError as error:
        if not logged_in:
            raise
        # kpi.toml says no more who logs in: whoever did so tells of it in the stamps
        settings, shown = [*logged_in][-1], {table.name: error for table in tables}
    google = logged_in[settings]

    def fill(table: SheetTable) -> Filled:
        result = shown.get(table.name)
        if result is None:
            return formula_answers(folder, google, table)
        if isinstance(result, Exception):
            raise result
        return result

    return google, fill


def _read(folder: Path, tables: Sequence[SheetTable]) -> tuple[Config, dict[str, Filled | Exception]]:
    """Return the settings of a workspace, and what each table shows by its name, or why it cannot."""
    shown = dict[str, Filled | Exception]()
    with open_workspace(folder) as workspace:
        for table in tables:
            if not isinstance(table.content, FormulaContent):
                shown[table.name] = _filled_or_why(workspace, table)
        return workspace.config, shown


def _filled_or_why(workspace: Workspace, table: SheetTable) -> Filled | Exception:
    """Return what a table shows, or why it cannot: that takes no other table down."""
    try:
        return filled(workspace, table)
    except Exception as error:  # foreign code, too: KPIs are computed by plugins
        return error
