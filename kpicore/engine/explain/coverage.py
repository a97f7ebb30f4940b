"""Which KPIs the loaded data can answer, and what the others lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.engine.compile.requirements import columns_behind, inputs_behind
from kpicore.engine.engine import Engine
from kpicore.engine.notes.notes import coverage_note
from kpicore.errors import KpiError
from kpicore.lineage import Column
from kpicore.model.inputs import Target
from kpicore.model.metrics import Metric
from kpicore.model.notes import Note
from kpicore.warehouse import Warehouse, refused_columns


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a variant is computable.

    `lacks` names what is missing for it, `partly` what it ought to have beside: categories of cost
    without any row. One line each.
    """

    metric: str
    name: str
    variant: str
    lacks: tuple[str, ...]
    partly: tuple[str, ...] = ()

    @property
    def computable(self) -> bool:
        """Whether the loaded data can answer it."""
        return not self.lacks


def coverage(engine: Engine) -> list[Coverage]:
    """Return every variant of every metric, in order. A broken definition lacks what its error says."""
    definitions, refused = engine.definitions, refused_columns(engine.warehouse)
    return [
        _covered(metric, variant, engine, refused)
        for metric in definitions.registry.metrics.values()
        for variant in metric.variant_names
    ]


def _covered(metric: Metric, variant: str, engine: Engine, refused: Mapping[Column, str]) -> Coverage:
    definitions, warehouse, wording = engine.definitions, engine.warehouse, engine.registry.wording
    try:
        definition = definitions.get(metric.id, variant)
    except KpiError as error:
        return Coverage(metric.id, metric.name, variant, (str(error),))
    outdated = (refused[column] for column in sorted(columns_behind(definition, definitions) & refused.keys()))
    # what is outdated comes first: to make the tables anew may be all that is lacking
    lacks = tuple(dict.fromkeys([*outdated, *wording.notes(_below(definition, engine))]))
    partly = () if lacks else wording.notes(_absent(definition, definitions, warehouse))
    return Coverage(metric.id, metric.name, variant, lacks, partly)


def _absent(definition: Definition, definitions: Definitions, warehouse: Warehouse) -> Iterator[Note]:
    for compiled in inputs_behind(definition, definitions):
        for expected in compiled.coverage:
            known = {member.value.casefold() for member in warehouse.members(expected.dimension)}
            lacking = [value for value in expected.values if value.casefold() not in known]
            if lacking:
                yield coverage_note(compiled, expected.dimension, lacking)


def _below(definition: Definition, engine: Engine) -> Iterator[Note]:
    for compiled in inputs_behind(definition, engine.definitions):
        if compiled.measure is not None:
            absent = engine.preparation.presumed.lacking(compiled.measure)
            if absent is not None:
                yield absent.detail
        elif isinstance(compiled.given, Target):
            targets = engine.state.entities.get(engine.targets.entity)
            if targets is None or not targets.rows:
                yield Note.of("not_loaded", entity=engine.targets.entity)
