"""A question made ready for any members: what is the same for all branches is worked out once.

A workbook asks the same KPI for the same months two hundred times, once a branch. Only the members
differ, so everything else is kept here by shape.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from kpicore.calendar import Calendar, Period
from kpicore.engine.compile.compare_steps import earlier_period
from kpicore.engine.compile.definitions import Definition, Definitions, regardless
from kpicore.engine.compile.formula_value import Value
from kpicore.engine.compile.measures import CompiledInput, Measure
from kpicore.engine.compile.requirements import columns_read
from kpicore.engine.notes.converted import Converted
from kpicore.engine.notes.netted import Netted
from kpicore.engine.notes.notes import MOST_WORDS, EmptyValues, empty_values, period_notes, unknown_words
from kpicore.engine.notes.undated import Undated
from kpicore.engine.notes.undecided import Doubtful, Undecided, undecided
from kpicore.engine.plan.availability import is_plan, partly_covered
from kpicore.engine.plan.filters import MemberNames
from kpicore.engine.plan.memory import MOST_MEASURES, Recent
from kpicore.engine.plan.requests import CubeSlice, InputRequest, Units, slices
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
        # (("branch", ("North",)), ("shelf", ("a", "b"))): names ("branch",), lists (("shelf", ("a", "b")),)
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
    slices: tuple[CubeSlice, ...]


class Doubt(NamedTuple):
    """What an input does not know of rows that lack some fields, and where their count stands."""

    about: Undecided
    lacking: tuple[str, ...]
    slices: tuple[CubeSlice, ...]
    words: tuple[Unknown, ...] = ()

    def all_slices(self) -> Iterator[CubeSlice]:
        """Yield its slices, and those that count words."""
        yield from self.slices
        yield from (cube_slice for word in self.words for cube_slice in word.slices)


class Unknown(NamedTuple):
    """Rows with a word in `field` that is no code of it; of an empty `word` those with any such word."""

    field: str
    word: str
    slices: tuple[CubeSlice, ...]


class PreparedInput(NamedTuple):
    """One input: a value that is known already, cube_slices of cubes, or another metric (None: a target)."""

    compiled: CompiledInput
    # of known, request and below there is one, and none for a target: by that each kind of input is told
    known: Value | None = None
    request: InputRequest | None = None
    slices: tuple[CubeSlice, ...] = ()
    expected: tuple[Expected, ...] = ()
    below: Prepared | None = None
    notes: tuple[Note, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    facts: Facts | None = None

    @property
    def ignored(self) -> tuple[str, ...]:
        """The dimensions whose cut it ignores."""
        return regardless(self.compiled.given)

    @property
    def reads_target(self) -> bool:
        """Whether it is a target, or a metric made of one."""
        return isinstance(self.compiled.given, Target) or (self.below is not None and self.below.reads_target)

    def own_slices(self) -> Iterator[CubeSlice]:
        """Yield its slices without those of the metric below."""
        yield from self.slices
        yield from (cube_slice for value in self.expected for cube_slice in value.slices)
        yield from (cube_slice for doubt in self.doubts for cube_slice in doubt.all_slices())

    def all_slices(self) -> list[CubeSlice]:
        """Return its slices, also of the metrics below."""
        return [*self.own_slices(), *(self.below.all_slices() if self.below is not None else ())]


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

    def all_inputs(self) -> Iterator[PreparedInput]:
        """Yield its inputs, each followed by those of the metric below; of one reached in many ways only once."""
        seen: set[int] = set()
        walks = [iter(self.inputs)]
        while walks:
            input_ = next(walks[-1], None)
            if input_ is None:
                walks.pop()
                continue
            yield input_
            if input_.below is not None and id(input_.below) not in seen:
                seen.add(id(input_.below))
                walks.append(iter(input_.below.inputs))

    def all_slices(self) -> list[CubeSlice]:
        """Return the slices of all inputs, also of the metrics below."""
        return [cube_slice for input_ in self.all_inputs() for cube_slice in input_.own_slices()]


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
        tellers: tuple[Undated | Netted | Converted | Past, ...],
        presumed: Presumed,
        members: MemberNames,
        today: date,
        refused: Mapping[Column, str],
        may_be_unknown: Collection[Column],
        past: Past | None = None,
        behind: Callable[[Definition], tuple[Note, ...]] | None = None,
    ) -> None:
        self._behind = behind
        self._members, self._refused, self._past, self._may_be_unknown = members, refused, past, may_be_unknown
        self.definitions, self.state, self.calendar, self.today = definitions, state, calendar, today
        self.registry = definitions.registry
        self._tellers, self.presumed, self._units = tellers, presumed, Units(calendar)
        self._planned: Recent[str, bool] = Recent(MOST_MEASURES)
        self._facts: Recent[str, Facts] = Recent(MOST_MEASURES)
        self._elapsed: Recent[Period, tuple[int, float]] = Recent(MOST_SHAPES)
        self._known: Recent[Shape, Prepared] = Recent(MOST_SHAPES)

    def get(self, shape: Shape) -> Prepared:
        """Return the shape prepared. Raises BadDefinition and BadExpression."""
        prepared = self._known.get(shape)
        if prepared is None:
            prepared = self._prepared(shape)
            if shape.is_short:
                self._known.update({shape: prepared})
        return prepared

    def _prepared(self, shape: Shape) -> Prepared:
        definition = self.definitions.get(shape.metric, shape.variant)
        period = shape.period
        notes = tuple(period_notes(period, self.today, definition.matures))
        notes += self._behind(definition) if self._behind is not None else ()
        if self._past is not None:
            notes += self._past.definition_notes(definition, period)
        inputs = tuple(self.input(compiled, shape) for compiled in definition.inputs)
        elapsed, years = self._passed(period)
        earlier = MappingProxyType(dict(_earlier(inputs)))
        reads_target = any(input_.reads_target for input_ in inputs)
        return Prepared(shape, definition, inputs, notes, elapsed, years, earlier, reads_target)

    def _passed(self, period: Period) -> tuple[int, float]:
        """Return how many days of a period have happened, and how many years those are."""
        elapsed = self._elapsed.get(period)
        if elapsed is None:
            today = self.today
            days = (today - period.start).days + 1 if period.start <= today < period.last else period.days
            elapsed = days, self.calendar.years(period, days)
            self._elapsed.update({period: elapsed})
        return elapsed

    def input(self, compiled: CompiledInput, shape: Shape) -> PreparedInput:
        """Return one input of a shape prepared. Raises WarehouseError for one that reads what is outdated."""
        if isinstance(compiled.given, Target):
            return PreparedInput(compiled)
        if compiled.measure is None:
            return PreparedInput(compiled, below=self.get(self._below(compiled, shape)))
        request = self._request(compiled, shape)
        cube_slices = slices(request, self._units)
        if self._refused:
            self._refuse_outdated(compiled, request, cube_slices)
        absent = self.presumed.missing(request)
        if absent is not None:
            return PreparedInput(compiled, known=Value(None, *absent))
        facts = self._facts_of(request.measure)
        notes, doubts = self._notes(request, facts), tuple(self._doubts(request, facts))
        return PreparedInput(
            compiled, None, request, cube_slices, self._expected(compiled, request), None, notes, doubts, facts
        )

    def _facts_of(self, measure: Measure) -> Facts:
        facts = self._facts.get(measure.key)
        if facts is None:
            # which words matter to an answer is told by its doubts
            read = {name for _, name in columns_read(measure)}
            of_load = (
                note
                for note in self.state.entities[measure.entity].notes
                if note.kind != UNKNOWN_WORDS and (note.kind != TOO_LARGE or note.value("field") in read)
            )
            notes = (*of_load, *(note for teller in self._tellers for note in teller.notes(measure)))
            facts = Facts(notes, tuple(self._lacking(measure)), empty_values(measure))
            self._facts.update({measure.key: facts})
        return facts

    def _refuse_outdated(
        self, compiled: CompiledInput, request: InputRequest, cube_slices: Iterable[CubeSlice]
    ) -> None:
        """Refuse to read a column that other definitions than today's have made."""
        entity = request.measure.entity
        # "spans" and "instants" are no columns of the calendar, and nobody refuses them
        read = {*columns_read(request.measure), *((CALENDAR, cube_slice.key.time) for cube_slice in cube_slices)}
        read |= {(entity, name) for name in (*request.names, *(name for name, _ in request.lists))}
        read |= {(entity, expected.dimension) for expected in compiled.coverage}
        for column in sorted(read & self._refused.keys()):
            raise outdated_tables(self._refused[column])

    def _below(self, compiled: CompiledInput, shape: Shape) -> Shape:
        assert compiled.ref is not None
        period = shape.period
        if isinstance(compiled.given, Earlier):
            period = earlier_period(period, compiled.given.step, self.today, self.calendar)
        return Shape(*compiled.ref, period, shape.names, shape.lists, shape.as_of)

    def _request(self, compiled: CompiledInput, shape: Shape) -> InputRequest:
        assert compiled.measure is not None
        ignored = regardless(compiled.given)
        return InputRequest(
            compiled.measure,
            shape.period,
            tuple(name for name in shape.names if name not in ignored),
            tuple(cut for cut in shape.lists if cut[0] not in ignored),
            self.today,
            self._is_plan(compiled.measure),
            unit=10**compiled.measure.scale,
        )

    def _is_plan(self, measure: Measure) -> bool:
        planned = self._planned.get(measure.key)
        if planned is None:
            planned = is_plan(measure, self.registry)
            self._planned.update({measure.key: planned})
        return planned

    def _expected(self, compiled: CompiledInput, request: InputRequest) -> tuple[Expected, ...]:
        cut = {*request.names, *(name for name, _ in request.lists)}
        expected: list[Expected] = []
        for ought in compiled.coverage:
            # who asks for one value of the dimension does not ask whether rows of the others are there
            for value in ought.values if ought.dimension not in cut else ():
                fixed = (ought.dimension, self._members.spellings(ought.dimension, value))
                counted = InputRequest(
                    ought.rows, request.period, request.names, request.lists, request.today, request.is_plan, fixed
                )
                expected.append(Expected(ought.dimension, value, slices(counted, self._units)))
        return tuple(expected)

    def _doubts(self, request: InputRequest, facts: Facts) -> Iterator[Doubt]:
        for about, lacking, rows in facts.lacking:
            words = tuple(self._unknown(about, lacking, request))
            if words or about.kind is not Doubtful.WORD:
                yield Doubt(about, lacking, self._counted(rows, request), words)

    def _lacking(self, measure: Measure) -> Iterator[Lacking]:

        def is_filled(entity: str, name: str) -> bool:
            if (entity, name) in self._may_be_unknown:
                return False
            state = self.state.entities[entity]
            return state.filled.get(name, 0) == state.rows

        def is_known(entity: str, name: str) -> bool:
            filled = self.state.entities[entity].filled
            # as many rows with a code as with a word: no word is unknown
            return filled.get(name, 0) == filled.get(given_name(name), 0)

        for about in undecided(measure):
            if lacking := about.lacking(is_filled, is_known):
                yield Lacking(about, lacking, about.rows(self.definitions.settings))

    def _counted(self, rows: Iterable[Measure], request: InputRequest) -> tuple[CubeSlice, ...]:
        # unit 1: counts are kept as they are, whatever the request's own total is kept as
        counts = (request._replace(measure=row, unit=1) for row in rows)
        return tuple(cube_slice for count in counts for cube_slice in slices(count, self._units))

    def _unknown(self, about: Undecided, lacking: Iterable[str], request: InputRequest) -> Iterator[Unknown]:
        """Yield where the counts of words stand that are no codes, of the fields that are lacking."""
        before: list[str] = []
        for field, words in unknown_words(self.state.entities[request.measure.entity].notes):
            if field in lacking:
                # "" counts the rows of all unknown words, of which the frequent ones alone are told
                for word in ("", *(frequent for frequent, _ in words[:MOST_WORDS])):
                    rows = about.with_word(field, word, before, self.definitions.settings)
                    yield Unknown(field, word, self._counted(rows, request))
                # a row with unknown words in two fields is told of under the first one
                before.append(field)

    def _notes(self, request: InputRequest, facts: Facts) -> tuple[Note, ...]:
        partly = partly_covered(request.measure, request.period, request.today, self.state, request.is_plan)
        return (*([partly] if partly else []), *facts.notes, *self.presumed.notes(request))


def _earlier(inputs: Iterable[PreparedInput]) -> Iterator[tuple[str, Period]]:
    """Yield the inputs that look back with their periods, those of the metrics below by their path."""
    for input_ in inputs:
        if input_.below is None:
            continue
        if isinstance(input_.compiled.given, Earlier):
            yield input_.compiled.name, input_.below.shape.period
        yield from ((f"{input_.compiled.name}.{name}", period) for name, period in input_.below.earlier.items())
