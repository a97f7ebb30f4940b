"""A target beside what was reached: attainment, and pace by working days while the period runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.engine.compile.measures import Flow, Measure
from kpicore.engine.compile.requirements import WHAT_IT_READS, walk_inputs
from kpicore.engine.engine import Engine
from kpicore.engine.scan.ports import Answerer, TargetValue
from kpicore.model.figures import attainment, name_of
from kpicore.model.inputs import Target
from kpicore.model.notes import Note
from kpicore.model.questions import ZERO_DENOMINATOR, Answer, Question
from kpicore.model.units import LOWER
from kpicore.wording.wording import Wording


@dataclass(frozen=True, slots=True)
class Attainment:
    """What was reached of a target, as fractions.

    `value` is of the whole target: actual / target, or target / actual where lower is better.
    `expected` is what should be reached by now, `pace` the attainment of that; of a KPI that does not
    add up over time, such as a rate, the whole target is expected from the first day on. `elapsed` of
    `working_days` are over or running. Where there is no value, `reason` and `detail` say why.
    """

    answer: Answer
    target: float | None
    value: float | None
    expected: float | None
    pace: float | None
    elapsed: int
    working_days: int
    reason: str | None = None
    detail: Note | None = None

    @property
    def in_progress(self) -> bool:
        """Whether working days of the period are still to come."""
        return 0 <= self.elapsed < self.working_days

    def record(self, wording: Wording) -> dict[str, Any]:
        """Return it as a dict that JSON can hold."""
        question = self.answer.question
        return {
            "kpi": question.metric,
            "variant": question.variant,
            "period": question.period.key,
            "cuts": {name: values[0] if len(values) == 1 else list(values) for name, values in question.cuts},
            "actual": self.answer.value,
            "target": self.target,
            "unit": self.answer.unit.name,
            "attainment": self.value,
            "expected": self.expected,
            "pace": self.pace,
            "elapsed_working_days": self.elapsed,
            "working_days": self.working_days,
            "reason": self.reason,
            "detail": wording.note(self.detail),
        }


def attained(engine: Engine, question: Question) -> Attainment:
    """Return the answer to a question beside its target. Raises what the question itself would raise."""
    engine = engine.at(question.as_of)
    [answer] = engine.answer([question])
    return beside_target(engine, answer, engine.found_target(question))


def target_answer(engine: Engine, question: Question) -> Answer:
    """Return the target of a question as an answer; the question must be one that can be asked."""
    engine.check(question)
    definition, state = engine.definitions.get(question.metric, question.variant), engine.state
    target = engine.found_target(question)
    return Answer(
        question,
        target.value,
        definition.unit,
        definition.metric.better,
        target.reason,
        target.detail,
        data_version=state.version,
        data_time=state.time,
    )


def beside_target(answerer: Answerer, answer: Answer, target: TargetValue) -> Attainment:
    """Return an answer beside a target; it is that of the `answerer`, as of its day."""
    period, working, definitions = answer.question.period, answerer.working, answerer.definitions
    # of the first 10 of 60 working days 1/6 of a sum is expected; today counts as elapsed
    elapsed, every = working.elapsed(period, answerer.today_of(answer.question)), working.of(period)
    if target.value is None:
        return Attainment(answer, None, None, None, None, elapsed, every, target.reason, target.detail)
    if answer.value is None:
        return Attainment(answer, target.value, None, None, None, elapsed, every, answer.reason, answer.detail)
    definition = definitions.get(answer.question.metric, answer.question.variant)
    paced = grows_daily(definition, definitions)
    # a period of holidays alone has no pace
    share = elapsed / every if every else None
    # a rate is not expected to be a third of its target after a third of the days
    expected = target.value if not paced else None if share is None else target.value * share
    value = attainment(answer.value, target.value, answer.better)
    pace = attainment(answer.value, expected, answer.better)
    if value is not None:
        return Attainment(answer, target.value, value, expected, pace, elapsed, every)
    zero = "reached_not_above_zero" if answer.better is LOWER else "target_not_above_zero"
    detail = Note.of(zero, kpi=name_of(answer))
    return Attainment(answer, target.value, None, expected, None, elapsed, every, ZERO_DENOMINATOR, detail)


def grows_daily(definition: Definition, definitions: Definitions) -> bool:
    """Whether the KPI grows day by day over the period: sums and counts, and nothing divided."""
    inputs = walk_inputs(definition, definitions, (*WHAT_IT_READS, Target))
    return all(not owner.below and _adds_daily(compiled.measure) for owner, compiled in inputs)


def _adds_daily(measure: Measure | None) -> bool:
    return measure is None or (
        isinstance(measure.source, Flow) and measure.adds_over_time and measure.word in ("count", "total")
    )
