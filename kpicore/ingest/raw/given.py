"""Which rows of a stream were given in this load: those that it brought, and those that were there before."""

from __future__ import annotations

import duckdb

from kpicore.ingest.raw.change_log import raw_columns_of
from kpicore.ingest.raw.origins import BROUGHT, STREAM
from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.ingest.raw.run import Run
from kpicore.model.schema import Entity
from kpicore.text.sql_text import listed, literal, quoted

_TURN = "_turn"
"""The column with the run of the load that gave a row: several files of one mapping are several runs of a stream."""


def keep_given_rows(run: Run, entity: Entity, stream: int, rows: str) -> None:
    """Remember the keys of rows that were given in this run and may have been there before; `rows` is their table."""
    key, table = listed(merge_key(entity)), _table(stream)
    run.connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} AS SELECT {key}, 0 AS {_TURN} FROM {rows} LIMIT 0")
    run.connection.execute(f"INSERT INTO {table} SELECT {key}, {int(run.turn)} FROM {rows}")


def forget_given_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget which rows were given: another load begins on the same connection."""
    sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp' AND starts_with(table_name, 'given_')"
    for (name,) in connection.execute(sql).fetchall():
        connection.execute(f"DROP TABLE temp.main.{quoted(name)}")


def given_now(run: Run, entity: Entity, stream: int) -> str:
    """Return SQL that tells whether a row of a stream was given in this load."""
    return f"NOT ({not_given(run, entity, stream)})"


def not_given(run: Run, entity: Entity, *streams: int) -> str:
    """Return SQL that tells whether a row was there before this load and none of these streams gave it in it."""
    tables = [_table(stream) for stream in streams if _is_there(run.connection, stream)]
    among = [f"NOT {_is_among(entity, table)}" for table in tables]
    return " AND ".join([f"kept.{BROUGHT} <> {run.number}", *among])


def given_again(run: Run, entity: Entity, stream: int) -> str:
    """Return SQL that tells whether this run has given a row that may have been there before."""
    if not _is_there(run.connection, stream):
        return "FALSE"
    return _is_among(entity, _table(stream), run.turn)


def gave_all(run: Run, entity: Entity, stream: int) -> bool:
    """Return whether a stream gave in this run all rows that it has."""
    if raw_columns_of(run.connection, entity.name) is None:
        return True
    sql = f"SELECT 1 FROM {raw_table(entity.name)} AS kept WHERE kept.{STREAM} = {stream}"
    return not run.connection.execute(f"{sql} AND {not_given(run, entity, stream)} LIMIT 1").fetchall()


def gave_any(run: Run, entity: Entity, stream: int) -> bool:
    """Return whether a stream gave any row in this load."""
    sql = f"SELECT 1 FROM {raw_table(entity.name)} AS kept WHERE kept.{STREAM} = {stream}"
    return bool(run.connection.execute(f"{sql} AND {given_now(run, entity, stream)} LIMIT 1").fetchall())


def keys_of_run(run: Run, entity: Entity, stream: int) -> str:
    """Return SQL of the keys of the rows that this run has given so far, and that may have been there before."""
    key = quoted(merge_key(entity)[0])
    if not _is_there(run.connection, stream):
        return f"SELECT {key} FROM {raw_table(entity.name)} LIMIT 0"
    return f"SELECT {key} FROM {_table(stream)} WHERE {_TURN} = {int(run.turn)}"


def _table(stream: int) -> str:
    return f"temp.main.given_{int(stream)}"


def _is_there(connection: duckdb.DuckDBPyConnection, stream: int) -> bool:
    name = _table(stream).rpartition(".")[2]
    sql = f"SELECT 1 FROM duckdb_tables() WHERE database_name = 'temp' AND table_name = {literal(name)}"
    return bool(connection.execute(sql).fetchall())


def _is_among(entity: Entity, table: str, turn: int | None = None) -> str:
    # not "=": a part of a key of several columns may be empty, and is then equal to an empty one
    equal = "IS NOT DISTINCT FROM" if len(merge_key(entity)) > 1 else "="
    same = " AND ".join(f"given.{quoted(column)} {equal} kept.{quoted(column)}" for column in merge_key(entity))
    of_turn = "" if turn is None else f" AND given.{_TURN} = {int(turn)}"
    return f"EXISTS (SELECT 1 FROM {table} AS given WHERE {same}{of_turn})"
