"""The order in which the members of a dimension stand for people."""

from __future__ import annotations

from kpicore.engine.scan.fragments import Binder
from kpicore.model.schema import Dimension
from kpicore.registry.registry import Registry
from kpicore.warehouse import Warehouse

_POSITION = "position"


def in_order(dimension: Dimension, registry: Registry, warehouse: Warehouse) -> tuple[str, ...]:
    """Return the members by the position of their rows, where they have one; those without, and all else, by name."""
    names = [member.value for member in warehouse.members(dimension.name)]
    loaded = warehouse.state.entities.get(dimension.entity)
    if loaded is None or registry.entity(dimension.entity).field(_POSITION) is None:
        return tuple(dict.fromkeys(names))
    bind = Binder(warehouse)
    position = bind.quote(_POSITION)
    sql = f"SELECT id, {position} FROM {bind.relation(dimension.entity)} WHERE {position} IS NOT NULL"
    positions = dict(warehouse.query(sql))
    members = sorted(warehouse.members(dimension.name), key=lambda each: positions.get(each.id, float("inf")))
    return tuple(dict.fromkeys(member.value for member in members))
