"""From the rows of the statements to a triangle: one line a cohort, one cell an age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kpicore import NO_DATA, NOT_STARTED, Calendar, Grain, Period

DimensionValues = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """What a cohort did at one age, 0 being the unit of time in which its customers first bought.

    `size` counts the customers who are old enough, `customers` those who bought. Of the `followed`, whose
    orders are known from the first on, `again` have bought at least twice so far and `so_far` is the
    revenue from age 0 on. Revenues are None where no amounts were loaded. `reason` tells why the age is
    empty; `maturing` that its unit of time is in progress.
    """

    age: int
    period: Period | None = None
    size: int = 0
    customers: int = 0
    orders: int = 0
    followed: int = 0
    again: int = 0
    revenue: Decimal | None = Decimal(0)
    so_far: Decimal | None = Decimal(0)
    maturing: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers who began in the same period, or share the dimension values of `cuts`, and their life by age.

    `size` is None for a period that has not started, or that the loaded orders do not reach.
    """

    period: Period | None
    cuts: tuple[tuple[str, str], ...]
    size: int | None
    ages: tuple[Age, ...]

    @property
    def label(self) -> tuple[str, ...]:
        """Return the words that name it: its period's key, its dimension values."""
        return (*([self.period.key] if self.period else []), *(value for _, value in self.cuts))


@dataclass(slots=True)
class UnitHistory:
    """What is known of the customers of one unit of time with the same dimension values."""

    size: int = 0
    # by age: customers who bought, their orders, the amount (None where none has one), who bought for the second time
    lived: dict[int, tuple[int, int, Decimal | None, int]] = field(default_factory=dict)


Histories = Mapping[int, Mapping[DimensionValues, UnitHistory]]
"""What is known by unit of time and dimension values."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known: orders from `first` to `last`, with or without `amounts`; `today` is the day of the data."""

    calendar: Calendar
    grain: Grain
    first: date
    last: date
    today: date
    amounts: bool = True
    _periods: dict[int, Period] = field(default_factory=dict)

    def oldest(self, unit: int) -> int:
        """Return the highest age that anything is known of, at least 0."""
        return max(0, self.calendar.grid.id_of(self.grain, min(self.today, self.last)) - unit)

    def age(self, unit: int, age: int) -> Age:
        """Return the empty cell of an age with what time has to say of it."""
        period = self._period(unit + age)
        if period.start > self.today:
            return Age(age, period, reason=NOT_STARTED)
        if period.start > self.last or period.end <= self.first:
            return Age(age, period, reason=NO_DATA)
        # on its last day a unit of time counts as over
        return Age(age, period, maturing=self.today < period.last)

    def begins_before(self, unit: int) -> bool:
        """Whether the first orders of a unit's customers were not loaded."""
        return self._period(unit).end <= self.first

    def _period(self, unit: int) -> Period:
        """Return a unit's period; made once, as all cells of a diagonal of the triangle share it."""
        if unit not in self._periods:
            self._periods[unit] = self.calendar.by_id(self.grain, unit)
        return self._periods[unit]


def life(unit: int, history: UnitHistory, oldest: int, seen: Seen) -> list[Age]:
    """Return the ages of the customers of one unit, from 0 to `oldest`."""
    ages: list[Age] = []
    again, so_far = 0, Decimal(0)
    # Sums from the first purchase on mean nothing where the first orders were not loaded.
    known = not seen.begins_before(unit)
    for age in range(oldest + 1):
        cell = seen.age(unit, age)
        # an age without a row in the statement is one at which nobody bought
        customers, orders, revenue, new = history.lived.get(age, (0, 0, Decimal(0), 0))
        again, amount = again + new, revenue or Decimal(0)
        so_far += amount
        if cell.reason is None:
            cell = Age(
                age,
                cell.period,
                history.size,
                customers,
                orders,
                followed=history.size if known else 0,
                again=again if known else 0,
                revenue=amount if seen.amounts else None,
                so_far=(so_far if known else Decimal(0)) if seen.amounts else None,
                maturing=cell.maturing,
            )
        ages.append(cell)
    return ages


def together(lives: Sequence[Sequence[Age]]) -> tuple[Age, ...]:
    """Return the ages of several units as one: each of those that have lived it in full.

    Where none has, of those that are living it.
    """
    if len(lives) == 1:
        return tuple(lives[0])
    return tuple(_sum([live[age] for live in lives]) for age in range(len(lives[0])))


def _sum(cells: Sequence[Age]) -> Age:
    lived = [cell for cell in cells if cell.reason is None]
    # A unit in progress would pull the others down, so it counts only where all are.
    cells_used = [cell for cell in lived if not cell.maturing] or lived
    if not cells_used:
        # of a mix the future is told: there a number may still come
        reasons = {cell.reason for cell in cells}
        return Age(cells[0].age, reason=NOT_STARTED if NOT_STARTED in reasons else NO_DATA)
    return Age(
        cells[0].age,
        None,
        sum(cell.size for cell in cells_used),
        sum(cell.customers for cell in cells_used),
        sum(cell.orders for cell in cells_used),
        sum(cell.followed for cell in cells_used),
        sum(cell.again for cell in cells_used),
        _amount(cell.revenue for cell in cells_used),
        _amount(cell.so_far for cell in cells_used),
        cells_used[0].maturing,
    )


def _amount(revenues: Iterable[Decimal | None]) -> Decimal | None:
    amounts = list(revenues)
    return None if None in amounts else sum((amount or Decimal(0) for amount in amounts), Decimal(0))


def units(sizes: Iterable[tuple[Any, ...]], activity: Iterable[tuple[Any, ...]], none: str) -> tuple[Histories, int]:
    """Return what is known by unit and dimension values, and how many orders came before a first purchase."""
    histories: dict[int, dict[DimensionValues, UnitHistory]] = {}
    early = 0
    for unit, *values, size in sizes:
        histories.setdefault(unit, {})[_named(values, none)] = UnitHistory(size)
    for unit, *values, age, customers, orders, revenue, again in activity:
        if age < 0:
            early += orders
        else:
            histories[unit][_named(values, none)].lived[age] = (customers, int(orders), revenue, again)
    return histories, early


def _named(values: Iterable[str | None], none: str) -> DimensionValues:
    return tuple(none if value is None else value for value in values)
