"""The earlier period that a period is compared with, and the elapsed part of one in progress."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from kpicore.calendar.grid import MONTHS, CalendarGrid, out_of_range
from kpicore.calendar.period import Grain, Period, span
from kpicore.calendar.unit_spans import Months, months_of
from kpicore.errors import BadPeriod


def previous(period: Period, grid: CalendarGrid) -> Period:
    """Return the unit before; of a range of whole months as many months before; of any other range as many
    days just before; of an elapsed part the same part of the period before.

    Raises BadPeriod before the year 1.
    """
    try:
        if period.whole is not None:
            return _same_part(period, previous(period.whole, grid), grid)
        if period.grain is not None and period.id is not None:
            return grid.by_id(period.grain, period.id - 1)
        if (months := months_of(period, grid)) is not None:
            return _months(months, months.number, grid)
        return span(period.start - timedelta(days=period.days), period.start - timedelta(days=1))
    except (ValueError, OverflowError):
        raise out_of_range(period) from None


def year_ago(period: Period, grid: CalendarGrid) -> Period:
    """Return the same period a year before: that of a week or a fiscal unit by its number, that of a
    range by its dates.

    29 February becomes the 28th; a range of whole months stays one, also of fiscal months. Raises
    BadPeriod for week 53 when the year before has 52, and before the year 1.
    """
    try:
        if period.whole is not None:
            return _same_part(period, year_ago(period.whole, grid), grid)
        if period.grain is Grain.WEEK:
            return _week_year_ago(period, grid)
        if period.grain is Grain.DAY:
            return grid.containing(Grain.DAY, _months_before(period.start, 12))
        return _earlier_months(period, 12, grid)
    except (ValueError, OverflowError):
        raise out_of_range(period) from None


def months_before(period: Period, months: int, grid: CalendarGrid) -> Period:
    """Return the same period so many months before: whole months stay whole, fiscal months are counted; of
    weeks, days and other ranges it is as many days from the same date on.

    Raises BadPeriod before the year 1.
    """
    try:
        if period.whole is not None:
            return _same_part(period, months_before(period.whole, months, grid), grid)
        if months_of(period, grid) is None:
            start = _months_before(period.start, months)
            return span(start, start + timedelta(days=period.days - 1))
        return _earlier_months(period, months, grid)
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
    # a part of a part is one of the same whole: of mtd the earlier period is in the month before
    return span(period.start, last, period.whole or period)


def same_elapsed(before: Period, period: Period, today: date) -> Period:
    """Return as many days of the earlier period as have elapsed of the later one, all when that is over."""
    return before if today >= period.last else first_days(before, to_date(period, today).days)


def progress(period: Period, today: date) -> int:
    """Return how many days of a period in progress have happened, today's among them; 0 for any other.

    >>> june = span(date(2026, 6, 1), date(2026, 6, 30))
    >>> [progress(june, date(2026, month, 11)) for month in (5, 6, 7)]
    [0, 11, 0]
    """
    return (today - period.start).days + 1 if period.start <= today < period.last else 0


def _same_part(part: Period, before: Period, grid: CalendarGrid) -> Period:
    """Return what the elapsed part of a period is of an earlier one; a part too where it is all of that.

    Of calendar months it ends on the same day of the month; of weeks, fiscal months of whole weeks and other
    ranges it has as many days.
    """
    assert part.whole is not None
    counted, of = months_of(before, grid), months_of(part.whole, grid)
    # Only calendar months have dates that name each other: the 15th of March is that of February. Fiscal months of
    # whole weeks and ranges have none, so there the number of days is what two parts have in common.
    if counted is None or of is None or of.grain is not Grain.MONTH:
        last = before.start + timedelta(days=min(part.days, before.days) - 1)
    else:
        _, last = _dates_before(part, of.first - counted.first)
    return span(before.start, last, before)


def _earlier_months(period: Period, months: int, grid: CalendarGrid) -> Period:
    """Return the same months, or the same dates, so many months before."""
    grain, whole_months = period.grain, months_of(period, grid)
    if grain in MONTHS and period.id is not None and months % MONTHS[grain] == 0:
        return grid.by_id(grain, period.id - months // MONTHS[grain])
    if whole_months is None:
        return span(*_dates_before(period, months))
    return _months(whole_months, months, grid)


def _months(months: Months, back: int, grid: CalendarGrid) -> Period:
    """Return the range of months that begin so many months before."""
    first, last = (grid.by_id(months.grain, month - back) for month in (months.first, months.last))
    return span(first.start, last.last, months=months.grain)


def _week_year_ago(period: Period, grid: CalendarGrid) -> Period:
    year, number = grid.week(grid.id_of(Grain.WEEK, period.start))
    id = grid.number(Grain.WEEK, year - 1, number)
    if id is None:
        hint = f"Compare it with the week before, or ask for {year}-W01..{year}-W52."
        raise BadPeriod(period, f"{year - 1} has no week {number} to compare with", hint=hint)
    return grid.by_id(Grain.WEEK, id)


def _dates_before(period: Period, months: int) -> tuple[date, date]:
    """Return the same first and last day so many months before; whole months, to the last of one, stay whole."""
    start, last = _months_before(period.start, months), _months_before(period.last, months)
    # else the 28 February that was a month's end would be the 28 January, three days short of one
    if period.start.day == period.end.day == 1:
        last = _months_before(period.end, months) - timedelta(days=1)
    return start, last


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    # the 31st becomes the last of a shorter month
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
