"""From an input to the cells it needs, and from a cell back to a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from kpicore.calendar import Calendar, Grain, Period
from kpicore.calendar.grid import out_of_range
from kpicore.engine.compile.measures import Alive, Flow, Grouped, Measure
from kpicore.engine.plan.cubes import DAYS_CLOSE, SPANS, Cell, CubeKey, Members, TimeKey
from kpicore.engine.plan.memory import Recent
from kpicore.engine.plan.scans import Filters
from kpicore.model.inputs import At

ADDITIVE = (Grain.MONTH, Grain.FISCAL_MONTH, Grain.WEEK)
"""Longer units are summed up from these; the fiscal ones of weeks (4-4-5) are no calendar months."""

MOST_PERIODS = 2_000

MOST_UNITS = 600
"""A period of more months or weeks is read as a whole: of 50 years of them hardly anyone asks for a part, and who asks
for thousands of years would fill the memory with them."""


class Leaf(NamedTuple):
    """One measure for one period, cut by some dimensions, whatever the members.

    `names` are dimensions with one member each; `lists` are cuts whose members count together.
    `fixed` is a cut of the definition's own. `unit` is what a total of 1 is kept as. `today` is the
    last day that has happened.
    """

    measure: Measure
    period: Period
    names: tuple[str, ...]
    lists: Filters
    today: date
    plan: bool = False
    fixed: tuple[str, tuple[str, ...]] | None = None
    unit: int = 1

    @property
    def end(self) -> date:
        """The end of the part of the period that has happened."""
        return min(self.period.end, self.today + timedelta(days=1))

    @property
    def divides_by_rows_or_days(self) -> bool:
        """Whether a sum of cells is yet to be divided, by more than the unit."""
        return self.measure.word == "average" or self.measure.at is At.MEAN


class Part(NamedTuple):
    """The cells of one cube that a leaf sums up: all pairs of a time and members.

    `takes` tells, for each dimension of the cube, the values it takes.
    """

    key: CubeKey
    times: tuple[TimeKey, ...]
    takes: tuple[str | tuple[str, ...], ...]

    @property
    def is_plain(self) -> bool:
        """Whether it takes one member of each dimension, so that there is one tuple of members."""
        return all(isinstance(take, str) for take in self.takes)

    def members(self, values: Mapping[str, str]) -> tuple[Members, ...]:
        """Return the members for a question whose cuts have these values."""
        return tuple(product(*((values[take],) if isinstance(take, str) else take for take in self.takes)))


class Units:
    """The months, fiscal months or weeks that periods are made of, worked out once for periods asked lately."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: Recent[Period, tuple[str, tuple[int, ...]]] = Recent(MOST_PERIODS)

    def of(self, period: Period) -> tuple[str, tuple[int, ...]]:
        """Return grain and ids of the units that cover the period exactly; no grain for none, and for too many."""
        found = self._known.get(period)
        if found is None:
            tiled = ((grain.value, self._calendar.tiles(period, grain)) for grain in ADDITIVE)
            grain, ids = next(((grain, ids) for grain, ids in tiled if ids is not None), ("", range(0)))
            found = (grain, tuple(ids)) if len(ids) <= MOST_UNITS else ("", ())
            self._known.update({period: found})
        return found


def parts(leaf: Leaf, units: Units) -> tuple[Part, ...]:
    """Return the parts of a leaf: two of rows alive during a period, one of anything else."""
    return tuple(_part(part, leaf, units) for part in leaf.measure.parts or (leaf.measure,))


def widened(part: Part, by: tuple[str, ...]) -> Part:
    """Return the part with the dimensions `by` added to its cube."""
    takes = dict(zip(part.key.dimensions, part.takes, strict=True)) | {each: each for each in by}
    names = tuple(sorted(takes))
    return Part(part.key._replace(dimensions=names), part.times, tuple(takes[name] for name in names))


def _part(measure: Measure, leaf: Leaf, units: Units) -> Part:
    takes: dict[str, str | tuple[str, ...]] = {name: name for name in leaf.names}
    filters: Filters = leaf.lists
    if measure.adds_over_cuts:
        takes |= dict(leaf.lists)
        filters = ()
    if leaf.fixed is not None:
        takes[leaf.fixed[0]] = leaf.fixed[1]
    time, times = _times(measure, leaf, units)
    names = tuple(sorted(takes))
    key = CubeKey(measure, names, filters, time, last_day(measure, leaf.today, leaf.plan))
    return Part(key, times, tuple(takes[name] for name in names))


def last_day(measure: Measure, today: date, plan: bool) -> date | None:
    """Return the last day that counts, where the numbers of a measure depend on it; `plan` as is_plan."""
    source = measure.source.inner.source if isinstance(measure.source, Grouped) else measure.source
    match source:
        case Flow():
            return today if source is measure.source and not plan else None
        case Alive(tells_over=True) if measure.at is not At.START:
            return today
    return None


def _times(measure: Measure, leaf: Leaf, units: Units) -> tuple[str, tuple[TimeKey, ...]]:
    period = leaf.period
    match measure.source:
        case Alive() if measure.at is At.START:
            if period.start == date.min:
                raise out_of_range(f"the day before {period.start}")
            return DAYS_CLOSE, (period.start.toordinal() - 1,)
        case Alive() if measure.at is At.END:
            return DAYS_CLOSE, (min(period.last, leaf.today).toordinal(),)
        case Alive() | Grouped():
            return SPANS, (_span(period.start, leaf.end),)
        case Flow() if measure.adds_over_time:
            grain, ids = units.of(period)
            return (grain, ids) if ids else (SPANS, (_span(period.start, period.end),))
        case Flow() if period.grain is not None and period.id is not None and not measure.uses_period:
            return period.grain.value, (period.id,)
    return SPANS, (_span(period.start, period.end),)


def _span(start: date, end: date) -> tuple[int, int]:
    return start.toordinal(), end.toordinal()


def value(leaf: Leaf, sums: Cell) -> float | None:
    """Return what the cell of a leaf means, as a number; None where no row has a value."""
    found = sums[0]
    if found is None:
        return None
    divisor: int = leaf.unit
    if leaf.measure.word == "average":
        divisor *= sums[1]
    elif leaf.measure.at is At.MEAN:
        divisor *= (leaf.end - leaf.period.start).days
    return found / divisor
