"""From what many requests want to few scans: whatever reads the same rows in the same way is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kpicore.calendar import Calendar, Grain
from kpicore.calendar.grid import FISCAL, MONTHS
from kpicore.engine.compile.measures import Flow, Measure
from kpicore.engine.plan.cubes import DAYS_CLOSE, SPANS, Cube, CubeKey, CubeRequest, Members, TimeKey
from kpicore.engine.plan.scans import FEW, Axis, ByGrain, ByInstants, ByMonths, BySpans, Scan

MANY_MEMBERS = 2_000
"""Beyond so many combinations of members only the asked ones are read, else all of them."""

MOST_MEASURES = 100
"""A scan is of so many measures at most: each condition of theirs is a bit of one number, of which warehouses have 38
digits."""


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """A scan, the cubes it fills (one a measure, or one a length of months), the times that it covers
    of each, and the members (None: all of them)."""

    scan: Scan
    keys: tuple[CubeKey, ...]
    times: tuple[tuple[TimeKey, ...], ...]
    members: frozenset[Members] | None


@dataclass(slots=True)
class _Cells:
    """What requests ask of one cube together: all pairs of a time and members (None: all members there are)."""

    times: set[TimeKey]
    members: set[Members] | None


def scan_plans(
    requests: Iterable[CubeRequest],
    cubes: Mapping[CubeKey, Cube],
    calendar: Calendar,
    can_mask_months: bool,
) -> list[ScanPlan]:
    """Return the scans that bring what the cubes do not hold yet; `calendar` turns ids into days.

    Without `can_mask_months` what differs in months, quarters and years is read by a scan for each of them.
    """
    groups: dict[tuple[object, ...], list[tuple[CubeKey, _Cells]]] = {}
    for key, cells in _by_cube(requests).items():
        members = None if cells.members is None else frozenset(cells.members)
        cube = cubes.get(key)
        if cube is not None and cube.holds(cells.times, members):
            continue
        # One scan reads rows once for all measures of a group, so that what it restricts and groups by must be the
        # same for all: a filter or a kind of time of its own would make another statement of it.
        time = (_months_of(key) if can_mask_months else None) or key.time
        alone, restricted = _apart(key.measure, len(cells.times)), members is not None
        group = (key.measure.source, key.dimensions, key.filters, time, key.last, alone, restricted)
        groups.setdefault(group, []).append((key, cells))
    return [
        _scan_plan(group[at : at + MOST_MEASURES], calendar)
        for group in groups.values()
        for at in range(0, len(group), MOST_MEASURES)
    ]


def _by_cube(requests: Iterable[CubeRequest]) -> dict[CubeKey, _Cells]:
    by_cube: dict[CubeKey, _Cells] = {}
    for request in requests:
        cells = by_cube.get(request.key)
        if cells is None:
            cells = by_cube[request.key] = _Cells(set(), set())
        cells.times.update(request.times)
        if request.members is None:
            cells.members = None  # and so they stay, whoever asks for some of them besides
        elif cells.members is not None:
            cells.members.update(request.members)
    return by_cube


def _apart(measure: Measure, times: int) -> str:
    """Return what keeps a measure out of the scans of others, "" for one that shares them.

    Flows that do not add up are read alone. Standing ones that look at the day they are seen keep apart
    from others at many instants: those are sums of starts and ends, which is cheaper.
    """
    if isinstance(measure.source, Flow):
        return "" if measure.word in ("count", "total", "average") else measure.key
    return "sees the day" if measure.uses_period and times > FEW else ""


def _months_of(key: CubeKey) -> Grain | None:
    """Return the grain of the months in which values are counted once for all longer units, None for other scans."""
    if key.measure.word != "distinct" or key.time in (SPANS, DAYS_CLOSE):
        return None
    grain = Grain(key.time)
    if grain not in MONTHS:
        return None
    return Grain.FISCAL_MONTH if grain in FISCAL else Grain.MONTH


def _scan_plan(group: list[tuple[CubeKey, _Cells]], calendar: Calendar) -> ScanPlan:
    keys = tuple(key for key, _ in group)
    first = keys[0]
    members: frozenset[Members] | None = None
    if group[0][1].members is not None:
        # of all cubes together: one that needs fewer gets more than was asked, and covers these, too
        members = frozenset().union(*(cells.members or () for _, cells in group))
    axis: Axis
    # months with quarters or years of one distinct count: nothing else of two kinds of time is in a group
    if len({key.time for key in keys}) > 1:
        axis, covered = _in_months(group, calendar)
    else:
        axis, times = _axis(first.time, set().union(*(cells.times for _, cells in group)), calendar)
        covered = (times,) * len(keys)
    only = tuple(sorted(members)) if members is not None else ()
    scan = Scan(
        first.measure.source,
        tuple(dict.fromkeys(key.measure for key in keys)),
        first.dimensions,
        axis,
        first.filters,
        only,
        first.last,
    )
    return ScanPlan(scan, keys, covered, members)


def _in_months(
    group: list[tuple[CubeKey, _Cells]], calendar: Calendar
) -> tuple[ByMonths, tuple[tuple[TimeKey, ...], ...]]:
    """Return the axis that reads months and longer units of one measure at once, and what it covers of each."""
    covered: list[tuple[TimeKey, ...]] = []
    axes: list[ByGrain] = []
    for key, cells in group:
        axis, times = _axis(key.time, cells.times, calendar)
        assert isinstance(axis, ByGrain)
        axes.append(axis)
        covered.append(times)
    # units of so many months are counted from the same month as months are: their ids times it are ids of months
    lengths = tuple(MONTHS[axis.grain] for axis in axes)
    # quarter 8104, 2026-Q1, is the months 8104 * 3 to 8105 * 3 - 1, of which 24312 = 2026 * 12 is January
    first = min(axis.first * length for axis, length in zip(axes, lengths, strict=True))
    last = max((axis.last + 1) * length - 1 for axis, length in zip(axes, lengths, strict=True))
    span = (min(axis.span[0] for axis in axes), max(axis.span[1] for axis in axes))
    grain = Grain.FISCAL_MONTH if axes[0].grain in FISCAL else Grain.MONTH
    return ByMonths(grain, lengths, first, last, span), tuple(covered)


def _axis(time: str, times: set[TimeKey], calendar: Calendar) -> tuple[Axis, tuple[TimeKey, ...]]:
    if time == SPANS:
        spans = tuple(sorted(span for span in times if isinstance(span, tuple)))
        return BySpans(tuple((date.fromordinal(s), date.fromordinal(e)) for s, e in spans)), spans
    ids = sorted(id for id in times if isinstance(id, int))
    if time == DAYS_CLOSE:
        return ByInstants(tuple(date.fromordinal(id) for id in ids)), tuple(ids)
    grain = Grain(time)
    low, high = ids[0], ids[-1]
    span = (calendar.by_id(grain, low).start, calendar.by_id(grain, high).end)
    # one stretch of ids: what lies between the asked ones is read, too, and so it is covered
    return ByGrain(grain, low, high, span), tuple(range(low, high + 1))
