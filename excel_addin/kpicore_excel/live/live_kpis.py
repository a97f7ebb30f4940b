"""The KPIs of a live workbook, each with the dimensions that it can be cut by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore import Definition, KpiError, Question

if TYPE_CHECKING:
    from kpicore import Period, Workspace

Cuts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class LiveKpi:
    """A KPI's variant, and the dimensions of the workbook that it can be cut by.

    `needs` are those of them without which it has no meaning. `key` is what its names in the workbook begin with.
    """

    definition: Definition
    by: tuple[str, ...]
    needs: tuple[str, ...]
    key: str

    @property
    def name(self) -> str:
        """What people call it: the variant is told where it is not the first."""
        metric = self.definition.metric
        if self.definition.variant == metric.variant_names[0]:
            return metric.name
        return f"{metric.name} ({self.definition.variant.replace('_', ' ')})"

    def question(self, period: Period, cuts: Cuts) -> Question:
        """Return its question for a period and cuts."""
        return Question(self.definition.metric.id, self.definition.variant, period, cuts)

    def takes(self, dimensions: Sequence[str]) -> bool:
        """Whether it can be cut by just these dimensions."""
        return set(self.needs) <= set(dimensions) <= set(self.by)


def live_kpis(workspace: Workspace, refs: Sequence[str], by: tuple[str, ...], where: Cuts) -> tuple[LiveKpi, ...]:
    """Return the KPIs, each once, with the dimensions that each can be cut by. Raises KpiError."""
    kpis: dict[tuple[str, str], LiveKpi] = {}
    for ref in refs:
        key = workspace.definitions.named(ref)
        definition = workspace.definitions.get(*key)
        taken = {kpi.key for kpi in kpis.values()}
        kpis.setdefault(key, _live_kpi(workspace, definition, by, where, taken))
    return tuple(kpis.values())


def _live_kpi(
    workspace: Workspace, definition: Definition, by: tuple[str, ...], where: Cuts, taken: set[str]
) -> LiveKpi:
    cut = tuple(name for name, _ in where)
    needs = tuple(dimension for dimension in definition.spec.needs_cut if dimension not in cut)
    dimensions = tuple(dimension for dimension in by if _can_be_cut(workspace, definition, {*cut, *needs, dimension}))
    if not set(needs) <= set(by):
        _check(workspace, definition, cut)
    _check(workspace, definition, {*cut, *needs})
    return LiveKpi(definition, dimensions, needs, unique(definition.place.replace(".", "_"), taken))


def _can_be_cut(workspace: Workspace, definition: Definition, by: set[str]) -> bool:
    try:
        _check(workspace, definition, by)
    except KpiError:
        return False
    return True


def _check(workspace: Workspace, definition: Definition, by: Sequence[str] | set[str]) -> None:
    """Refuse cuts that the KPI cannot have, whatever the period."""
    grains = definition.spec.grains
    # Any period of its grain will do: what it can be cut by does not depend on the period.
    period = workspace.period("2025-01")
    if grains:
        from kpicore import Grain

        period = workspace.calendar.containing(Grain(grains[0]), period.start)
    workspace.engine.check(Question(definition.metric.id, definition.variant, period), sorted(by))


def unique(name: str, taken: set[str]) -> str:
    """Return the name, with a number behind it where it is taken already."""
    number, candidate = 2, name
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
