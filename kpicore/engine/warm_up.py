"""After a load: read again what used to be asked, over all the data, so that the next process finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from kpicore.calendar import Grain, Period
from kpicore.engine.compile.measures import Measure
from kpicore.engine.compile.requirements import inputs_behind
from kpicore.engine.engine import Engine
from kpicore.engine.plan.availability import is_plan, not_loaded
from kpicore.engine.plan.cube_store import FILE, StoredCube
from kpicore.engine.plan.cubes import DAYS_CLOSE, SPANS, CubeKey, CubeRequest, TimeKey
from kpicore.engine.plan.requests import last_day
from kpicore.engine.prepare.batches import grouped
from kpicore.errors import BadPeriod, KpiError

_YEARS = (Grain.YEAR, Grain.FISCAL_YEAR)
MOST = 200
"""So many cubes are read again at the most."""


def refill_kept(folder: Path, engine: Callable[[], Engine]) -> None:
    """Refill the store of a workspace, where there is one."""
    if (folder / FILE).exists():
        refill(engine())


def refill(engine: Engine) -> int:
    """Read and keep the cubes that used to be asked; return how many."""
    if engine.store is None:
        return 0
    measures = grouped(_measures(engine), lambda measure: measure[0].key)
    requests = [
        request
        # most lately asked first; what is beyond is forgotten below, with the version that it was read from
        for stored in engine.store.asked()[:MOST]
        if stored.measure in measures
        for measure, seen in dict.fromkeys(measures[stored.measure])
        for request in _requests(measure, stored, seen)
    ]
    engine.read(requests)
    engine.store.drop_old()
    return len(requests)


def _measures(engine: Engine) -> Iterator[tuple[Measure, Engine]]:
    """Yield the measures of all KPIs, each with the engine that reads it: that of the day of the KPI's data."""
    definitions = engine.definitions
    for id, metric in definitions.registry.metrics.items():
        for variant in metric.variant_names:
            try:
                definition = definitions.get(id, variant)
                seen = engine.seen_from(engine.freshness.of(definition))
                # what a KPI is made of is read by that itself, unless this one is seen from another day
                inputs = definition.inputs if seen is engine else tuple(inputs_behind(definition, definitions))
            except KpiError:
                continue  # a broken definition has no cubes
            for compiled in inputs:
                if compiled.measure is not None:
                    # of rows that stand during a period it is the parts that have cubes
                    parts = compiled.measure.parts or (compiled.measure,)
                    yield from (
                        (measure, seen) for measure in (*parts, *(expected.rows for expected in compiled.coverage))
                    )


def _requests(measure: Measure, stored: StoredCube, engine: Engine) -> Iterator[CubeRequest]:
    state = engine.state.entities.get(measure.entity)
    if state is None or state.first is None or state.last is None or not_loaded(measure, engine.state, engine.registry):
        return
    try:
        times = _times(stored.time, state.first, max(state.last, engine.today), engine)
    except BadPeriod:  # the data reaches beyond the fiscal months that are listed
        return
    if times:
        last = last_day(measure, engine.today, is_plan(measure, engine.registry))
        yield CubeRequest(CubeKey(measure, stored.dimensions, (), stored.time, last), times, None)


def _times(time: str, first: date, last: date, engine: Engine) -> tuple[TimeKey, ...]:
    # the store knows the kind of time, and not which spans they were
    if time == SPANS:
        return ()
    if time == DAYS_CLOSE:
        # the end of a month is the start of the next one, too: both are seen at the close of that day
        ends = [unit.last for unit in _units(Grain.MONTH, first, last, engine) if unit.last < engine.today]
        return tuple(day.toordinal() for day in (*ends, engine.today))
    # a year is asked for as a whole, also before its first row and after today
    years = [engine.calendar.containing(grain, day) for grain in _YEARS for day in (first, last)]
    units = _units(Grain(time), min(year.start for year in years), max(year.last for year in years), engine)
    return tuple(unit.id for unit in units if unit.id is not None)


def _units(grain: Grain, first: date, last: date, engine: Engine) -> list[Period]:
    start, end = engine.calendar.containing(grain, first), engine.calendar.containing(grain, last)
    assert start.id is not None and end.id is not None
    return [engine.calendar.by_id(grain, id) for id in range(start.id, end.id + 1)]
