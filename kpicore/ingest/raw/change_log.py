"""Raw rows as they were: a row that a load changes or takes out is kept whole in the schema `past`, with that load.

A row knows the load that brought it. So the rows as of a load are those that it or an earlier one brought, each in the
version that was changed first after it, else as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import duckdb

from kpicore.ingest.raw.origins import BROUGHT, SOURCE
from kpicore.ingest.raw.run import Run
from kpicore.text.sql_text import listed, quoted

UNTIL = "_until"
"""The column of earlier versions with the load that changed them."""


def past_table(entity: str) -> str:
    """Return the name of the table with the earlier versions of an entity's raw rows."""
    return f"past.{quoted(entity)}"


def past_columns(connection: duckdb.DuckDBPyConnection, entity: str) -> set[str]:
    """Return the columns of the table with the earlier versions of an entity, none where there are no versions."""
    sql = (
        "SELECT column_name FROM duckdb_columns()"
        " WHERE database_name = current_database() AND schema_name = 'past' AND table_name = ?"
    )
    return {name for (name,) in connection.execute(sql, [entity]).fetchall()}


def raw_columns_of(connection: duckdb.DuckDBPyConnection, entity: str) -> frozenset[str] | None:
    """Return the columns of an entity's raw table, None where there is none."""
    sql = "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'raw'"
    if not connection.execute(f"{sql} AND table_name = ?", [entity]).fetchall():
        return None
    # duckdb_columns() would list those of all tables for it
    described = connection.execute(f"SELECT * FROM raw.{quoted(entity)} LIMIT 0").description
    return frozenset(name for name, *_ in described or ())


def first_load(connection: duckdb.DuckDBPyConnection, entity: str) -> int | None:
    """Return the load that brought the first rows of an entity, None before it."""
    sql = "SELECT min(load) FROM book.raw_version WHERE entity = ?"
    ((number,),) = connection.execute(sql, [entity]).fetchall()
    return None if number is None else int(number)


def count_change(connection: duckdb.DuckDBPyConnection, entity: str, load: int) -> None:
    """Write down that a load has changed the raw rows of an entity."""
    last = "SELECT coalesce(max(version), 0) FROM book.raw_version WHERE entity = ?"
    connection.execute(f"INSERT INTO book.raw_version VALUES (?, ({last}) + 1, ?)", [entity, entity, load])


def note_columns(run: Run, entity: str, new: Iterable[str]) -> None:
    """Write down which columns of an entity this load gives for the first time."""
    if names := sorted(new):
        run.connection.execute("INSERT INTO book.raw_column SELECT ?, unnest(?), ?", [entity, names, run.number])


def keep_versions(run: Run, entity: str, key: Iterable[str], places: str) -> None:
    """Keep the raw rows that are going to change or to go; `places` names a table with their rowid as `_place`.

    What the same load brought, or has changed already, is not kept: no day ended with it.
    """
    first = first_load(run.connection, entity)
    if first is None or first == run.number:
        return
    if not run.connection.execute(f"SELECT 1 FROM {places} LIMIT 1").fetchall():
        return
    columns = sorted(raw_columns_of(run.connection, entity) or ())
    _prepare(run.connection, entity, columns)
    number, past = int(run.number), past_table(entity)
    identity = (SOURCE, *key)
    same = " AND ".join(f"past.{quoted(column)} IS NOT DISTINCT FROM kept.{quoted(column)}" for column in identity)
    run.connection.execute(
        f"INSERT INTO {past} ({listed(columns)}, {UNTIL}) SELECT {listed(columns, 'kept.')}, {number}"
        # by rowid: nothing was deleted from the raw table since `places` was made, so they hold
        f" FROM {places} AS place JOIN raw.{quoted(entity)} AS kept ON kept.rowid = place._place"
        f" WHERE NOT EXISTS (SELECT 1 FROM {past} AS past WHERE past.{UNTIL} = {number} AND {same})"
        # brought by this very load, by another source say: it was never there at the end of a day
        f" AND coalesce(kept.{BROUGHT}, {int(first)}) < {number}"
    )


def take_out(run: Run, entity: str, key: Iterable[str], places: str) -> int:
    """Take rows out of the raw table and keep them as they were; return how many."""
    keep_versions(run, entity, key, places)
    raw = f"raw.{quoted(entity)}"
    ((rows,),) = run.connection.execute(f"DELETE FROM {raw} WHERE rowid IN (SELECT _place FROM {places})").fetchall()
    return int(rows)


def _prepare(connection: duckdb.DuckDBPyConnection, entity: str, columns: Collection[str]) -> None:
    """Make the table of earlier versions, or add the columns that it lacks."""
    there = past_columns(connection, entity)
    if not there:
        connection.execute(
            f"CREATE TABLE {past_table(entity)} AS"
            f" SELECT {listed(columns)}, CAST(NULL AS BIGINT) AS {UNTIL} FROM raw.{quoted(entity)} LIMIT 0"
        )
        return
    sql = f"SELECT column_name, column_type FROM (DESCRIBE raw.{quoted(entity)})"
    for name, type_ in connection.execute(sql).fetchall():
        if name in columns and name not in there:
            connection.execute(f"ALTER TABLE {past_table(entity)} ADD COLUMN {quoted(name)} {type_}")
