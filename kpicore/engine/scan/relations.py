"""The rows that a scan reads, and the order in which they, and the members of a dimension, stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kpicore.engine.scan.fragments import Binder
from kpicore.engine.scan.ports import Relation
from kpicore.model.schema import Dimension, Type, day_name
from kpicore.registry.registry import Registry
from kpicore.warehouse import Warehouse

_POSITION = "position"


@dataclass(frozen=True, slots=True)
class ScanContext:
    """What every statement needs to know of the workspace; `relations` are the entities whose rows are given.

    `today` is the day of the data; by the day `over_by` all is over that says so, None where that is not known.
    """

    warehouse: Warehouse
    settings: Mapping[str, object]
    registry: Registry
    timezone: str = "UTC"
    today: date | None = None
    over_by: date | None = None
    relations: Mapping[str, Relation] = field(default_factory=dict)


def table(name: str, context: ScanContext, bind: Binder) -> str:
    """Return the SQL of an entity's rows as `e`."""
    if name in context.relations:
        return context.relations[name].sql(context.registry, bind)
    return f"{bind.relation(name)} AS e"


def rows_in_order(name: str, when: str, context: ScanContext, bind: Binder) -> list[str]:
    """Return the columns by which rows of a day stand in order: by the moment behind the day, then by key."""
    entity = context.registry.entity(name)
    moments = [field.name for field in entity.fields if field.type is Type.MOMENT and day_name(field.name) == when]
    return [f"e.{bind.quote(column)}" for column in (*moments, when, *entity.key)]


def values_in_order(dimension: Dimension, registry: Registry, warehouse: Warehouse) -> tuple[str, ...]:
    """Return the members by the position of their rows, where they have one; those without, and all else, by name."""
    members = warehouse.members(dimension.name)
    loaded = warehouse.state.entities.get(dimension.entity)
    if loaded is not None and registry.entity(dimension.entity).field(_POSITION) is not None:
        bind = Binder(warehouse)
        position = bind.quote(_POSITION)
        sql = f"SELECT id, {position} FROM {bind.relation(dimension.entity)} WHERE {position} IS NOT NULL"
        positions = dict(warehouse.query(sql))
        # those without a position stay as they were among themselves: by name
        members = tuple(sorted(members, key=lambda member: positions.get(member.id, float("inf"))))
    return tuple(dict.fromkeys(member.value for member in members))
