"""What the reader asks for, made sure that it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpicore import BadArgument, Breakdown, Period, Report, Workspace

ME = "rep"
"""The dimension that `--me` names a member of."""

Cuts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asks for. `by` replaces the report's own; `me` is the rep that it is only about."""

    report: Report
    period: Period
    cuts: Cuts = ()
    by: tuple[str, ...] = ()
    me: str = ""
    as_of: date | None = None


def asked_for(
    workspace: Workspace,
    name: str,
    period: str | Period,
    where: Mapping[str, object],
    by: tuple[str, ...],
    me: str,
    as_of: date | None,
) -> Asked:
    """Return what is asked for, with canonical names. Raises UnknownName, BadPeriod, BadCut and BadArgument."""
    report = workspace.registry.report(name)
    open_tables = [section for section in report.sections if isinstance(section, Breakdown) and not section.by]
    dimensions = tuple(dict.fromkeys(workspace.registry.dimension(each).name for each in by)) or report.by
    if by and not open_tables:
        raise BadArgument(f"the report '{report.id}' has no table that --by could change.")
    if me and (not open_tables or dimensions != (ME,)):
        raise BadArgument(f"--me needs a table by {ME}, which this report does not have.", hint="See: kpi report")
    mine = workspace.cuts({ME: me}, as_of)[0][1][0] if me else ""
    whole, cuts = workspace.period(period, as_of=as_of), workspace.cuts(where, as_of)
    return Asked(report, whole, cuts, dimensions, mine, as_of)
