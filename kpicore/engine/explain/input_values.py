"""What each input of a question came to and how it adds up, for those who compute the formula elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from kpicore.engine.compile.definitions import regardless
from kpicore.engine.compile.measures import CompiledInput
from kpicore.engine.engine import Engine
from kpicore.engine.prepare.batches import by_shape, grouped, values_of
from kpicore.model.notes import Note
from kpicore.model.questions import Question


class AddsUp(Enum):
    """Of what an input may be summed up."""

    TIME_AND_CUTS = "over time and cuts"
    CUTS = "over cuts only"
    NOT = "not at all"


@dataclass(frozen=True, slots=True)
class InputValue:
    """What one input came to, or the reason why it has no value.

    `n` rows stand behind it. `total` is what adds up: of an average the sum of its `n` values, of
    anything else the value.
    """

    name: str
    value: float | None
    total: float | None
    n: int
    reason: str | None = None
    detail: Note | None = None


@dataclass(frozen=True, slots=True)
class Workings:
    """The inputs of a question, in the order of the definition.

    `fixed` is what a formula may use besides them: "period.days", "setting.x" and so on.
    """

    question: Question
    inputs: tuple[InputValue, ...]
    fixed: Mapping[str, float | None]


def adds_up(compiled: CompiledInput, by: Collection[str] = ()) -> AddsUp:
    """Return how an input adds up when it is asked by some dimensions.

    One that ignores the cut of such a dimension does not: every member has the same rows.
    """
    if (
        compiled.measure is None
        or not compiled.measure.adds_over_cuts
        or any(name in by for name in regardless(compiled.given))
    ):
        return AddsUp.NOT
    return AddsUp.TIME_AND_CUTS if compiled.measure.adds_over_time else AddsUp.CUTS


def workings(engine: Engine, questions: Sequence[Question]) -> list[Workings]:
    """Return the inputs of each question, in order.

    A question is not checked: it may be a part of a period that its KPI is not asked for alone.
    """
    workings: dict[Question, Workings] = {}
    for of_day, alike in grouped(questions, engine.of).items():
        workings |= _of_one_day(of_day, alike)
    return [workings[question] for question in questions]


def _of_one_day(engine: Engine, questions: Sequence[Question]) -> dict[Question, Workings]:
    evaluator, ready = engine.ready(by_shape(questions))
    workings: dict[Question, Workings] = {}
    for prepared, alike in ready:
        fixed = evaluator.fixed_of(prepared)
        for question in alike:
            values = values_of(question)
            inputs = []
            for input_ in prepared.inputs:
                came = evaluator.value_of(input_, question, values)
                # averages of months make no average of a quarter, their totals and rows do
                averaged = input_.compiled.measure is not None and input_.compiled.measure.word == "average"
                total = evaluator.total_of(input_, values) if averaged else came.value
                inputs.append(InputValue(input_.compiled.name, came.value, total, came.n, came.reason, came.detail))
            workings[question] = Workings(question, tuple(inputs), fixed)
    return workings
