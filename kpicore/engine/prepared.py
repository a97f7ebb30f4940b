"""A question made ready for any members: what is the same for all reps is worked out once.

A workbook asks the same KPI for the same months two hundred times, once a rep. Only the members
differ, so everything else is kept here by shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kpicore.engine.answers import Value
from kpicore.engine.columns import columns_read
from kpicore.engine.converted import Converted
from kpicore.engine.cuts import Members
from kpicore.engine.definitions import CompiledInput, Definition, Definitions, regardless
from kpicore.engine.leaves import Leaf, Part, Units, parts
from kpicore.engine.measures import Measure
from kpicore.engine.notes import as_of_note, period_notes
from kpicore.engine.reading.scans import Filters
from kpicore.engine.reading.tables import is_tracked
from kpicore.engine.shift import earlier_period
from kpicore.engine.status import is_plan, missing, partly_covered
from kpicore.engine.undated import Undated
from kpicore.inputs import Earlier, Target
from kpicore.lineage import CALENDAR, Column
from kpicore.periods import Calendar, Period, local_date
from kpicore.questions import Question
from kpicore.warehouse import State
from kpicore.warehouse.problems import outdated


@dataclass(frozen=True, slots=True)
class Shape:
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
        lists = tuple(each for each in question.cuts if len(each[1]) > 1)
        return Shape(question.metric, question.variant, question.period, names, lists, question.as_of)


@dataclass(frozen=True, slots=True)
class Expected:
    """A value of a dimension that an input ought to have rows of, and where its count stands."""

    dimension: str
    value: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PreparedInput:
    """One input: a value that is known already, cells of cubes, or another metric (None: a target)."""

    given: CompiledInput
    known: Value | None = None
    leaf: Leaf | None = None
    parts: tuple[Part, ...] = ()
    expected: tuple[Expected, ...] = ()
    below: Prepared | None = None
    notes: tuple[str, ...] = ()

    @property
    def ignored(self) -> tuple[str, ...]:
        """The dimensions whose cut it ignores."""
        return regardless(self.given.given)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A shape with its inputs, and the notes that every answer of it has. `days` of its period have happened."""

    shape: Shape
    definition: Definition
    inputs: tuple[PreparedInput, ...]
    notes: tuple[str, ...]
    days: int

    def all_parts(self) -> list[Part]:
        """Return the parts of all inputs, also of the metrics below."""
        found: list[Part] = []
        for each in self.inputs:
            found += [*each.parts, *(part for one in each.expected for part in one.parts)]
            if each.below is not None:
                found += each.below.all_parts()
        return found


class Preparation:
    """Prepares shapes, each once."""

    def __init__(
        self,
        definitions: Definitions,
        state: State,
        calendar: Calendar,
        told: tuple[Undated | Converted, ...],
        members: Members,
        today: date,
        refused: Mapping[Column, str],
    ) -> None:
        self._members, self._refused = members, refused
        self.definitions, self.state, self.calendar, self.today = definitions, state, calendar, today
        self.registry = definitions.registry
        self._told, self._units = told, Units(calendar)
        self._first = local_date(state.first_load, calendar.timezone)
        self._planned: dict[str, bool] = {}
        self._known: dict[Shape, Prepared] = {}

    def get(self, shape: Shape) -> Prepared:
        """Return the shape prepared. Raises BadDefinition and BadExpression."""
        found = self._known.get(shape)
        if found is None:
            found = self._known[shape] = self._prepared(shape)
        return found

    def _today(self, shape: Shape) -> date:
        return min(shape.as_of, self.today) if shape.as_of else self.today

    def _prepared(self, shape: Shape) -> Prepared:
        definition = self.definitions.get(shape.metric, shape.variant)
        maturing = self.definitions.settings.get("maturing_days", 0)
        days = int(maturing) if isinstance(maturing, int | float) else 0
        period, today = shape.period, self._today(shape)
        notes = tuple(period_notes(definition, period, today, days))
        inputs = tuple(self.input(each, shape) for each in definition.inputs)
        elapsed = (min(period.last, max(today, period.start)) - period.start).days + 1
        return Prepared(shape, definition, inputs, notes, elapsed)

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
        absent = missing(leaf.measure, leaf.period, leaf.today, self.state, leaf.plan)
        if absent is not None:
            return PreparedInput(each, known=Value(None, *absent))
        return PreparedInput(each, None, leaf, found, self._expected(each, leaf), None, self._notes(leaf))

    def _refuse_outdated(self, each: CompiledInput, leaf: Leaf, found: Iterable[Part]) -> None:
        """Refuse to read a column that other definitions than today's have made."""
        entity = leaf.measure.entity
        read = {*columns_read(leaf.measure), *((CALENDAR, part.key.time) for part in found)}
        read |= {(entity, name) for name in (*leaf.names, *(name for name, _ in leaf.lists))}
        read |= {(entity, one.dimension) for one in each.coverage}
        for column in sorted(read & self._refused.keys()):
            raise outdated(self._refused[column])

    def _below(self, each: CompiledInput, shape: Shape) -> Shape:
        assert each.ref is not None
        period = shape.period
        if isinstance(each.given, Earlier):
            period = earlier_period(period, each.given.step, self._today(shape), self.calendar)
        return Shape(*each.ref, period, shape.names, shape.lists, shape.as_of)

    def _leaf(self, each: CompiledInput, shape: Shape) -> Leaf:
        assert each.measure is not None
        ignored = regardless(each.given)
        today = self._today(shape)
        earlier = today < self.today and is_tracked(self.registry.entity(each.measure.entity))
        return Leaf(
            each.measure,
            shape.period,
            tuple(name for name in shape.names if name not in ignored),
            tuple(cut for cut in shape.lists if cut[0] not in ignored),
            today,
            self._is_plan(each.measure),
            today if earlier else None,
            unit=10**each.measure.scale,
        )

    def _is_plan(self, measure: Measure) -> bool:
        if measure.key not in self._planned:
            self._planned[measure.key] = is_plan(measure, self.registry)
        return self._planned[measure.key]

    def _expected(self, each: CompiledInput, leaf: Leaf) -> tuple[Expected, ...]:
        cut = {*leaf.names, *(name for name, _ in leaf.lists)}
        found: list[Expected] = []
        for one in each.coverage:
            for value in one.values if one.dimension not in cut else ():
                fixed = (one.dimension, self._members.spellings(one.dimension, value))
                counted = Leaf(one.rows, leaf.period, leaf.names, leaf.lists, leaf.today, leaf.plan, leaf.as_of, fixed)
                found.append(Expected(one.dimension, value, parts(counted, self._units)))
        return tuple(found)

    def _notes(self, leaf: Leaf) -> tuple[str, ...]:
        partly = partly_covered(leaf.measure, leaf.period, leaf.today, self.state, leaf.plan)
        notes = [*([partly] if partly else []), *self.state.entities[leaf.measure.entity].notes]
        notes += [note for each in self._told for note in each.notes(leaf.measure)]
        if leaf.as_of is not None and leaf.as_of < self._first:
            notes.append(as_of_note(leaf.measure, leaf.as_of, self._first))
        return tuple(notes)
