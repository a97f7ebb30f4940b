"""The reports, and the figures that they need, as a plugin gives them."""

from __future__ import annotations

from collections.abc import Iterable

from kpicore import Metric, Report, hookimpl


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
