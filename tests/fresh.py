"""Engines that have read nothing, over the data of a workspace."""

from __future__ import annotations

from kpicore import Engine, Workspace
from kpicore.engine.plan.cube_store import CubeStore
from kpicore.engine.plan.filters import MemberNames


def fresh(of: Workspace, store: CubeStore | None = None) -> Engine:
    """Return an engine that has read nothing; it keeps nothing but in the store."""
    members = MemberNames(of.warehouse, of.registry.codes_of_dimensions())
    targets = of.targets.over(of.warehouse, members)
    asked = of.registry, of.definitions, of.warehouse, of.calendar, members, targets
    return Engine(*asked, store, of.config.working())
