"""Answers questions in batches: prepare, plan, read, compute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from math import prod
from typing import TYPE_CHECKING
from weakref import ref

from kpicore.calendar import Calendar, Grain, local_date
from kpicore.calendar.working_days import WorkingDays
from kpicore.engine.answer.answer_table import AnswerTable
from kpicore.engine.answer.evaluator import Evaluator
from kpicore.engine.answer.groups import (
    Series,
    columns,
    cubes_behind,
    groups_shown,
    groups_with_rows,
    single_cuts,
)
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.compile.formula_value import Value
from kpicore.engine.compile.requirements import reads
from kpicore.engine.notes.converted import Converted
from kpicore.engine.notes.freshness import DataTime, Freshness
from kpicore.engine.notes.netted import Netted
from kpicore.engine.notes.undated import Undated
from kpicore.engine.plan.cube_store import CubeStore
from kpicore.engine.plan.cubes import Cube, CubeKey, CubeRequest, Members
from kpicore.engine.plan.filters import MemberNames, check_cuts
from kpicore.engine.plan.memory import CubeMemory, Recent
from kpicore.engine.plan.planner import MANY_MEMBERS
from kpicore.engine.plan.requests import CubeSlice
from kpicore.engine.prepare.batches import by_shape, grouped, of_each, values_of
from kpicore.engine.prepare.presumptions import Presumed
from kpicore.engine.prepare.shapes import MOST_SHAPES, Preparation, Prepared, PreparedInput, Shape
from kpicore.engine.scan.cube_reader import CubeReader
from kpicore.engine.scan.made_tables import Tables
from kpicore.engine.scan.ports import TargetRelation, TargetValue
from kpicore.engine.scan.relations import ScanContext
from kpicore.errors import BadArgument, KpiError
from kpicore.ingest.fields.dated_rows import Until
from kpicore.model.notes import Note
from kpicore.model.questions import NOT_STARTED, Answer, Question
from kpicore.registry.registry import Registry
from kpicore.turns import TurnLock, parts, pause
from kpicore.utils.gc_pause import without_search_for_circles
from kpicore.warehouse import State, Warehouse, refused_columns

if TYPE_CHECKING:
    from kpicore.engine.notes.as_of import Past

WORTH_KEEPING = 100_000
"""Cubes over fewer rows are not kept on disk: reading them again is as fast."""

MOST_ANSWERS = 20_000
MOST_CELLS = 2_000_000
"""About 400 MB."""

_SHARE_OF_A_DAY = 20
"""An engine of an earlier day has so much less room: there are several, and its answers are kept by today's, too."""


