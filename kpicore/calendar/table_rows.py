"""The calendar table: one row per day with the id of every grain, for joins on small integers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kpicore.calendar.grid import FISCAL, MONTHS, Grid
from kpicore.calendar.period import Grain
from kpicore.errors import BadPeriod

COLUMNS = ("date", *(grain.value for grain in Grain))
"""The columns of the calendar table: the day itself, then the id of each grain."""


def calendar_rows(first: date, last: date, grid: Grid) -> Iterator[tuple[date | int | None, ...]]:
    """Return a row per day from `first` to `last`, both included; none when `last` is before `first`.

    Fiscal ids are empty on days outside the fiscal months that are listed.
    """
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


def _fiscal_month(day: date, grid: Grid) -> tuple[int | None, int]:
    """Return the id of the fiscal month that holds the day, and the first ordinal that it does not hold."""
    try:
        month = grid.containing(Grain.FISCAL_MONTH, day)
    except BadPeriod:
        return None, day.toordinal() + 1
    return month.id, month.end.toordinal()
