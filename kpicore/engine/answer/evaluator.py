"""From cubes to answers. This is the loop that runs once a cell, so it looks up, adds and little else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import NamedTuple

from kpicore.calendar.working_days import WorkingDays
from kpicore.engine.compile.formula_value import Value, computed, fixed_inputs
from kpicore.engine.notes.notes import cell_notes, coverage_note, undecided_note, unknown_notes
from kpicore.engine.notes.undecided import Kind
from kpicore.engine.plan.cubes import Cell, Cube, CubeKey, Members, TimeKey, added
from kpicore.engine.plan.requests import Part, value
from kpicore.engine.prepare.shapes import Prepared, PreparedInput
from kpicore.engine.scan.ports import SetTargets
from kpicore.language import MissingInput, names
from kpicore.model.notes import Note
from kpicore.model.questions import NO_ROWS, Answer, Question
from kpicore.warehouse import State

ZERO_OVER_NOTHING = frozenset({"count", "total", "distinct"})
_WORKING_DAYS = frozenset({("period", "working_days"), ("period", "working_days_elapsed")})
_Values = Mapping[str, str]


class _Lookup(NamedTuple):
    """A part with the cells of its cube at hand; `names` where it takes one member of each."""

    part: Part
    cells: Mapping[Members, Mapping[TimeKey, Cell]]
    names: tuple[str, ...] | None

    def sum(self, values: _Values, into: Cell | None) -> Cell | None:
        """Return the sum of the part's cells and of what was summed up before."""
        if self.names is None:
            for members in self.part.members(values):
                into = self._at(members, into)
            return into
        return self._at(tuple([values[name] for name in self.names]), into)

    def _at(self, members: Members, into: Cell | None) -> Cell | None:
        by_time = self.cells.get(members)
        if by_time is None:
            return into
        for time in self.part.times:
            cell = by_time.get(time)
            if cell is not None:
                into = cell if into is None else added(into, cell)
        return into


