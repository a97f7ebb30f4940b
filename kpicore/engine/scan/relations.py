"""The table that a scan reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kpicore.engine.scan.fragments import Binder
from kpicore.engine.scan.ports import Rows
from kpicore.model.schema import Type, day_name
from kpicore.registry.registry import Registry
from kpicore.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Context:
    """What every statement needs to know of the workspace; `relations` are the entities whose rows are given.

    `today` is the day of the data; by the day `over_by` all is over that says so, None where that is not known.
    """

    warehouse: Warehouse
    settings: Mapping[str, object]
    registry: Registry
    timezone: str = "UTC"
    today: date | None = None
    over_by: date | None = None
    relations: Mapping[str, Rows] = field(default_factory=dict)


def table(name: str, context: Context, bind: Binder) -> str:
    """Return the SQL of an entity's rows as `e`."""
    if name in context.relations:
        return context.relations[name].sql(context.registry, bind)
    return f"{bind.relation(name)} AS e"


def in_order(name: str, when: str, context: Context, bind: Binder) -> list[str]:
    """Return the columns by which rows of a day stand in order: by the moment behind the day, then by key."""
    entity = context.registry.entity(name)
    moments = [each.name for each in entity.fields if each.type is Type.MOMENT and day_name(each.name) == when]
    return [f"e.{bind.quote(each)}" for each in (*moments, when, *entity.key)]
