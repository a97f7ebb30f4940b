"""The calendar table: one row per day with the id of every grain, for joins on small integers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kpicore.periods.grid import Grid
from kpicore.periods.period import Grain

COLUMNS = ("date", *(grain.value for grain in Grain))
"""The columns of the calendar table: the day itself, then the id of each grain."""


def calendar_rows(first: date, last: date, grid: Grid) -> Iterator[tuple[date | int, ...]]:
    """Return a row per day from `first` to `last`, both included; none when `last` is before `first`."""
    grains = tuple(Grain)[2:]
    month, ids = -1, tuple[int, ...]()
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day.month != month:  # the ids of months and longer units change with the month only
            month, ids = day.month, tuple(grid.id_of(grain, day) for grain in grains)
        yield day, ordinal, (ordinal - 1 - grid.week_starts) // 7, *ids
