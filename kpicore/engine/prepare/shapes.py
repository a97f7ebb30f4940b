"""A question made ready for any members: what is the same for all reps is worked out once.

A workbook asks the same KPI for the same months two hundred times, once a rep. Only the members
differ, so everything else is kept here by shape.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from kpicore.calendar import Calendar, Period
from kpicore.engine.compile.columns import columns_read
from kpicore.engine.compile.compare_steps import earlier_period
from kpicore.engine.compile.compiled_inputs import CompiledInput
from kpicore.engine.compile.definitions import Definition, Definitions, regardless
from kpicore.engine.compile.formula_value import Value
from kpicore.engine.compile.measures import Measure
from kpicore.engine.notes.converted import Converted
from kpicore.engine.notes.netted import Netted
from kpicore.engine.notes.notes import MOST_WORDS, EmptyValues, empty_values, period_notes, unknown_words
from kpicore.engine.notes.undated import Undated
from kpicore.engine.notes.undecided import Kind, Undecided, undecided
from kpicore.engine.plan.availability import is_plan, partly_covered
from kpicore.engine.plan.filters import Members
from kpicore.engine.plan.memory import MOST_MEASURES, Recent
from kpicore.engine.plan.requests import Leaf, Part, Units, parts
from kpicore.engine.plan.scans import Filters
from kpicore.engine.prepare.presumptions import Presumed
from kpicore.lineage import CALENDAR, Column
from kpicore.model.inputs import Earlier, Target
from kpicore.model.notes import TOO_LARGE, UNKNOWN_WORDS, Note
from kpicore.model.questions import Question
from kpicore.model.schema import given_name
from kpicore.warehouse import State
from kpicore.warehouse.port import outdated_tables

if TYPE_CHECKING:
    from kpicore.engine.notes.as_of import Past

MOST_SHAPES = 6_000
MOST_LISTED = 1_000
"""A question with longer lists of members than so many is answered and not kept."""


class Shape(NamedTuple):
    """A question without the members of its single-valued cuts."""

    metric: str
    variant: str
    period: Period
    names: tuple[str, ...]
    lists: Filters
    as_of: date | None

    @staticmethod
    def of(question: Question) -> Shape:
        """Return the shape of a question."""
        names = tuple(name for name, values in question.cuts if len(values) == 1)
        lists = tuple(cut for cut in question.cuts if len(cut[1]) > 1)
        return Shape(question.metric, question.variant, question.period, names, lists, question.as_of)

    @property
    def is_short(self) -> bool:
        """Whether its lists are short enough to be kept by the thousand."""
        return not self.lists or sum(len(values) for _, values in self.lists) <= MOST_LISTED


class Expected(NamedTuple):
    """A value of a dimension that an input ought to have rows of, and where its count stands."""

    dimension: str
    value: str
    parts: tuple[Part, ...]


class Doubt(NamedTuple):
    """What an input does not know of rows that lack some fields, and where their count stands."""

    about: Undecided
    lacking: tuple[str, ...]
    parts: tuple[Part, ...]
    words: tuple[Unknown, ...] = ()

    def all_parts(self) -> Iterator[Part]:
        """Yield its parts, and those that count words."""
        yield from self.parts
        yield from (part for word in self.words for part in word.parts)


class Unknown(NamedTuple):
    """Rows with a word in `field` that is no code of it; of an empty `word` those with any such word."""

    field: str
    word: str
    parts: tuple[Part, ...]


class PreparedInput(NamedTuple):
    """One input: a value that is known already, cells of cubes, or another metric (None: a target)."""

    given: CompiledInput
    known: Value | None = None
    leaf: Leaf | None = None
    parts: tuple[Part, ...] = ()
    expected: tuple[Expected, ...] = ()
    below: Prepared | None = None
    notes: tuple[Note, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    facts: Facts | None = None

    @property
    def ignored(self) -> tuple[str, ...]:
        """The dimensions whose cut it ignores."""
        return regardless(self.given.given)

    @property
    def reads_target(self) -> bool:
        """Whether it is a target, or a metric made of one."""
        return isinstance(self.given.given, Target) or (self.below is not None and self.below.reads_target)

    def all_parts(self) -> list[Part]:
        """Return its parts, also of the metric below."""
        below = self.below.all_parts() if self.below is not None else ()
        expected = (part for one in self.expected for part in one.parts)
        doubted = (part for one in self.doubts for part in one.all_parts())
        return [*self.parts, *expected, *doubted, *below]


class Prepared(NamedTuple):
    """A shape with its inputs, and the notes that every answer of it has.

    `days` of its period have happened, which are so many `years`; all of them of one that has not started.
    `earlier` are the periods of the inputs that look back, also of the metrics below: "growth.before".
    """

    shape: Shape
    definition: Definition
    inputs: tuple[PreparedInput, ...]
    notes: tuple[Note, ...]
    days: int
    years: float
    earlier: Mapping[str, Period]
    reads_target: bool

    def all_parts(self) -> list[Part]:
        """Return the parts of all inputs, also of the metrics below."""
        return [part for each in self.inputs for part in each.all_parts()]


class Lacking(NamedTuple):
    """What is not known of all rows of a measure: which fields some of them lack, and the counts of such rows."""

    about: Undecided
    fields: tuple[str, ...]
    counts: tuple[Measure, ...]


class Facts(NamedTuple):
    """What is the same of a measure whatever its period and cuts."""

    notes: tuple[Note, ...]
    lacking: tuple[Lacking, ...]
    empty: EmptyValues | None


class Preparation:
    """Prepares shapes; those that were asked lately are prepared already."""

    def __init__(
        self,
        definitions: Definitions,
        state: State,
        calendar: Calendar,
        told: tuple[Undated | Netted | Converted | Past, ...],
        presumed: Presumed,
        members: Members,
        today: date,
        refused: Mapping[Column, str],
        may_be_unknown: Collection[Column],
        past: Past | None = None,
    ) -> None:
        self._members, self._refused, self._past, self._may_be_unknown = members, refused, past, may_be_unknown
        self.definitions, self.state, self.calendar, self.today = definitions, state, calendar, today
        self.registry = definitions.registry
        self._told, self.presumed, self._units = told, presumed, Units(calendar)
        self._planned: Recent[str, bool] = Recent(MOST_MEASURES)
        self._facts: Recent[str, Facts] = Recent(MOST_MEASURES)
        self._elapsed: Recent[Period, tuple[int, float]] = Recent(MOST_SHAPES)
        self._known: Recent[Shape, Prepared] = Recent(MOST_SHAPES)

    def get(self, shape: Shape) -> Prepared:
        """Return the shape prepared. Raises BadDefinition and BadExpression."""
        found = self._known.get(shape)
        if found is None:
            found = self._prepared(shape)
            if shape.is_short:
                self._known.update({shape: found})
        return found

    def _prepared(self, shape: Shape) -> Prepared:
        definition = self.definitions.get(shape.metric, shape.variant)
        period = shape.period
        notes = tuple(period_notes(period, self.today, definition.matures))
        if self._past is not None:
            notes += self._past.definition_notes(definition, period)
        inputs = tuple(self.input(each, shape) for each in definition.inputs)
        elapsed, years = self._passed(period)
        earlier = MappingProxyType(dict(_earlier(inputs)))
        reads_target = any(each.reads_target for each in inputs)
        return Prepared(shape, definition, inputs, notes, elapsed, years, earlier, reads_target)

    def _passed(self, period: Period) -> tuple[int, float]:
        """Return how many days of a period have happened, and how many years those are."""
        found = self._elapsed.get(period)
        if found is None:
            today = self.today
            days = (today - period.start).days + 1 if period.start <= today < period.last else period.days
            found = days, self.calendar.years(period, days)
            self._elapsed.update({period: found})
        return found

    def input(self, each: CompiledInput, shape: Shape) -> PreparedInput:
        """Return one input of a shape prepared. Raises WarehouseError for one that reads what is outdated."""
        if isinstance(each.given, Target):
            return PreparedInput(each)
        if each.measure is None:
            return PreparedInput(each, below=self.get(self._below(each, shape)))
        leaf = self._leaf(each, shape)
        found = parts(leaf, self._units)
        if self._refused:
            self._refuse_outdated(each, leaf, found)
        absent = self.presumed.missing(leaf)
        if absent is not None:
            return PreparedInput(each, known=Value(None, *absent))
        facts = self._facts_of(leaf.measure)
        notes, doubts = self._notes(leaf, facts), tuple(self._doubts(leaf, facts))
        return PreparedInput(each, None, leaf, found, self._expected(each, leaf), None, notes, doubts, facts)

    def _facts_of(self, measure: Measure) -> Facts:
        found = self._facts.get(measure.key)
        if found is None:
            # which words matter to an answer is told by its doubts
            read = {name for _, name in columns_read(measure)}
            of_load = (
                each
                for each in self.state.entities[measure.entity].notes
                if each.kind != UNKNOWN_WORDS and (each.kind != TOO_LARGE or each.value("field") in read)
            )
            notes = (*of_load, *(note for each in self._told for note in each.notes(measure)))
            found = Facts(notes, tuple(self._lacking(measure)), empty_values(measure))
            self._facts.update({measure.key: found})
        return found

    def _refuse_outdated(self, each: CompiledInput, leaf: Leaf, found: Iterable[Part]) -> None:
        """Refuse to read a column that other definitions than today's have made."""
        entity = leaf.measure.entity
        read = {*columns_read(leaf.measure), *((CALENDAR, part.key.time) for part in found)}
        read |= {(entity, name) for name in (*leaf.names, *(name for name, _ in leaf.lists))}
        read |= {(entity, one.dimension) for one in each.coverage}
        for column in sorted(read & self._refused.keys()):
            raise outdated_tables(self._refused[column])

    def _below(self, each: CompiledInput, shape: Shape) -> Shape:
        assert each.ref is not None
        period = shape.period
        if isinstance(each.given, Earlier):
            period = earlier_period(period, each.given.step, self.today, self.calendar)
        return Shape(*each.ref, period, shape.names, shape.lists, shape.as_of)

    def _leaf(self, each: CompiledInput, shape: Shape) -> Leaf:
        assert each.measure is not None
        ignored = regardless(each.given)
        return Leaf(
            each.measure,
            shape.period,
            tuple(name for name in shape.names if name not in ignored),
            tuple(cut for cut in shape.lists if cut[0] not in ignored),
            self.today,
            self._is_plan(each.measure),
            unit=10**each.measure.scale,
        )

    def _is_plan(self, measure: Measure) -> bool:
        found = self._planned.get(measure.key)
        if found is None:
            found = is_plan(measure, self.registry)
            self._planned.update({measure.key: found})
        return found

    def _expected(self, each: CompiledInput, leaf: Leaf) -> tuple[Expected, ...]:
        cut = {*leaf.names, *(name for name, _ in leaf.lists)}
        found: list[Expected] = []
        for one in each.coverage:
            for value in one.values if one.dimension not in cut else ():
                fixed = (one.dimension, self._members.spellings(one.dimension, value))
                counted = Leaf(one.rows, leaf.period, leaf.names, leaf.lists, leaf.today, leaf.plan, fixed)
                found.append(Expected(one.dimension, value, parts(counted, self._units)))
        return tuple(found)

    def _doubts(self, leaf: Leaf, facts: Facts) -> Iterator[Doubt]:
        for one, lacking, rows in facts.lacking:
            words = tuple(self._unknown(one, lacking, leaf))
            if words or one.kind is not Kind.WORD:
                yield Doubt(one, lacking, self._counted(rows, leaf), words)

    def _lacking(self, measure: Measure) -> Iterator[Lacking]:

        def is_filled(entity: str, name: str) -> bool:
            if (entity, name) in self._may_be_unknown:
                return False
            state = self.state.entities[entity]
            return state.filled.get(name, 0) == state.rows

        def is_known(entity: str, name: str) -> bool:
            filled = self.state.entities[entity].filled
            return filled.get(name, 0) == filled.get(given_name(name), 0)

        for one in undecided(measure):
            if lacking := one.lacking(is_filled, is_known):
                yield Lacking(one, lacking, one.rows(self.definitions.settings))

    def _counted(self, rows: Iterable[Measure], leaf: Leaf) -> tuple[Part, ...]:
        counts = (leaf._replace(measure=row, unit=1) for row in rows)
        return tuple(part for count in counts for part in parts(count, self._units))

    def _unknown(self, one: Undecided, lacking: Iterable[str], leaf: Leaf) -> Iterator[Unknown]:
        """Yield where the counts of words stand that are no codes, of the fields that are lacking."""
        before: list[str] = []
        for field, words in unknown_words(self.state.entities[leaf.measure.entity].notes):
            if field in lacking:
                for word in ("", *(each for each, _ in words[:MOST_WORDS])):
                    rows = one.with_word(field, word, before, self.definitions.settings)
                    yield Unknown(field, word, self._counted(rows, leaf))
                before.append(field)

    def _notes(self, leaf: Leaf, facts: Facts) -> tuple[Note, ...]:
        partly = partly_covered(leaf.measure, leaf.period, leaf.today, self.state, leaf.plan)
        return (*([partly] if partly else []), *facts.notes, *self.presumed.notes(leaf))


def _earlier(inputs: Iterable[PreparedInput]) -> Iterator[tuple[str, Period]]:
    """Yield the inputs that look back with their periods, those of the metrics below by their path."""
    for each in inputs:
        if each.below is None:
            continue
        if isinstance(each.given.given, Earlier):
            yield each.given.name, each.below.shape.period
        yield from ((f"{each.given.name}.{name}", period) for name, period in each.below.earlier.items())
