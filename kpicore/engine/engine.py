"""Answers questions in batches: prepare, plan, read, compute."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from math import prod
from typing import TYPE_CHECKING

from kpicore.calendar import Calendar, local_date
from kpicore.calendar.working_days import WorkingDays
from kpicore.engine.answer.answer_table import AnswerTable
from kpicore.engine.answer.evaluator import Computing
from kpicore.engine.compile.columns import reads
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.compile.formula_value import Value
from kpicore.engine.notes.converted import Converted
from kpicore.engine.notes.netted import Netted
from kpicore.engine.notes.undated import Undated
from kpicore.engine.plan.cube_store import CubeStore
from kpicore.engine.plan.cubes import Cube, CubeKey, Members, TimeKey, Want, with_rows
from kpicore.engine.plan.filters import Members as MemberNames
from kpicore.engine.plan.filters import check_cuts
from kpicore.engine.plan.memory import CubeMemory, Recent
from kpicore.engine.plan.planner import MANY_MEMBERS
from kpicore.engine.plan.requests import Part, widened
from kpicore.engine.prepare.presumptions import Presumed
from kpicore.engine.prepare.shapes import MOST_SHAPES, Preparation, Prepared, PreparedInput, Shape
from kpicore.engine.scan.cube_reader import CubeReader
from kpicore.engine.scan.made_tables import Tables
from kpicore.engine.scan.ports import Found, TargetRelation
from kpicore.engine.scan.relations import Context
from kpicore.errors import BadArgument, KpiError
from kpicore.ingest.fields.dated_rows import Until
from kpicore.model.notes import Note
from kpicore.model.questions import NONE, Answer, Question
from kpicore.registry.registry import Registry
from kpicore.turns import parts, pause
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
    ) -> None:
        self.working = working or WorkingDays()
        self.registry, self.definitions, self.calendar = registry, definitions, calendar
        self.warehouse, self.store, self.past, self._days = warehouse, store, past, days
        self.members, self.targets = members, targets
        # as of an earlier day nobody may ask for goals, and to look at what they are made of would make tables
        self.state = warehouse.state if past else targets.state(warehouse.state)
        self.today: date = local_date(self.state.time, calendar.timezone)
        # what the first load says to be over was open on days before it
        over_by = None if past and past.is_before else self.today
        self.context = Context(warehouse, definitions.settings, registry, calendar.timezone, self.today, over_by)
        share = _SHARE_OF_A_DAY if past else 1
        self.cubes = CubeReader(
            CubeMemory(MOST_CELLS // share), store, warehouse, calendar, partial(_is_large, self.state, targets.entity)
        )
        told = (
            Undated(warehouse, registry, definitions.settings, self.state, over_by),
            Netted(warehouse, registry, definitions.settings, self.state, Until(self.today, calendar.timezone)),
            Converted(warehouse, registry),
            *((past,) if past else ()),
        )
        refused = refused_columns(warehouse)
        presumed = Presumed(registry, definitions.settings, warehouse, self.state, calendar, self.today)
        self.preparation = Preparation(
            *(definitions, self.state, calendar, told, presumed, members, self.today, refused, targets.may_be_unknown),
            past,
        )
        self._answers: Recent[Question, Answer] = Recent(MOST_ANSWERS // share)
        self._cut: Recent[tuple[str, tuple[str, ...]], bool] = Recent(MOST_SHAPES)

    def at(self, day: date | None) -> Engine:
        """Return the engine that answers as of a day: this one from the day of its data on. Raises WarehouseError."""
        if day is None or day >= self.today:
            return self
        if self._days is None:
            raise BadArgument(f"the data is known as of {self.today} only.", hint="Leave as-of out.")
        return self._days(day, self)

    def as_of(self, warehouse: Warehouse, past: Past) -> Engine:
        """Return the engine that answers the same from the tables of an earlier day."""
        members = MemberNames(warehouse, self.registry.codes_of_dimensions(), self.members)
        targets = self.targets.over(warehouse, members)
        asked = self.registry, self.definitions, warehouse, self.calendar, members, targets
        return Engine(*asked, working=self.working, past=past)

    def made_tables(self) -> Tables:
        """Return the made tables, for statements of plugins."""
        return self.preparation.presumed.tables()

    @without_search_for_circles()
    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Return one answer a question, in order. Equal questions are asked once.

        Raises: BadCut, BadArgument, BadDefinition and UnknownName for questions that cannot be asked.
        """
        known = [each for some in parts(questions) for each in self._answers.all(some)]
        new = [] if all(known) else [one for one, answer in zip(questions, known, strict=True) if answer is None]
        made = self._made(new) if new else {}
        return [answer or made[question] for question, answer in zip(questions, known, strict=True)]

    def _made(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        earlier = _by_day(
            question for question in questions if question.as_of is not None and question.as_of < self.today
        )
        if not earlier:
            return self._made_today(questions)
        made: dict[Question, Answer] = {}
        for day, some in earlier.items():
            answers = dict(zip(some, self.at(day).answer(some), strict=True))
            self._answers.update(answers)  # at once: who asks as of so many days that it takes too long asks again
            made.update(answers)
        return {**made, **self._made_today([question for question in questions if question not in made])}

    def _made_today(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        shapes = by_shape(questions)
        for some in shapes.values():
            pause()
            self.check(some[0])
        computing, ready = self.ready(shapes)
        made: dict[Question, Answer] = {}
        for one, some in ready:
            answers = {}
            for question, answer in computing.answers(one, some):
                pause()
                answers[question] = answer
            made.update(answers)
            if one.shape.is_short:
                self._answers.update(answers)
        return made

    def ready(self, shapes: Mapping[Shape, list[Question]]) -> tuple[Computing, list[tuple[Prepared, list[Question]]]]:
        """Return the questions of each shape, prepared, and what computes from all they need. They are not checked."""
        prepared: list[tuple[Prepared, list[Question]]] = []
        for shape, some in shapes.items():
            pause()
            prepared.append((self.preparation.get(shape), some))
        cubes = self.read([want for one, some in prepared for want in self._wants(one, some)])
        return self._computing(cubes, (one for one, _ in prepared)), prepared

    @without_search_for_circles()
    def tables(self, asked: Sequence[Sequence[Question]], by: tuple[str, ...]) -> list[AnswerTable]:
        """Return one table for each list of questions: the answers for all members of `by` (sorted) that have
        rows behind any of them; where nobody gave what tells the rows of members, one that says so.

        The questions of a list differ in nothing but the period.
        """
        engines = [self.at(questions[0].as_of) for questions in asked]
        if any(each is not self for each in engines):
            return [engine.tables([some], by)[0] for engine, some in zip(engines, asked, strict=True)]
        for questions in asked:
            self.check(questions[0], by)
        found: list[tuple[list[Prepared], list[Mapping[str, str]]]] = []
        for questions, groups in zip(asked, self.groups(asked, by), strict=True):
            kept = {name: values for name, values in questions[0].cuts if name not in by}
            lists = tuple(sorted((name, values) for name, values in kept.items() if len(values) > 1))
            single = {name: values[0] for name, values in kept.items() if len(values) == 1}
            names = tuple(sorted({*single, *by}))
            shapes = [
                self.preparation.get(
                    Shape(question.metric, question.variant, question.period, names, lists, question.as_of)
                )
                for question in questions
            ]
            shown = groups or _untold(shapes, by, self.registry.untold)
            found.append((shapes, [{**single, **dict(zip(by, each, strict=True))} for each in shown]))
        wanted = [[want for shape in shapes for want in self._wants_of(shape, some)] for shapes, some in found]
        cubes = self.read([want for each in wanted for want in each])
        return [
            AnswerTable(self._computing({want.key: cubes[want.key] for want in each}, shapes), shapes, members)
            for each, (shapes, members) in zip(wanted, found, strict=True)
        ]

    def groups(self, asked: Sequence[Sequence[Question]], by: tuple[str, ...]) -> list[list[Members]]:
        """Return, for each list of questions, the members of the dimensions that have rows behind any, sorted.

        The questions of a list differ in nothing but the period.
        """
        engines = [self.at(questions[0].as_of) for questions in asked]
        if any(each is not self for each in engines):
            return [engine.groups([some], by)[0] for engine, some in zip(engines, asked, strict=True)]
        behind = [self._behind(questions, by) for questions in asked]
        found: list[list[Members]] = []
        cubes = self.read([Want(key, tuple(times), None) for each in behind for key, times in each.items()])
        for questions, each in zip(asked, behind, strict=True):
            cuts, lock = questions[0].cuts, self.cubes.lock  # cubes that others add to cannot be gone through
            rows = (with_rows(key, cubes[key], times, cuts, by, lock) for key, times in each.items())
            found.append(sorted(set().union(*rows)))
        return found

    def _behind(self, questions: Sequence[Question], by: tuple[str, ...]) -> dict[CubeKey, set[TimeKey]]:
        """Return the times of the cubes that tell which members have rows."""
        times: dict[CubeKey, set[TimeKey]] = {}
        for question in questions:
            pause()
            for part in self._inputs(self.preparation.get(Shape.of(question)), by):
                times.setdefault(part.key, set()).update(part.times)
        return times

    def _inputs(self, prepared: Prepared, by: tuple[str, ...]) -> list[Part]:
        """Return the parts that tell members of `by`: those of inputs that do not ignore them."""
        found: list[Part] = []
        for each in prepared.inputs:
            if each.below is not None:
                found += self._inputs(each.below, by)
            elif not any(name in each.ignored for name in by):
                doubted = (
                    part for one in each.doubts for part in one.all_parts()
                )  # who has such rows only is told of, too
                found += [widened(part, by) for part in (*each.parts, *doubted)]
        return found

    def input_value(self, each: PreparedInput, question: Question) -> Value:
        """Return what one input of a question came to."""
        values = values_of(question)
        cubes = self.read([self._want(part, [values]) for part in each.all_parts()])
        return self._computing(cubes, (each,)).value_of(each, question, values)

    def doubts(self, each: PreparedInput) -> tuple[Note, ...]:
        """Return notes on the rows of which an input without cuts to one member does not know whether they count."""
        cubes = self.read([self._want(part, [{}]) for one in each.doubts for part in one.all_parts()])
        return tuple(self._computing(cubes, (each,)).doubts(each, {}))

    def fixed_of(self, prepared: Prepared) -> Mapping[str, float | None]:
        """Return what the formula of a shape may use besides its inputs."""
        return self._computing({}, ()).fixed_of(prepared)

    def _computing(self, cubes: Mapping[CubeKey, Cube], asked: Iterable[Prepared | PreparedInput]) -> Computing:
        """Return what computes what is asked from the cubes; it needs neither the engine nor the data any more."""
        targets = self.targets.read() if any(each.reads_target for each in asked) else None
        return Computing(cubes, self.state, self.definitions.settings, targets, self.working, self.today)

    def target(self, question: Question) -> float | None:
        """Return what was set for exactly the KPI, period and cuts of the question; None where nothing was."""
        return self.found_target(question).value

    def found_target(self, question: Question) -> Found:
        """Return what was set for exactly the KPI, period and cuts of the question, or why there is none."""
        targets = self.at(question.as_of).targets.read()
        return targets.find(question.metric, question.variant, question.period, question.cuts)

    def check(self, question: Question, by: Iterable[str] = ()) -> None:
        """Refuse a question that cannot be asked, also with cuts `by` more dimensions.

        What passes has an answer, if only why there is no number: what is prepared here is all that can be refused.
        """
        if (engine := self.at(question.as_of)) is not self:
            return engine.check(question, by)
        definition = self.definitions.get(question.metric, question.variant)
        names = (*(name for name, _ in question.cuts), *by)
        if not self._cut.get((definition.place, names)):
            check_cuts(definition, names, self.definitions, self.state)
            self._cut.update({(definition.place, names): True})
        if self.past is not None and reads(self.targets.entity, definition, self.definitions):
            told = f"'{definition.place}' is known as of {self.past.today}, the day of the data, only."
            raise BadArgument(told, hint="Leave as-of out.")
        grains = definition.spec.grains
        if grains and not any(each.value in grains for each in self.calendar.grains_of(question.period)):
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

    def read(self, wanted: Sequence[Want]) -> Mapping[CubeKey, Cube]:
        """Return the cubes with what is wanted: from memory, from the store, from the warehouse."""
        entity = self.targets.entity
        if entity not in self.context.relations and any(each.key.measure.entity == entity for each in wanted):
            rows = self.targets.rows(self)
            if rows is not None:
                self.context = replace(self.context, relations={entity: rows})
        return self.cubes.read(wanted, self.context)

    def _wants(self, prepared: Prepared, questions: Sequence[Question]) -> Iterator[Want]:
        return self._wants_of(prepared, [values_of(question) for question in questions])

    def _wants_of(self, prepared: Prepared, values: Sequence[Mapping[str, str]]) -> Iterator[Want]:
        for part in prepared.all_parts():
            pause()
            yield self._want(part, values)

    def _want(self, part: Part, values: Iterable[Mapping[str, str]]) -> Want:
        if self._combinations(part.key.dimensions) <= MANY_MEMBERS:
            return Want(part.key, part.times, None)
        return Want(part.key, part.times, frozenset(one for value in values for one in part.members(value)))

    def _combinations(self, dimensions: Members) -> int:
        """Return how many tuples of members the dimensions have together."""
        return prod(self.members.count(dimension) for dimension in dimensions)


def _untold(shapes: Iterable[Prepared], by: tuple[str, ...], untold: Collection[str]) -> list[Members]:
    """Return the members "(none)" where an input presumes what nobody gave, so that its reason is shown."""
    known = (each.known for shape in shapes for each in shape.inputs if each.known is not None)
    return [(NONE,) * len(by)] if any(each.reason in untold for each in known) else []


def _is_large(state: State, worked_out: str, key: CubeKey) -> bool:
    # what is worked out is so from kpi.toml too, which the version of the data does not tell
    return key.measure.entity != worked_out and state.entities[key.measure.entity].rows >= WORTH_KEEPING


def _by_day(questions: Iterable[Question]) -> dict[date | None, list[Question]]:
    found: dict[date | None, list[Question]] = {}
    for question in questions:
        found.setdefault(question.as_of, []).append(question)
    return found


def by_shape(questions: Iterable[Question]) -> dict[Shape, list[Question]]:
    """Return the questions of each shape, in order."""
    found: dict[Shape, list[Question]] = {}
    for some in parts(questions):
        for each in some:
            found.setdefault(Shape.of(each), []).append(each)
    return found


def values_of(question: Question) -> dict[str, str]:
    """Return the member of each single-valued cut."""
    return {name: values[0] for name, values in question.cuts if len(values) == 1}
