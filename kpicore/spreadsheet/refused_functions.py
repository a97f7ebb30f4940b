"""Functions that are not there because their definition is refused or broken: that is told, never another name."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore.engine.answer.calculators import calculator
from kpicore.engine.compile.definitions import Definitions
from kpicore.model.metrics import folded_alias
from kpicore.model.narrowing import WHOLE, Narrowing

_ENDING = "_calc"


def refuse_unsound(name: str, definitions: Definitions, narrowing: Narrowing = WHOLE) -> None:
    """Raise what is wrong with the definition that a function of this name would have; nothing where there is none, or
    none within the narrowing.

    Raises: BadDefinition and UnknownName.
    """
    registry, takes = definitions.registry, narrowing.takes
    alias = folded_alias(name)
    if alias in registry.refused and takes(registry.refused[alias]):
        registry.metric(alias)
    for id, variant in _calculated(alias):
        if id in registry.refused and takes(registry.refused[id]):
            registry.metric(id)
        metric = registry.named(id)
        if metric is not None and takes(metric.id) and (not variant or variant in metric.variant_names):
            calculator(definitions.get(metric.id, variant or definitions.default_of(metric)))
            return


def _calculated(alias: str) -> Iterator[tuple[str, str]]:
    """Yield the ids and variants whose calculator the name may mean, the longest id first: KPI_LOANS_RENEWED_CALC."""
    if not alias.endswith(_ENDING):
        return
    id, variant = alias.removesuffix(_ENDING), ""
    while id:
        yield id, variant
        id, _, part = id.rpartition("_")
        variant = f"{part}_{variant}".rstrip("_")