class Computing:
    """Computes answers from cubes that hold all that is needed.

    It keeps these cubes, and asks nothing and nobody else: what it computes is the same for ever.
    """

    def __init__(
        self,
        cubes: Mapping[CubeKey, Cube],
        state: State,
        settings: Mapping[str, object],
        targets: SetTargets | None,
        working: WorkingDays,
        today: date,
    ) -> None:
        self._working, self._today = working, today
        self._cubes, self._state, self._targets = cubes, state, targets
        self._settings = {f"setting.{name}": float(x) for name, x in settings.items() if isinstance(x, int | float)}
        # by id, as to hash them takes longer than what is looked up; what has an id here lives as long as `self`
        self._lookups: dict[int, tuple[_Lookup, ...]] = {}
        self._keys: dict[tuple[int, tuple[str, ...]], list[Members]] = {}
        self._given: dict[int, Mapping[str, float | None]] = {}
        self._merged: dict[int, tuple[list[tuple[Note, ...]], tuple[Note, ...]]] = {}
        self._alive: list[object] = []

    def answers(self, prepared: Prepared, questions: Iterable[Question]) -> Iterator[tuple[Question, Answer]]:
        """Yield the answer to each question of a shape."""
        definition, state = prepared.definition, self._state
        unit, better = definition.unit, definition.metric.better
        for question in questions:
            values = {name: each[0] for name, each in question.cuts}
            inputs, result = self._result(prepared, question, values)
            found, reason, detail, n, notes = result
            yield (
                question,
                Answer(
                    question,
                    found,
                    unit,
                    better,
                    reason,
                    detail,
                    {name: each[0] for name, each in inputs.items()},
                    n,
                    notes,
                    definition.version,
                    state.version,
                    state.time,
                    prepared.earlier,
                ),
            )

    def numbers(self, prepared: Prepared, members: Sequence[_Values]) -> list[float | None]:
        """Return the values alone of a shape for many members."""
        plain = all(each.known is not None or each.leaf is not None for each in prepared.inputs)
        if not plain:
            return [self._result(prepared, question_of(prepared, member), member)[1].value for member in members]
        given = dict(self.fixed_of(prepared))
        compute, names = prepared.definition.compute, [each.given.name for each in prepared.inputs]
        found: list[float | None] = []
        for row in zip(*(self._column(each, members) for each in prepared.inputs), strict=True):
            given.update(zip(names, row, strict=True))
            try:
                found.append(float(compute(given)))
            except (MissingInput, ZeroDivisionError, ValueError):
                found.append(None)
        return found

    def _column(self, each: PreparedInput, members: Sequence[_Values]) -> list[float | None]:
        """Return what one input comes to for each of many members, None where there is no number."""
        leaf = each.leaf
        if leaf is None:
            return [None] * len(members)
        nothing = 0.0 if leaf.measure.word in ZERO_OVER_NOTHING else None
        cells = self._cells_of(each.parts, members)
        if leaf.divides_by_rows_or_days:
            numbers = [None if cell is None else value(leaf, cell) for cell in cells]
            return [nothing if number is None else number for number in numbers]
        unit = leaf.unit
        return [nothing if cell is None or cell[0] is None else cell[0] / unit for cell in cells]

    def _cells_of(self, parts: tuple[Part, ...], members: Sequence[_Values]) -> Iterable[Cell | None]:
        lookups = self._looked_up(parts)
        only = lookups[0]
        if len(lookups) > 1 or only.names is None or len(only.part.times) > 1:
            return [self._cell(parts, values) for values in members]
        (time,) = only.part.times
        empty: Mapping[TimeKey, Cell] = {}
        return [only.cells.get(key, empty).get(time) for key in self._keys_of(only.names, members)]

    def _keys_of(self, names: tuple[str, ...], members: Sequence[_Values]) -> list[Members]:
        """Return the members as keys of a cube with these dimensions, worked out once for all periods."""
        found = self._keys.get((id(members), names))
        if found is None:
            found = self._keys[id(members), names] = [tuple([member[name] for name in names]) for member in members]
            self._alive.append(members)
        return found

    def _result(self, prepared: Prepared, question: Question, values: _Values) -> tuple[dict[str, Value], Value]:
        inputs = {each.given.name: self.value_of(each, question, values) for each in prepared.inputs}
        notes = self._notes_of(prepared, inputs.values())
        return inputs, computed(prepared.definition, inputs, self.fixed_of(prepared), notes)

    def _notes_of(self, prepared: Prepared, inputs: Iterable[Value]) -> tuple[Note, ...]:
        """Return the notes of a question and of its inputs, each once.

        Most members have the notes of the shape alone, so what was made of the very same ones is taken again.
        """
        known = self._merged.get(id(prepared))
        if known is not None:
            for each, before in zip(inputs, known[0], strict=True):
                if each[4] is not before:
                    break
            else:
                return known[1]
        given = [each.notes for each in inputs]
        merged = tuple(dict.fromkeys(chain(prepared.notes, *given)))
        self._merged[id(prepared)] = given, merged
        return merged

    def fixed_of(self, prepared: Prepared) -> Mapping[str, float | None]:
        """Return what the formula may use besides its inputs, worked out once a shape."""
        found = self._given.get(id(prepared))
        if found is None:
            found = self._given[id(prepared)] = fixed_inputs(prepared.days, prepared.years, self._fixed(prepared))
            self._alive.append(prepared)
        return found

    def _fixed(self, prepared: Prepared) -> Mapping[str, float]:
        """Return the settings, and the working days where the formula asks for them."""
        if _WORKING_DAYS.isdisjoint(names(prepared.definition.formula)):
            return self._settings
        period = prepared.shape.period
        every, elapsed = self._working.of(period), self._working.elapsed(period, self._today)
        days = {"period.working_days": float(every), "period.working_days_elapsed": float(elapsed)}
        return {**self._settings, **days}

    def value_of(self, each: PreparedInput, question: Question, values: _Values) -> Value:
        """Return what one input comes to for the members of a question."""
        if each.leaf is None:
            return self._unread(each, question, values)
        found = self._cell(each.parts, values)
        notes = each.notes
        if each.expected or each.doubts or (found is not None and (found[2] or found[3])):
            notes = (*notes, *self._notes(each, found, values))
        number = None if found is None else value(each.leaf, found)
        if number is not None:
            return Value(number, None, None, found[1] if found else 0, notes)
        if each.leaf.measure.word in ZERO_OVER_NOTHING:
            return Value(0.0, None, None, found[1] if found else 0, notes)
        return Value(None, NO_ROWS, Note.of("no_rows", input=each.given.name), 0, notes)

    def total_of(self, each: PreparedInput, values: _Values) -> float | None:
        """Return the sum behind an input that is an average; None where no row has a value."""
        found = self._cell(each.parts, values) if each.leaf is not None else None
        return None if each.leaf is None or found is None or found[0] is None else found[0] / each.leaf.unit

    def _unread(self, each: PreparedInput, question: Question, values: _Values) -> Value:
        if each.known is not None:
            return each.known
        if each.below is not None:
            period = each.below.shape.period
            asked = question if period == question.period else replace(question, period=period)
            return self._result(each.below, asked, values)[1]
        assert each.given.ref is not None and self._targets is not None
        return Value(*self._targets.find(*each.given.ref, question.period, question.cuts))

    def _cell(self, parts: tuple[Part, ...], values: _Values) -> Cell | None:
        found: Cell | None = None
        for each in self._looked_up(parts):
            found = each.sum(values, found)
        return found

    def _looked_up(self, parts: tuple[Part, ...]) -> tuple[_Lookup, ...]:
        lookups = self._lookups.get(id(parts))
        if lookups is None:
            lookups = self._lookups[id(parts)] = tuple(
                _Lookup(part, self._cubes[part.key].cells, part.key.dimensions if part.is_plain else None)
                for part in parts
            )
            self._alive.append(parts)
        return lookups

    def _notes(self, each: PreparedInput, found: Cell | None, values: _Values) -> Iterator[Note]:
        assert each.facts is not None
        if found is not None and each.facts.empty is not None:
            yield from cell_notes(each.facts.empty, found, self._told_by_words(each, values))
        yield from self.doubts(each, values)
        absent: dict[str, list[str]] = {}
        for one in each.expected:
            counted = self._cell(one.parts, values)
            if counted is None or not counted[1]:
                absent.setdefault(one.dimension, []).append(one.value)
        for dimension, lacking in absent.items():
            yield coverage_note(each.given, dimension, lacking)

    def doubts(self, each: PreparedInput, values: _Values) -> Iterator[Note]:
        """Yield a note that counts the rows of which an input does not know whether, or with what, they count."""
        for doubt in each.doubts:
            found = self._cell(doubt.parts, values)
            rows = found[1] if found is not None else 0
            if rows and doubt.words:
                counted = [(one.field, one.word, self._rows(one.parts, values)) for one in doubt.words]
                of_load = self._state.entities[doubt.about.measure.entity].notes
                yield from unknown_notes(doubt.about, counted, of_load)
                rows -= sum(number for _, word, number in counted if not word)
            if rows and doubt.about.kind is not Kind.WORD:
                yield undecided_note(doubt.about, doubt.lacking, rows)

    def _told_by_words(self, each: PreparedInput, values: _Values) -> int:
        """Return how many of the rows without a value are told by the words that they hold."""
        of_values = (doubt for doubt in each.doubts if doubt.about.kind is Kind.WORD)
        return sum(self._rows(one.parts, values) for doubt in of_values for one in doubt.words if not one.word)

    def _rows(self, parts: tuple[Part, ...], values: _Values) -> int:
        found = self._cell(parts, values)
        return found[1] if found is not None else 0


def question_of(prepared: Prepared, values: _Values) -> Question:
    """Return the question that a shape asks for members."""
    shape = prepared.shape
    cuts = (*shape.lists, *((name, (value,)) for name, value in values.items()))
    return Question(shape.metric, shape.variant, shape.period, tuple(sorted(cuts)), shape.as_of)
