"""The reports, and the figures that they need, as a plugin gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from kpicore import Feature, Metric, Report, Workspace, hookimpl

if TYPE_CHECKING:
    from datetime import date

    from kpicore_reports.filled_report import FilledReport


@hookimpl
def kpi_reports() -> Iterable[Report]:
    """Give the reports that the articles describe."""
    from kpicore_reports.builtin import REPORTS

    return REPORTS


@hookimpl
def kpi_metrics() -> Iterable[Metric]:
    """Give the figures of these reports that are no KPI of the catalogue."""
    from kpicore_reports.report_metrics import METRICS

    return METRICS


@hookimpl
def kpi_features() -> Iterable[Feature]:
    """Give reports, filled."""
    yield Feature(
        "report",
        "A report for a period, filled: its sections, and with .grid() all of it as cells.",
        lambda workspace: partial(_report, workspace),
    )


def _report(
    workspace: Workspace,
    name: str,
    period: str,
    *,
    where: Mapping[str, object] | None = None,
    by: Iterable[str] = (),
    as_of: date | None = None,
) -> FilledReport:
    """Return a report with its numbers. Raises UnknownName, BadPeriod, BadCut and BadArgument."""
    from kpicore_reports.filling import fill

    return fill(workspace, name, period, where=where, by=by, as_of=as_of)
