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
from kpicore.engine.notes.undecided import Doubtful
from kpicore.engine.plan.cubes import Cell, Cube, CubeKey, Members, TimeKey, added
from kpicore.engine.plan.requests import CubeSlice, value
from kpicore.engine.prepare.shapes import Prepared, PreparedInput
from kpicore.engine.scan.ports import SetTargets
from kpicore.language import MissingInput, names
from kpicore.model.notes import Note
from kpicore.model.questions import NO_ROWS, Answer, Question
from kpicore.warehouse import State

# over no rows these are 0; an average, a percentile or what stands last is not known then
ZERO_OVER_NOTHING = frozenset({"count", "total", "distinct"})
_WORKING_DAYS = frozenset({("period", "working_days"), ("period", "working_days_elapsed")})
_Values = Mapping[str, str]


class _Lookup(NamedTuple):
    """A slice with the cells of its cube at hand; `names` where it takes one member of each."""

    cube_slice: CubeSlice
    cells: Mapping[Members, Mapping[TimeKey, Cell]]
    names: tuple[str, ...] | None

    def sum(self, values: _Values, into: Cell | None) -> Cell | None:
        """Return the sum of the cells of the slice and of what was summed up before."""
        if self.names is None:
            for members in self.cube_slice.members_among(self.cells, values):
                into = self._at(members, into)
            return into
        # a list first: this runs once a cell, and a tuple of a generator takes half as long again
        return self._at(tuple([values[name] for name in self.names]), into)

    def _at(self, members: Members, into: Cell | None) -> Cell | None:
        by_time = self.cells.get(members)
        if by_time is None:
            return into
        for time in self.cube_slice.times:
            cell = by_time.get(time)
            if cell is not None:
                into = cell if into is None else added(into, cell)
        return into


