"""From cubes to answers. This is the loop that runs once a cell, so it looks up, adds and little else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kpicore.engine.answers import Value, computed
from kpicore.engine.cubes import Cell, Members
from kpicore.engine.leaves import Part, summed, value
from kpicore.engine.notes import cell_notes, coverage_note
from kpicore.engine.prepared import Prepared, PreparedInput
from kpicore.questions import NO_ROWS, NO_TARGET, Answer, Question

if TYPE_CHECKING:
    from kpicore.engine.engine import Engine

ZERO_OVER_NOTHING = frozenset({"count", "total", "distinct"})


class Computing:
    """Computes answers from an engine's cubes, which hold all that is needed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        settings = engine.definitions.settings
        self._settings = {f"setting.{name}": float(x) for name, x in settings.items() if isinstance(x, int | float)}

    def answers(self, prepared: Prepared, questions: Iterable[Question]) -> Iterator[tuple[Question, Answer]]:
        """Yield the answer to each question of a shape."""
        definition, state = prepared.definition, self._engine.state
        unit, better = definition.unit, definition.metric.better
        for question in questions:
            values = {name: each[0] for name, each in question.cuts}
            inputs, result = self._result(prepared, question, values)
            yield (
                question,
                Answer(
                    question,
                    result.value,
                    unit,
                    better,
                    result.reason,
                    result.detail,
                    {name: each.value for name, each in inputs.items()},
                    result.n,
                    result.notes,
                    definition.version,
                    state.version,
                    state.time,
                ),
            )

    def _result(self, prepared: Prepared, question: Question, values: dict[str, str]) -> tuple[dict[str, Value], Value]:
        inputs = {each.given.name: self._value(each, question, values) for each in prepared.inputs}
        result = computed(prepared.definition, inputs, prepared.shape.period, self._settings, prepared.notes)
        return inputs, result

    def _value(self, each: PreparedInput, question: Question, values: dict[str, str]) -> Value:
        if each.known is not None:
            return each.known
        if each.below is not None:
            return self._result(each.below, question, values)[1]
        if each.leaf is None:
            return self._target(each, question)
        found = self._cell(each.parts, values)
        notes = each.notes
        if each.expected or (found is not None and (found[2] or found[3])):
            notes = (*notes, *self._notes(each, found, values))
        if found is None:
            number, rows = None, 0
        else:
            number, rows = value(each.leaf, found), found[1]
        if number is None:
            if each.leaf.measure.word not in ZERO_OVER_NOTHING:
                return Value(None, NO_ROWS, f"no rows for {each.given.name}", 0, notes)
            number = 0.0
        return Value(number, None, "", rows, notes)

    def _cell(self, parts: tuple[Part, ...], values: dict[str, str]) -> Cell | None:
        cubes = self._engine.cubes
        found: Cell | None = None
        for part in parts:
            members: tuple[Members, ...] = part.members(values)
            found = summed(cubes[part.key], members, part.times, found)
        return found

    def _notes(self, each: PreparedInput, found: Cell | None, values: dict[str, str]) -> Iterator[str]:
        assert each.leaf is not None
        if found is not None:
            yield from cell_notes(each.leaf.measure, found)
        absent: dict[str, list[str]] = {}
        for one in each.expected:
            counted = self._cell(one.parts, values)
            if counted is None or not counted[1]:
                absent.setdefault(one.dimension, []).append(one.value)
        for dimension, lacking in absent.items():
            yield coverage_note(each.given, dimension, lacking)

    def _target(self, each: PreparedInput, question: Question) -> Value:
        assert each.given.ref is not None
        wanted = self._engine.target(Question(*each.given.ref, question.period, question.cuts))
        if wanted is None:
            about = f"no target for {each.given.ref[0]} in {question.period} with these cuts"
            return Value(None, NO_TARGET, about)
        return Value(wanted)
