"""Answers questions in batches: expand, plan, read, fold, compute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import prod

from kpicore.engine.answers import Value, computed
from kpicore.engine.cubes import Cell, Cube, CubeKey, Members
from kpicore.engine.cuts import Members as MemberNames
from kpicore.engine.cuts import check_cuts
from kpicore.engine.definitions import CompiledInput, Definitions, regardless
from kpicore.engine.leaves import Leaf, Want, cell, value, wants
from kpicore.engine.notes import as_of_note, cell_notes, coverage_note, period_notes
from kpicore.engine.plan import plan
from kpicore.engine.reader import read
from kpicore.engine.scans import Filters
from kpicore.engine.shift import earlier_period
from kpicore.engine.status import is_plan, missing
from kpicore.engine.store import CubeStore
from kpicore.engine.tables import Context, is_tracked
from kpicore.engine.targets import Targets, read_targets
from kpicore.engine.undated import Undated
from kpicore.errors import BadArgument
from kpicore.inputs import Earlier, Target
from kpicore.periods import Calendar, local_date
from kpicore.questions import NO_ROWS, NO_TARGET, Answer, Question
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
    ) -> None:
        self.store = store
        self.registry, self.definitions = registry, definitions
        self.warehouse, self.calendar = warehouse, calendar
        self.context = Context(definitions.settings, registry)
        self.state = warehouse.state
        self.today: date = local_date(self.state.time, calendar.timezone)
        self.members = MemberNames(warehouse)
        self.cubes: dict[CubeKey, Cube] = {}
        self._answers: dict[Question, Answer] = {}
        self._targets: Targets | None = None
        self._undated = Undated(warehouse, definitions.settings)
        self._settings = {
            f"setting.{name}": float(value)
            for name, value in definitions.settings.items()
            if isinstance(value, int | float)
        }

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Return one answer a question, in order. Equal questions are asked once.

        Raises: BadCut, BadArgument, BadDefinition and UnknownName for questions that cannot be asked.
        """
        new = dict.fromkeys(each for each in questions if each not in self._answers)
        for each in new:
            self.check(each)
        self.read([want for each in new for want in self._wants(each)])
        return [self._answer(each) for each in questions]

    def groups(self, questions: Iterable[Question], by: tuple[str, ...]) -> list[Members]:
        """Return the members of the dimensions that have rows behind any of the questions, sorted."""
        asked = [each for question in questions for each in self._leaves(question)]
        found: set[Members] = set()
        needed = [(leaf, want) for leaf, ignored in asked for want in wants(leaf, self.calendar, _without(by, ignored))]
        self.read([want for _, want in needed])
        for leaf, want in needed:
            found |= _with_rows(leaf, want, self.cubes[want.key], by)
        return sorted(found)

    def target(self, question: Question) -> float | None:
        """Return what was set for exactly the KPI, period and cuts of the question; None where nothing was."""
        if self._targets is None:
            self._targets = read_targets(self.warehouse, self.registry)
        return self._targets.value(question.metric, question.variant, question.period, question.cuts)

    def check(self, question: Question, by: Iterable[str] = ()) -> None:
        """Refuse a question that cannot be asked, also with cuts `by` more dimensions."""
        definition = self.definitions.get(question.metric, question.variant)
        check_cuts(definition, [*(name for name, _ in question.cuts), *by], self.definitions)
        grains = definition.spec.grains
        if grains and (question.period.grain is None or question.period.grain.value not in grains):
            raise BadArgument(
                f"'{definition.place}' is asked by {' or '.join(grains)}, not for {question.period}.",
                hint=f"Ask for a {grains[0]}.",
            )

    def _today(self, question: Question) -> date:
        return min(question.as_of, self.today) if question.as_of else self.today

    def _wants(self, question: Question) -> list[Want]:
        return [want for leaf, _ in self._leaves(question) for want in wants(leaf, self.calendar)]

    def _leaves(self, question: Question) -> list[tuple[Leaf, tuple[str, ...]]]:
        """Return the leaves below a question, each with the dimensions it ignores."""
        found: list[tuple[Leaf, tuple[str, ...]]] = []
        for each in self.definitions.get(question.metric, question.variant).inputs:
            if each.measure is None:
                below = self.below(each, question)
                found += self._leaves(below) if below else []
                continue
            leaf = self.leaf(each, question)
            if self.missing(leaf) is None:
                found.append((leaf, regardless(each.given)))
                found += [(one, ()) for one in self._coverage(each, leaf)]
        return found

    def leaf(self, each: CompiledInput, question: Question) -> Leaf:
        assert each.measure is not None
        cuts = tuple(cut for cut in question.cuts if cut[0] not in regardless(each.given))
        today = self._today(question)
        earlier = today < self.today and is_tracked(self.registry.entity(each.measure.entity))
        plan = is_plan(each.measure, self.registry)
        return Leaf(each.measure, question.period, cuts, today, plan, today if earlier else None)

    def missing(self, leaf: Leaf) -> tuple[str, str] | None:
        return missing(leaf.measure, leaf.period, leaf.today, self.state, self.registry)

    def _coverage(self, each: CompiledInput, leaf: Leaf) -> list[Leaf]:
        found: list[Leaf] = []
        for one in each.coverage:
            if not any(name == one.dimension for name, _ in leaf.cuts):
                for value in one.values:
                    cuts = tuple(sorted((*leaf.cuts, (one.dimension, (value,)))))
                    found.append(Leaf(one.rows, leaf.period, cuts, leaf.today, leaf.plan, leaf.as_of))
        return found

    def below(self, each: CompiledInput, question: Question) -> Question | None:
        """Return the question that an input refers to; None for a target."""
        if each.ref is None or isinstance(each.given, Target):
            return None
        period = question.period
        if isinstance(each.given, Earlier):
            period = earlier_period(period, each.given.step, self._today(question), self.calendar)
        return Question(*each.ref, period, question.cuts, question.as_of)

    def read(self, wanted: Sequence[Want]) -> None:
        """Bring what is wanted into the cubes: from memory, from the store, from the warehouse."""
        self._restore(wanted)
        readings = plan(wanted, self.cubes, self._combinations, self.calendar)
        read(readings, self.cubes, self.warehouse.query, self.context)
        if self.store is not None:
            large = [key for each in readings for key in each.keys if self._is_large(key)]
            self.store.put((key, self.cubes[key]) for key in large)

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
        return prod(self.members.count(each) for each in dimensions)

    def _answer(self, question: Question) -> Answer:
        if question not in self._answers:
            self._answers[question] = self._made(question)
        return self._answers[question]

    def _made(self, question: Question) -> Answer:
        definition = self.definitions.get(question.metric, question.variant)
        values = {each.name: self._value(each, question) for each in definition.inputs}
        result = computed(definition, values, question.period, self._settings)
        today = self._today(question)
        maturing = int(self._settings.get("setting.maturing_days", 0))
        notes = (*period_notes(definition, question.period, today, maturing), *result.notes)
        return Answer(
            question,
            result.value,
            definition.unit,
            definition.metric.better,
            result.reason,
            result.detail,
            {name: each.value for name, each in values.items()},
            result.n,
            notes,
            definition.version,
            self.state.version,
            self.state.time,
        )

    def _value(self, each: CompiledInput, question: Question) -> Value:
        if each.measure is not None:
            return self._measured(each, self.leaf(each, question))
        below = self.below(each, question)
        if below is None:
            return self._target(each, question)
        found = self._answer(below)
        return Value(found.value, found.reason, found.detail, found.n, found.notes)

    def _measured(self, each: CompiledInput, leaf: Leaf) -> Value:
        absent = self.missing(leaf)
        if absent is not None:
            return Value(None, *absent)
        found = self._cell(leaf)
        notes = self._notes(each, leaf, found)
        number = value(leaf, found) if found is not None else None
        rows = found[1] if found is not None else 0
        if number is None and leaf.measure.word in ("count", "total", "distinct"):
            number = 0.0
        if number is None:
            return Value(None, NO_ROWS, f"no rows for {each.name}", 0, notes)
        return Value(number, None, "", rows, notes)

    def _cell(self, leaf: Leaf) -> Cell | None:
        return cell(leaf, ((want, self.cubes[want.key]) for want in wants(leaf, self.calendar)))

    def _notes(self, each: CompiledInput, leaf: Leaf, found: Cell | None) -> tuple[str, ...]:
        notes = [*self.state.entities[leaf.measure.entity].notes, *self._undated.notes(leaf.measure)]
        first = local_date(self.state.first_load, self.calendar.timezone)
        if leaf.as_of is not None and leaf.as_of < first:
            notes.append(as_of_note(leaf.measure, leaf.as_of, first))
        if found is not None:
            notes += cell_notes(leaf.measure, found)
        absent: dict[str, list[str]] = {}
        for one in self._coverage(each, leaf):
            counted = self._cell(one)
            if counted is None or not counted[1]:
                *_, (dimension, (lacking,)) = (cut for cut in one.cuts if cut not in leaf.cuts)
                absent.setdefault(dimension, []).append(lacking)
        notes += [coverage_note(each, dimension, values) for dimension, values in absent.items()]
        return tuple(notes)

    def _target(self, each: CompiledInput, question: Question) -> Value:
        assert each.ref is not None
        wanted = self.target(Question(*each.ref, question.period, question.cuts))
        if wanted is None:
            return Value(None, NO_TARGET, f"no target for {each.ref[0]} in {question.period} with these cuts")
        return Value(wanted)


def _without(names: Iterable[str], ignored: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in names if each not in ignored)


def _with_rows(leaf: Leaf, want: Want, cube: Cube, by: tuple[str, ...]) -> set[Members]:
    """Return the members of `by` with rows in the cube, where the leaf has all of them and its own cuts hold."""
    names = want.key.dimensions
    if not set(by) <= set(names):
        return set()
    places = [names.index(each) for each in by]
    kept: Mapping[int, Filters | tuple[str, ...]] = {
        names.index(name): values for name, values in leaf.cuts if name in names
    }
    found: set[Members] = set()
    for members, cells in cube.cells.items():
        if all(members[at] in values for at, values in kept.items()) and any(
            time in cells and cells[time][1] for time in want.times
        ):
            found.add(tuple(members[at] for at in places))
    return found
