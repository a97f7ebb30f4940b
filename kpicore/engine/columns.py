"""The columns that a measure or a definition reads, also those that it could do without."""

from __future__ import annotations

from kpicore.engine.definitions import Definition, Definitions
from kpicore.engine.measures import Alive, Flow, Grouped, Measure
from kpicore.expressions import names
from kpicore.inputs import Target
from kpicore.lineage import Column


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
    for each in definition.inputs:
        if each.measure is not None:
            found |= columns_read(each.measure)
            found |= {(each.measure.entity, one.dimension) for one in each.coverage}
        elif each.ref is not None and not isinstance(each.given, Target):
            found |= columns_behind(definitions.get(*each.ref), definitions)
    return frozenset(found)
