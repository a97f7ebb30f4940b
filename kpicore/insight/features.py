"""What a workspace tells of what numbers mean: each function is a method of `Workspace`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kpicore.engine.compile.compare_steps import earlier_period
from kpicore.engine.plan.availability import is_planned
from kpicore.errors import KpiError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpicore.engine.workspace_port import WorkspacePort
    from kpicore.insight.guards import Guard
    from kpicore.insight.intervals import Interval
    from kpicore.insight.joint_rules import Finding
    from kpicore.insight.result import Result
    from kpicore.model.kpi_requests import CutsGiven, KpiRequest, PeriodGiven
    from kpicore.model.questions import Answer, Question


def ask(workspace: WorkspacePort, request: KpiRequest) -> Result:
    """Return the answers to a request, as `get` does. Raises KpiError with one clear line for what cannot be asked."""
    from kpicore.insight.result import Result, covered_otherwise
    from kpicore.model.questions import questions_of

    by = tuple(dict.fromkeys(workspace.registry.dimension(name).name for name in request.by))
    engine, calendar = workspace.engine, workspace.engine.calendar
    whole = workspace.period(request.period, as_of=request.as_of)
    split = calendar.running if request.to_date else calendar.series
    periods = split(whole, request.grain) if request.grain else (whole,)
    cuts = workspace.cuts(request.where, request.as_of)
    definitions = workspace.definitions
    questions = [questions_of(definitions.named(kpi), periods, cuts, request.as_of) for kpi in request.kpis]
    answers = _answers(workspace, questions, by)
    if request.to_date and request.grain:
        answers = engine.to_date(answers, request.grain)
    compared: Sequence[Answer] = ()
    if request.compare:
        compared = engine.answer([earlier(workspace, answer.question, request.compare) for answer in answers])
    guarded: Sequence[tuple[Guard, ...]] = ()
    if request.guards:
        from kpicore.insight.guards import guards

        guarded = guards(engine, answers, lambda question: comparable(workspace, question, "previous"))
    covers = covered_otherwise(calendar, periods, whole)
    return Result(answers, compared, by, guarded, definitions, request.intervals, covers)


def _answers(
    workspace: WorkspacePort, questions: Sequence[Sequence[Question]], by: tuple[str, ...]
) -> Sequence[Answer]:
    if not by:
        return workspace.engine.answer([question for of_one in questions for question in of_one])
    tables = workspace.engine.tables(questions, tuple(sorted(by)))
    return tables[0] if len(tables) == 1 else [answer for table in tables for answer in table]


def earlier(workspace: WorkspacePort, question: Question, step: str) -> Question:
    """Return the same question for the earlier period that it is compared with: `step` as `compare` in `get`.

    What is counted by a plan date is there for the whole of a period in progress, so it is
    compared with the whole of the earlier one.
    """
    definitions = workspace.definitions
    # what is in progress is seen from the day of the question, else a past answer would change as time goes on
    today = workspace.engine.today_of(question)
    # "previous" becomes "previous-full": the whole of it, not its first days
    if is_planned(definitions.get(question.metric, question.variant), definitions):
        step = step.removesuffix("-full") + "-full"
    return replace(question, period=earlier_period(question.period, step, today, workspace.engine.calendar))


def comparable(workspace: WorkspacePort, question: Question, step: str) -> Question | None:
    """Return the question as `earlier` does, None where it cannot be asked: the calendar does not reach back so far."""
    try:
        before = earlier(workspace, question, step)
        workspace.engine.check(before)
    except KpiError:
        return None
    return before


def advise(workspace: WorkspacePort, period: PeriodGiven, where: CutsGiven | None = None) -> list[Finding]:
    """Return what each joint rule says of a period: whether it applies, with the numbers that tell.

    A rule that does not stand tells why. Raises: BadPeriod, BadCut and UnknownName.
    """
    from kpicore.insight.joint_rules import findings

    rules = [rule for _, rule in workspace.registry.rules]
    return findings(workspace.engine, rules, workspace.period(period), workspace.cuts(where))


def interval(workspace: WorkspacePort, answer: Answer) -> Interval:
    """Return how sure a share is: its interval at 95 %, or the reason why it has none."""
    from kpicore.insight.intervals import interval

    return interval(answer, workspace.definitions.get(answer.question.metric, answer.question.variant))
