"""From an input to the cells it needs, and from a cell back to a number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import chain, product
from math import prod
from operator import contains
from typing import NamedTuple

from kpicore.calendar import Calendar, Grain, Period
from kpicore.calendar.grid import out_of_range
from kpicore.engine.compile.measures import Flow, Grouped, Measure, Stock
from kpicore.engine.plan.cubes import DAYS_CLOSE, SPANS, Cell, CubeKey, CubeRequest, Members, TimeKey
from kpicore.engine.plan.memory import Recent
from kpicore.engine.plan.scans import Filters
from kpicore.model.inputs import At

ADDITIVE = (Grain.MONTH, Grain.FISCAL_MONTH, Grain.WEEK)
"""Longer units are summed up from these; the fiscal ones of weeks (4-4-5) are no calendar months."""

MOST_PERIODS = 2_000

MOST_UNITS = 600
"""A period of more months or weeks is read as a whole: of 50 years of them hardly anyone asks for a part, and who asks
for thousands of years would fill the memory with them."""


MANY_COMBINATIONS = 100_000
"""Beyond so many combinations of what lists name, all that have rows are read."""


class InputRequest(NamedTuple):
    """One measure for one period, cut by some dimensions, whatever the members.

    `names` are dimensions with one member each; `lists` are cuts whose members count together.
    `fixed` is a cut of the definition's own. `unit` is what a total of 1 is kept as. `today` is the
    last day that has happened, which does not matter to what `is_plan` dates.
    """

    measure: Measure
    period: Period
    names: tuple[str, ...]
    lists: Filters
    today: date
    is_plan: bool = False
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


class CubeSlice(NamedTuple):
    """The cells of one cube that a request sums up: all pairs of a time and members.

    `takes` tells, for each dimension of the cube, the values it takes.
    """

    key: CubeKey
    times: tuple[TimeKey, ...]
    takes: tuple[str | tuple[str, ...], ...]

    @property
    def is_plain(self) -> bool:
        """Whether it takes one member of each dimension, so that there is one tuple of members."""
        return all(isinstance(take, str) for take in self.takes)

    @property
    def combinations(self) -> int:
        """How many tuples of members it takes for one question: lists of three dimensions multiply."""
        return prod(len(take) for take in self.takes if not isinstance(take, str))

    def members(self, values: Mapping[str, str]) -> tuple[Members, ...]:
        """Return the members for a question whose cuts have these values."""
        return tuple(product(*((values[take],) if isinstance(take, str) else take for take in self.takes)))

    def request(self, values: Iterable[Mapping[str, str]]) -> CubeRequest:
        """Return what it needs of its cube for questions whose cuts have these values."""
        # most combinations of long lists have no row: to name all takes longer than to read those that there are
        if self.combinations > MANY_COMBINATIONS:
            return CubeRequest(self.key, self.times, None)
        return CubeRequest(self.key, self.times, frozenset(chain.from_iterable(map(self.members, values))))

    def members_among(self, held: Collection[Members], values: Mapping[str, str]) -> Iterable[Members]:
        """Return those members for a question that are held, or all of them where that is less to look through."""
        if self.combinations <= len(held):
            return self.members(values)
        takes = [{values[take]} if isinstance(take, str) else set(take) for take in self.takes]
        return [members for members in held if all(map(contains, takes, members))]


class Units:
    """The months, fiscal months or weeks that periods are made of, worked out once for periods asked lately."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: Recent[Period, tuple[str, tuple[int, ...]]] = Recent(MOST_PERIODS)

    def of(self, period: Period) -> tuple[str, tuple[int, ...]]:
        """Return grain and ids of the units that cover the period exactly; no grain for none, and for too many."""
        units = self._known.get(period)
        if units is None:
            tiled = ((grain.value, self._calendar.tiles(period, grain)) for grain in ADDITIVE)
            grain, ids = next(((grain, ids) for grain, ids in tiled if ids is not None), ("", range(0)))
            units = (grain, tuple(ids)) if len(ids) <= MOST_UNITS else ("", ())
            self._known.update({period: units})
        return units


