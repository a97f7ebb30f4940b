"""A warehouse of the layout before this one, in which rows had no source: all that was loaded shares its ids.

So it was, and references went by that. What is loaded of those sources from now on goes on as theirs; another one has
ids of its own. Which stream a row came from is not known: it is the one that gives it next.
"""

from __future__ import annotations

import duckdb

from kpicore.ingest.raw.change_log import first_load
from kpicore.ingest.raw.origins import BROUGHT, FILES, FILES_NAME, SOURCE, owner, prepare_hidden
from kpicore.ingest.raw.raw_tables import raw_columns
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted
from kpicore.warehouse.duckdb.layout import FORMAT

_STREAM = ("stream VARCHAR",)
_ADDED = {
    "load": (*_STREAM, "place VARCHAR", "loaded_at TIMESTAMP"),
    "quarantine": (*_STREAM, "record VARCHAR", "field VARCHAR"),
    "read_in": _STREAM,
    "told": _STREAM,
    "told_before": _STREAM,
}


def carry_sources(connection: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """Give the rows of an earlier layout their source, once."""
    ((number,),) = connection.execute("SELECT number FROM book.format").fetchall()
    if number >= FORMAT:
        return
    connection.begin()
    for table, added in _ADDED.items():
        for column in added:
            # a table that the layout before did not have is there as this one makes it
            connection.execute(f"ALTER TABLE book.{table} ADD COLUMN IF NOT EXISTS {column}")
    connection.execute("UPDATE book.load SET stream = '', place = source")
    connection.execute("UPDATE book.quarantine SET stream = '', record = '', field = ''")
    connection.execute("INSERT INTO book.source VALUES (?, ?)", [FILES, FILES_NAME])
    connection.execute(
        "INSERT INTO book.source SELECT ?, source FROM book.load GROUP BY source"
        " HAVING source <> ? AND source NOT IN (SELECT unnest(?::VARCHAR[])) ORDER BY min(number), source",
        [FILES, FILES_NAME, list(registry.workspace_files)],
    )
    for schema in ("raw", "past"):
        for entity, columns in raw_columns(connection, schema).items():
            _give_source(connection, registry, schema, entity, columns)
    connection.execute("UPDATE book.format SET number = ?", [FORMAT])
    connection.commit()


def _give_source(
    connection: duckdb.DuckDBPyConnection, registry: Registry, schema: str, entity: str, columns: frozenset[str]
) -> None:
    table = f"{schema}.{quoted(entity)}"
    prepare_hidden(connection, table, columns)
    known = registry.entities.get(entity)
    source = owner(known, FILES) if known is not None else FILES
    first = first_load(connection, entity) or 1
    connection.execute(f"UPDATE {table} SET {SOURCE} = {source}, {BROUGHT} = coalesce({BROUGHT}, {int(first)})")
    if schema == "raw":
        # by no load that there was: which one gave how many is not known
        counted = f"SELECT 0, ?, '', ?, count(*), 0, 0, 0, 0, FALSE FROM {table}"
        connection.execute(f"INSERT INTO book.load_rows {counted}", [FILES_NAME, entity])
