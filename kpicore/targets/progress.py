"""How far goals are, by the answers to the KPIs that measure them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpicore.calendar import Period
from kpicore.engine.compile.requirements import reads
from kpicore.engine.scan.ports import Answerer, TargetValue
from kpicore.errors import KpiError
from kpicore.model.notes import TEXT, Note
from kpicore.model.questions import NOT_STARTED, Answer, Question
from kpicore.model.units import LOWER
from kpicore.targets import ENTITY
from kpicore.targets.attainment import Attainment, beside_target
from kpicore.targets.targets import SetTarget, Targets
from kpicore.targets.tree import Forest, Goal, Measured


def goals(answerer: Answerer, targets: Targets, period: Period | None = None) -> list[Goal]:
    """Return the goals that have parts, with them; those whose period lies in `period`, or holds it."""
    forest = Forest(targets.all)
    roots = [root for root in forest.roots() if period is None or _meets(root.period, period)]
    in_trees = [target for root in roots for target in forest.tree(root)]
    known = measured(answerer, in_trees)
    return [forest.goal(root, known) for root in roots]


def attainments(answerer: Answerer, targets: Targets, period: Period) -> list[Attainment]:
    """Return what was reached of each target of a KPI that is set for exactly this period, once a target."""
    questions: dict[Question, None] = {}
    for target in targets.all:
        if target.kpi and target.is_set_for(period):
            question = Question(target.kpi, target.variant, period, target.cuts)
            answerer.check(question)
            # a dict, as it keeps the order: two targets of the same thing are one question
            questions.setdefault(question)
    order = sorted(questions, key=lambda question: (question.metric, question.variant, question.cuts))
    answers = answerer.answer(order)
    return [beside_target(answerer, answer, _set_for(answer.question, targets)) for answer in answers]


def _set_for(question: Question, targets: Targets) -> TargetValue:
    return targets.find(question.metric, question.variant, question.period, question.cuts)


def measured(answerer: Answerer, targets: Iterable[SetTarget]) -> Mapping[str, Measured]:
    """Return how far each target is that a KPI measures, by id."""
    progress: dict[str, Measured] = {}
    questions: list[tuple[SetTarget, Question]] = []
    for target in targets:
        if not target.kpi:
            continue
        question = Question(target.kpi, target.variant, target.period, target.cuts)
        try:
            # its rows are being worked out right now, by this very answer
            if reads(ENTITY, answerer.definitions.get(target.kpi, target.variant), answerer.definitions):
                progress[target.id] = Measured(None, None, Note.of("made_of_goals", kpi=target.kpi))
                continue
            answerer.check(question)
        except KpiError as error:
            progress[target.id] = Measured(None, None, Note.of(TEXT, text=str(error)))
            continue
        questions.append((target, question))
    answers = answerer.answer([question for _, question in questions])
    for (target, _), answer in zip(questions, answers, strict=True):
        attainment = beside_target(answerer, answer, TargetValue(target.value))
        progress[target.id] = _measured(answer, target, attainment)
    return progress


def _measured(answer: Answer, target: SetTarget, attainment: Attainment) -> Measured:
    if answer.reason == NOT_STARTED:
        return Measured(0.0, 0.0, None, attainment)
    if answer.value is None:
        return Measured(None, None, attainment.detail or Note.of(TEXT, text=str(attainment.reason)), attainment)
    # 0 complaints of at most 5 are reached in full, though 5 / 0 is no attainment
    if answer.better is LOWER and answer.value <= target.value:
        return Measured(1.0, answer.value, None, attainment)
    if attainment.value is None:
        return Measured(None, answer.value, attainment.detail, attainment)
    return Measured(min(max(attainment.value, 0.0), 1.0), answer.value, None, attainment)


def _meets(period: Period, other: Period) -> bool:
    inside = other.start <= period.start and period.end <= other.end
    return inside or (period.start <= other.start and other.end <= period.end)
