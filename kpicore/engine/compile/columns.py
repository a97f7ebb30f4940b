"""The columns that a measure or a definition reads, also those that it could do without."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore.engine.compile.compiled_inputs import CompiledInput
from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.engine.compile.measures import Alive, Flow, Grouped, Measure
from kpicore.language import names
from kpicore.lineage import Column
from kpicore.model.inputs import Target


def columns_read(measure: Measure) -> frozenset[Column]:
    """Return the entity's rows (its name and "") and each of its columns that the measure reads."""
    source = measure.source
    if isinstance(source, Grouped):
        return columns_read(source.inner) | {(measure.entity, source.key)}
    used = {name for node in (measure.value, measure.where) if node for space, name in names(node) if not space}
    match source:
        case Flow(_, when):
            used.add(when)
        case Alive(_, since, until):
            used |= {since, until}
    return frozenset((measure.entity, each) for each in ("", *used))


def columns_behind(definition: Definition, definitions: Definitions) -> frozenset[Column]:
    """Return the columns that all inputs of a definition read, also those of the KPIs that it is made of."""
    found: set[Column] = set()
    for each in inputs_behind(definition, definitions):
        if each.measure is not None:
            found |= columns_read(each.measure)
            found |= {(each.measure.entity, one.dimension) for one in each.coverage}
    return frozenset(found)


def reads(entity: str, definition: Definition, definitions: Definitions) -> bool:
    """Whether a metric, or one that it is made of, reads rows of the entity."""
    measures = (each.measure for each in inputs_behind(definition, definitions))
    return any(measure is not None and measure.entity == entity for measure in measures)


def inputs_behind(definition: Definition, definitions: Definitions) -> Iterator[CompiledInput]:
    """Yield the inputs of a definition, each one before those of the KPI that it is, of which each is looked at once:
    KPIs that are made of one in two ways, and others of these, would double the work at each step.
    """
    looked_at: set[tuple[str, str]] = set()

    def of(one: Definition) -> Iterator[CompiledInput]:
        for each in one.inputs:
            yield each
            if each.ref is not None and not isinstance(each.given, Target) and each.ref not in looked_at:
                looked_at.add(each.ref)
                yield from of(definitions.get(*each.ref))

    return of(definition)
