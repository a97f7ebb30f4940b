"""The raw tables: what they are called, what they hold beside the fields, what tells the rows of a source apart."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from kpicore.ingest.raw.origins import HIDDEN
from kpicore.ingest.raw.sql_types import SQL_TYPES, given_fields
from kpicore.model.schema import Entity, Type
from kpicore.text.sql_text import quoted

CONTENT_KEY = "_key"
"""The hidden key of rows that have none of their own: their content, and how often it stood there before."""


def raw_table(entity: str) -> str:
    """Return the name of an entity's raw table."""
    return f"raw.{quoted(entity)}"


def merge_key(entity: Entity) -> tuple[str, ...]:
    """Return the columns of the raw table that tell the rows of a source apart."""
    return entity.key or (CONTENT_KEY,)


def raw_columns(connection: duckdb.DuckDBPyConnection, schema: str = "raw") -> dict[str, frozenset[str]]:
    """Return the raw tables that are there, by entity, with their columns; of "past" the earlier versions."""
    sql = (
        "SELECT table_name, list(column_name) FROM duckdb_columns()"
        " WHERE database_name = current_database() AND schema_name = ? GROUP BY ALL"
    )
    return {name: frozenset(columns) for name, columns in connection.execute(sql, [schema]).fetchall()}


def prepare_raw(
    connection: duckdb.DuckDBPyConnection, entity: Entity, columns: Iterable[str], there: frozenset[str] | None
) -> None:
    """Make the raw table, or add the columns that it lacks; `there` are those it has.

    It has only what was ever given: writing an empty column costs as much as writing a full one.
    """
    if there is None:
        hidden = ", ".join(f"{name} {type_}" for name, type_ in HIDDEN.items())
        connection.execute(f"CREATE TABLE {raw_table(entity.name)} ({column_definitions(entity, columns)}, {hidden})")
        return
    for name, type_ in _types(entity, columns).items():
        if name not in there:
            connection.execute(f"ALTER TABLE {raw_table(entity.name)} ADD COLUMN {quoted(name)} {type_}")


def _types(entity: Entity, columns: Iterable[str]) -> dict[str, str]:
    """Return the SQL types of the key and these columns; the key by content is a text."""
    fields = {field.name: SQL_TYPES[field.type] for field in given_fields(entity)}
    return {name: fields.get(name, SQL_TYPES[Type.TEXT]) for name in (*merge_key(entity), *columns)}


def column_definitions(entity: Entity, columns: Iterable[str]) -> str:
    """Return the columns with their types. A key of one text is not compressed: no text of it comes twice."""
    types = _types(entity, columns)
    if len(merge_key(entity)) == 1:
        (key,) = merge_key(entity)
        types[key] += " USING COMPRESSION uncompressed" if types[key] == SQL_TYPES[Type.TEXT] else ""
    return ", ".join(f"{quoted(name)} {type_}" for name, type_ in types.items())
