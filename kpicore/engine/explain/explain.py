"""What stands behind an answer, down to the statements and the rows of each input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpicore.engine.compile.definitions import Definition
from kpicore.engine.compile.measures import Alive, Flow, Grouped, Measure
from kpicore.engine.engine import Engine, values_of
from kpicore.engine.explain.records import Rows, listing
from kpicore.engine.plan.cubes import Want
from kpicore.engine.plan.planner import plan
from kpicore.engine.plan.scans import Filters
from kpicore.engine.prepare.shapes import PreparedInput, Shape
from kpicore.engine.scan.statements import Statement, statement
from kpicore.language import text
from kpicore.model.questions import Answer, Question


@dataclass(frozen=True, slots=True)
class InputExplained:
    """One input of an answer: what it is in words, its value, and where that comes from.

    `n` is how many rows its value stands on. `below` explains the metric it refers to; `statements`
    read it; `rows` lists its records.
    """

    name: str
    words: str
    value: float | None
    n: int = 0
    statements: tuple[Statement, ...] = ()
    below: Explanation | None = None
    _prepared: PreparedInput | None = field(default=None, compare=False, repr=False)
    _cuts: Filters = ()
    _engine: Engine | None = field(default=None, compare=False, repr=False)

    def rows(self, limit: int = 100) -> Rows:
        """Return the records that the input counts, latest first; empty for one that refers to a metric."""
        if self._prepared is None or self._prepared.leaf is None or self._engine is None:
            return Rows((), (), 0)
        cuts = tuple(cut for cut in self._cuts if cut[0] not in self._prepared.ignored)
        return listing(self._prepared.leaf, cuts, self._engine.warehouse, self._engine.context, limit)


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with its definition and its inputs.

    `fixed` is what the formula may use besides them: "period.days", "setting.x" and so on.
    """

    answer: Answer
    definition: Definition
    inputs: tuple[InputExplained, ...]
    fixed: Mapping[str, float | None]

    @property
    def formula(self) -> str:
        """The formula as it is written in the definition."""
        return self.definition.spec.formula


def explained(engine: Engine, question: Question) -> Explanation:
    """Return the answer to a question with everything behind it."""
    engine = engine.at(question.as_of)
    answer = engine.answer([question])[0]
    prepared = engine.preparation.get(Shape.of(question))
    inputs = tuple(_input(engine, each, answer) for each in prepared.inputs)
    return Explanation(answer, prepared.definition, inputs, engine.fixed_of(prepared))


def _input(engine: Engine, each: PreparedInput, answer: Answer) -> InputExplained:
    question, given = answer.question, each.given
    value = answer.inputs[given.name]
    if given.measure is not None:
        rows = engine.input_value(each, question).n
        statements = _statements(engine, each, question)
        return InputExplained(
            given.name, described(given.measure), value, rows, statements, None, each, question.cuts, engine
        )
    if each.below is None:
        return InputExplained(given.name, f"target of {'.'.join(given.ref or ())}", value)
    shape = each.below.shape
    below = Question(shape.metric, shape.variant, shape.period, question.cuts, question.as_of)
    words = f"{each.below.definition.place} for {shape.period}"
    found = explained(engine, below)
    return InputExplained(given.name, words, value, found.answer.n, (), found)


def _statements(engine: Engine, each: PreparedInput, question: Question) -> tuple[Statement, ...]:
    """Return statements that read just this input for just these members."""
    values = values_of(question)
    wanted = [Want(part.key, part.times, frozenset(part.members(values))) for part in each.parts]
    readings = plan(wanted, {}, engine.calendar, engine.warehouse.dialect.can_mask_months)
    return tuple(statement(one.scan, engine.context) for one in readings)


def described(measure: Measure) -> str:
    """Return a measure in words: "count of loan by lent_on where state = 'back'"."""
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
