"""The grid that each grain lays over the days: whole numbers only, so that a unit before is id - 1.

A day's id is its ordinal (0001-01-01 is 1, a Monday). A month's id is year * 12 + month - 1, a fiscal
one's likewise; longer units are whole numbers of months.
A week belongs to the year that holds most of its days, so its fourth day tells the year (for weeks
that start on Monday this is ISO 8601).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kpicore.calendar.fiscal import CalendarMonths, FiscalMonths, fiscal_month_key
from kpicore.calendar.period import Grain, Period
from kpicore.errors import BadPeriod

MONTHS = {
    Grain.MONTH: 1,
    Grain.QUARTER: 3,
    Grain.HALF: 6,
    Grain.YEAR: 12,
    Grain.FISCAL_MONTH: 1,
    Grain.FISCAL_QUARTER: 3,
    Grain.FISCAL_HALF: 6,
    Grain.FISCAL_YEAR: 12,
}
"""The length in months of every grain that has one."""

FISCAL = frozenset(grain for grain in Grain if grain.is_fiscal)

COLUMNS = ("date", *(grain.value for grain in Grain))
"""The columns of the calendar table: the day itself, then the id of each grain."""


@dataclass(frozen=True, slots=True)
class CalendarGrid:
    """Units of every grain, for weeks that start on `week_starts` (0 is Monday) and fiscal units that
    are made of the months `fiscal`."""

    week_starts: int = 0
    fiscal: FiscalMonths = field(default_factory=lambda: CalendarMonths(1))

    def id_of(self, grain: Grain, day: date) -> int:
        """Return the id of the unit that holds the day."""
        if grain is Grain.DAY:
            return day.toordinal()
        if grain is Grain.WEEK:
            # ordinal 1 is a Monday: with weeks from Monday on, days 1 to 7 are week 0, and 8 begins week 1
            return (day.toordinal() - 1 - self.week_starts) // 7
        month = self.fiscal.of(day) if grain in FISCAL else day.year * 12 + day.month - 1
        return month // MONTHS[grain]

    def by_id(self, grain: Grain, id: int, shown: str = "") -> Period:
        """Return the unit with that id. Raises BadPeriod outside the calendar, naming what is `shown`."""
        try:
            start, end = self._start(grain, id), self._start(grain, id + 1)
            return Period(self.key(grain, id), start, end, grain, id)
        except (ValueError, OverflowError):
            raise out_of_range(shown or f"{grain.words} {id}") from None

    def containing(self, grain: Grain, day: date) -> Period:
        """Return the unit that holds the day. Raises BadPeriod outside the calendar."""
        id = self.id_of(grain, day)
        try:
            start, end = self._start(grain, id), self._start(grain, id + 1)
        except (ValueError, OverflowError):
            raise out_of_range(day) from None
        return Period(self.key(grain, id), start, end, grain, id)

    def key(self, grain: Grain, id: int) -> str:
        """Return the canonical key of a unit: 2026-W12, FY2026-Q1, FY2026-M03."""
        if grain is Grain.DAY:
            return date.fromordinal(id).isoformat()
        if grain is Grain.WEEK:
            return "{:04d}-W{:02d}".format(*self.week(id))
        if grain is Grain.FISCAL_MONTH:
            return fiscal_month_key(id)
        year, number = divmod(id, 12 // MONTHS[grain])
        key = f"{'FY' if grain in FISCAL else ''}{year:04d}"
        if grain is Grain.MONTH:
            return f"{key}-{number + 1:02d}"
        letter = {3: "-Q", 6: "-H"}.get(MONTHS[grain])
        return f"{key}{letter}{number + 1}" if letter else key

    def week(self, id: int) -> tuple[int, int]:
        """Return the year that a week belongs to, and its number in that year."""
        # + 3: from the first day to the fourth, which tells the year
        fourth = date.fromordinal(id * 7 + 1 + self.week_starts + 3)
        return fourth.year, (fourth.toordinal() - date(fourth.year, 1, 1).toordinal()) // 7 + 1

    def number(self, grain: Grain, year: int, number: int) -> int | None:
        """Return the id of a year's unit, counted from 1, or None when the year has no such unit."""
        if grain is Grain.WEEK:
            # the 4th of January is in the first week, on whatever day weeks start: it has most of its days in the year
            id = self.id_of(Grain.WEEK, date(year, 1, 4)) + number - 1
            return id if number >= 1 and self.week(id) == (year, number) else None
        units = 12 // MONTHS[grain]
        return year * units + number - 1 if 1 <= number <= units else None

    def _start(self, grain: Grain, id: int) -> date:
        if grain is Grain.DAY:
            return date.fromordinal(id)
        if grain is Grain.WEEK:
            return date.fromordinal(id * 7 + 1 + self.week_starts)
        if grain in FISCAL:
            return self.fiscal.start(id * MONTHS[grain])
        year, month = divmod(id * MONTHS[grain], 12)
        return date(year, month + 1, 1)


def out_of_range(period: object) -> BadPeriod:
    """Return the error for a period that begins or ends outside the calendar."""
    return BadPeriod(period, "lies outside the years 1 to 9998")


def calendar_rows(first: date, last: date, grid: CalendarGrid) -> Iterator[tuple[date | int | None, ...]]:
    """Return a row per day from `first` to `last`, both included; none when `last` is before `first`.

    Fiscal ids are empty on days outside the fiscal months that are listed.
    """
    # Grain stands in the order of COLUMNS: day and week, which are counted below, then calendar and fiscal units
    calendar = [grain for grain in tuple(Grain)[2:] if grain not in FISCAL]
    fiscal = [grain for grain in Grain if grain in FISCAL]
    month, ids, changes, fiscal_ids = -1, tuple[int, ...](), 0, tuple[int | None, ...]()
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day.month != month:  # the ids of months and longer units change with the month only
            month, ids = day.month, tuple(grid.id_of(grain, day) for grain in calendar)
        if ordinal >= changes:
            id, changes = _fiscal_month(day, grid)
            fiscal_ids = tuple(None if id is None else id // MONTHS[grain] for grain in fiscal)
        yield day, ordinal, (ordinal - 1 - grid.week_starts) // 7, *ids, *fiscal_ids


def _fiscal_month(day: date, grid: CalendarGrid) -> tuple[int | None, int]:
    """Return the id of the fiscal month that holds the day, and the first ordinal that it does not hold."""
    try:
        month = grid.containing(Grain.FISCAL_MONTH, day)
    except BadPeriod:
        return None, day.toordinal() + 1
    return month.id, month.end.toordinal()
