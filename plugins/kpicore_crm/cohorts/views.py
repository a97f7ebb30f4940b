"""What one can look at in a triangle: a number for each age."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from kpicore import COUNT, MONEY, NO_DATA, NOT_LOADED, SHARE, ZERO_DENOMINATOR, Unit, number
from kpicore_crm.cohorts.triangle import Age, Cohort, Cohorts

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
    found = view.of(age)
    if found is None:
        return None, NOT_LOADED
    if view.per is None:
        return float(found), None
    customers = view.per(age)
    if customers:
        return float(found) / customers, None
    return None, NO_DATA if age.size else ZERO_DENOMINATOR


def record(of: Cohorts, cohort: Cohort, age: Age) -> dict[str, Any]:
    """Return an age of a cohort as a dict that JSON can hold."""
    found, reason = value(of.show, age)
    return {
        "cohort": cohort.period.key if cohort.period else None,
        "cuts": dict(cohort.cuts),
        "size": cohort.size,
        "age": age.age,
        "age_unit": of.grain.value,
        "period": age.period.key if age.period else None,
        "show": of.show,
        "value": found,
        "unit": VIEWS[of.show].unit.name,
        "reason": reason,
        "maturing": age.maturing,
        "n": (VIEWS[of.show].per or _size)(age),
        "customers": age.customers if age.reason is None else None,
        "orders": age.orders if age.reason is None else None,
        "bought_again": age.again if age.followed else None,
        "revenue": _float(age.revenue) if age.reason is None else None,
        "revenue_so_far": _float(age.so_far) if age.followed else None,
        "data_time": of.data_time.isoformat(),
    }


def shown(show: str, age: Age) -> str:
    """Return a cell as a person reads it; empty where the age has not come, marked with * while it is maturing."""
    found, reason = value(show, age)
    if found is None:
        return "" if age.reason is not None or reason == NO_DATA else "–"
    return number(found, VIEWS[show].unit) + ("*" if age.maturing else "")


def plain_table(of: Cohorts) -> str:
    """Return the triangle as lines of text, the total last."""
    rows = [[*of.by, "size", *(str(each.age) for each in of.total.ages)], *_lines(of)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    names = len(of.by)
    return "\n".join(
        "  ".join(
            text.ljust(width) if at < names else text.rjust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _lines(of: Cohorts) -> Iterator[list[str]]:
    for each in (*of.cohorts, of.total):
        label = each.label if each is not of.total else ("all", *[""] * (len(of.by) - 1))
        size = "" if each.size is None else f"{each.size:,}"
        yield [*label, size, *(shown(of.show, age) for age in each.ages)]


def _size(age: Age) -> int:
    return age.size


def _float(given: Decimal | None) -> float | None:
    return None if given is None else float(given)
