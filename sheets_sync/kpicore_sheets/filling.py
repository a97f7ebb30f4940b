"""What a `[[sheet]]` shows now: its grid, and which data it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from kpicore import KpiError
from kpicore_sheets.table import FormulaContent, KpiContent, ReportContent, SheetTable
from kpicore_xlsx.grid import Grid

if TYPE_CHECKING:
    from kpicore import Workspace


@dataclass(frozen=True, slots=True)
class Filled:
    """The grid of a table, the time of its data in the organisation's zone, and the version of the data.

    `stamped` tells that the stamp is to stand in a line above the grid; else the grid has a line of its own for it.
    `names` are named ranges, each on one cell of the grid.
    """

    grid: Grid
    data_time: datetime | None = None
    data_version: str = ""
    stamped: bool = True
    names: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))


def filled(workspace: Workspace, table: SheetTable) -> Filled:
    """Return what a table of KPIs or a report shows. Raises KpiError for what the data does not give."""
    if isinstance(table.content, FormulaContent):
        raise TypeError("answers to formulas are made of the spreadsheet, see formula_answers")
    grid = _grid(workspace, table.content, table.chart)
    moment = workspace.data_time.astimezone(ZoneInfo(workspace.config.timezone))
    return Filled(grid, moment, workspace.warehouse.version)


def _grid(workspace: Workspace, content: KpiContent | ReportContent, chart: str) -> Grid:
    if isinstance(content, ReportContent):
        if "report" not in workspace.registry.features:
            raise KpiError("no plugin gives reports: theirs is shut out or broken.", hint="See: kpi plugins")
        report = cast(Any, workspace).report  # a feature, of a plugin that this one does not know
        grid: Grid = report(content.report, content.period, where=content.where, by=content.by).grid()
        return grid
    from kpicore import KpiRequest, kpi_table
    from kpicore_xlsx.kpi_grid import kpi_grid

    request = KpiRequest.of(
        content.kpis,
        content.period,
        grain=content.grain or None,
        by=content.by,
        where=content.where,
        compare=content.compare or None,
    )
    return kpi_grid(kpi_table(workspace, request, targets=content.targets, status=content.status), chart=chart)
