"""What one can look at in a triangle: a number for each age."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from kpicore import COUNT, MONEY, NO_DATA, NOT_LOADED, SHARE, ZERO_DENOMINATOR, Unit, number
from kpicore_crm.cohorts.triangle import Age

Number = int | Decimal | None


@dataclass(frozen=True, slots=True)
class View:
    """One number an age. `of` gives it; where there is a `per`, it is divided by that many customers."""

    meaning: str
    unit: Unit
    of: Callable[[Age], Number]
    per: Callable[[Age], int] | None = None


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "retention": View(
            "share of the cohort that bought at that age", SHARE, lambda age: age.customers, lambda age: age.size
        ),
        "customers": View("customers who bought at that age", COUNT, lambda age: age.customers),
        "repeat": View(
            "share of the cohort that bought at least twice so far",
            SHARE,
            lambda age: age.again,
            lambda age: age.followed,
        ),
        "orders": View("orders at that age", COUNT, lambda age: age.orders),
        "revenue": View("amount of the orders at that age", MONEY, lambda age: age.revenue),
        "ltv": View(
            "amount of all orders so far, per customer", MONEY, lambda age: age.so_far, lambda age: age.followed
        ),
    }
)
"""The views by name; the first is shown where none is named."""


def value(show: str, age: Age) -> tuple[float | None, str | None]:
    """Return the number of a view at an age, and the reason where there is none."""
    view = VIEWS[show]
    if age.reason is not None:
        return None, age.reason
    figure = view.of(age)
    if figure is None:
        return None, NOT_LOADED
    if view.per is None:
        return float(figure), None
    customers = view.per(age)
    if customers:
        return float(figure) / customers, None
    # Customers who are old enough, but whose first orders are not known, are no zero to divide by.
    return None, NO_DATA if age.size else ZERO_DENOMINATOR


def shown(show: str, age: Age) -> str:
    """Return a cell as a person reads it; empty where the age has not come, marked with * while it is maturing."""
    figure, reason = value(show, age)
    if figure is None:
        return "" if age.reason is not None or reason == NO_DATA else "–"
    return number(figure, VIEWS[show].unit) + ("*" if age.maturing else "")
