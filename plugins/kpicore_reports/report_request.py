"""What the reader asks for, made sure that it can be asked; and the KPIs that reports name, as a number is headed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpicore import COUNT, NEUTRAL, BadArgument, KpiError, Period, Report, Workspace
from kpicore_reports.filled_sections import Kpi

_MEANS = ("average", "median", "percentile")

Cuts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What the reader asks for. `by` replaces the report's own; `me` is the member of `by` that it is only about."""

    report: Report
    period: Period
    cuts: Cuts = ()
    by: tuple[str, ...] = ()
    me: str = ""
    as_of: date | None = None

    @property
    def mine(self) -> Cuts:
        """The cut that `me` is, none without."""
        return ((self.by[0], (self.me,)),) if self.me else ()


def report_request(
    workspace: Workspace,
    name: str,
    period: str | Period,
    where: Mapping[str, object],
    by: tuple[str, ...],
    me: str,
    as_of: date | None,
) -> ReportRequest:
    """Return what is asked for, with canonical names. Raises UnknownName, BadPeriod, BadCut and BadArgument."""
    report = workspace.registry.report(name)
    wanted = by or (report.by if report.is_open else ())
    dimensions = tuple(dict.fromkeys(workspace.registry.dimension(name).name for name in wanted))
    if by and not report.is_open:
        raise BadArgument(f"the report '{report.id}' has no table that --by could change.")
    if me and len(dimensions) != 1:
        raise BadArgument(
            "--me needs a table by one dimension, which this report does not have.", hint="See: kpi report"
        )
    mine = workspace.cuts({dimensions[0]: me}, as_of)[0][1][0] if me else ""
    whole, cuts = workspace.period(period, as_of=as_of), workspace.cuts(where, as_of)
    return ReportRequest(report, whole, cuts, dimensions, mine, as_of)


def kpi_named(workspace: Workspace, ref: str, title: str = "") -> Kpi:
    """Return what "win_rate" or "win_rate.created" is; a name that the workspace lacks stands for itself."""
    try:
        id, variant = workspace.definitions.named(ref)
    except KpiError:
        return Kpi(ref, title or ref, ref, COUNT, NEUTRAL)
    metric = workspace.registry.metric(id)
    spec = metric.variant(variant)
    is_mean = any(getattr(input_, "word", "") in _MEANS for input_ in spec.inputs.values())
    is_rate = is_mean or _divides(workspace, id, variant)
    name = metric.name if variant == metric.default else f"{metric.name}, {variant.replace('_', ' ')}"
    return Kpi(ref, title or name, name, spec.unit or metric.unit, metric.better, spec.meaning, is_rate)


def needed_cuts(workspace: Workspace, ref: str) -> tuple[str, ...]:
    """Return the dimensions without which the KPI has no meaning."""
    try:
        id, variant = workspace.definitions.named(ref)
    except KpiError:
        return ()
    return workspace.registry.metric(id).variant(variant).needs_cut


def _divides(workspace: Workspace, id: str, variant: str) -> bool:
    try:
        return workspace.definitions.get(id, variant).divides
    except KpiError:  # a broken definition has no number that rows could stand beside
        return False
