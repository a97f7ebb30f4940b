"""The units that some days are exactly, and how many years they are: a span of days is one period, however written.

`between` is where absolute ranges become periods. Rolling ones (trailing 30 days, mtd) are made with `span`
and are no units, not even on the day on which they happen to be as long as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from kpicore.calendar.grid import FISCAL, MONTHS, CalendarGrid, out_of_range
from kpicore.calendar.period import Grain, Period, span
from kpicore.errors import BadPeriod

# The longest first, as a year is four quarters too; of two as long the one that the question speaks of.
_FISCAL_FIRST = (
    *(Grain.FISCAL_YEAR, Grain.YEAR, Grain.FISCAL_HALF, Grain.HALF, Grain.FISCAL_QUARTER, Grain.QUARTER),
    *(Grain.FISCAL_MONTH, Grain.MONTH, Grain.WEEK, Grain.DAY),
)
_CALENDAR_FIRST = (
    *(Grain.YEAR, Grain.FISCAL_YEAR, Grain.HALF, Grain.FISCAL_HALF, Grain.QUARTER, Grain.FISCAL_QUARTER),
    *(Grain.MONTH, Grain.FISCAL_MONTH, Grain.WEEK, Grain.DAY),
)

_WEEKS = 52
_DAYS_IN_FOUR_YEARS = 1461  # 4 * 365.25, so that shares of years stay whole numbers divided once


class Months(NamedTuple):
    """The months that a period is made of: MONTH or FISCAL_MONTH, the first one's id and the last one's."""

    grain: Grain
    first: int
    last: int

    @property
    def number(self) -> int:
        """How many there are."""
        return self.last - self.first + 1


def between(start: date, last: date, grid: CalendarGrid, *, fiscal: bool = False) -> Period:
    """Return the period from `start` to `last`, both included: the largest unit that it is exactly, else a range.

    Of a calendar and a fiscal unit as long the calendar one, or with `fiscal` the fiscal one.

    Raises: BadPeriod for the last day of the year 9999, as no day follows it.
    """
    if last == date.max:
        raise out_of_range(last)
    unit = next(units_of(start, last, grid, fiscal=fiscal), None)
    return unit or span(start, last, months=months_between(start, last, grid, fiscal=fiscal))


def units_of(start: date, last: date, grid: CalendarGrid, *, fiscal: bool = False) -> Iterator[Period]:
    """Yield all units that these days are exactly, in the order in which `between` prefers them."""
    for grain in _FISCAL_FIRST if fiscal else _CALENDAR_FIRST:
        if (unit := _beginning(grain, start, grid)) is not None and unit.last == last:
            yield unit


def months_between(start: date, last: date, grid: CalendarGrid, *, fiscal: bool = False) -> Grain | None:
    """Return which whole months these days are, MONTH or FISCAL_MONTH, None where they are none."""
    calendar = start.day == (last + timedelta(days=1)).day == 1
    # of fiscal months that are calendar months too the calendar ones are told: both are the same days
    if calendar and (not fiscal or grid.fiscal.are_calendar_months):
        return Grain.MONTH
    # a range in whole fiscal months (4-4-5) is kept as such, for its earlier period is counted in them
    begins = not grid.fiscal.are_calendar_months and _beginning(Grain.FISCAL_MONTH, start, grid)
    if begins and _ends(Grain.FISCAL_MONTH, last, grid):
        return Grain.FISCAL_MONTH
    return Grain.MONTH if calendar else None


def months_of(period: Period, grid: CalendarGrid) -> Months | None:
    """Return the months that a unit, or a range of whole months, is made of; None for weeks, days, other ranges.

    Fiscal months that are calendar months are told as these.
    """
    grain = period.months
    if period.grain in MONTHS:
        grain = Grain.FISCAL_MONTH if period.grain in FISCAL else Grain.MONTH
    if grain is None:
        return None
    if grid.fiscal.are_calendar_months:
        grain = Grain.MONTH
    return Months(grain, grid.id_of(grain, period.start), grid.id_of(grain, period.last))


def tiles(start: date, last: date, grain: Grain, grid: CalendarGrid) -> range | None:
    """Return the ids of that grain that cover these days exactly, or None."""
    if _beginning(grain, start, grid) is None or not _ends(grain, last, grid):
        return None
    return range(grid.id_of(grain, start), grid.id_of(grain, last) + 1)


def _beginning(grain: Grain, day: date, grid: CalendarGrid) -> Period | None:
    """Return the unit that begins on the day, None where none does."""
    try:
        unit = grid.containing(grain, day)
    except BadPeriod:  # it lies outside the listed months, or reaches beyond the calendar
        return None
    return unit if unit.start == day else None


def _ends(grain: Grain, day: date, grid: CalendarGrid) -> bool:
    try:
        return grid.containing(grain, day).last == day
    except BadPeriod:
        return False


def years(period: Period, days: int, grid: CalendarGrid) -> float:
    """Return how many years the first `days` of a period are.

    Whole months are twelfths, so that every quarter is 0.25. Fiscal months of whole weeks are as many of
    the 52 weeks of their year, or of its 53. Weeks, days and other ranges are counted in days of a year of
    365.25. A period in progress, or a part to date, is the elapsed share of the whole.
    """
    whole = period.whole or period
    exact = _exact_years(whole, grid)
    # whole numbers up to the one division, so that 90 days of a first quarter are 0.25 and not a hair less
    return exact.numerator * days / (exact.denominator * whole.days)


def _exact_years(period: Period, grid: CalendarGrid) -> Fraction:
    months = months_of(period, grid)
    if months is None:
        return Fraction(period.days * 4, _DAYS_IN_FOUR_YEARS)
    if months.grain is Grain.MONTH or not grid.fiscal.are_whole_weeks:
        return Fraction(months.number, 12)
    return _years_of_weeks(months, grid)


def _years_of_weeks(months: Months, grid: CalendarGrid) -> Fraction:
    """Return the sum of the share that each fiscal year has of its weeks."""
    total = Fraction(0)
    for year in range(months.first // 12, months.last // 12 + 1):
        first = grid.by_id(Grain.FISCAL_MONTH, max(months.first, year * 12))
        last = grid.by_id(Grain.FISCAL_MONTH, min(months.last, year * 12 + 11))
        total += Fraction((last.end - first.start).days // 7, _weeks_of(year, grid))
    return total


def _weeks_of(year: int, grid: CalendarGrid) -> int:
    try:
        return grid.by_id(Grain.FISCAL_YEAR, year).days // 7
    except BadPeriod:  # not all of its months are listed
        return _WEEKS
