"""The values that dimensions can be cut by, each with a text that is its own."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from kpicore.load.columns import quoted
from kpicore.load.rows import Rows
from kpicore.registry import Registry


def name_members(connection: duckdb.DuckDBPyConnection, registry: Registry, rows: Iterable[Rows]) -> None:
    """Write the members of every dimension that an entity's rows name.

    The value is the current label; namesakes get their id behind it, "Ann Lee [u17]", so that each
    text stands for one id. A row without a label is named by its id.
    """
    found = {each.entity.name: each for each in rows}
    connection.execute("DELETE FROM book.member")
    for dimension in registry.dimensions.values():
        if dimension.entity not in found:
            continue
        named = found[dimension.entity]
        label = quoted(named.entity.label or "id")
        connection.execute(
            "INSERT INTO book.member SELECT ?,"
            " CASE WHEN count(*) OVER (PARTITION BY lower(trim(label))) > 1"
            " THEN label || ' [' || id || ']' ELSE label END,"
            f" id, label FROM (SELECT id, coalesce({label}, id) AS label FROM {named.table})",
            [dimension.name],
        )


def list_texts(connection: duckdb.DuckDBPyConnection, registry: Registry, entities: Iterable[str]) -> None:
    """Write the members of the plain text dimensions: every text that stands in a made table."""
    names = tuple(entities)
    for dimension in registry.dimensions.values():
        if dimension.entity:
            continue
        holders = [each for each in names if dimension.name in registry.dimensions_of(each)]
        if not holders:
            continue
        column = quoted(dimension.name)
        texts = " UNION ".join(f"SELECT DISTINCT {column} AS value FROM kpi.{quoted(each)}" for each in holders)
        connection.execute(
            f"INSERT INTO book.member SELECT ?, value, value, value FROM ({texts}) WHERE value IS NOT NULL",
            [dimension.name],
        )
