"""Why an input can have no value before any row is read: not loaded, not started, outside the data."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from kpicore.calendar import Period
from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.engine.compile.measures import Flow, Grouped, Measure, Stock
from kpicore.engine.compile.requirements import ITS_VALUE, walk_inputs
from kpicore.model.notes import TOO_LARGE, Note
from kpicore.model.questions import NO_DATA, NOT_LOADED, NOT_STARTED
from kpicore.model.schema import Entity, FirstSince
from kpicore.registry.registry import Registry
from kpicore.warehouse import State

QUIET = timedelta(days=31)
"""An entity whose last row is at most so much older than the data counts as loaded up to its day."""


class Missing(NamedTuple):
    """A reason, and what it is about."""

    reason: str
    detail: Note


def not_started(period: Period, today: date, plan: bool) -> Missing | None:
    """Return that a period has not begun, or None; `plan` as is_plan."""
    if period.start > today and not plan:
        return Missing(NOT_STARTED, Note.of("not_started", period=period.key, today=today))
    return None


def not_loaded(measure: Measure, state: State, registry: Registry) -> Missing | None:
    """Return what the measure needs that was never loaded, or None."""
    loaded = state.entities.get(measure.entity)
    if loaded is None or not loaded.rows:
        return Missing(NOT_LOADED, Note.of("not_loaded", entity=measure.entity))
    empty = unfilled(measure, state, registry)
    if empty:
        for note in loaded.notes:
            if note.kind == TOO_LARGE and note.value("field") in empty:
                return Missing(NOT_LOADED, note)
        return Missing(NOT_LOADED, Note.of("not_filled", entity=measure.entity, fields=empty))
    return None


def unfilled(measure: Measure, state: State, registry: Registry) -> tuple[str, ...]:
    """Return the fields that the measure cannot do without and that no row has, all of them where there is no row."""
    loaded = state.entities.get(measure.entity)
    if loaded is None:
        return tuple(sorted(measure.fields))
    lacking = (name for name in measure.fields if not loaded.filled.get(name))
    entity = registry.entity(measure.entity)
    return tuple(sorted(name for name in lacking if not _never_happened(entity, name, state)))


def _never_happened(entity: Entity, name: str, state: State) -> bool:
    """Whether no row has the field because what it dates happened to none: all that would tell of it was loaded."""
    field, filled = entity.field(name), state.entities[entity.name].filled
    # that a loan was never renewed is a fact about it, and no gap of the export
    for how in field.how if field else ():
        if isinstance(how, FirstSince):
            other = state.entities.get(how.entity)
            return bool(other and other.rows and filled.get(how.through) and filled.get(how.since))
    return False


def is_plan(measure: Measure, registry: Registry) -> bool:
    """Whether the measure is dated by a plan, which lies in the future by nature."""
    if not isinstance(measure.source, Flow):
        return False
    field = registry.entity(measure.entity).field(measure.source.when)
    return bool(field and field.plan)


def is_planned(definition: Definition, definitions: Definitions) -> bool:
    """Whether any input of a definition, also of the metrics below it, is dated by a plan; of none that looks back."""
    inputs = (compiled for _, compiled in walk_inputs(definition, definitions, ITS_VALUE))
    return any(compiled.measure is not None and is_plan(compiled.measure, definitions.registry) for compiled in inputs)


def outside(measure: Measure, period: Period, today: date, plan: bool, state: State) -> Missing | None:
    """Return that a period lies outside the days of what was loaded, or None."""
    loaded = state.entities[measure.entity]
    first, last = loaded.first, loaded.last
    if first is None or last is None or plan:
        return None
    covered = last_covered(last, today)
    # what stands goes on standing after its last date, so that only what flows ends with the data
    if period.end <= first or (period.start > covered and not stands(measure)):
        return Missing(NO_DATA, Note.of("outside", entity=measure.entity, first=first, last=last))
    return None


def last_covered(last: date, today: date) -> date:
    """Return the day up to which an entity counts as loaded.

    A few quiet weeks before the day of the data are quiet; longer silence is the end of an export.
    """
    return max(last, today) if today - last <= QUIET else last


def partly_covered(measure: Measure, period: Period, today: date, state: State, plan: bool) -> Note | None:
    """Return what to say of a period that the loaded data covers in part, else None."""
    loaded = state.entities[measure.entity]
    first, last = loaded.first, loaded.last
    if first is None or last is None or plan or stands(measure):
        return None
    begins_late = first - period.start > QUIET
    ends_early = min(period.last, today) - last_covered(last, today) > QUIET
    if not (begins_late or ends_early):
        return None
    return Note.of("partly_loaded", first=first, last=last, entity=measure.entity, period=period.key)


def stands(measure: Measure) -> bool:
    """Whether rows stay after their last date: a book that is out, an active reader."""
    source = measure.source
    return isinstance(source, Stock) or (isinstance(source, Grouped) and isinstance(source.inner.source, Stock))
