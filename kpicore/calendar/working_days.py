"""Working days: which days of a period somebody works on, for whatever is paced by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kpicore.calendar.period import Period

MONDAY_TO_FRIDAY = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The organisation's working days: weekdays (0 is Monday) but for its holidays."""

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()

    def between(self, start: date, end: date) -> int:
        """Return the working days from `start` up to but not including `end`; 0 for an empty stretch.

        >>> WorkingDays(holidays=frozenset({date(2026, 9, 7)})).between(date(2026, 9, 5), date(2026, 9, 12))
        4
        """
        days = max((end - start).days, 0)
        # every week holds each weekday once, so that years cost no more than days
        weeks, rest = divmod(days, 7)
        working = weeks * len(self.weekdays)
        working += sum((start.weekday() + day) % 7 in self.weekdays for day in range(rest))
        return working - sum(start <= holiday < end and holiday.weekday() in self.weekdays for holiday in self.holidays)

    def of(self, period: Period) -> int:
        """Return the working days of a period."""
        return self.between(period.start, period.end)

    def elapsed(self, period: Period, today: date) -> int:
        """Return those that are over or running by `today`; all of a period that is over, 0 before it starts."""
        return self.between(period.start, min(period.last, today) + timedelta(days=1))


def working_days(weekdays: Iterable[int], holidays: Iterable[date]) -> WorkingDays:
    """Return the working days of these weekdays."""
    return WorkingDays(frozenset(weekdays), frozenset(holidays))