def slices(request: InputRequest, units: Units) -> tuple[CubeSlice, ...]:
    """Return the slices that a request adds up: two of rows alive during a period, one of anything else."""
    return tuple(_slice(measure, request, units) for measure in request.measure.parts or (request.measure,))


def widened(cube_slice: CubeSlice, by: tuple[str, ...]) -> CubeSlice:
    """Return the slice with the dimensions `by` added to its cube."""
    key, times, taken = cube_slice
    takes = dict(zip(key.dimensions, taken, strict=True)) | {dimension: dimension for dimension in by}
    names = tuple(sorted(takes))
    return CubeSlice(key._replace(dimensions=names), times, tuple(takes[name] for name in names))


def _slice(measure: Measure, request: InputRequest, units: Units) -> CubeSlice:
    takes: dict[str, str | tuple[str, ...]] = {name: name for name in request.names}
    filters: Filters = request.lists
    if measure.adds_over_cuts:
        # for names ("branch",) and lists (("shelf", ("a", "b")),): {"branch": "branch", "shelf": ("a", "b")}
        takes |= dict(request.lists)
        filters = ()
    if request.fixed is not None:
        takes[request.fixed[0]] = request.fixed[1]
    time, times = _times(measure, request, units)
    names = tuple(sorted(takes))
    # with sorted names: by branch and shelf is the same cube as by shelf and branch
    key = CubeKey(measure, names, filters, time, last_day(measure, request.today, request.is_plan))
    return CubeSlice(key, times, tuple(takes[name] for name in names))


def last_day(measure: Measure, today: date, plan: bool) -> date | None:
    """Return the last day that counts, where the numbers of a measure depend on it; `plan` as is_plan."""
    inner = measure.source.inner if isinstance(measure.source, Grouped) else None
    match inner.source if inner else measure.source:
        case Flow():
            # groups are of the part of a period that has happened: of them period.as_of alone depends on it, and of
            # what a plan dates, which is counted on later days too
            return today if (inner.uses_period if inner else not plan or measure.uses_period) else None
        # before a period that has begun comes a day before today, on which no end that is yet to come matters
        case Stock(tells_over=True) if measure.at is not At.START:
            return today
    return None


def _times(measure: Measure, request: InputRequest, units: Units) -> tuple[str, tuple[TimeKey, ...]]:
    period = request.period
    match measure.source:
        case Stock() if measure.at is At.START:  # the stock at the start is that at the close of the day before
            if period.start == date.min:
                raise out_of_range(f"the day before {period.start}")
            return DAYS_CLOSE, (period.start.toordinal() - 1,)
        case Stock() if measure.at is At.END:
            return DAYS_CLOSE, (min(period.last, request.today).toordinal(),)
        case Stock() | Grouped():
            # up to today: the mean of a month in progress is that of its days so far
            return SPANS, (_span(period.start, request.end),)
        case Flow() if measure.adds_over_time:
            # of smaller units, so that a year finds what its quarters and months have read, and the reverse
            grain, ids = units.of(period)
            return (grain, ids) if ids else (SPANS, (_span(period.start, period.end),))
        case Flow() if period.grain is not None and period.id is not None and not measure.uses_period:
            return period.grain.value, (period.id,)
    return SPANS, (_span(period.start, period.end),)


def _span(start: date, end: date) -> tuple[int, int]:
    return start.toordinal(), end.toordinal()


def value(request: InputRequest, sums: Cell) -> float | None:
    """Return what the cell of a request means, as a number; None where no row has a value."""
    total = sums[0]
    if total is None:
        return None
    divisor: int = request.unit
    if request.measure.word == "average":
        # not 0: where no row has a value there is no total either
        divisor *= sums[1]
    elif request.measure.at is At.MEAN:
        # not 0: a period that has not begun was refused before
        divisor *= (request.end - request.period.start).days
    # two ints are divided exactly and rounded once; as floats a total beyond 2**53 would be rounded before
    return total / divisor
