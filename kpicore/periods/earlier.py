"""The earlier period that a period is compared with, and the elapsed part of one in progress."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from kpicore.errors import BadPeriod
from kpicore.periods.grid import FISCAL, MONTHS, Grid, out_of_range
from kpicore.periods.period import Grain, Period, span


def previous(period: Period, grid: Grid) -> Period:
    """Return the unit before; of a to-date range the same span one unit before; of any other range as
    many days just before. Raises BadPeriod before the year 1."""
    if period.grain is not None and period.id is not None:
        return grid.by_id(period.grain, period.id - 1)
    try:
        if period.to_date_of is not None:
            return _to_date_before(period, period.to_date_of, grid)
        return span(period.start - timedelta(days=period.days), period.start - timedelta(days=1))
    except (ValueError, OverflowError):
        raise out_of_range(period) from None


def year_ago(period: Period, grid: Grid) -> Period:
    """Return the same period a year before: that of a week or a fiscal unit by its number, that of a
    range by its dates.

    29 February becomes the 28th; a range of whole months stays one, also of fiscal months. Raises
    BadPeriod for week 53 when the year before has 52, and before the year 1.
    """
    try:
        if Grain.WEEK in (period.grain, period.to_date_of):
            return _week_year_ago(period, grid)
        unit = period.grain or period.to_date_of
        if unit in FISCAL:
            return _part_before(period, unit, 12 // MONTHS[unit], grid)
        if (months := _fiscal_months_of(period, grid)) is not None:
            begin, end = (grid.by_id(Grain.FISCAL_MONTH, id - 12) for id in months)
            return span(begin.start, end.last)
        if period.grain is not None:
            return grid.containing(period.grain, _months_before(period.start, 12))
        return _earlier_months(period, 12, period.to_date_of)
    except (ValueError, OverflowError):
        raise out_of_range(period) from None


def months_before(period: Period, months: int, grid: Grid) -> Period:
    """Return the same period so many months before: whole months stay whole, fiscal units are counted.

    Raises BadPeriod before the year 1.
    """
    try:
        if period.grain in MONTHS and period.id is not None and months % MONTHS[period.grain] == 0:
            return grid.by_id(period.grain, period.id - months // MONTHS[period.grain])
        return _earlier_months(period, months, period.to_date_of)
    except (ValueError, OverflowError):
        raise out_of_range(period) from None


def to_date(period: Period, today: date) -> Period:
    """Return the part of a period up to today, today included; all of it when it is over.

    Raises: BadPeriod when it has not started.
    """
    if today < period.start:
        raise BadPeriod(period, f"has not started by {today}")
    return first_days(period, (today - period.start).days + 1)


def first_days(period: Period, days: int) -> Period:
    """Return the first so many days of a period, at least 1; all of it when it has no more."""
    if days >= period.days:
        return period
    last = period.start + timedelta(days=max(days, 1) - 1)
    return span(period.start, last, period.grain or period.to_date_of)


def same_elapsed(before: Period, period: Period, today: date) -> Period:
    """Return as many days of the earlier period as have elapsed of the later one, all when that is over."""
    return before if today >= period.last else first_days(before, to_date(period, today).days)


def progress(period: Period, today: date) -> int:
    """Return how many days of a period in progress have happened, today's among them; 0 for any other."""
    return (today - period.start).days + 1 if period.start <= today < period.last else 0


def _part_before(period: Period, unit: Grain, units: int, grid: Grid) -> Period:
    """Return what so many units before is to the unit's part `period`: as many of its first days.

    Where fiscal months are calendar months it ends on the same day of the month instead.
    """
    if period.grain is None and grid.fiscal.are_calendar_months:
        return _earlier_months(period, units * MONTHS[unit], unit)
    before = grid.by_id(unit, grid.id_of(unit, period.start) - units)
    return before if period.grain is not None else first_days(before, period.days)


def _fiscal_months_of(period: Period, grid: Grid) -> tuple[int, int] | None:
    """Return the first and the last fiscal month of a range made of them, where they are no calendar months."""
    if grid.fiscal.are_calendar_months or period.grain is not None or period.to_date_of is not None:
        return None
    if period.start.day == period.end.day == 1:
        return None
    try:
        first = grid.containing(Grain.FISCAL_MONTH, period.start)
        last = grid.containing(Grain.FISCAL_MONTH, period.last)
    except BadPeriod:  # it lies outside the listed months
        return None
    whole = first.start == period.start and last.end == period.end
    return (first.id, last.id) if whole and first.id is not None and last.id is not None else None


def _to_date_before(period: Period, unit: Grain, grid: Grid) -> Period:
    if unit in FISCAL:
        return _part_before(period, unit, 1, grid)
    if unit in MONTHS:
        return _earlier_months(period, MONTHS[unit], unit)
    days = timedelta(days=7 if unit is Grain.WEEK else 1)
    return span(period.start - days, period.last - days, unit)


def _week_year_ago(period: Period, grid: Grid) -> Period:
    year, number = grid.week(grid.id_of(Grain.WEEK, period.start))
    id = grid.number(Grain.WEEK, year - 1, number)
    if id is None:
        raise BadPeriod(period, f"{year - 1} has no week {number} to compare with")
    return first_days(grid.by_id(Grain.WEEK, id), period.days)


def _earlier_months(period: Period, months: int, unit: Grain | None) -> Period:
    """Return the same dates so many months before; whole months, to the last of the month, stay whole."""
    start, last = _months_before(period.start, months), _months_before(period.last, months)
    if period.start.day == period.end.day == 1:
        last = _months_before(period.end, months) - timedelta(days=1)
    return span(start, last, unit)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
