"""Columns that may not be read: views over the warehouse in which reading one of them fails, whoever writes the SQL.

A view that fails costs nothing to make, and a statement that does not read such a column runs as ever.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from kpicore.text.sql_text import literal, quoted
from kpicore.warehouse.duckdb.problems import OUTDATED

_RELATIONS = (
    "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'warehouse' AND NOT internal"
    " UNION ALL SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'warehouse'"
)


def lay_out_refusals(connection: duckdb.DuckDBPyConnection, refused: Mapping[tuple[str, str], str]) -> None:
    """Make a view in memory for all that stands in the warehouse; (entity, "") refuses the entity's rows at all."""
    for schema, name in connection.execute(_RELATIONS).fetchall():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS memory.{quoted(schema)}")
        relation = f"warehouse.{quoted(schema)}.{quoted(name)}"
        # what stands beside the made tables, such as the book, is shown as it is: only kpi is read by questions
        shown = _shown(connection, relation, name, refused) if schema == "kpi" else f"FROM {relation}"
        connection.execute(f"CREATE OR REPLACE VIEW memory.{quoted(schema)}.{quoted(name)} AS {shown}")


def _shown(
    connection: duckdb.DuckDBPyConnection, relation: str, entity: str, refused: Mapping[tuple[str, str], str]
) -> str:
    mine = {column: why for (owner, column), why in refused.items() if owner == entity}
    types = {name: type_ for name, type_, *_ in connection.execute(f"DESCRIBE {relation}").fetchall()}
    if "" in mine:
        # one row, so that it fails also where the entity has none
        empty = ", ".join(f"CAST(NULL AS {type_}) AS {quoted(name)}" for name, type_ in types.items())
        return f"SELECT {empty} FROM (SELECT 1) WHERE CAST({_failing(mine[''])} AS BOOLEAN)"
    columns = ", ".join(
        f"CAST({_failing(mine[name])} AS {type_}) AS {quoted(name)}" if name in mine else quoted(name)
        for name, type_ in types.items()
    )
    # columns of today's definitions that the tables do not have yet: they fail with the reason, not as unknown
    new = "".join(f", {_failing(why)} AS {quoted(name)}" for name, why in mine.items() if name not in types)
    return f"SELECT {columns}{new} FROM {relation}"


def _failing(why: str) -> str:
    return f"error({literal(OUTDATED + why)})"
