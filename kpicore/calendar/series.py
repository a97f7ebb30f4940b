"""A period cut into a series: the units it is made of, or the weeks that belong to it."""

from __future__ import annotations

from kpicore.calendar.comparison import first_days
from kpicore.calendar.grid import CalendarGrid
from kpicore.calendar.period import Grain, Period
from kpicore.calendar.unit_spans import tiles
from kpicore.errors import BadPeriod
from kpicore.turns import one_by_one

MOST_UNITS = 40_000
"""A longer series is refused: it is more than a century of days, and no one reads it."""

_MIDDLE = 3
"""A week belongs where most of its days lie, so where its fourth day does."""


def split(period: Period, grain: Grain, grid: CalendarGrid) -> tuple[Period, ...]:
    """Return the units of the grain that the period is made of; the last one of a to-date range ends
    with it. Raises BadPeriod when it is not made of them, or of too many."""
    ids = tiles(period.start, period.last, grain, grid)
    if ids is None and period.whole is not None:
        last = grid.containing(grain, period.last)
        if (ids := tiles(period.start, last.last, grain, grid)) is not None:
            return _units(period, grain, ids, grid)
    if ids is None:
        first, last = grid.containing(grain, period.start), grid.containing(grain, period.last)
        hint = f"Ask for {first}..{last} or a smaller grain." if first != last else "Ask for a smaller grain."
        raise BadPeriod(period, f"is not made of whole {grain.words} units", hint=hint)
    return _units(period, grain, ids, grid)


def weeks_of(period: Period, grid: CalendarGrid) -> tuple[Period, ...]:
    """Return the weeks that belong to calendar or fiscal years, of any other period those that begin in it.

    The last one of a to-date range ends with it. Raises BadPeriod when there is none, or too many.
    """
    whole = period.whole or period
    years = any(tiles(whole.start, whole.last, year, grid) for year in (Grain.YEAR, Grain.FISCAL_YEAR))
    tells = _MIDDLE if years else 0
    # the first weeks whose telling day is not before the start, and not before the end
    # minus the floor of the negative is the ceiling
    first, end = (-((grid.week_starts + 1 + tells - day.toordinal()) // 7) for day in (whole.start, whole.end))
    if period.whole is not None:
        end = min(end, grid.id_of(Grain.WEEK, period.last) + 1)
    if first >= end:
        raise BadPeriod(period, "has no week that begins in it", hint="Ask for a smaller grain.")
    return _units(period, Grain.WEEK, range(first, end), grid)


def _units(period: Period, grain: Grain, ids: range, grid: CalendarGrid) -> tuple[Period, ...]:
    if len(ids) > MOST_UNITS:
        hint = f"At most {MOST_UNITS:,}: ask for a shorter period or a longer grain."
        raise BadPeriod(period, f"is made of {len(ids):,} {grain.words} units", hint=hint)
    units = tuple(grid.by_id(grain, unit_id) for unit_id in one_by_one(ids))
    if period.whole is None or units[-1].end <= period.end:
        return units
    return *units[:-1], first_days(units[-1], (period.end - units[-1].start).days)
