"""From an input of a question to the cells it needs, and back to a number."""

from __future__ import annotations

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
    """One measure for one period and cut. `today` is the last day that has happened."""

    measure: Measure
    period: Period
    cuts: Filters
    today: date
    plan: bool = False


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
    key = CubeKey(measure, tuple(name for name, _ in cuts), filters, time, last)
    return Want(key, times, tuple(product(*(values for _, values in cuts))))


def _times(measure: Measure, leaf: Leaf, calendar: Calendar) -> tuple[str, tuple[TimeKey, ...]]:
    period = leaf.period
    match measure.source:
        case Alive() if measure.at is At.START:
            return DAYS_CLOSE, (period.start - timedelta(days=1),)
        case Alive() if measure.at is At.END:
            return DAYS_CLOSE, (min(period.last, leaf.today),)
        case Alive() | Grouped():
            return SPANS, ((period.start, min(period.end, leaf.today + timedelta(days=1))),)
        case Flow() if measure.adds_over_time:
            for grain in ADDITIVE:
                ids = calendar.tiles(period, grain)
                if ids is not None:
                    return grain.value, tuple(ids)
            return SPANS, ((period.start, period.end),)
        case Flow() if period.grain is not None and period.id is not None and not measure.uses_period:
            return period.grain.value, (period.id,)
    return SPANS, ((period.start, period.end),)


def cell(leaf: Leaf, found: tuple[tuple[Want, Cube], ...]) -> Cell | None:
    """Return the leaf's cell from the cubes that hold its wants; None when there are no rows."""
    sums: Cell | None = None
    for want, cube in found:
        for members in want.members or ():
            at = cube.cells.get(members)
            if at is not None:
                sums = folded(at, want.times, sums)
    if sums is None or sums.value is None:
        return sums
    if leaf.measure.at is At.MEAN:
        days = (min(leaf.period.end, leaf.today + timedelta(days=1)) - leaf.period.start).days
        return sums._replace(value=float(sums.value) / days)
    return sums
