"""What stands at the head of a number: the KPI's name, its unit, whether it is a rate."""

from __future__ import annotations

from kpicore import COUNT, NEUTRAL, KpiError, Workspace
from kpicore_reports.filled import Kpi

_MEANS = ("average", "median", "percentile")


def kpi_named(workspace: Workspace, ref: str, title: str = "") -> Kpi:
    """Return what "win_rate" or "win_rate.created" is; a name that the workspace lacks stands for itself."""
    try:
        id, variant = workspace.definitions.named(ref)
    except KpiError:
        return Kpi(ref, title or ref, ref, COUNT, NEUTRAL)
    metric = workspace.registry.metric(id)
    spec = metric.variant(variant)
    is_mean = any(getattr(each, "word", "") in _MEANS for each in spec.inputs.values())
    is_rate = is_mean or _divides(workspace, id, variant)
    name = metric.name if variant == metric.default else f"{metric.name}, {variant.replace('_', ' ')}"
    return Kpi(ref, title or name, name, spec.unit or metric.unit, metric.better, spec.meaning, is_rate)


def needed_cuts(workspace: Workspace, ref: str) -> tuple[str, ...]:
    """Return the dimensions without which the KPI has no meaning."""
    try:
        id, variant = workspace.definitions.named(ref)
    except KpiError:
        return ()
    return workspace.registry.metric(id).variant(variant).needs_cut


def _divides(workspace: Workspace, id: str, variant: str) -> bool:
    try:
        return workspace.definitions.get(id, variant).divides
    except KpiError:  # a broken definition has no number that rows could stand beside
        return False
