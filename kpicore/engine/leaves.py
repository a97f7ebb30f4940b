"""From an input of a question to the cells it needs, and back to a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from kpicore.engine.cubes import DAYS_CLOSE, SPANS, Cell, Cube, CubeKey, Members, TimeKey, folded
from kpicore.engine.measures import Alive, Flow, Grouped, Measure
from kpicore.engine.scans import Filters
from kpicore.inputs import At
from kpicore.periods import Calendar, Grain, Period

ADDITIVE = (Grain.MONTH, Grain.WEEK)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One measure for one period and cut.

    `today` is the last day that has happened. With `as_of`, rows are as they were on that day.
    """

    measure: Measure
    period: Period
    cuts: Filters
    today: date
    plan: bool = False
    as_of: date | None = None

    @property
    def end(self) -> date:
        """The end of the part of the period that has happened."""
        return min(self.period.end, self.today + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Want:
    """The cells of one cube that a leaf needs: all pairs of a time and members (None: all there are)."""

    key: CubeKey
    times: tuple[TimeKey, ...]
    members: tuple[Members, ...] | None


def wants(leaf: Leaf, calendar: Calendar, by: tuple[str, ...] = ()) -> tuple[Want, ...]:
    """Return what a leaf needs, a leaf of two parts (rows alive during a period) two wants.

    With `by` it is what tells all members of those dimensions: then every member is wanted.
    """
    measures = leaf.measure.parts or (leaf.measure,)
    return tuple(_want(each, leaf, calendar) if not by else _all(each, leaf, calendar, by) for each in measures)


def _all(measure: Measure, leaf: Leaf, calendar: Calendar, by: tuple[str, ...]) -> Want:
    want = _want(measure, leaf, calendar)
    names = tuple(sorted({*want.key.dimensions, *by}))
    return replace(want, key=replace(want.key, dimensions=names), members=None)


def _want(measure: Measure, leaf: Leaf, calendar: Calendar) -> Want:
    cuts = leaf.cuts
    filters: Filters = ()
    if not measure.adds_over_cuts:
        filters = tuple(each for each in cuts if len(each[1]) > 1)
        cuts = tuple(each for each in cuts if len(each[1]) == 1)
    time, times = _times(measure, leaf, calendar)
    last = None if leaf.plan or not isinstance(measure.source, Flow) else leaf.today
    key = CubeKey(measure, tuple(name for name, _ in cuts), filters, time, last, leaf.as_of)
    return Want(key, times, tuple(product(*(values for _, values in cuts))))


def _times(measure: Measure, leaf: Leaf, calendar: Calendar) -> tuple[str, tuple[TimeKey, ...]]:
    period = leaf.period
    match measure.source:
        case Alive() if measure.at is At.START:
            return DAYS_CLOSE, (period.start.toordinal() - 1,)
        case Alive() if measure.at is At.END:
            return DAYS_CLOSE, (min(period.last, leaf.today).toordinal(),)
        case Alive() | Grouped():
            return SPANS, (_span(period.start, leaf.end),)
        case Flow() if measure.adds_over_time:
            for grain in ADDITIVE:
                ids = calendar.tiles(period, grain)
                if ids is not None:
                    return grain.value, tuple(ids)
            return SPANS, (_span(period.start, period.end),)
        case Flow() if period.grain is not None and period.id is not None and not measure.uses_period:
            return period.grain.value, (period.id,)
    return SPANS, (_span(period.start, period.end),)


def _span(start: date, end: date) -> tuple[int, int]:
    return start.toordinal(), end.toordinal()


def cell(leaf: Leaf, found: Iterable[tuple[Want, Cube]]) -> Cell | None:
    """Return the leaf's cell from the cubes that hold its wants; None when there are no rows."""
    sums: Cell | None = None
    for want, cube in found:
        for members in want.members or ():
            at = cube.cells.get(members)
            if at is not None:
                sums = folded(at, want.times, sums)
    return sums


def value(leaf: Leaf, sums: Cell) -> float | None:
    """Return what the cell of a leaf means, as a number; None where no row has a value."""
    found, rows, _, _ = sums
    if found is None:
        return None
    measure = leaf.measure
    unit: int = 10**measure.scale
    if measure.at is At.MEAN:
        return found / (unit * (leaf.end - leaf.period.start).days)
    return found / (unit * rows) if measure.word == "average" else found / unit
