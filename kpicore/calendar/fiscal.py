"""Fiscal months: which days they hold. Fiscal quarters, halves and years are 3, 6 and 12 of them.

There are three kinds: calendar months counted from another one than January; months of whole weeks in
a pattern such as 4-4-5; and months that the organisation lists itself. The id of a fiscal month is
year * 12 + month - 1, as for a calendar month.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from kpicore.errors import BadPeriod

PATTERNS = ("4-4-5", "4-5-4", "5-4-4")
"""The weeks of the three months of a fiscal quarter."""

FIRST_WEEKS = {"nearest": -3, "first": 0, "last": -7, "after_last": -6}
"""How the first day of a fiscal year of whole weeks is found: the weekday on which weeks start, at the
earliest so many days after the first of the month: the one nearest to that first, the first one of the month,
the last one of the month before, or the day after that month's last whole week."""

NAMED = ("end", "start")
"""Whether a fiscal year has the name of the calendar year in which it ends, or starts."""


def fiscal_month_key(id: int) -> str:
    """Return the key of a fiscal month.

    >>> fiscal_month_key(2026 * 12 + 2)
    'FY2026-M03'
    """
    return f"FY{id // 12:04d}-M{id % 12 + 1:02d}"


class FiscalMonths(Protocol):
    """Fiscal months that follow each other without gap. Both raise ValueError or BadPeriod outside."""

    @property
    def are_calendar_months(self) -> bool:
        """Whether each is a calendar month."""

    @property
    def are_whole_weeks(self) -> bool:
        """Whether each is a number of whole weeks."""

    def of(self, day: date) -> int:
        """Return the id of the fiscal month that holds the day."""

    def start(self, id: int) -> date:
        """Return the first day of a fiscal month."""


@dataclass(frozen=True, slots=True)
class CalendarMonths:
    """Calendar months; the fiscal year starts with the month `starts`.

    >>> [fiscal_month_key(CalendarMonths(4).of(day)) for day in (date(2025, 4, 1), date(2026, 3, 31))]
    ['FY2026-M01', 'FY2026-M12']
    """

    starts: int
    named: str = "end"

    are_calendar_months = True
    are_whole_weeks = False

    @property
    def _shift(self) -> int:
        # with 4 for April: 2025-04 is 2025 * 12 + 3, and + 9 makes it FY2026-M01, 2026 * 12 + 0; by its start it is - 3
        return (13 - self.starts) % 12 if self.named == "end" else 1 - self.starts

    def of(self, day: date) -> int:
        """Return the id of the fiscal month that holds the day."""
        return day.year * 12 + day.month - 1 + self._shift

    def start(self, id: int) -> date:
        """Return the first day of a fiscal month."""
        year, month = divmod(id - self._shift, 12)
        return date(year, month + 1, 1)


@dataclass(frozen=True, slots=True)
class WeekMonths:
    """Months of whole weeks by a pattern. The 53rd week of a long year is the last of its last month.

    >>> months = WeekMonths(0, 1, (4, 4, 5))  # the Monday nearest to 1 January 2026 is 29 December
    >>> [str(months.start(2026 * 12 + month)) for month in range(4)]
    ['2025-12-29', '2026-01-26', '2026-02-23', '2026-03-30']
    """

    week_starts: int
    starts: int
    pattern: tuple[int, int, int]
    first_week: str = "nearest"
    named: str = "end"

    are_calendar_months = False
    are_whole_weeks = True

    def of(self, day: date) -> int:
        """Return the id of the fiscal month that holds the day."""
        # named after its end, a fiscal year may begin in the calendar year before: the search begins one ahead
        ordinal, year = day.toordinal(), day.year + 1
        while ordinal < self._year(year):
            year -= 1
        week = (ordinal - self._year(year)) // 7
        # the 53rd week would open a fifth quarter
        quarter = min(week // 13, 3)
        first, second, _ = self.pattern
        week -= quarter * 13
        return year * 12 + quarter * 3 + (week >= first) + (week >= first + second)

    def start(self, id: int) -> date:
        """Return the first day of a fiscal month."""
        year, number = divmod(id, 12)
        weeks = number // 3 * 13 + sum(self.pattern[: number % 3])
        return date.fromordinal(self._year(year) + weeks * 7)

    def _year(self, year: int) -> int:
        """Return the first day of a fiscal year, as an ordinal."""
        # the years before 1 and after 9999 are reached by the proleptic rule of 400 years, 146,097 days
        begins = year - 1 if self.named == "end" and self.starts > 1 else year
        ages, begins = divmod(begins - 1, 400)
        first = date(begins + 1, self.starts, 1).toordinal() + ages * 146_097
        earliest = first + FIRST_WEEKS[self.first_week]
        # the first such weekday from there on; ordinal 1 was a Monday
        return earliest + (self.week_starts + 1 - earliest) % 7


@dataclass(frozen=True, slots=True)
class ListedMonths:
    """Months that the organisation lists: the first one's id, and the first days of all and of the next."""

    first: int
    starts: tuple[date, ...]

    @property
    def are_calendar_months(self) -> bool:
        """Whether each is a calendar month."""
        return all(start.day == 1 for start in self.starts) and all(
            (next_start - month_start).days == monthrange(month_start.year, month_start.month)[1]
            for month_start, next_start in pairwise(self.starts)
        )

    @property
    def are_whole_weeks(self) -> bool:
        """Whether each is a number of whole weeks."""
        return all((next_start - month_start).days % 7 == 0 for month_start, next_start in pairwise(self.starts))

    def of(self, day: date) -> int:
        """Return the id of the fiscal month that holds the day. Raises BadPeriod outside the list."""
        # the last of `starts` begins what is listed no more, so a day on or after it is outside
        at = bisect_right(self.starts, day)
        if not 0 < at < len(self.starts):
            raise self._outside(day)
        return self.first + at - 1

    def start(self, id: int) -> date:
        """Return the first day of a fiscal month. Raises BadPeriod outside the list."""
        at = id - self.first
        # one further than days go: `CalendarGrid` tells where the last month ends by the first day of the one after it
        if not 0 <= at < len(self.starts):
            raise self._outside(fiscal_month_key(id))
        return self.starts[at]

    def _outside(self, place: object) -> BadPeriod:
        last = self.starts[-1] - timedelta(days=1)
        return BadPeriod(
            place,
            f"lies outside the fiscal months listed, {self.starts[0]} to {last}",
            hint="Add months to the list of kpi.toml, calendar.fiscal_months.",
        )
