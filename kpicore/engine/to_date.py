"""A series to date: each part runs from the start of the whole period to its own end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpicore.calendar import Grain, Period
from kpicore.engine.engine import Engine
from kpicore.model.questions import NOT_STARTED, Answer


def not_started(engine: Engine, answers: Sequence[Answer], grain: Grain) -> list[Answer]:
    """Return the answers of a series to date, those without a value whose last unit lies in the future.

    Else the total of today would stand there as that of next month. What is dated by a plan has its value.
    """
    future = [
        answer for answer in answers if _unit(engine, answer, grain).start > engine.at(answer.question.as_of).today
    ]
    alone = engine.answer([replace(each.question, period=_unit(engine, each, grain)) for each in future])
    absent = {
        each.question: replace(one, question=each.question)
        for each, one in zip(future, alone, strict=True)
        if one.reason == NOT_STARTED
    }
    return [absent.get(answer.question, answer) for answer in answers]


def _unit(engine: Engine, answer: Answer, grain: Grain) -> Period:
    return engine.calendar.containing(grain, answer.question.period.last)
