"""Guards: the KPIs to look at before cheering over another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kpicore.engine.engine import Engine
from kpicore.errors import KpiError
from kpicore.insight.bands import in_progress, judged
from kpicore.model.figures import attainment, is_good, name_of, number
from kpicore.model.notes import TEXT, Note
from kpicore.model.questions import Answer, Question
from kpicore.model.rules import GOOD, POOR

# of any other status, such as fair, `get` gives None: it tells neither
_VERDICTS = {GOOD: False, POOR: True}


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard beside an answer, for the same period and cuts.

    `is_bad` is None where nothing tells, or a band says "fair"; `why` says what does, or why there is
    no number.
    """

    name: str
    answer: Answer | None
    is_bad: bool | None
    why: Note | None


def guards(
    engine: Engine, answers: Sequence[Answer], comparable: Callable[[Question], Question | None]
) -> list[tuple[Guard, ...]]:
    """Return the guards of each answer, in the order of its metric; all are computed in one batch.

    A guard is bad by its own band; without one, when its target is missed in a period that is over;
    without that too, when it is worse than in the period before.
    """
    asked_beside = [_questions(engine, answer) for answer in answers]
    questions = dict.fromkeys(question for by_ref in asked_beside for question in by_ref.values() if question)
    possible = [question for question in questions if not engine.refusal(question)]
    before = {question: comparable(question) for question in possible}
    # in one batch: scans serve the period and the one before alike
    both = [*possible, *filter(None, before.values())]
    answers_of = dict(zip(both, engine.answer(both), strict=True))
    return [
        tuple(_guard(engine, ref, question, answers_of, before) for ref, question in by_ref.items())
        for by_ref in asked_beside
    ]


def _questions(engine: Engine, answer: Answer) -> dict[str, Question | None]:
    """Return the questions of an answer's guards by name; None for one that there is no KPI of."""
    by_ref: dict[str, Question | None] = {}
    for ref in engine.registry.metric(answer.question.metric).guards:
        try:
            id, variant = engine.definitions.named(ref)
        except KpiError:  # `kpi check` and `kpi plugins` tell it
            by_ref[ref] = None
        else:
            by_ref[ref] = replace(answer.question, metric=id, variant=variant)
    return by_ref


def _guard(
    engine: Engine,
    ref: str,
    question: Question | None,
    answers: Mapping[Question, Answer],
    before: Mapping[Question, Question | None],
) -> Guard:
    if question is None:
        return Guard(ref, None, None, Note.of("no_such_kpi"))
    answer = answers.get(question)
    if answer is None:
        return Guard(ref, None, None, Note.of(TEXT, text=engine.refusal(question)))
    compared = before[question]
    is_bad, why = verdict(engine, answer, answers[compared] if compared else None)
    return Guard(name_of(answer), answer, is_bad, why)


def verdict(engine: Engine, answer: Answer, before: Answer | None) -> tuple[bool | None, Note | None]:
    """Return whether an answer is bad, and what tells: its band, its target, or the period before."""
    if answer.value is None:
        return None, Note.of(TEXT, text=engine.registry.wording.spelt(answer.reason, answer.detail))
    band = judged(answer, engine.registry.metric(answer.question.metric))
    if band is not None and band.status:
        return _VERDICTS.get(band.status), Note.of("by_band", status=band.status, meaning=band.meaning)
    target = engine.target(answer.question)
    reached = attainment(answer.value, target, answer.better)
    if reached is not None and target is not None and not in_progress(answer):
        return reached < 1, Note.of("by_target", target=number(target, answer.unit))
    if before is None or before.value is None:
        return None, None
    good = is_good(answer.value - before.value, answer.better)
    was = Note.of("by_earlier", value=number(before.value, before.unit), period=str(before.question.period))
    return None if good is None else not good, was
