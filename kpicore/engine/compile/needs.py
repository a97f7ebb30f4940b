"""What a variant needs: the entities and fields that it reads, through all the KPIs it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore.engine.compile.columns import inputs_behind
from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.engine.compile.measures import Grouped, Measure
from kpicore.language import names
from kpicore.model.inputs import Target


def needs(definitions: Definitions, definition: Definition) -> dict[str, tuple[str, ...]]:
    """Return the fields without which a variant has no value, by entity, in order; targets need `target`."""
    found: dict[str, set[str]] = {}
    for measure in _measures(definitions, definition):
        found.setdefault(measure.entity, set()).update(measure.fields)
    if any(isinstance(each.given, Target) for each in inputs_behind(definition, definitions)):
        found.setdefault("target", set()).update(("kpi_id", "period_start", "value"))
    return {entity: tuple(sorted(fields)) for entity, fields in sorted(found.items())}


def bases(definitions: Definitions, definition: Definition) -> tuple[str, ...]:
    """Return on which bases the amounts of a variant measure, such as "booked"; () when it sums none that has one."""
    found = {
        field.basis
        for measure in _measures(definitions, definition)
        for field in definitions.registry.entity(measure.entity).fields
        if field.basis and ("", field.name) in _value_names(measure)
    }
    return tuple(sorted(found))


def _value_names(measure: Measure) -> frozenset[tuple[str, str]]:
    inner = measure.source.inner if isinstance(measure.source, Grouped) else measure
    return names(inner.value) if inner.value is not None else frozenset()


def _measures(definitions: Definitions, definition: Definition) -> Iterator[Measure]:
    yield from (each.measure for each in inputs_behind(definition, definitions) if each.measure is not None)
