"""From what many leaves want to few scans: whatever reads the same rows in the same way is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kpicore.calendar import Calendar, Grain
from kpicore.calendar.grid import FISCAL, MONTHS
from kpicore.engine.compile.measures import Flow, Measure
from kpicore.engine.plan.cubes import DAYS_CLOSE, SPANS, Cube, CubeKey, Members, TimeKey, Want
from kpicore.engine.plan.scans import FEW, Axis, ByGrain, ByInstants, ByMonths, BySpans, Scan

MANY_MEMBERS = 2_000
"""Beyond so many combinations of members only the asked ones are wanted, else all of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A scan, the cubes it fills (one a measure, or one a length of months), the times that it covers
    of each, and the members."""

    scan: Scan
    keys: tuple[CubeKey, ...]
    times: tuple[tuple[TimeKey, ...], ...]
    members: frozenset[Members] | None


@dataclass(slots=True)
class _Asked:
    times: set[TimeKey]
    members: set[Members] | None


def plan(
    wanted: Iterable[Want],
    cubes: Mapping[CubeKey, Cube],
    calendar: Calendar,
    can_mask_months: bool,
) -> list[Reading]:
    """Return the scans that bring what the cubes do not hold yet; `calendar` turns ids into days.

    Without `can_mask_months` what differs in months, quarters and years is read by a scan for each of them.
    """
    asked = _asked(wanted)
    groups: dict[tuple[object, ...], list[tuple[CubeKey, _Asked]]] = {}
    for key, each in asked.items():
        members = None if each.members is None else frozenset(each.members)
        cube = cubes.get(key)
        if cube is not None and cube.holds(each.times, members):
            continue
        alone = _apart(key.measure, len(each.times))
        restricted = members is not None
        time = (_months_of(key) if can_mask_months else None) or key.time
        group = (key.measure.source, key.dimensions, key.filters, time, key.last, alone, restricted)
        groups.setdefault(group, []).append((key, each))
    return [_reading(each, calendar) for each in groups.values()]


def _asked(wanted: Iterable[Want]) -> dict[CubeKey, _Asked]:
    found: dict[CubeKey, _Asked] = {}
    for want in wanted:
        each = found.get(want.key)
        if each is None:
            each = found[want.key] = _Asked(set(), set())
        each.times.update(want.times)
        if want.members is None:
            each.members = None
        elif each.members is not None:
            each.members.update(want.members)
    return found


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


def _reading(group: list[tuple[CubeKey, _Asked]], calendar: Calendar) -> Reading:
    keys = tuple(key for key, _ in group)
    first = keys[0]
    members: frozenset[Members] | None = None
    if group[0][1].members is not None:
        members = frozenset().union(*(each.members or () for _, each in group))
    axis: Axis
    if len({key.time for key in keys}) > 1:
        axis, covered = _in_months(group, calendar)
    else:
        axis, times = _axis(first.time, set().union(*(each.times for _, each in group)), calendar)
        covered = (times,) * len(keys)
    only = tuple(sorted(members)) if members is not None else ()
    scan = Scan(
        first.measure.source,
        tuple(dict.fromkeys(each.measure for each in keys)),
        first.dimensions,
        axis,
        first.filters,
        only,
        first.last,
    )
    return Reading(scan, keys, covered, members)


def _in_months(
    group: list[tuple[CubeKey, _Asked]], calendar: Calendar
) -> tuple[ByMonths, tuple[tuple[TimeKey, ...], ...]]:
    """Return the axis that reads months and longer units of one measure at once, and what it covers of each."""
    covered: list[tuple[TimeKey, ...]] = []
    axes: list[ByGrain] = []
    for key, each in group:
        axis, times = _axis(key.time, each.times, calendar)
        assert isinstance(axis, ByGrain)
        axes.append(axis)
        covered.append(times)
    lengths = tuple(MONTHS[each.grain] for each in axes)
    first = min(each.first * length for each, length in zip(axes, lengths, strict=True))
    last = max((each.last + 1) * length - 1 for each, length in zip(axes, lengths, strict=True))
    span = (min(each.span[0] for each in axes), max(each.span[1] for each in axes))
    grain = Grain.FISCAL_MONTH if axes[0].grain in FISCAL else Grain.MONTH
    return ByMonths(grain, lengths, first, last, span), tuple(covered)


def _axis(time: str, times: set[TimeKey], calendar: Calendar) -> tuple[Axis, tuple[TimeKey, ...]]:
    if time == SPANS:
        spans = tuple(sorted(each for each in times if isinstance(each, tuple)))
        return BySpans(tuple((date.fromordinal(s), date.fromordinal(e)) for s, e in spans)), spans
    ids = sorted(each for each in times if isinstance(each, int))
    if time == DAYS_CLOSE:
        return ByInstants(tuple(date.fromordinal(each) for each in ids)), tuple(ids)
    grain = Grain(time)
    low, high = ids[0], ids[-1]
    span = (calendar.by_id(grain, low).start, calendar.by_id(grain, high).end)
    return ByGrain(grain, low, high, span), tuple(range(low, high + 1))
