"""Bringing tables up to date: the workspace is read and closed, then Google is asked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from kpicore import Clock, KpiError, KpiRequest, Workspace, kpi_table, open_workspace
from kpicore_sheets.filling import Filled
from kpicore_sheets.port import Spreadsheets
from kpicore_sheets.sync.outcome import FAILED, TableOutcome
from kpicore_sheets.table import FormulaContent, ReportContent, SheetTable
from kpicore_sheets.watch import Refresh
from kpicore_xlsx.kpi_grid import kpi_grid


def refresher(folder: Path, clock: Clock) -> Refresh:
    """Return what brings tables of a workspace up to date. It raises KpiError where no table can be read.

    It stays logged in at Google while all goes well; after a failure and with other settings it logs in anew.
    """
    logged_in = dict[str, Spreadsheets]()

    def refresh(tables: Sequence[SheetTable]) -> Sequence[TableOutcome]:
        from kpicore_sheets.google.client import spreadsheets
        from kpicore_sheets.sync.run import sync

        with open_workspace(folder) as workspace:
            config = workspace.config
            filled = {table.name: _filled(workspace, table) for table in tables}
        settings = repr(config.plugin_tables.get("sheets"))
        google = logged_in.pop(settings, None) or spreadsheets(config, clock)
        run_id = secrets.token_hex(4)
        outcomes = sync(tables, lambda table: _given(filled[table.name]), google, clock, run_id=run_id)
        logged_in.clear()
        if not any(outcome.status == FAILED for outcome in outcomes):
            logged_in[settings] = google
        return outcomes

    return refresh


def _given(filled: Filled | KpiError) -> Filled:
    if isinstance(filled, KpiError):
        raise filled
    return filled


def _filled(workspace: Workspace, table: SheetTable) -> Filled | KpiError:
    """Return what a table is to show, or why it cannot: that takes no other table down."""
    try:
        content = table.content
        moment = workspace.data_time.astimezone(ZoneInfo(workspace.config.timezone))
        version = workspace.warehouse.version
        if isinstance(content, FormulaContent):
            return KpiError("answers to formulas are not written yet.")
        if isinstance(content, ReportContent):
            report = cast(Any, workspace).report  # a feature, of a plugin that this one does not know
            grid = report(content.report, content.period, where=content.where, by=content.by).grid()
            return Filled(grid, moment, version)
        request = KpiRequest.of(
            content.kpis,
            content.period,
            grain=content.grain or None,
            by=content.by,
            where=content.where,
            compare=content.compare or None,
        )
        filled = kpi_table(workspace, request, targets=content.targets, status=content.status)
        return Filled(kpi_grid(filled, chart=table.chart), moment, version)
    except KpiError as error:
        return error
