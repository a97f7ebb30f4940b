"""From inputs to an answer: the formula, the reason when there is no number, and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpicore.engine.definitions import Definition
from kpicore.expressions import MissingInput
from kpicore.periods import Period
from kpicore.questions import UNDEFINED, ZERO_DENOMINATOR


@dataclass(frozen=True, slots=True)
class Value:
    """What one input came to. `detail` tells what its reason is about."""

    value: float | None
    reason: str | None = None
    detail: str = ""
    n: int = 0
    notes: tuple[str, ...] = ()


def computed(
    definition: Definition, values: Mapping[str, Value], period: Period, settings: Mapping[str, float]
) -> Value:
    """Return the value of the formula over its inputs, with the rows and the notes behind it.

    `settings` are the numeric ones, by "setting.name".
    """
    given: dict[str, float | None] = {name: each.value for name, each in values.items()}
    given |= settings
    given["period.days"] = float(period.days)
    given["period.years"] = period.days / 365.25
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
    notes = tuple(dict.fromkeys(note for each in values.values() for note in each.notes))
    return Value(value, reason, detail, _n(definition, values), notes)


def _zeros(definition: Definition, values: Mapping[str, Value]) -> str:
    names = [each for each in values if each in definition.below and not values[each].value]
    return f"{' and '.join(names)} is 0" if names else "a denominator is 0"


def _n(definition: Definition, values: Mapping[str, Value]) -> int:
    """Return the rows behind an answer: of the denominator, where the formula is a ratio."""
    below = [each.n for name, each in values.items() if name in definition.below]
    return max(below or _counts(values.values()), default=0)


def _counts(values: Iterable[Value]) -> list[int]:
    return [each.n for each in values]
