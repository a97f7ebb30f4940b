"""Which KPIs the loaded data can answer, and what the others lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpicore.engine.columns import columns_behind
from kpicore.engine.definitions import Definition, Definitions
from kpicore.engine.notes import coverage_note
from kpicore.engine.status import not_loaded
from kpicore.errors import KpiError
from kpicore.inputs import Target
from kpicore.metrics import Metric
from kpicore.note_wording import note_texts
from kpicore.notes import Note
from kpicore.warehouse import State, Warehouse


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


def coverage(definitions: Definitions, warehouse: Warehouse, state: State) -> list[Coverage]:
    """Return every variant of every metric, in order. A broken definition lacks what its error says.

    `state` is what the engine sees of the warehouse, with the targets of kpi.toml.
    """
    return [
        _covered(metric, variant, definitions, warehouse, state)
        for metric in definitions.registry.metrics.values()
        for variant in metric.variant_names
    ]


def _covered(metric: Metric, variant: str, definitions: Definitions, warehouse: Warehouse, state: State) -> Coverage:
    try:
        definition = definitions.get(metric.id, variant)
    except KpiError as error:
        return Coverage(metric.id, metric.name, variant, (str(error),))
    refused = warehouse.refusals.columns
    outdated = (refused[each] for each in sorted(columns_behind(definition, definitions) & refused.keys()))
    lacks = tuple(dict.fromkeys([*outdated, *note_texts(_below(definition, definitions, state))]))
    partly = () if lacks else note_texts(_absent(definition, definitions, warehouse))
    return Coverage(metric.id, metric.name, variant, lacks, partly)


def _absent(definition: Definition, definitions: Definitions, warehouse: Warehouse) -> Iterator[Note]:
    for each in definition.inputs:
        for one in each.coverage:
            known = {member.value.casefold() for member in warehouse.members(one.dimension)}
            lacking = [value for value in one.values if value.casefold() not in known]
            if lacking:
                yield coverage_note(each, one.dimension, lacking)
        if each.ref is not None and not isinstance(each.given, Target):
            yield from _absent(definitions.get(*each.ref), definitions, warehouse)


def _below(definition: Definition, definitions: Definitions, state: State) -> Iterator[Note]:
    for each in definition.inputs:
        if each.measure is not None:
            absent = not_loaded(each.measure, state, definitions.registry)
            if absent is not None:
                yield absent.detail
        elif isinstance(each.given, Target):
            targets = state.entities.get("target")
            if targets is None or not targets.rows:
                yield Note.of("not_loaded", entity="target")
        elif each.ref is not None:
            yield from _below(definitions.get(*each.ref), definitions, state)
