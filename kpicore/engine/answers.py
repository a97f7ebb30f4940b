"""From inputs to an answer: the formula, the reason when there is no number, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kpicore.engine.definitions import Definition
from kpicore.expressions import MissingInput
from kpicore.questions import UNDEFINED, ZERO_DENOMINATOR


class Value(NamedTuple):
    """What one input came to. `detail` tells what its reason is about."""

    value: float | None
    reason: str | None = None
    detail: str = ""
    n: int = 0
    notes: tuple[str, ...] = ()


def computed(
    definition: Definition,
    values: Mapping[str, Value],
    fixed: Mapping[str, float | None],
    own_notes: tuple[str, ...],
) -> Value:
    """Return the value of the formula over its inputs, with the rows and the notes behind it.

    `fixed` is what fixed_inputs gives; `own_notes` are those of the question itself.
    """
    given = {**fixed, **{name: each[0] for name, each in values.items()}}
    value: float | None = None
    reason: str | None = None
    detail = ""
    try:
        value = float(definition.compute(given))
    except MissingInput as absent:
        reason, detail = values[absent.name].reason, values[absent.name].detail
    except ZeroDivisionError:
        reason, detail = ZERO_DENOMINATOR, _zeros(definition, values)
    except ValueError:
        reason, detail = UNDEFINED, "the formula has no finite value"
    notes = own_notes
    if any(each.notes for each in values.values()):
        notes = tuple(dict.fromkeys((*own_notes, *(note for each in values.values() for note in each.notes))))
    rows = definition.rows({name: each.n for name, each in values.items()})
    return Value(value, reason, detail, int(rows), notes)


def fixed_inputs(days: int, settings: Mapping[str, float]) -> dict[str, float | None]:
    """Return what a formula may use besides its inputs.

    `days` of the period have happened; `settings` are the numeric ones, by "setting.name".
    """
    return {**settings, "period.days": float(days), "period.years": days / 365.25}


def _zeros(definition: Definition, values: Mapping[str, Value]) -> str:
    names = [each for each in values if each in definition.below and not values[each].value]
    below = {name: each.value for name, each in values.items() if name in definition.below}
    return f"{' and '.join(names)} is 0" if names else zero_words(below)


def zero_words(below: Mapping[str, float | None]) -> str:
    """Return that a denominator is 0; made of what, where none of the numbers that are divided by is 0 itself.

    >>> zero_words({"before": -5.0}), zero_words({"base": 0.0})
    ('a denominator is 0 (with before -5)', 'a denominator is 0')
    """
    made_of = [f"{name} {value:,.10g}" for name, value in below.items() if value]
    return f"a denominator is 0 (with {', '.join(made_of)})" if len(made_of) == len(below) > 0 else "a denominator is 0"
