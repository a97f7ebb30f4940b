"""What a definition reads and needs, through all the KPIs it is made of: inputs, columns, fields of entities, bases."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.engine.compile.measures import CompiledInput, Flow, Grouped, Measure, Stock
from kpicore.language import names
from kpicore.lineage import Column
from kpicore.model.inputs import Earlier, MetricValue, Target

ITS_VALUE = (MetricValue,)
WHAT_IT_READS = (MetricValue, Earlier)
"""The kinds of inputs that stand for a KPI whose rows are read, if only those of an earlier period; a target is set."""


def walk_inputs(
    definition: Definition, definitions: Definitions, through: tuple[type, ...] = WHAT_IT_READS
) -> Iterator[tuple[Definition, CompiledInput]]:
    """Yield the inputs of a definition with it, each one before those of the KPI that it stands for with that KPI.

    A KPI is gone into `through` inputs of these kinds, and once: KPIs that are made of one in two ways, and others of
    these, would double the work at each step.
    """
    gone_into: set[tuple[str, str]] = set()

    def inputs_of(owner: Definition) -> Iterator[tuple[Definition, CompiledInput]]:
        for compiled in owner.inputs:
            yield owner, compiled
            ref = compiled.ref
            if ref is not None and isinstance(compiled.given, through) and ref not in gone_into:
                gone_into.add(ref)
                yield from inputs_of(definitions.get(*ref))

    return inputs_of(definition)


def inputs_behind(definition: Definition, definitions: Definitions) -> Iterator[CompiledInput]:
    """Yield the inputs of a definition, each one before those of the KPI that it stands for."""
    return (compiled for _, compiled in walk_inputs(definition, definitions))


def columns_read(measure: Measure) -> frozenset[Column]:
    """Return the entity's rows (its name and "") and each of its columns that the measure reads."""
    source = measure.source
    if isinstance(source, Grouped):
        return columns_read(source.inner) | {(measure.entity, source.key)}
    used = {name for node in (measure.value, measure.where) if node for space, name in names(node) if not space}
    match source:
        case Flow(_, when):
            used.add(when)
        case Stock(_, since, until):
            used |= {since, until}
    return frozenset((measure.entity, column) for column in ("", *used))


def columns_behind(definition: Definition, definitions: Definitions) -> frozenset[Column]:
    """Return the columns that all inputs of a definition read, those that they could do without among them."""
    columns: set[Column] = set()
    for compiled in inputs_behind(definition, definitions):
        if compiled.measure is not None:
            columns |= columns_read(compiled.measure)
            columns |= {(compiled.measure.entity, expected.dimension) for expected in compiled.coverage}
    return frozenset(columns)


def reads(entity: str, definition: Definition, definitions: Definitions) -> bool:
    """Whether a metric, or one that it is made of, reads rows of the entity."""
    return any(measure.entity == entity for measure in _measures(definition, definitions))


def needs(definitions: Definitions, definition: Definition) -> dict[str, tuple[str, ...]]:
    """Return the fields without which a variant has no value, by entity, in order; targets need `target`."""
    needed: dict[str, set[str]] = {}
    for measure in _measures(definition, definitions):
        needed.setdefault(measure.entity, set()).update(measure.fields)
    if any(isinstance(compiled.given, Target) for compiled in inputs_behind(definition, definitions)):
        needed.setdefault("target", set()).update(("kpi_id", "period_start", "value"))
    return {entity: tuple(sorted(fields)) for entity, fields in sorted(needed.items())}


def bases(definitions: Definitions, definition: Definition) -> tuple[str, ...]:
    """Return on which bases the amounts of a variant measure, such as "booked"; () when it sums none that has one."""
    summed = {
        field.basis
        for measure in _measures(definition, definitions)
        for field in definitions.registry.entity(measure.entity).fields
        if field.basis and ("", field.name) in _value_names(measure)
    }
    return tuple(sorted(summed))


def _measures(definition: Definition, definitions: Definitions) -> Iterator[Measure]:
    inputs = inputs_behind(definition, definitions)
    return (compiled.measure for compiled in inputs if compiled.measure is not None)


def _value_names(measure: Measure) -> frozenset[tuple[str, str]]:
    inner = measure.source.inner if isinstance(measure.source, Grouped) else measure
    return names(inner.value) if inner.value is not None else frozenset()
