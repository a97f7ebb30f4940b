"""Reads every definition there is, so that a mistake is found before somebody asks."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.engine.definitions import Definitions
from kpicore.errors import KpiError
from kpicore.registry import Problem, Registry


def definition_problems(registry: Registry, settings: Mapping[str, object]) -> list[Problem]:
    """Return one problem for each variant whose inputs or formula do not stand, naming its giver."""
    definitions = Definitions(registry, settings)
    found: list[Problem] = []
    for id, metric in registry.metrics.items():
        for variant in metric.variant_names:
            try:
                definitions.get(id, variant)
            except KpiError as error:
                found.append(Problem(registry.givers.get(id, ""), id, str(error)))
    return found
