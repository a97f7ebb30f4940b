"""From inputs to an answer: the formula, the reason when there is no number, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kpicore.engine.compile.definitions import Definition
from kpicore.language import MissingInput
from kpicore.model.notes import Note
from kpicore.model.questions import UNDEFINED, ZERO_DENOMINATOR


class Value(NamedTuple):
    """What one input came to. `detail` tells what its reason is about."""

    value: float | None
    reason: str | None = None
    detail: Note | None = None
    n: int = 0
    notes: tuple[Note, ...] = ()


def computed(
    definition: Definition,
    values: Mapping[str, Value],
    fixed: Mapping[str, float | None],
    notes: tuple[Note, ...],
) -> Value:
    """Return the value of the formula over its inputs, with the rows behind it.

    `fixed` is what fixed_inputs gives; `notes` are those of the question and of its inputs.
    """
    known = {**fixed, **{name: input_value[0] for name, input_value in values.items()}}
    value: float | None = None
    reason: str | None = None
    detail: Note | None = None
    try:
        value = float(definition.compute(known))
    except MissingInput as absent:
        reason, detail = values[absent.name].reason, values[absent.name].detail
    except ZeroDivisionError:
        reason, detail = ZERO_DENOMINATOR, _zeros(definition, values)
    except ValueError:
        reason, detail = UNDEFINED, Note.of("not_finite")
    # rows are told also where there is no number: they are why a denominator is 0
    rows = definition.rows({name: input_value.n for name, input_value in values.items()})
    return Value(value, reason, detail, int(rows), notes)


def fixed_inputs(days: int, years: float, settings: Mapping[str, float]) -> dict[str, float | None]:
    """Return what a formula may use besides its inputs.

    `days`, which are so many `years`, of the period have happened; `settings` are the numeric ones, by
    "setting.name".
    """
    return {**settings, "period.days": float(days), "period.years": years}


def _zeros(definition: Definition, values: Mapping[str, Value]) -> Note:
    below = {name: input_value.value for name, input_value in values.items() if name in definition.below}
    return zero_note(below, tuple([name for name, value in below.items() if not value]))


def zero_note(below: Mapping[str, float | None], names: tuple[str, ...] = ()) -> Note:
    """Return that inputs are 0 that are divided by; without their `names`, that a denominator made of others is.

    >>> zero_note({"before": -5.0}).value("made_of"), zero_note({"base": 0.0}).value("made_of")
    ((('before', -5.0),), ())
    """
    made_of = () if names or not all(below.values()) else tuple(below.items())
    return Note("zeros", (("inputs", names), ("made_of", made_of)))
