"""What stands behind an answer, down to the statements and the rows of each input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kpicore.engine.definitions import CompiledInput, Definition
from kpicore.engine.engine import Engine
from kpicore.engine.leaves import Leaf, wants
from kpicore.engine.listing import Listing, listing
from kpicore.engine.measures import Alive, Flow, Grouped, Measure
from kpicore.engine.plan import plan
from kpicore.engine.statements import Statement, statement
from kpicore.expressions import text
from kpicore.inputs import Target
from kpicore.questions import Answer, Question


@dataclass(frozen=True, slots=True)
class InputExplained:
    """One input of an answer: what it is in words, its value, and where that comes from.

    `below` explains the metric it refers to; `statements` read it; `rows` lists its records.
    """

    name: str
    words: str
    value: float | None
    statements: tuple[Statement, ...] = ()
    below: Explanation | None = None
    _leaf: Leaf | None = None
    _engine: Engine | None = field(default=None, compare=False, repr=False)

    def rows(self, limit: int = 100) -> Listing:
        """Return the records that the input counts, latest first; empty for one that refers to a metric."""
        if self._leaf is None or self._engine is None:
            return Listing((), (), 0)
        return listing(self._leaf, self._engine.warehouse, self._engine.context, limit)


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with its definition and its inputs."""

    answer: Answer
    definition: Definition
    inputs: tuple[InputExplained, ...]

    @property
    def formula(self) -> str:
        """The formula as it is written in the definition."""
        return self.definition.spec.formula


def explained(engine: Engine, question: Question) -> Explanation:
    """Return the answer to a question with everything behind it."""
    answer = engine.answer([question])[0]
    definition = engine.definitions.get(question.metric, question.variant)
    return Explanation(answer, definition, tuple(_input(engine, each, answer) for each in definition.inputs))


def _input(engine: Engine, each: CompiledInput, answer: Answer) -> InputExplained:
    value = answer.inputs[each.name]
    if each.measure is not None:
        leaf = engine.leaf(each, answer.question)
        loaded = engine.missing(leaf) is None
        statements = _statements(engine, leaf) if loaded else ()
        return InputExplained(
            each.name, described(each.measure), value, statements, None, leaf if loaded else None, engine
        )
    below = engine.below(each, answer.question)
    if below is None:
        return InputExplained(each.name, f"target of {'.'.join(each.ref or ())}", value)
    kind = "" if isinstance(each.given, Target) else f"{below.metric}.{below.variant} for {below.period}"
    return InputExplained(each.name, kind, value, (), explained(engine, below))


def _statements(engine: Engine, leaf: Leaf) -> tuple[Statement, ...]:
    readings = plan(wants(leaf, engine.calendar), {}, lambda _: 0, engine.calendar)
    return tuple(statement(each.scan, engine.context) for each in readings)


def described(measure: Measure) -> str:
    """Return a measure in words: "count of opportunity by closed_on where outcome = 'won'"."""
    what = f" {text(measure.value)}" if measure.value is not None else ""
    word = f"percentile {measure.share:g}" if measure.word == "percentile" and measure.share != 0.5 else measure.word
    word = "median" if measure.word == "percentile" and measure.share == 0.5 else word
    where = f" where {text(measure.where)}" if measure.where is not None else ""
    match measure.source:
        case Flow(entity, when):
            return f"{word} of {entity}{what} by {when}{where}"
        case Alive(entity, since, until):
            at = f" at {measure.at.value}" if measure.at else ""
            return f"{word} of {entity}{what} standing from {since} to {until}{at}{where}"
        case Grouped(key, inner):
            return f"{word}{what} per {key} of ({described(inner)}){where}"


def values_shown(values: Sequence[object]) -> str:
    """Return bound values as a person reads them beside a statement."""
    return ", ".join(f"${at} = {value!s}" for at, value in enumerate(values, 1))
