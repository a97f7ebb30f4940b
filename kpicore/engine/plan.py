"""From what many leaves want to few scans: whatever reads the same rows in the same way is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kpicore.engine.cubes import DAYS_CLOSE, SPANS, Cube, CubeKey, Members, TimeKey, Want
from kpicore.engine.measures import Flow, Measure
from kpicore.engine.reading.scans import FEW, Axis, ByGrain, ByInstants, BySpans, Scan
from kpicore.periods import Calendar, Grain

MANY_MEMBERS = 2_000
"""Beyond so many combinations of members only the asked ones are wanted, else all of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A scan, the cubes it fills (one a measure), the times and the members it covers."""

    scan: Scan
    keys: tuple[CubeKey, ...]
    times: tuple[TimeKey, ...]
    members: frozenset[Members] | None


@dataclass(slots=True)
class _Asked:
    times: set[TimeKey]
    members: set[Members] | None


def plan(
    wanted: Iterable[Want],
    cubes: Mapping[CubeKey, Cube],
    calendar: Calendar,
) -> list[Reading]:
    """Return the scans that bring what the cubes do not hold yet; `calendar` turns ids into days."""
    asked = _asked(wanted)
    groups: dict[tuple[object, ...], list[tuple[CubeKey, _Asked]]] = {}
    for key, each in asked.items():
        members = None if each.members is None else frozenset(each.members)
        cube = cubes.get(key)
        if cube is not None and cube.holds(each.times, members):
            continue
        alone = _apart(key.measure, len(each.times))
        restricted = members is not None
        group = (key.measure.source, key.dimensions, key.filters, key.time, key.last, key.as_of, alone, restricted)
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


def _reading(group: list[tuple[CubeKey, _Asked]], calendar: Calendar) -> Reading:
    keys = tuple(key for key, _ in group)
    first = keys[0]
    times: set[TimeKey] = set().union(*(each.times for _, each in group))
    members: frozenset[Members] | None = None
    if group[0][1].members is not None:
        members = frozenset().union(*(each.members or () for _, each in group))
    axis, covered = _axis(first.time, times, calendar)
    only = tuple(sorted(members)) if members is not None else ()
    scan = Scan(
        first.measure.source,
        tuple(each.measure for each in keys),
        first.dimensions,
        axis,
        first.filters,
        only,
        first.last,
        first.as_of,
    )
    return Reading(scan, keys, covered, members)


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
