"""What a workspace tells of targets and goals: each function is a method of `Workspace`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kpicore.engine.workspace_port import WorkspacePort, question_of

if TYPE_CHECKING:
    from datetime import date

    from kpicore.model.kpi_requests import CutsGiven, PeriodGiven
    from kpicore.model.questions import Answer
    from kpicore.targets.attainment import Attainment
    from kpicore.targets.relation import WorkspaceTargets
    from kpicore.targets.tree import Goal


class WithTargets(WorkspacePort, Protocol):
    """A workspace with its targets."""

    @property
    def targets(self) -> WorkspaceTargets:
        """What was set for KPIs."""


def target(workspace: WorkspacePort, kpi: str, period: PeriodGiven, where: CutsGiven | None = None) -> Answer:
    """Return the target of exactly this KPI, period and filters, or why there is none. Raises BadPeriod, BadCut."""
    from kpicore.targets.attainment import target_answer

    return target_answer(workspace.engine, question_of(workspace, kpi, period, where))


def attainment(
    workspace: WorkspacePort,
    kpi: str,
    period: PeriodGiven,
    where: CutsGiven | None = None,
    as_of: date | None = None,
) -> Attainment:
    """Return what was reached of a target, and at what pace by working days while the period runs.

    Raises: KpiError with one clear line for anything that cannot be asked.
    """
    from kpicore.targets.attainment import attained

    return attained(workspace.engine, question_of(workspace, kpi, period, where, as_of))


def attainments(workspace: WithTargets, period: PeriodGiven) -> list[Attainment]:
    """Return what was reached of each target of a KPI that is set for exactly this period."""
    from kpicore.targets.progress import attainments

    return attainments(workspace.engine, workspace.targets.read(), workspace.period(period))


def goals(workspace: WithTargets, period: PeriodGiven | None = None) -> list[Goal]:
    """Return the goals that have parts, as trees; of a period those that lie in it or hold it."""
    from kpicore.targets.progress import goals

    days = workspace.period(period) if period is not None else None
    return goals(workspace.engine, workspace.targets.read(), days)


def target_problems(workspace: WithTargets) -> list[str]:
    """Return one line for each target or goal that cannot be, so that no one counts for nothing silently."""
    from kpicore.targets.problems import target_problems

    return list(workspace.wording.notes(target_problems(workspace.engine, workspace.targets.read())))