class Evaluator:
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
            # of a list this is its first member, which nobody asks for: slices take lists from their shape
            values = {name: members[0] for name, members in question.cuts}
            inputs, result = self._result(prepared, question, values, {})
            number, reason, detail, n, notes = result
            yield (
                question,
                Answer(
                    question,
                    number,
                    unit,
                    better,
                    reason,
                    detail,
                    {name: input_value[0] for name, input_value in inputs.items()},
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
        plain = all(input_.known is not None or input_.request is not None for input_ in prepared.inputs)
        if not plain:
            return [self._result(prepared, question_of(prepared, member), member, {})[1].value for member in members]
        arguments = dict(self.fixed_of(prepared))
        compute, names = prepared.definition.compute, [input_.compiled.name for input_ in prepared.inputs]
        # `arguments` is one dict for all members: each writes over the one before
        numbers: list[float | None] = []
        for row in zip(*(self._column(input_, members) for input_ in prepared.inputs), strict=True):
            arguments.update(zip(names, row, strict=True))
            try:
                numbers.append(float(compute(arguments)))
            except (MissingInput, ZeroDivisionError, ValueError):
                numbers.append(None)
        return numbers

    def _column(self, input_: PreparedInput, members: Sequence[_Values]) -> list[float | None]:
        """Return what one input comes to for each of many members, None where there is no number."""
        request = input_.request
        if request is None:
            return [None] * len(members)
        nothing = 0.0 if request.measure.word in ZERO_OVER_NOTHING else None
        cells = self._cells_of(input_.slices, members)
        if request.divides_by_rows_or_days:
            numbers = [None if cell is None else value(request, cell) for cell in cells]
            return [nothing if number is None else number for number in numbers]
        unit = request.unit
        return [nothing if cell is None or cell[0] is None else cell[0] / unit for cell in cells]

    def _cells_of(self, slices: tuple[CubeSlice, ...], members: Sequence[_Values]) -> Iterable[Cell | None]:
        lookups = self._looked_up(slices)
        only = lookups[0]
        # one cell a member is by far the most frequent: a call for each would take longer than the cells do
        if len(lookups) > 1 or only.names is None or len(only.cube_slice.times) > 1:
            return [self._cell(slices, values) for values in members]
        (time,) = only.cube_slice.times
        empty: Mapping[TimeKey, Cell] = {}
        return [only.cells.get(key, empty).get(time) for key in self._keys_of(only.names, members)]

    def _keys_of(self, names: tuple[str, ...], members: Sequence[_Values]) -> list[Members]:
        """Return the members as keys of a cube with these dimensions, worked out once for all periods."""
        keys = self._keys.get((id(members), names))
        if keys is None:
            keys = self._keys[id(members), names] = [tuple([member[name] for name in names]) for member in members]
            self._alive.append(members)
        return keys

    def _result(
        self, prepared: Prepared, question: Question, values: _Values, below: dict[int, Value]
    ) -> tuple[dict[str, Value], Value]:
        """Return the inputs and the answer of a shape for one member; `below` keeps what metrics below it came to."""
        inputs = {input_.compiled.name: self._value_of(input_, question, values, below) for input_ in prepared.inputs}
        notes = self._notes_of(prepared, inputs.values())
        return inputs, computed(prepared.definition, inputs, self.fixed_of(prepared), notes)

    def _notes_of(self, prepared: Prepared, inputs: Iterable[Value]) -> tuple[Note, ...]:
        """Return the notes of a question and of its inputs, each once.

        Most members have the notes of the shape alone, so what was made of the very same ones is taken again.
        """
        known = self._merged.get(id(prepared))
        if known is not None:
            # "is", not "==": to compare notes would take longer than to merge them
            for input_value, before in zip(inputs, known[0], strict=True):
                if input_value[4] is not before:
                    break
            else:
                return known[1]
        notes = [input_value.notes for input_value in inputs]
        merged = tuple(dict.fromkeys(chain(prepared.notes, *notes)))
        # `prepared` lives on by fixed_of, which is asked of the same one right after
        self._merged[id(prepared)] = notes, merged
        return merged

    def fixed_of(self, prepared: Prepared) -> Mapping[str, float | None]:
        """Return what the formula may use besides its inputs, worked out once a shape."""
        fixed = self._given.get(id(prepared))
        if fixed is None:
            fixed = self._given[id(prepared)] = fixed_inputs(prepared.days, prepared.years, self._fixed(prepared))
            self._alive.append(prepared)
        return fixed

    def _fixed(self, prepared: Prepared) -> Mapping[str, float]:
        """Return the settings, and the working days where the formula asks for them."""
        if _WORKING_DAYS.isdisjoint(names(prepared.definition.formula)):
            return self._settings
        period = prepared.shape.period
        every, elapsed = self._working.of(period), self._working.elapsed(period, self._today)
        days = {"period.working_days": float(every), "period.working_days_elapsed": float(elapsed)}
        return {**self._settings, **days}

    def value_of(self, input_: PreparedInput, question: Question, values: _Values) -> Value:
        """Return what one input comes to for the members of a question."""
        return self._value_of(input_, question, values, {})

    def _value_of(self, input_: PreparedInput, question: Question, values: _Values, below: dict[int, Value]) -> Value:
        if input_.request is None:
            return self._unread(input_, question, values, below)
        cell = self._cell(input_.slices, values)
        notes = input_.notes
        # few members have any: for the others the notes stay the very same tuple, by which they are merged once
        if input_.expected or input_.doubts or (cell is not None and (cell[2] or cell[3])):
            notes = (*notes, *self._notes(input_, cell, values))
        number = None if cell is None else value(input_.request, cell)
        if number is not None:
            return Value(number, None, None, cell[1] if cell else 0, notes)
        if input_.request.measure.word in ZERO_OVER_NOTHING:
            return Value(0.0, None, None, cell[1] if cell else 0, notes)
        return Value(None, NO_ROWS, Note.of("no_rows", input=input_.compiled.name), 0, notes)

    def total_of(self, input_: PreparedInput, values: _Values) -> float | None:
        """Return the sum behind an input that is an average; None where no row has a value."""
        cell = self._cell(input_.slices, values) if input_.request is not None else None
        return None if input_.request is None or cell is None or cell[0] is None else cell[0] / input_.request.unit

    def _unread(self, input_: PreparedInput, question: Question, values: _Values, below: dict[int, Value]) -> Value:
        if input_.known is not None:
            return input_.known
        if input_.below is not None:
            known = below.get(id(input_.below))
            # once: of KPIs each made of the one before in three ways, a thousand million ways go down 19 of them
            if known is None:
                period = input_.below.shape.period
                # a target below an input that looks back is that of the earlier period
                question = question if period == question.period else replace(question, period=period)
                known = below[id(input_.below)] = self._result(input_.below, question, values, below)[1]
            return known
        assert input_.compiled.ref is not None and self._targets is not None
        return Value(*self._targets.find(*input_.compiled.ref, question.period, question.cuts))

    def _cell(self, slices: tuple[CubeSlice, ...], values: _Values) -> Cell | None:
        cell: Cell | None = None
        for lookup in self._looked_up(slices):
            cell = lookup.sum(values, cell)
        return cell

    def _looked_up(self, slices: tuple[CubeSlice, ...]) -> tuple[_Lookup, ...]:
        lookups = self._lookups.get(id(slices))
        if lookups is None:
            lookups = self._lookups[id(slices)] = tuple(
                _Lookup(
                    cube_slice,
                    self._cubes[cube_slice.key].cells,
                    cube_slice.key.dimensions if cube_slice.is_plain else None,
                )
                for cube_slice in slices
            )
            self._alive.append(slices)
        return lookups

    def _notes(self, input_: PreparedInput, cell: Cell | None, values: _Values) -> Iterator[Note]:
        assert input_.facts is not None
        if cell is not None and input_.facts.empty is not None:
            yield from cell_notes(input_.facts.empty, cell, self._told_by_words(input_, values))
        yield from self.doubts(input_, values)
        absent: dict[str, list[str]] = {}
        for expected in input_.expected:
            counted = self._cell(expected.slices, values)
            if counted is None or not counted[1]:
                absent.setdefault(expected.dimension, []).append(expected.value)
        for dimension, lacking in absent.items():
            yield coverage_note(input_.compiled, dimension, lacking)

    def doubts(self, input_: PreparedInput, values: _Values) -> Iterator[Note]:
        """Yield a note that counts the rows of which an input does not know whether, or with what, they count."""
        for doubt in input_.doubts:
            cell = self._cell(doubt.slices, values)
            rows = cell[1] if cell is not None else 0
            if rows and doubt.words:
                counted = [(unknown.field, unknown.word, self._rows(unknown.slices, values)) for unknown in doubt.words]
                of_load = self._state.entities[doubt.about.measure.entity].notes
                yield from unknown_notes(doubt.about, counted, of_load)
                # those with a word that nobody has explained are told by that word, and not once more as empty
                rows -= sum(number for _, word, number in counted if not word)
            if rows and doubt.about.kind is not Doubtful.WORD:
                yield undecided_note(doubt.about, doubt.lacking, rows)

    def _told_by_words(self, input_: PreparedInput, values: _Values) -> int:
        """Return how many of the rows without a value are told by the words that they hold."""
        of_values = (doubt for doubt in input_.doubts if doubt.about.kind is Doubtful.WORD)
        return sum(
            self._rows(unknown.slices, values) for doubt in of_values for unknown in doubt.words if not unknown.word
        )

    def _rows(self, slices: tuple[CubeSlice, ...], values: _Values) -> int:
        cell = self._cell(slices, values)
        return cell[1] if cell is not None else 0


def question_of(prepared: Prepared, values: _Values) -> Question:
    """Return the question that a shape asks for members."""
    shape = prepared.shape
    cuts = (*shape.lists, *((name, (value,)) for name, value in values.items()))
    return Question(shape.metric, shape.variant, shape.period, tuple(sorted(cuts)), shape.as_of)