class Engine:
    """Answers questions about one version of the data.

    Cubes and answers are kept, so that nothing that was asked lately is read twice; threads may ask it at
    the same time.
    """

    def __init__(
        self,
        registry: Registry,
        definitions: Definitions,
        warehouse: Warehouse,
        calendar: Calendar,
        members: MemberNames,
        targets: TargetRelation,
        store: CubeStore | None = None,
        working: WorkingDays | None = None,
        past: Past | None = None,
        days: Callable[[date, Engine], Engine] | None = None,
        seen_from: tuple[Engine, DataTime] | None = None,
    ) -> None:
        self.working = working or WorkingDays()
        self.registry, self.definitions, self.calendar = registry, definitions, calendar
        self.warehouse, self.store, self.past, self._days = warehouse, store, past, days
        self.members, self.targets = members, targets
        # as of an earlier day nobody may ask for goals, and to look at what they are made of would make tables
        state = warehouse.state if past else targets.state(warehouse.state)
        latest, data = seen_from or (None, None)
        self.freshness: Freshness = (
            latest.freshness if latest else Freshness(definitions, warehouse, state, calendar.timezone)
        )
        self.state = replace(state, time=data.time) if data else state
        # engines of earlier data, which have none themselves; what they hold back would be a circle
        self._latest, self._earlier = ref(latest or self), dict[date, Engine]()
        self._is_even = latest is not None or self.freshness.is_even
        self.today: date = local_date(self.state.time, calendar.timezone)
        # what the first load says to be over was open on days before it
        over_by = None if past and past.is_before else self.today
        self.context = ScanContext(warehouse, definitions.settings, registry, calendar.timezone, self.today, over_by)
        share = _SHARE_OF_A_DAY if past or latest else 1
        # the key of a cube tells the last day that it counts, so that those of several days stand beside each other
        memory, is_large = CubeMemory(MOST_CELLS // share), partial(_is_large, state, targets.entity)
        self.cubes: CubeReader = latest.cubes if latest else CubeReader(memory, store, warehouse, calendar, is_large)
        # their notes stand in answers in this order
        tellers = (
            Undated(warehouse, registry, definitions.settings, self.state, over_by),
            Netted(warehouse, registry, definitions.settings, self.state, Until(self.today, calendar.timezone)),
            Converted(warehouse, registry),
            *((past,) if past else ()),
        )
        refused = refused_columns(warehouse)
        presumed = Presumed(registry, definitions.settings, warehouse, self.state, calendar, self.today)
        known = definitions, self.state, calendar, tellers, presumed, members, self.today
        behind = self.freshness.behind if latest else None
        self.preparation = Preparation(*known, refused, targets.may_be_unknown, past, behind)
        self._making = TurnLock()
        self._answers: Recent[Question, Answer] = Recent(MOST_ANSWERS // share)
        self._cut: Recent[tuple[str, tuple[str, ...]], bool] = Recent(MOST_SHAPES)

    def at(self, day: date | None) -> Engine:
        """Return the engine that answers as of a day: this one from the day of its data on. Raises WarehouseError."""
        if day is None or day >= self.today:
            return self
        if self._days is None:
            raise BadArgument(f"the data is known as of {self.today} only.", hint="Leave as-of out.")
        return self._days(day, self)

    def of(self, question: Question) -> Engine:
        """Return the engine that answers a question: as of its day, and seen from the day of the data of its KPI."""
        engine = self.at(question.as_of)
        if engine._is_even:
            return engine
        return engine.seen_from(engine.freshness.of(engine.definitions.get(question.metric, question.variant)))

    def today_of(self, question: Question) -> date:
        """Return the day of the data that a question reads."""
        return self.of(question).today

    def seen_from(self, data: DataTime) -> Engine:
        """Return the engine that answers the same on the day of earlier data, which for it is the day of all of it."""
        if self._is_even or data.today >= self.today:
            return self
        with self._making:
            if data.today not in self._earlier:
                known = self.registry, self.definitions, self.warehouse, self.calendar, self.members, self.targets
                self._earlier[data.today] = Engine(*known, self.store, self.working, self.past, seen_from=(self, data))
            return self._earlier[data.today]

    def as_of(self, warehouse: Warehouse, past: Past) -> Engine:
        """Return the engine that answers the same from the tables of an earlier day."""
        members = MemberNames(warehouse, self.registry.codes_of_dimensions(), self.members)
        targets = self.targets.over(warehouse, members)
        same = self.registry, self.definitions, warehouse, self.calendar, members, targets
        return Engine(*same, working=self.working, past=past)

    def made_tables(self, reading: Iterable[str] = ()) -> Tables:
        """Return the made tables, for statements of plugins: seen from the day of the data of what they are reading."""
        data = self.freshness.of_entities(reading)
        tables = self.seen_from(data).preparation.presumed.tables()
        tables.behind = self.freshness.notes(data.sources)
        return tables

    @without_search_for_circles()
    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Return one answer a question, in order. Equal questions are asked once.

        Raises: BadCut, BadArgument, BadDefinition and UnknownName for questions that cannot be asked.
        """
        known = [answer for batch in parts(questions) for answer in self._answers.all(batch)]
        # an answer is true whatever its number: None of these is one that is not kept
        if all(known):
            return [answer for answer in known if answer is not None]
        new = [question for question, answer in zip(questions, known, strict=True) if answer is None]
        computed = self._computed(new)
        return [answer or computed[question] for question, answer in zip(questions, known, strict=True)]

    def _computed(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        earlier = [question for question in questions if question.as_of is not None and question.as_of < self.today]
        answers: dict[Question, Answer] = {}
        for day, of_day in grouped(earlier, lambda question: question.as_of).items():
            answers_of_day = dict(zip(of_day, self.at(day).answer(of_day), strict=True))
            self._answers.update(answers_of_day)  # at once: who asks as of too many days to be done in time asks again
            answers.update(answers_of_day)
        of_today = [question for question in questions if question not in answers] if answers else questions
        if self._is_even:
            return {**answers, **self._computed_here(of_today, self._answers)}
        for engine, alike in grouped(of_today, self.of).items():
            answers.update(engine._computed_here(alike, self._answers))
        return answers

    def _computed_here(self, questions: Sequence[Question], kept: Recent[Question, Answer]) -> dict[Question, Answer]:
        shapes = by_shape(questions)
        for alike in shapes.values():
            pause()
            self.check(alike[0])  # what can be refused is the same for all members
        evaluator, ready = self.ready(shapes)
        answers: dict[Question, Answer] = {}
        for prepared, alike in ready:
            answers_of_shape = {}
            for question, answer in evaluator.answers(prepared, alike):
                pause()
                answers_of_shape[question] = answer
            answers.update(answers_of_shape)
            if prepared.shape.is_short:
                kept.update(answers_of_shape)
        return answers

    def ready(self, shapes: Mapping[Shape, list[Question]]) -> tuple[Evaluator, list[tuple[Prepared, list[Question]]]]:
        """Return the questions of each shape, prepared, and what computes from all they need. They are not checked."""
        ready: list[tuple[Prepared, list[Question]]] = []
        for shape, alike in shapes.items():
            pause()
            ready.append((self.preparation.get(shape), alike))
        members = ((prepared, [values_of(question) for question in alike]) for prepared, alike in ready)
        cubes = self.read([request for shape, values in members for request in self.requests_of([shape], values)])
        return self.evaluator(cubes, (prepared for prepared, _ in ready)), ready

    @without_search_for_circles()
    def tables(self, series: Sequence[Series], by: tuple[str, ...]) -> list[AnswerTable]:
        """Return one table a series: the answers for all members of `by` (sorted) that have rows behind any of its
        questions, which differ in nothing but the period; where nobody gave what tells the rows of members, one that
        says so.
        """
        return self.tables_of(series, by, self.rows(series, by))

    def rows(self, series: Sequence[Series], by: tuple[str, ...]) -> list[list[Members]]:
        """Return, for each series, the members of `by` (sorted) that its table shows, as `tables` tells."""
        if engines := self._others(series):
            return of_each(engines, lambda engine, places: engine.rows([series[place] for place in places], by))
        for questions in series:
            self.check(questions[0], by)
        return [
            groups_shown(groups, columns(self.preparation, questions, by), by, self.registry.untold)
            for questions, groups in zip(series, self.groups(series, by), strict=True)
        ]

    @without_search_for_circles()
    def tables_of(
        self, series: Sequence[Series], by: tuple[str, ...], rows: Sequence[Sequence[Members]]
    ) -> list[AnswerTable]:
        """Return one table a series, for these members of `by` (sorted); the questions are not checked."""
        if engines := self._others(series):
            return of_each(
                engines,
                lambda engine, places: engine.tables_of(
                    [series[place] for place in places], by, [rows[place] for place in places]
                ),
            )
        tables = [
            (columns(self.preparation, questions, by), single_cuts(questions[0], by, members))
            for questions, members in zip(series, rows, strict=True)
        ]
        requests = [[*self.requests_of(shapes, members)] for shapes, members in tables]
        cubes = self.read([request for of_table in requests for request in of_table])
        return [
            # with the cubes of its own alone: a table that is kept would keep those of all others alive
            AnswerTable(self.evaluator({request.key: cubes[request.key] for request in of_table}, shapes), shapes, cuts)
            for of_table, (shapes, cuts) in zip(requests, tables, strict=True)
        ]

    def groups(self, series: Sequence[Series], by: tuple[str, ...]) -> list[list[Members]]:
        """Return, for each series, the members of the dimensions that have rows behind any of its questions, sorted.

        The questions of a series differ in nothing but the period.
        """
        if engines := self._others(series):
            return of_each(engines, lambda engine, places: engine.groups([series[place] for place in places], by))
        behind = [cubes_behind(self.preparation, questions, by) for questions in series]
        # for all members: who has rows is not known before they are read
        cubes = self.read([CubeRequest(key, tuple(times), None) for cubes in behind for key, times in cubes.items()])
        return [
            groups_with_rows(of_series, cubes, questions, by, self.cubes.lock)
            for questions, of_series in zip(series, behind, strict=True)
        ]

    def to_date(self, answers: Sequence[Answer], grain: Grain) -> list[Answer]:
        """Return the answers of a series to date, those without a value whose last unit lies in the future.

        Else the total of today would stand there as that of next month. What is dated by a plan has its value.
        """
        of_units = {
            answer.question: replace(
                answer.question, period=self.calendar.containing(grain, answer.question.period.last)
            )
            for answer in answers
        }
        future = [question for question, unit in of_units.items() if unit.period.start > self.of(unit).today]
        ahead = zip(future, self.answer([of_units[question] for question in future]), strict=True)
        absent = {
            question: replace(answer, question=question) for question, answer in ahead if answer.reason == NOT_STARTED
        }
        return [absent.get(answer.question, answer) for answer in answers]

    def input_value(self, input_: PreparedInput, question: Question) -> Value:
        """Return what one input of a question came to."""
        values = values_of(question)
        cubes = self.read([self._request(cube_slice, [values]) for cube_slice in input_.all_slices()])
        return self.evaluator(cubes, (input_,)).value_of(input_, question, values)

    def doubts(self, input_: PreparedInput) -> tuple[Note, ...]:
        """Return notes on the rows of which an input without cuts to one member does not know whether they count."""
        cubes = self.read(
            [self._request(cube_slice, [{}]) for doubt in input_.doubts for cube_slice in doubt.all_slices()]
        )
        return tuple(self.evaluator(cubes, (input_,)).doubts(input_, {}))

    def fixed_of(self, prepared: Prepared) -> Mapping[str, float | None]:
        """Return what the formula of a shape may use besides its inputs."""
        return self.evaluator({}, ()).fixed_of(prepared)

    def evaluator(self, cubes: Mapping[CubeKey, Cube], read_by: Iterable[Prepared | PreparedInput]) -> Evaluator:
        """Return what computes what is asked from the cubes; it needs neither the engine nor the data any more."""
        targets = self.targets.read() if any(reader.reads_target for reader in read_by) else None
        return Evaluator(cubes, self.state, self.definitions.settings, targets, self.working, self.today)

    def target(self, question: Question) -> float | None:
        """Return what was set for exactly the KPI, period and cuts of the question; None where nothing was."""
        return self.found_target(question).value

    def found_target(self, question: Question) -> TargetValue:
        """Return what was set for exactly the KPI, period and cuts of the question, or why there is none."""
        targets = self.at(question.as_of).targets.read()
        return targets.find(question.metric, question.variant, question.period, question.cuts)

    def check(self, question: Question, by: Iterable[str] = ()) -> None:
        """Refuse a question that cannot be asked, also with cuts `by` more dimensions.

        What passes has an answer, if only why there is no number: what is prepared here is all that can be refused.
        """
        if (engine := self.of(question)) is not self:
            return engine.check(question, by)
        definition = self.definitions.get(question.metric, question.variant)
        names = (*(name for name, _ in question.cuts), *by)
        # told by the names of dimensions alone: whoever their members are, the rows have the field or lack it
        if not self._cut.get((definition.place, names)):
            check_cuts(definition, names, self.definitions, self.state)
            self._cut.update({(definition.place, names): True})
        if self.past is not None and reads(self.targets.entity, definition, self.definitions):
            message = f"'{definition.place}' is known as of {self.past.today}, the day of the data, only."
            raise BadArgument(message, hint="Leave as-of out.")
        grains = definition.spec.grains
        if grains and not any(grain.value in grains for grain in self.calendar.grains_of(question.period)):
            raise BadArgument(
                f"'{definition.place}' is asked by {' or '.join(grains)}, not for {question.period}.",
                hint=f"Ask for a {grains[0]}.",
            )
        self.preparation.get(Shape.of(question))  # an earlier period that it reads may lie outside the calendar

    def refusal(self, question: Question) -> str:
        """Return why a question cannot be asked, empty when it can."""
        try:
            self.check(question)
        except KpiError as error:
            return error.message
        return ""

    def read(self, requests: Sequence[CubeRequest]) -> Mapping[CubeKey, Cube]:
        """Return the cubes with what is wanted: from memory, from the store, from the warehouse."""
        entity = self.targets.entity
        if entity not in self.context.relations and any(request.key.measure.entity == entity for request in requests):
            # goals are worked out by questions to this very engine: those find None here, and read the table as it is
            rows = self.targets.rows(self._latest() or self)
            if rows is not None:
                self.context = replace(self.context, relations={entity: rows})
        return self.cubes.read(requests, self.context)

    def requests_of(self, shapes: Iterable[Prepared], values: Sequence[Mapping[str, str]]) -> Iterator[CubeRequest]:
        """Yield the cells that shapes need for members, by the values of their single-valued cuts."""
        for prepared in shapes:
            for cube_slice in prepared.all_slices():
                pause()
                yield self._request(cube_slice, values)

    def _request(self, cube_slice: CubeSlice, values: Iterable[Mapping[str, str]]) -> CubeRequest:
        # few: all of them are read, so that the next one who asks for another member finds it
        if self._combinations(cube_slice.key.dimensions) <= MANY_MEMBERS:
            return CubeRequest(cube_slice.key, cube_slice.times, None)
        return cube_slice.request(values)

    def _others(self, series: Sequence[Series]) -> list[Engine]:
        """Return the engine of each series, none where that is this one of all."""
        engines = [self.of(questions[0]) for questions in series]
        return engines if any(engine is not self for engine in engines) else []

    def _combinations(self, dimensions: Members) -> int:
        """Return how many tuples of members the dimensions have together."""
        return prod(self.members.count(dimension) for dimension in dimensions)


def _is_large(state: State, worked_out: str, key: CubeKey) -> bool:
    # what is worked out is so from kpi.toml too, which the version of the data does not tell
    return key.measure.entity != worked_out and state.entities[key.measure.entity].rows >= WORTH_KEEPING
