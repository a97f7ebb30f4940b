"""The table that a scan reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpicore.engine.goal_rows import GoalRows
from kpicore.engine.reading.sql import Binder
from kpicore.engine.target_rows import ENTITY as TARGET
from kpicore.entities import Type, day_name
from kpicore.registry import Registry
from kpicore.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Context:
    """What every statement needs to know of the workspace; `goals` as soon as targets are read.

    `today` is the day of the data; by the day `over_by` all is over that says so, None where that is not known.
    """

    warehouse: Warehouse
    settings: Mapping[str, object]
    registry: Registry
    timezone: str = "UTC"
    today: date | None = None
    over_by: date | None = None
    goals: GoalRows | None = None


def table(name: str, context: Context, bind: Binder) -> str:
    """Return the SQL of an entity's rows as `e`."""
    if name == TARGET and context.goals is not None:
        return context.goals.sql(context.registry, bind)
    return f"{bind.relation(name)} AS e"


def in_order(name: str, when: str, context: Context, bind: Binder) -> list[str]:
    """Return the columns by which rows of a day stand in order: by the moment behind the day, then by key."""
    entity = context.registry.entity(name)
    moments = [each.name for each in entity.fields if each.type is Type.MOMENT and day_name(each.name) == when]
    return [f"e.{bind.quote(each)}" for each in (*moments, when, *entity.key)]
