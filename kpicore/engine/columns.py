"""The columns that a measure reads, also those that it could do without."""

from __future__ import annotations

from kpicore.engine.measures import Alive, Flow, Grouped, Measure
from kpicore.expressions import names
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
