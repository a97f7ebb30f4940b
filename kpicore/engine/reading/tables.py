"""The table that a scan reads: an entity as it is, or as it was on an earlier day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kpicore.engine.goal_rows import GoalRows
from kpicore.engine.reading.sql import quoted
from kpicore.engine.target_rows import ENTITY as TARGET
from kpicore.entities import Entity, Type, day_name
from kpicore.registry import Registry

_CREATED = "created_on"
_SQL_TYPES = {Type.MONEY: "DECIMAL(18, 4)", Type.NUMBER: "DECIMAL(18, 6)", Type.INTEGER: "BIGINT", Type.DATE: "DATE"}


@dataclass(frozen=True, slots=True)
class Context:
    """What every statement needs to know of the workspace; `goals` as soon as targets are read.

    `today` is the day of the data.
    """

    settings: Mapping[str, object]
    registry: Registry
    timezone: str = "UTC"
    today: date | None = None
    goals: GoalRows | None = None


def table(name: str, as_of: date | None, context: Context, bind: Callable[[object], str]) -> str:
    """Return the SQL of an entity's rows as `e`.

    With `as_of`, tracked fields have the value that the change log tells for the close of that day:
    the old value of the first change after it, else today's; rows created later are not there yet.
    """
    if name == TARGET and context.goals is not None:
        return context.goals.sql(context.registry, bind)
    entity = context.registry.entity(name)
    if as_of is None or not is_tracked(entity):
        return f"kpi.{quoted(name)} AS e"
    logged, key = _logged(entity)
    tracked = [each.name for each in entity.fields if each.tracked]
    olds = ", ".join(
        f"count(*) FILTER (WHERE field = '{each}') AS n{at}, "
        f"first(old ORDER BY time) FILTER (WHERE field = '{each}') AS v{at}"
        for at, each in enumerate(tracked)
    )
    # a day is not a text of the user: it prints as digits
    close = _close(as_of, context.timezone).isoformat(" ")
    log = f"(SELECT id, {olds} FROM book.change WHERE entity = '{logged}' AND time >= TIMESTAMP '{close}' GROUP BY id)"
    replaced = ", ".join(_replaced(entity, tracked, context.registry))
    there = f" WHERE x.{_CREATED} IS NULL OR x.{_CREATED} <= DATE '{as_of}'" if entity.field(_CREATED) else ""
    rows = f"kpi.{quoted(name)} AS x LEFT JOIN {log} AS c ON c.id = x.{quoted(key)}{there}"
    return f"(SELECT x.* REPLACE ({replaced}) FROM {rows}) AS e"


def _close(day: date, timezone: str) -> datetime:
    """Return the instant at which the next day begins, in UTC and without a zone as in the warehouse."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone))
    return midnight.astimezone(UTC).replace(tzinfo=None)


def in_order(name: str, when: str, context: Context) -> str:
    """Return the SQL by which rows of a day stand in order: by the moment behind the day, then by key."""
    entity = context.registry.entity(name)
    moments = [each.name for each in entity.fields if each.type is Type.MOMENT and day_name(each.name) == when]
    parts = [*moments, when, *entity.key]
    return "struct_pack(" + ", ".join(f"o{at} := e.{quoted(each)}" for at, each in enumerate(parts)) + ")"


def is_tracked(entity: Entity) -> bool:
    """Whether the change log tells how rows of the entity were on an earlier day."""
    return bool(_logged(entity)[0]) and any(each.tracked for each in entity.fields)


def _logged(entity: Entity) -> tuple[str, str]:
    """Return the entity that the log tells of and the field with its id: a made row's fields are those of its deal."""
    if not entity.made:
        return (entity.name, entity.key[0]) if len(entity.key) == 1 else ("", "")
    first = entity.field(entity.key[0])
    return (first.refers_to, first.name) if first is not None else ("", "")


def _replaced(entity: Entity, tracked: list[str], registry: Registry) -> Iterator[str]:
    keys = {registry.key_of(entity.name, each): each for each in registry.dimensions_of(entity.name)}
    for at, name in enumerate(tracked):
        field = entity.field(name)
        kind = _SQL_TYPES.get(field.type, "VARCHAR") if field else "VARCHAR"
        column = quoted(name)
        yield f"CASE WHEN c.n{at} > 0 THEN CAST(c.v{at} AS {kind}) ELSE x.{column} END AS {column}"
        if name in keys:
            dimension = keys[name]
            member = f"(SELECT any_value(value) FROM book.member WHERE dimension = '{dimension}' AND id = c.v{at})"
            yield f"CASE WHEN c.n{at} > 0 THEN {member} ELSE x.{quoted(dimension)} END AS {quoted(dimension)}"
