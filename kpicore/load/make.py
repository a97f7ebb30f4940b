"""Made tables from raw ones: what questions read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from kpicore.entities import Entity
from kpicore.load.calendar import make_calendar
from kpicore.load.columns import days, local_day, main_day, quoted
from kpicore.load.members import list_texts, name_members
from kpicore.load.rows import Rows, rows_of
from kpicore.load.state import describe
from kpicore.registry import Registry

if TYPE_CHECKING:
    from kpicore.config import Config

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Making:
    """What the making of all entities shares. `today` is the data day in the organisation's zone."""

    connection: duckdb.DuckDBPyConnection
    config: Config
    registry: Registry
    today: date


def make_all(making: Making, progress: Progress) -> None:
    """Make every entity that has rows, the calendar, the members and the entities' lines in the book."""
    connection, registry = making.connection, making.registry
    given = [each for each in registry.entities.values() if not each.made]
    found = [rows for each in given if (rows := rows_of(connection, registry, each)) is not None]
    name_members(connection, registry, found)
    seen = {}
    for number, rows in enumerate(found):
        progress(f"making {rows.entity.name}", number / len(found))
        make_entity(making, rows)
        seen[rows.entity.name] = describe(connection, registry, rows.entity, ())
    list_texts(connection, registry, seen)
    make_calendar(connection, making.config, seen, making.today)
    progress("making done", 1.0)


def make_entity(making: Making, rows: Rows) -> None:
    """Make one table: the fields, the days of its moments, its dimensions, sorted by its main date."""
    entity = rows.entity
    made = days(entity)
    columns = [
        f"{local_day(_field(made[each.name]), making.config.timezone)} AS {quoted(each.name)}"
        if each.name in made
        else f"{_label(entity, making.registry, each.name)} AS {quoted(each.name)}"
        for each in entity.fields
    ]
    joins = []
    for name in making.registry.dimensions_of(entity.name):
        key = making.registry.key_of(entity.name, name)
        if not key:
            continue
        alias = quoted(f"member of {name}")
        columns.append(f"{alias}.value AS {quoted(name)}")
        joins.append(
            f" LEFT JOIN (SELECT id, value FROM book.member WHERE dimension = '{name}') AS {alias}"
            f" ON {alias}.id = made.{quoted(key)}"
        )
    day = main_day(entity)
    order = f" ORDER BY {quoted(day)}" if day else ""
    making.connection.execute(
        f"CREATE OR REPLACE TABLE kpi.{quoted(entity.name)} AS"
        f" SELECT {', '.join(columns)} FROM {rows.table} AS made{''.join(joins)}{order}"
    )


def _field(name: str) -> str:
    return f"made.{quoted(name)}"


def _label(entity: Entity, registry: Registry, name: str) -> str:
    named = any(each.entity == entity.name for each in registry.dimensions.values())
    return f"coalesce({_field(name)}, made.id)" if named and name == entity.label else _field(name)
