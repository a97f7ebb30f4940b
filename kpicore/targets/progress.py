"""How far goals are, by the answers to the KPIs that measure them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpicore.calendar import Period
from kpicore.engine.compile.columns import reads
from kpicore.engine.scan.ports import Answerer, Found
from kpicore.errors import KpiError
from kpicore.model.questions import NOT_STARTED, Answer, Question
from kpicore.model.units import LOWER
from kpicore.targets import ENTITY
from kpicore.targets.attainment import Attainment, beside_target
from kpicore.targets.targets import SetTarget, Targets
from kpicore.targets.tree import Forest, Goal, Measured
from kpicore.wording.wording import Wording


def goals(answerer: Answerer, targets: Targets, period: Period | None = None) -> list[Goal]:
    """Return the goals that have parts, with them; those whose period lies in `period`, or holds it."""
    forest = Forest(targets.all)
    roots = [root for root in forest.roots() if period is None or _meets(root.period, period)]
    wanted = [one for root in roots for one in _below(forest, root)]
    known = measured(answerer, wanted)
    return [forest.goal(root, known) for root in roots]


def attainments(answerer: Answerer, targets: Targets, period: Period) -> list[Attainment]:
    """Return what was reached of each target of a KPI that is set for exactly this period, once a target."""
    asked: dict[Question, None] = {}
    for each in targets.all:
        if each.kpi and each.is_set_for(period):
            question = Question(each.kpi, each.variant, period, each.cuts)
            answerer.check(question)
            asked.setdefault(question)
    order = sorted(asked, key=lambda each: (each.metric, each.variant, each.cuts))
    answers = answerer.answer(order)
    return [beside_target(answerer, answer, _set_for(answer.question, targets)) for answer in answers]


def _set_for(question: Question, targets: Targets) -> Found:
    return targets.find(question.metric, question.variant, question.period, question.cuts)


def measured(answerer: Answerer, targets: Iterable[SetTarget]) -> Mapping[str, Measured]:
    """Return how far each target is that a KPI measures, by id."""
    found: dict[str, Measured] = {}
    asked: list[tuple[SetTarget, Question]] = []
    for each in targets:
        if not each.kpi:
            continue
        question = Question(each.kpi, each.variant, each.period, each.cuts)
        try:
            if reads(ENTITY, answerer.definitions.get(each.kpi, each.variant), answerer.definitions):
                found[each.id] = Measured(None, None, f"{each.kpi} is itself made of goals")
                continue
            answerer.check(question)
        except KpiError as error:
            found[each.id] = Measured(None, None, str(error))
            continue
        asked.append((each, question))
    answers, wording = answerer.answer([question for _, question in asked]), answerer.definitions.registry.wording
    for (each, _), answer in zip(asked, answers, strict=True):
        found[each.id] = _measured(answer, each, beside_target(answerer, answer, Found(each.value)), wording)
    return found


def _measured(answer: Answer, target: SetTarget, told: Attainment, wording: Wording) -> Measured:
    if answer.reason == NOT_STARTED:
        return Measured(0.0, 0.0, "", told)
    if answer.value is None:
        return Measured(None, None, wording.note(told.detail) or str(told.reason), told)
    if answer.better is LOWER and answer.value <= target.value:
        return Measured(1.0, answer.value, "", told)
    if told.value is None:
        return Measured(None, answer.value, wording.note(told.detail), told)
    return Measured(min(max(told.value, 0.0), 1.0), answer.value, "", told)


def _below(forest: Forest, target: SetTarget) -> list[SetTarget]:
    return [target, *(one for each in forest.parts.get(target.id, ()) for one in _below(forest, each))]


def _meets(one: Period, other: Period) -> bool:
    inside = other.start <= one.start and one.end <= other.end
    return inside or (one.start <= other.start and other.end <= one.end)
