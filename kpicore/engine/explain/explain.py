"""What stands behind an answer, down to the statements and the rows of each input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpicore.engine.compile.definitions import Definition
from kpicore.engine.compile.measures import Flow, Grouped, Measure, Stock
from kpicore.engine.engine import Engine
from kpicore.engine.explain.records import Records, listing
from kpicore.engine.plan.planner import scan_plans
from kpicore.engine.plan.scans import Filters
from kpicore.engine.prepare.batches import values_of
from kpicore.engine.prepare.shapes import PreparedInput, Shape
from kpicore.engine.scan.statements import BoundStatement, statement
from kpicore.language import text
from kpicore.model.inputs import aggregate_name
from kpicore.model.questions import Answer, Question
from kpicore.warehouse import SourceState


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
    statements: tuple[BoundStatement, ...] = ()
    below: Explanation | None = None
    _prepared: PreparedInput | None = field(default=None, compare=False, repr=False)
    _cuts: Filters = ()
    _engine: Engine | None = field(default=None, compare=False, repr=False)

    def rows(self, limit: int = 100) -> Records:
        """Return the records that the input counts, latest first; empty for one that refers to a metric."""
        if self._prepared is None or self._prepared.request is None or self._engine is None:
            return Records((), (), 0)
        cuts = tuple(cut for cut in self._cuts if cut[0] not in self._prepared.ignored)
        return listing(self._prepared.request, cuts, self._engine.warehouse, self._engine.context, limit)


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with its definition and its inputs.

    `fixed` is what the formula may use besides them: "period.days", "setting.x" and so on. `sources` are those that
    the inputs read.
    """

    answer: Answer
    definition: Definition
    inputs: tuple[InputExplained, ...]
    fixed: Mapping[str, float | None]
    sources: tuple[SourceState, ...] = ()

    @property
    def formula(self) -> str:
        """The formula as it is written in the definition."""
        return self.definition.spec.formula


def explained(engine: Engine, question: Question) -> Explanation:
    """Return the answer to a question with everything behind it."""
    engine = engine.of(question)
    answer = engine.answer([question])[0]
    prepared = engine.preparation.get(Shape.of(question))
    inputs = tuple(_input(engine, input_, answer) for input_ in prepared.inputs)
    sources = engine.freshness.of(prepared.definition).sources
    return Explanation(answer, prepared.definition, inputs, engine.fixed_of(prepared), sources)


def _input(engine: Engine, input_: PreparedInput, answer: Answer) -> InputExplained:
    question, compiled = answer.question, input_.compiled
    value = answer.inputs[compiled.name]
    if compiled.measure is not None:
        rows = engine.input_value(input_, question).n
        statements = _statements(engine, input_, question)
        return InputExplained(
            compiled.name, described(compiled.measure), value, rows, statements, None, input_, question.cuts, engine
        )
    if input_.below is None:
        return InputExplained(compiled.name, f"target of {'.'.join(compiled.ref or ())}", value)
    # an input that looks back has an earlier period than the question; its cuts are those of the question
    shape = input_.below.shape
    below = Question(shape.metric, shape.variant, shape.period, question.cuts, question.as_of)
    words = f"{input_.below.definition.place} for {shape.period}"
    explanation = explained(engine, below)
    return InputExplained(compiled.name, words, value, explanation.answer.n, (), explanation)


def _statements(engine: Engine, input_: PreparedInput, question: Question) -> tuple[BoundStatement, ...]:
    """Return statements that read just this input for just these members."""
    values = values_of(question)
    # with the members of this answer alone, and as if no cube held anything: a statement that can be run by hand
    requests = [part.request([values]) for part in input_.slices]
    readings = scan_plans(requests, {}, engine.calendar, engine.warehouse.dialect.can_mask_months)
    return tuple(statement(scan_plan.scan, engine.context) for scan_plan in readings)


def described(measure: Measure) -> str:
    """Return a measure in words: "count of loan by lent_on where state = 'back'"."""
    what = f" {text(measure.value)}" if measure.value is not None else ""
    word = aggregate_name(measure.word, measure.share)
    word = f"percentile {measure.share:g}" if word == "percentile" else word
    where = f" where {text(measure.where)}" if measure.where is not None else ""
    match measure.source:
        case Flow(entity, when):
            return f"{word} of {entity}{what} by {when}{where}"
        case Stock(entity, since, until):
            at = f" at {measure.at.value}" if measure.at else ""
            return f"{word} of {entity}{what} standing from {since} to {until}{at}{where}"
        case Grouped(key, inner):
            return f"{word}{what} per {key} of ({described(inner)}){where}"
