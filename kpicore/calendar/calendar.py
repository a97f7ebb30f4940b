"""The calendar of the organisation: its weeks, fiscal years and time zone, and all that follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from numbers import Real
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from kpicore.calendar import comparison, unit_spans
from kpicore.calendar.fiscal import (
    FIRST_WEEKS,
    NAMED,
    PATTERNS,
    CalendarMonths,
    FiscalMonths,
    ListedMonths,
    WeekMonths,
)
from kpicore.calendar.grid import COLUMNS, CalendarGrid, calendar_rows
from kpicore.calendar.parse import read_date, read_number, read_text
from kpicore.calendar.period import Grain, Period, span
from kpicore.calendar.series import split, weeks_of
from kpicore.calendar.unit_spans import between, tiles, units_of
from kpicore.errors import BadConfig, BadPeriod, closest


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weeks start on `week_starts` (0 is Monday), fiscal years on the first of month `fiscal_starts`.

    With a `pattern` ("4-4-5") fiscal months are whole weeks and `first_week` tells where the year begins;
    `fiscal_named` after the year in which it ends, or starts. With `listed`, these are the fiscal months.

    Raises: BadConfig for a weekday, a month or a time zone that does not exist.
    """

    week_starts: int = 0
    fiscal_starts: int = 1
    timezone: str = "UTC"
    pattern: str = ""
    first_week: str = "nearest"
    fiscal_named: str = "end"
    listed: ListedMonths | None = None
    # made of all the others, so that calendars need not be compared by it
    grid: CalendarGrid = field(init=False, repr=False, compare=False)

    COLUMNS: ClassVar[tuple[str, ...]] = COLUMNS

    def __post_init__(self) -> None:
        if self.week_starts not in range(7):
            raise BadConfig("week_starts", f"'{self.week_starts}' is not a weekday from 0 (Monday) to 6 (Sunday)")
        if self.fiscal_starts not in range(1, 13):
            raise BadConfig("fiscal_starts", f"'{self.fiscal_starts}' is not a month from 1 to 12")
        for name, known in (("pattern", ("", *PATTERNS)), ("first_week", FIRST_WEEKS), ("fiscal_named", NAMED)):
            if getattr(self, name) not in known:
                words = ", ".join(word for word in known if word)
                raise BadConfig(name, f"'{getattr(self, name)}' is none of {words}")
        _check_timezone(self.timezone)
        object.__setattr__(self, "grid", CalendarGrid(self.week_starts, self.listed or self._fiscal_months()))

    def _fiscal_months(self) -> FiscalMonths:
        if not self.pattern:
            return CalendarMonths(self.fiscal_starts, self.fiscal_named)
        first, two, three = map(int, self.pattern.split("-"))
        return WeekMonths(self.week_starts, self.fiscal_starts, (first, two, three), self.first_week, self.fiscal_named)

    def parse(self, given: str | float | date, *, today: date, grain: Grain | None = None) -> Period:
        """Return the period that a text, number or date means.

        `today` resolves relative periods; `grain` turns a date or a serial number into the unit
        that holds it, and changes nothing else.

        >>> march = date(2026, 3, 15)
        >>> [str(Calendar().parse(text, today=march)) for text in ("last month", "Q3 2026", "2026-01..2026-03")]
        ['2026-02', '2026-Q3', '2026-Q1']

        Raises: BadPeriod when it cannot be read, or has two readings.
        """
        if isinstance(given, str):
            return read_text(given, today, self.grid)
        if isinstance(given, date):
            return read_date(given, grain, self.grid, self.timezone)
        if isinstance(given, Real):
            return read_number(given, grain, self.grid)
        raise BadPeriod(given, "is not a period")

    def containing(self, grain: Grain, day: date) -> Period:
        """Return the unit of the grain that holds the day. Raises BadPeriod outside the years 1 to 9998."""
        return self.grid.containing(grain, day)

    def by_id(self, grain: Grain, id: int) -> Period:
        """Return the unit with that id. Raises BadPeriod outside the years 1 to 9998."""
        return self.grid.by_id(grain, id)

    def between(self, start: date, last: date) -> Period:
        """Return the period from `start` to `last`, both included: the unit that it is exactly, else a range."""
        return between(start, last, self.grid)

    def grains_of(self, period: Period) -> frozenset[Grain]:
        """Return every grain of which a period is one unit, or the elapsed part of one: FY2026-M03 may be a
        month as well. None for ranges that are no unit, and for rolling ones."""
        unit = period.whole or period
        if unit.grain is None:
            return frozenset()
        return frozenset(
            candidate.grain for candidate in units_of(unit.start, unit.last, self.grid) if candidate.grain is not None
        )

    def years(self, period: Period, days: int) -> float:
        """Return how many years the first `days` of a period are: of whole months 1/12 each.

        >>> calendar = Calendar()
        >>> calendar.years(calendar.between(date(2026, 1, 1), date(2026, 3, 31)), 90)
        0.25
        """
        return unit_spans.years(period, days, self.grid)

    def tiles(self, period: Period, grain: Grain) -> range | None:
        """Return the ids of that grain that cover the period exactly, or None."""
        return tiles(period.start, period.last, grain, self.grid)

    def split(self, period: Period, grain: Grain) -> tuple[Period, ...]:
        """Return the units of the grain that the period is made of; the last one of a to-date range ends
        with it. Raises BadPeriod when it is not made of them, or of too many.

        >>> calendar = Calendar()
        >>> [str(unit) for unit in calendar.split(calendar.parse("2026-Q1", today=date.max), Grain.MONTH)]
        ['2026-01', '2026-02', '2026-03']
        """
        return split(period, grain, self.grid)

    def series(self, period: Period, grain: Grain) -> tuple[Period, ...]:
        """Return the parts of a series: the units that the period is made of, or its weeks.

        The weeks of calendar or fiscal years are those that have most of their days in them, as their keys
        tell; those of any other period begin in it. So they may cover a few days more, or less.

        Raises: BadPeriod when it is not made of such units, or of too many.
        """
        if grain is Grain.WEEK and self.tiles(period, grain) is None:
            return weeks_of(period, self.grid)
        return split(period, grain, self.grid)

    def running(self, period: Period, grain: Grain) -> tuple[Period, ...]:
        """Return the parts of a series to date: for each of its units, all from its start to the unit's end.

        Raises: BadPeriod when the period is not made of such units.
        """
        units = self.series(period, grain)
        whole = period
        # weeks may begin before the period and end behind it: then they are the whole
        if (units[0].start, units[-1].end) != (period.start, period.end):
            whole = span(units[0].start, units[-1].last)
        return *(comparison.first_days(whole, (unit.end - whole.start).days) for unit in units[:-1]), whole

    def previous(self, period: Period, *, today: date) -> Period:
        """Return the calendar neighbour; of a range of whole months, as many before; of any other range, as many
        days just before; of a to-date range, the same span one unit before.

        >>> calendar, today = Calendar(), date(2026, 3, 15)
        >>> texts = ("2026-Q1", "2026-01..2026-02", "2026-03-10..2026-03-12", "mtd")
        >>> [str(calendar.previous(calendar.parse(text, today=today), today=today)) for text in texts]
        ['2025-Q4', '2025-11-01..2025-12-31', '2026-03-07..2026-03-09', '2026-02-01..2026-02-15']
        """
        return comparison.previous(period, self.grid)

    def year_ago(self, period: Period, *, today: date) -> Period:
        """Return the same period a year before; of a week, the week with the same number.

        Raises: BadPeriod for week 53 when the year before has 52.
        """
        return comparison.year_ago(period, self.grid)

    def months_before(self, period: Period, months: int) -> Period:
        """Return the same period so many months before: of June 2 months before April, of a quarter 1
        month before the three months that begin one earlier."""
        return comparison.months_before(period, months, self.grid)

    def to_date(self, period: Period, today: date) -> Period:
        """Return the elapsed part of a period, today included; a period that is over is returned as it is.

        Raises: BadPeriod when it has not started.
        """
        return comparison.to_date(period, today)

    def same_elapsed(self, before: Period, period: Period, today: date) -> Period:
        """Return the part of the earlier period `before` to compare a `period` in progress with: as many
        days as have elapsed, at most all of it. For a period that is over, all of it."""
        return comparison.same_elapsed(before, period, today)

    def rows(self, first: date, last: date) -> Iterator[tuple[date | int | None, ...]]:
        """Return the calendar table for the days from `first` to `last`, as COLUMNS: the date, then an
        id per grain."""
        return calendar_rows(first, last, self.grid)


def local_date(instant: datetime, timezone: str) -> date:
    """Return the day on which the instant falls in the time zone; an instant without a zone is in UTC.

    >>> local_date(datetime(2026, 3, 31, 22, 30), "Europe/Budapest")
    datetime.date(2026, 4, 1)
    """
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(timezone)).date()


def _check_timezone(timezone: str) -> None:
    """Do nothing for a time zone of the IANA list such as Europe/Budapest. Raises BadConfig for any other."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError, TypeError):  # each is how zoneinfo refuses one kind of name
        nearest = closest(str(timezone), available_timezones())
        hint = f"Did you mean '{nearest}'?" if nearest else "Write a name such as Europe/Budapest."
        raise BadConfig("timezone", f"no time zone named '{timezone}'", hint=hint) from None
