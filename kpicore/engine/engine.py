"""Answers questions in batches: prepare, plan, read, compute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import prod
from typing import Any

from kpicore.engine.answers import Value
from kpicore.engine.compute import Computing
from kpicore.engine.converted import Converted
from kpicore.engine.cubes import Cube, CubeKey, Members, TimeKey, Want
from kpicore.engine.cuts import Members as MemberNames
from kpicore.engine.cuts import check_cuts
from kpicore.engine.definitions import Definitions
from kpicore.engine.goal_rows import goal_rows, reads, with_goals
from kpicore.engine.leaves import Part, widened
from kpicore.engine.pause import without_search_for_circles
from kpicore.engine.plan import MANY_MEMBERS, plan
from kpicore.engine.prepared import Preparation, Prepared, PreparedInput, Shape
from kpicore.engine.reading.reader import read
from kpicore.engine.reading.tables import Context
from kpicore.engine.store import CubeStore
from kpicore.engine.table import AnswerTable
from kpicore.engine.target_rows import ENTITY as TARGET
from kpicore.engine.target_rows import TargetReader
from kpicore.engine.targets import Found, Targets
from kpicore.engine.undated import Undated
from kpicore.errors import BadArgument, KpiError
from kpicore.periods import Calendar, Period, local_date
from kpicore.periods.working import WorkingDays
from kpicore.questions import Answer, Question
from kpicore.registry import Registry
from kpicore.warehouse import Warehouse

WORTH_KEEPING = 100_000
"""Cubes over fewer rows are not kept on disk: reading them again is as fast."""


class Engine:
    """Answers questions about one version of the data.

    Cubes and answers are kept for as long as the engine lives; it reads nothing twice.
    """

    def __init__(
        self,
        registry: Registry,
        definitions: Definitions,
        warehouse: Warehouse,
        calendar: Calendar,
        store: CubeStore | None = None,
        working: WorkingDays | None = None,
        targets: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.working = working or WorkingDays()
        self.registry, self.definitions, self.calendar = registry, definitions, calendar
        self.warehouse, self.store, self.state = warehouse, store, with_goals(warehouse.state, len(targets))
        self.today: date = local_date(self.state.time, calendar.timezone)
        self.context = Context(definitions.settings, registry, calendar.timezone, self.today)
        self.members = MemberNames(warehouse)
        self.cubes: dict[CubeKey, Cube] = {}
        told = (Undated(warehouse, definitions.settings, self.state), Converted(warehouse, registry))
        refused = warehouse.refusals.columns
        self.preparation = Preparation(definitions, self.state, calendar, told, self.members, self.today, refused)
        self._answers: dict[Question, Answer] = {}
        self._configured = targets
        self._targets: Targets | None = None
        self._goals_known = False
        self._cut: set[tuple[str, tuple[str, ...]]] = set()

    @without_search_for_circles()
    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Return one answer a question, in order. Equal questions are asked once.

        Raises: BadCut, BadArgument, BadDefinition and UnknownName for questions that cannot be asked.
        """
        known = self._answers
        new = [each for each in questions if each not in known]
        if not new:
            return [known[each] for each in questions]
        shapes = by_shape(new)
        for some in shapes.values():
            self.check(some[0])
        ready = self.ready(shapes)
        computing = self.computing()
        for one, some in ready:
            known.update(computing.answers(one, some))
        return [known[each] for each in questions]

    def ready(self, shapes: Mapping[Shape, list[Question]]) -> list[tuple[Prepared, list[Question]]]:
        """Return the questions of each shape, prepared, with all they need read. They are not checked."""
        prepared = [(self.preparation.get(shape), some) for shape, some in shapes.items()]
        self.read([want for one, some in prepared for want in self._wants(one, some)])
        return prepared

    @without_search_for_circles()
    def tables(self, asked: Sequence[Sequence[Question]], by: tuple[str, ...]) -> list[AnswerTable]:
        """Return one table for each list of questions: the answers for all members of `by` (sorted) that have
        rows behind any of them.

        The questions of a list differ in nothing but the period.
        """
        for questions in asked:
            self.check(questions[0], by)
        found: list[tuple[list[Prepared], list[Mapping[str, str]]]] = []
        for questions, groups in zip(asked, self.groups(asked, by), strict=True):
            kept = {name: values for name, values in questions[0].cuts if name not in by}
            lists = tuple(sorted((name, values) for name, values in kept.items() if len(values) > 1))
            single = {name: values[0] for name, values in kept.items() if len(values) == 1}
            names = tuple(sorted({*single, *by}))
            shapes = [
                self.preparation.get(Shape(each.metric, each.variant, each.period, names, lists, each.as_of))
                for each in questions
            ]
            found.append((shapes, [{**single, **dict(zip(by, each, strict=True))} for each in groups]))
        self.read([self._want(part, some) for shapes, some in found for each in shapes for part in each.all_parts()])
        return [AnswerTable(self.computing(), shapes, members) for shapes, members in found]

    def groups(self, asked: Sequence[Sequence[Question]], by: tuple[str, ...]) -> list[list[Members]]:
        """Return, for each list of questions, the members of the dimensions that have rows behind any, sorted.

        The questions of a list differ in nothing but the period.
        """
        behind = [self._behind(questions, by) for questions in asked]
        self.read([Want(key, tuple(times), None) for each in behind for key, times in each.items()])
        found: list[list[Members]] = []
        for questions, each in zip(asked, behind, strict=True):
            rows = (_with_rows(key, times, questions[0], self.cubes[key], by) for key, times in each.items())
            found.append(sorted(set().union(*rows)))
        return found

    def _behind(self, questions: Sequence[Question], by: tuple[str, ...]) -> dict[CubeKey, set[TimeKey]]:
        """Return the times of the cubes that tell which members have rows."""
        times: dict[CubeKey, set[TimeKey]] = {}
        for question in questions:
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
                found += [widened(part, by) for part in each.parts]
        return found

    def input_value(self, each: PreparedInput, question: Question) -> Value:
        """Return what one input of an answered question came to."""
        return self.computing().value_of(each, question, values_of(question))

    def computing(self) -> Computing:
        """Return what computes from the cubes as they are now."""
        return Computing(self.cubes, self.state, self.definitions.settings, self.found_target, self.working_days)

    def working_days(self, period: Period) -> tuple[int, int]:
        """Return the working days of a period, and how many of them are over or running."""
        return self.working.of(period), self.working.elapsed(period, self.today)

    def target(self, question: Question) -> float | None:
        """Return what was set for exactly the KPI, period and cuts of the question; None where nothing was."""
        return self.found_target(question).value

    def found_target(self, question: Question) -> Found:
        """Return what was set for exactly the KPI, period and cuts of the question, or why there is none."""
        return self.targets.find(question.metric, question.variant, question.period, question.cuts)

    @property
    def targets(self) -> Targets:
        """All targets, of the data and of kpi.toml."""
        if self._targets is None:
            reader = TargetReader(self.registry, self.definitions, self.warehouse, self.calendar, self.members)
            self._targets = reader.read(self._configured)
        return self._targets

    def check(self, question: Question, by: Iterable[str] = ()) -> None:
        """Refuse a question that cannot be asked, also with cuts `by` more dimensions."""
        definition = self.definitions.get(question.metric, question.variant)
        names = (*(name for name, _ in question.cuts), *by)
        if (definition.place, names) not in self._cut:
            check_cuts(definition, names, self.definitions, self.state)
            self._cut.add((definition.place, names))
        if question.as_of and question.as_of < self.today and reads(TARGET, definition, self.definitions):
            told = f"'{definition.place}' is known as of {self.today}, the day of the data, only."
            raise BadArgument(told, hint="Leave as-of out.")
        grains = definition.spec.grains
        grain = question.period.grain or question.period.to_date_of
        if grains and (grain is None or grain.value not in grains):
            raise BadArgument(
                f"'{definition.place}' is asked by {' or '.join(grains)}, not for {question.period}.",
                hint=f"Ask for a {grains[0]}.",
            )

    def refusal(self, question: Question) -> str:
        """Return why a question cannot be asked, empty when it can."""
        try:
            self.check(question)
        except KpiError as error:
            return error.message
        return ""

    def read(self, wanted: Sequence[Want]) -> None:
        """Bring what is wanted into the cubes: from memory, from the store, from the warehouse."""
        if not self._goals_known and any(each.key.measure.entity == TARGET for each in wanted):
            self._goals_known = True  # before they are worked out: a target of a goal's progress asks for itself
            self.context = replace(self.context, goals=goal_rows(self))
        self._restore(wanted)
        readings = plan(wanted, self.cubes, self.calendar)
        read(readings, self.cubes, self.warehouse.query, self.context)
        if self.store is not None:
            large = [key for each in readings for key in each.keys if self._is_large(key)]
            self.store.put((key, self.cubes[key]) for key in large)

    def _wants(self, prepared: Prepared, questions: Sequence[Question]) -> Iterator[Want]:
        values = [values_of(each) for each in questions]
        return (self._want(part, values) for part in prepared.all_parts())

    def _want(self, part: Part, values: Iterable[Mapping[str, str]]) -> Want:
        if self._combinations(part.key.dimensions) <= MANY_MEMBERS:
            return Want(part.key, part.times, None)
        return Want(part.key, part.times, frozenset(one for each in values for one in part.members(each)))

    def _restore(self, wanted: Iterable[Want]) -> None:
        if self.store is None:
            return
        for key in {want.key for want in wanted} - self.cubes.keys():
            kept = self.store.get(key) if self._is_large(key) else None
            if kept is not None:
                self.cubes[key] = kept

    def _is_large(self, key: CubeKey) -> bool:
        return self.state.entities[key.measure.entity].rows >= WORTH_KEEPING

    def _combinations(self, dimensions: Members) -> int:
        """Return how many tuples of members the dimensions have together."""
        return prod(self.members.count(each) for each in dimensions)


def by_shape(questions: Iterable[Question]) -> dict[Shape, list[Question]]:
    """Return the questions of each shape, in order."""
    found: dict[Shape, list[Question]] = {}
    for each in questions:
        found.setdefault(Shape.of(each), []).append(each)
    return found


def values_of(question: Question) -> dict[str, str]:
    """Return the member of each single-valued cut."""
    return {name: values[0] for name, values in question.cuts if len(values) == 1}


def _with_rows(key: CubeKey, times: set[TimeKey], question: Question, cube: Cube, by: tuple[str, ...]) -> set[Members]:
    """Return the members of `by` with rows in the cube where the question's own cuts hold."""
    names = key.dimensions
    places = [names.index(each) for each in by]
    kept = {names.index(name): values for name, values in question.cuts if name in names}
    found: set[Members] = set()
    for members, cells in cube.cells.items():
        if all(members[at] in values for at, values in kept.items()) and any(
            cell[1] for time, cell in cells.items() if time in times
        ):
            found.add(tuple(members[at] for at in places))
    return found
