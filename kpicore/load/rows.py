"""The rows an entity is made from: those that sources gave, and those that others refer to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from kpicore.entities import Entity, RollUp
from kpicore.load.columns import given_fields, listed, quoted
from kpicore.load.merge import exists, raw_table
from kpicore.registry import Registry


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of an entity stand (`table`), how many others refer to but nobody gave (`implied`)."""

    entity: Entity
    table: str
    implied: int


def rows_of(connection: duckdb.DuckDBPyConnection, registry: Registry, entity: Entity) -> Rows | None:
    """Return the rows to make the entity from, None when there is nothing of it.

    A row that others refer to and no source gave has its id and nothing else, so that files with
    bare names work. Only entities that name a dimension get such rows, and those whose main date
    comes from the rows that refer to them: an order from its lines.
    """
    given = exists(connection, "raw", entity.name)
    if not is_implied(registry, entity):
        return Rows(entity, raw_table(entity.name), 0) if given else None
    referring = list(_referring(connection, registry, entity.name))
    if not referring:
        return Rows(entity, raw_table(entity.name), 0) if given else None
    ids = " UNION ".join(
        f"SELECT {quoted(field)} AS id FROM {raw_table(name)} WHERE {quoted(field)} IS NOT NULL"
        for name, field in referring
    )
    missing = (
        f" WHERE NOT EXISTS (SELECT 1 FROM {raw_table(entity.name)} AS given WHERE given.id = ids.id)" if given else ""
    )
    table = f"temp.main.{quoted('implied_' + entity.name)}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT id FROM ({ids}) AS ids{missing}")
    ((implied,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    if not implied:
        return Rows(entity, raw_table(entity.name), 0) if given else None
    if not given:
        _empty_raw(connection, entity)
    return Rows(entity, _with_implied(connection, entity, table), implied)


def is_implied(registry: Registry, entity: Entity) -> bool:
    """Return whether rows of the entity arise from ids that others hold."""
    if entity.made or entity.key != ("id",):
        return False
    if any(each.entity == entity.name for each in registry.dimensions.values()):
        return True
    moment = entity.main_date.removesuffix("_on") + "_at"
    main = entity.field(moment) or entity.field(entity.main_date)
    return main is not None and any(isinstance(how, RollUp) for how in main.how)


def _referring(connection: duckdb.DuckDBPyConnection, registry: Registry, target: str) -> Iterator[tuple[str, str]]:
    for entity in registry.entities.values():
        if entity.made or not exists(connection, "raw", entity.name):
            continue
        for field in given_fields(entity):
            if field.refers_to == target:
                yield entity.name, field.name


def _empty_raw(connection: duckdb.DuckDBPyConnection, entity: Entity) -> None:
    from kpicore.load.merge import prepare_raw

    prepare_raw(connection, entity)


def _with_implied(connection: duckdb.DuckDBPyConnection, entity: Entity, implied: str) -> str:
    columns = listed(each.name for each in given_fields(entity))
    view = f"temp.main.{quoted('rows_' + entity.name)}"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT {columns} FROM {raw_table(entity.name)}"
        f" UNION ALL BY NAME SELECT id FROM {implied}"
    )
    return view
