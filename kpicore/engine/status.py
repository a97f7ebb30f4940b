"""Why an input can have no value before any row is read: not loaded, not started, outside the data."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kpicore.engine.measures import Alive, Flow, Grouped, Measure
from kpicore.periods import Period
from kpicore.questions import NO_DATA, NOT_LOADED, NOT_STARTED
from kpicore.registry import Registry
from kpicore.warehouse import State


class Missing(NamedTuple):
    """A reason, and what it is about."""

    reason: str
    detail: str


def missing(measure: Measure, period: Period, today: date, state: State, plan: bool) -> Missing | None:
    """Return why the measure can have no value for the period, or None when it can; `plan` as is_plan."""
    if period.start > today and not plan:
        return Missing(NOT_STARTED, f"{period} starts after {today}, the day of the data")
    return not_loaded(measure, state) or _outside(measure, period, plan, state)


def not_loaded(measure: Measure, state: State) -> Missing | None:
    """Return what the measure needs that was never loaded, or None."""
    loaded = state.entities.get(measure.entity)
    if loaded is None or not loaded.rows:
        return Missing(NOT_LOADED, f"no {measure.entity} was loaded")
    empty = sorted(each for each in measure.fields if not loaded.filled.get(each))
    if empty:
        return Missing(NOT_LOADED, f"no {measure.entity} has a value in {' or '.join(empty)}")
    return None


def is_plan(measure: Measure, registry: Registry) -> bool:
    """Whether the measure is dated by a plan, which lies in the future by nature."""
    if not isinstance(measure.source, Flow):
        return False
    field = registry.entity(measure.entity).field(measure.source.when)
    return bool(field and field.plan)


def _outside(measure: Measure, period: Period, plan: bool, state: State) -> Missing | None:
    loaded = state.entities[measure.entity]
    first, last = loaded.first, loaded.last
    if first is None or last is None or plan:
        return None
    if period.end <= first or (period.start > last and not _stands(measure)):
        return Missing(NO_DATA, f"{measure.entity} was loaded for {first} to {last}")
    return None


def _stands(measure: Measure) -> bool:
    """Whether rows stay after their last date: an open deal, an active customer."""
    source = measure.source
    return isinstance(source, Alive) or (isinstance(source, Grouped) and isinstance(source.inner.source, Alive))
