"""The figures of answers, in plain arithmetic: how they are called and shown, how they change, what they reach."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite

from kpicore.model.questions import Answer
from kpicore.model.units import LOWER, POINTS, SHARE, Better, Unit

_SUFFIX: Mapping[str, str] = {"days": "days", "minutes": "min", "hours": "h", "years": "years", "per year": "/year"}


def name_of(answer: Answer) -> str:
    """Return "loans.renewed", or the id alone where the metric has one variant only."""
    variant = answer.question.variant
    return answer.question.metric if variant == "default" else f"{answer.question.metric}.{variant}"


def shown(answer: Answer) -> str:
    """Return the value as a person wants to read it, or the reason why there is none."""
    return number(answer.value, answer.unit) if answer.value is not None else (answer.reason or "")


def number(value: float, unit: Unit) -> str:
    """Return a number in its unit: "63.2%", "10,005,534.00", "51.8 days"."""
    if unit == SHARE:
        return f"{per_cent(value)}%"
    text = rounded(value, unit.decimals)
    return f"{text} {_SUFFIX[unit.name]}" if unit.name in _SUFFIX else text


def rounded(value: float, decimals: int) -> str:
    """Return a number with so many decimals, rounded as a spreadsheet does: a half goes away from zero.

    >>> rounded(56.25, 1), rounded(-0.04, 1), rounded(1234.5, 0)
    ('56.3', '0.0', '1,235')
    """
    # by the digits that people see: 2.675 is 2.68, though the double is a hair below and formats as 2.67
    return _written(Decimal(repr(value)), decimals)


def per_cent(fraction: float, decimals: int = 1) -> str:
    """Return a fraction in per cent, without their sign, rounded as `rounded` does.

    >>> per_cent(0.632), per_cent(0.285, 0)
    ('63.2', '29')
    """
    return _written(Decimal(repr(fraction)).scaleb(2), decimals)


def _written(exact: Decimal, decimals: int) -> str:
    # the largest number of all has 309 digits before the point, and in per cent 311
    short = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=350))
    return f"{abs(short) if short == 0 else short:,}"


def change(answer: Answer, earlier: Answer) -> float | None:
    """Return how much higher an answer is: as a difference of shares and points, else as a fraction.

    None where one of them has no value, where a fraction is of nothing, and where it is too large a number.
    """
    if answer.value is None or earlier.value is None:
        return None
    return number_change(answer.value, earlier.value, answer.unit)


def number_change(value: float, before: float, unit: Unit) -> float | None:
    """Return how much higher a number in a unit is than the one before, as `change` tells of answers.

    >>> from kpicore.model.units import DAYS
    >>> number_change(0.75, 0.5, SHARE), number_change(30.0, 20.0, DAYS), number_change(30.0, 0.0, DAYS)
    (0.25, 0.5, None)
    """
    if unit in (SHARE, POINTS):
        return _presentable(value - before)
    # from -100 to 50 would be a fall of 150 %
    if before <= 0:
        return None
    return _presentable((value - before) / before)


def change_in_points(change: float, unit: Unit) -> float | None:
    """Return a change in points, 3.2 of a share that rose by 0.032; None for a unit that changes by per cent."""
    if unit == SHARE:
        return change * 100
    return change if unit == POINTS else None


def is_good(change: float | None, better: Better) -> bool | None:
    """Return whether a change is good news; None where there is none, or nothing to say."""
    if not change or better is Better.NEUTRAL:
        return None
    return (change > 0) == (better is Better.HIGHER)


def attainment(value: float | None, target: float | None, better: Better) -> float | None:
    """Return how much of a target is reached, as a fraction; where lower is better, target / value.

    None where there is no value or no target, where it is a part of nothing, and where it is too large a number.
    """
    if value is None or target is None:
        return None
    above, below = (target, value) if better is LOWER else (value, target)
    return _presentable(above / below) if below > 0 else None


def _presentable(fraction: float) -> float | None:
    """Return a fraction that is a number in per cent, too; None for a larger one."""
    return fraction if isfinite(fraction * 100) else None
