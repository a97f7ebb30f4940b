"""Which KPIs the loaded data can answer, and what the others lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpicore.engine.definitions import Definition, Definitions
from kpicore.engine.status import not_loaded
from kpicore.errors import KpiError
from kpicore.inputs import Target
from kpicore.warehouse import State


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a variant is computable; `lacks` names what is missing, one line each."""

    metric: str
    name: str
    variant: str
    lacks: tuple[str, ...]

    @property
    def computable(self) -> bool:
        """Whether the loaded data can answer it."""
        return not self.lacks


def coverage(definitions: Definitions, state: State) -> list[Coverage]:
    """Return every variant of every metric, in order. A broken definition lacks what its error says."""
    return [
        Coverage(id, metric.name, variant, _lacks(id, variant, definitions, state))
        for id, metric in definitions.registry.metrics.items()
        for variant in metric.variant_names
    ]


def _lacks(id: str, variant: str, definitions: Definitions, state: State) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(_below(definitions.get(id, variant), definitions, state)))
    except KpiError as error:
        return (str(error),)


def _below(definition: Definition, definitions: Definitions, state: State) -> Iterator[str]:
    for each in definition.inputs:
        if each.measure is not None:
            absent = not_loaded(each.measure, state)
            if absent is not None:
                yield absent.detail
        elif isinstance(each.given, Target):
            targets = state.entities.get("target")
            if targets is None or not targets.rows:
                yield "no target was loaded"
        elif each.ref is not None:
            yield from _below(definitions.get(*each.ref), definitions, state)
