"""How many years a period is, for whatever is told a year."""

from __future__ import annotations

from fractions import Fraction

from kpicore.calendar.grid import Grid
from kpicore.calendar.period import Grain, Period
from kpicore.calendar.unit_spans import Months, months_of
from kpicore.errors import BadPeriod

_WEEKS = 52
_DAYS_IN_FOUR_YEARS = 1461


def years(period: Period, days: int, grid: Grid) -> float:
    """Return how many years the first `days` of a period are.

    Whole months are twelfths, so that every quarter is 0.25. Fiscal months of whole weeks are as many of
    the 52 weeks of their year, or of its 53. Weeks, days and other ranges are counted in days of a year of
    365.25. A period in progress, or a part to date, is the elapsed share of the whole.
    """
    whole = period.whole or period
    exact = _whole(whole, grid)
    return exact.numerator * days / (exact.denominator * whole.days)


def _whole(period: Period, grid: Grid) -> Fraction:
    months = months_of(period, grid)
    if months is None:
        return Fraction(period.days * 4, _DAYS_IN_FOUR_YEARS)
    if months.grain is Grain.MONTH or not grid.fiscal.are_whole_weeks:
        return Fraction(months.number, 12)
    return _of_weeks(months, grid)


def _of_weeks(months: Months, grid: Grid) -> Fraction:
    """Return the sum of the share that each fiscal year has of its weeks."""
    total = Fraction(0)
    for year in range(months.first // 12, months.last // 12 + 1):
        first = grid.by_id(Grain.FISCAL_MONTH, max(months.first, year * 12))
        last = grid.by_id(Grain.FISCAL_MONTH, min(months.last, year * 12 + 11))
        total += Fraction((last.end - first.start).days // 7, _weeks_of(year, grid))
    return total


def _weeks_of(year: int, grid: Grid) -> int:
    try:
        return grid.by_id(Grain.FISCAL_YEAR, year).days // 7
    except BadPeriod:  # not all of its months are listed
        return _WEEKS
