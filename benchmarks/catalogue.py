"""The whole catalogue, run in fresh processes: every variant of every KPI that the data can answer."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpicore.workspace import Workspace

Way = tuple[str | None, tuple[str, ...]]
"""How variants are asked: the grain, and the dimensions by which."""


def quarter_by_rep(folder: str) -> dict[str, Any]:
    """Answer each variant for the last quarter by rep; as one number where its rows have no rep."""
    return _answered(folder, "last quarter", None, "rep")


def months(folder: str) -> dict[str, Any]:
    """Answer each variant for the 36 months to the end of 2025."""
    return _answered(folder, "2023-01-01..2025-12-31", "month", "")


def _answered(folder: str, period: str, grain: str | None, by: str) -> dict[str, Any]:
    """Time everything from the first import to the last number, kept cubes forgotten before."""
    from benchmarks.answering import forget_cubes

    forget_cubes(folder)
    started = time.perf_counter()
    from kpicore import open_workspace

    with open_workspace(folder) as workspace:
        names = [f"{variant.metric}.{variant.variant}" for variant in workspace.coverage() if variant.computable]
        numbers = 0
        for (unit, dimensions), variants in _ways(workspace, names, grain, by).items():
            numbers += len(workspace.get(variants, period, grain=unit, by=dimensions).values())
        took = time.perf_counter() - started
        return {
            "seconds": took,
            "variants": len(names),
            "numbers": numbers,
            "counts": _to_count(workspace, names, period, "month" if grain else by),
        }


def _to_count(workspace: Workspace, names: Iterable[str], period: str, by: str) -> dict[str, Any]:
    """Return what a plain count for each variant needs: table, date and key, and the days."""
    days = workspace.period(period)
    tables = []
    for name in names:
        entity = workspace.registry.entity(_entity(workspace, *workspace.definitions.named(name)))
        has = by == "month" or by in workspace.registry.dimensions_of(entity.name)
        key = f"date_trunc('month', \"{entity.main_date}\")" if by == "month" else by
        tables.append((entity.name, entity.main_date, key if has else "1"))
    return {"tables": tables, "first": str(days.start), "last": str(days.last)}


def _entity(workspace: Workspace, metric: str, variant: str) -> str:
    """Return the entity that a variant reads first, also through the KPIs that it is made of."""
    for input_ in workspace.definitions.get(metric, variant).inputs:
        if input_.measure is not None:
            return input_.measure.entity
        if input_.ref is not None:
            return _entity(workspace, *input_.ref)
    raise AssertionError(f"{metric}.{variant} has no input")


def _ways(workspace: Workspace, names: Iterable[str], grain: str | None, by: str) -> dict[Way, list[str]]:
    """Return how each variant is asked: a dimension or a grain that it cannot do without is given to it."""
    ways: dict[Way, list[str]] = {}
    for name in names:
        spec = workspace.definitions.get(*workspace.definitions.named(name)).spec
        needed = (*([by] if by and _has(workspace, name, by, spec.needs_cut) else []), *spec.needs_cut)
        unit = grain or next(iter(spec.grains), None)
        ways.setdefault((unit, needed), []).append(name)
    return ways


def _has(workspace: Workspace, name: str, by: str, needed: Iterable[str]) -> bool:
    """Whether the rows behind a variant can be told by the dimension."""
    from kpicore import BadCut
    from kpicore.model.questions import Question

    question = Question(*workspace.definitions.named(name), workspace.period("last month"))
    try:
        workspace.engine.check(question, (by, *needed))
    except BadCut:
        return False
    return True
