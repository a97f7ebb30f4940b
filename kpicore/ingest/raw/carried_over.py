"""A warehouse of the layout of long ago: its log of changed fields becomes earlier versions of raw rows.

That log held values as the load had made them, of some fields. What the raw row says now, and was logged as it says
it, was given before too, so the row as it was can be written down. What was filled or converted cannot be told
from it: it is dropped, and answers as of days before say that only a part of the past is known.
"""

from __future__ import annotations

import duckdb

from kpicore.ingest.raw.change_log import UNTIL, past_table
from kpicore.ingest.raw.origins import BROUGHT
from kpicore.ingest.raw.raw_tables import raw_columns
from kpicore.text.sql_text import literal, quoted

_OLD = ("change", "seen", "raw")

_NUMBER = 2
"""The number of the layout that it becomes; `carried_sources` goes on from there."""


def carry_over(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn what an earlier layout knew of the past into this one's, once."""
    there = _tables(connection)
    if "seen" not in there:
        return
    connection.begin()
    connection.execute("INSERT INTO book.carried SELECT max(number) FROM book.load")
    for entity, columns in raw_columns(connection).items():
        _carry(connection, entity, columns)
    connection.execute(
        "INSERT INTO book.redefined SELECT '.currency', 'currency was ' || before || ' and is ' || code, time"
        " FROM book.currency WHERE before IS NOT NULL"
    )
    for table in _OLD:
        connection.execute(f"DROP TABLE IF EXISTS book.{table}")
    # Last, in the same transaction: who finds this number finds no table of the old layout.
    connection.execute("UPDATE book.format SET number = ?", [_NUMBER])
    connection.commit()


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'book'"
    return {name for (name,) in connection.execute(sql).fetchall()}


def _carry(connection: duckdb.DuckDBPyConnection, entity: str, columns: frozenset[str]) -> None:
    name = literal(entity)
    seen = f"SELECT min(time) FROM book.seen WHERE entity = {name} AND id = ''"
    ((first,),) = connection.execute(
        # by the time at which the entity was first seen, else the first load of all, else 1 where none was written down
        f"SELECT coalesce((SELECT min(number) FROM book.load WHERE time = ({seen})), min(number), 1) FROM book.load"
    ).fetchall()
    logged = _as_given(connection, entity, columns)
    if logged:
        _write_versions(connection, entity, sorted(columns), logged)
    if "id" in columns and connection.execute(seen).fetchall()[0][0] is not None:
        _write_loads(connection, entity, columns, int(first))
    for column in sorted(columns):
        connection.execute("INSERT INTO book.raw_column VALUES (?, ?, ?)", [entity, column, first])
    _write_counts(connection, entity, int(first), bool(logged))


def _as_given(connection: duckdb.DuckDBPyConnection, entity: str, columns: frozenset[str]) -> list[str]:
    """Return the logged fields that sources give; which rows hold them as logged, `_write_versions` looks."""
    if "id" not in columns:
        return []
    sql = "SELECT DISTINCT field FROM book.change WHERE entity = ? ORDER BY field"
    fields = (field for (field,) in connection.execute(sql, [entity]).fetchall())
    return [field for field in fields if field in columns]


def _write_versions(connection: duckdb.DuckDBPyConnection, entity: str, columns: list[str], fields: list[str]) -> None:
    """Write one version of a row for each load that changed any of the fields as they were given."""
    raw, past = f"raw.{quoted(entity)}", past_table(entity)
    as_given = " OR ".join(
        f"(c.field = {literal(field)} AND CAST(now.{quoted(field)} AS VARCHAR) = c.latest)" for field in fields
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE logged AS SELECT c.id, c.field, c.old, c.time,"
        " (SELECT min(number) FROM book.load WHERE load.time = c.time) AS number"
        " FROM (SELECT *, last_value(new) OVER (PARTITION BY id, field ORDER BY time"
        f" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS latest FROM book.change"
        f" WHERE entity = {literal(entity)}) AS c JOIN {raw} AS now ON now.id = c.id WHERE {as_given}"
    )
    connection.execute("DELETE FROM logged WHERE number IS NULL")
    # of each field the value that was logged first at this turn or after it is what stood before; where nothing was
    # logged after the turn the field has not changed since, and is as it is now (`_old`)
    olds = "".join(
        f" LEFT JOIN (SELECT turn.id, turn.number, arg_min_null(logged.old, logged.number) AS old, TRUE AS known"
        f" FROM turn JOIN logged ON logged.id = turn.id AND logged.number >= turn.number"
        f" AND logged.field = {literal(field)} GROUP BY ALL) AS old_{at}"
        f" ON old_{at}.id = turn.id AND old_{at}.number = turn.number"
        for at, field in enumerate(fields)
    )
    kept = ", ".join(
        _old(connection, entity, column, f"old_{fields.index(column)}") if column in fields else f"now.{quoted(column)}"
        for column in columns
    )
    connection.execute(
        f"CREATE TABLE {past} AS WITH turn AS (SELECT DISTINCT id, number FROM logged)"
        f" SELECT {kept}, turn.number AS {UNTIL} FROM turn JOIN {raw} AS now ON now.id = turn.id{olds}"
    )
    connection.execute("DROP TABLE logged")


def _old(connection: duckdb.DuckDBPyConnection, entity: str, column: str, old: str) -> str:
    sql = f"SELECT column_type FROM (DESCRIBE raw.{quoted(entity)}) WHERE column_name = ?"
    ((type_,),) = connection.execute(sql, [column]).fetchall()
    name = quoted(column)
    return f"CASE WHEN {old}.known THEN CAST({old}.old AS {type_}) ELSE now.{name} END AS {name}"


def _write_loads(connection: duckdb.DuckDBPyConnection, entity: str, columns: frozenset[str], first: int) -> None:
    """Write which load brought rows after the first one: it was noted, or the first since the row was created."""
    raw, name = f"raw.{quoted(entity)}", literal(entity)
    connection.execute(f"ALTER TABLE {raw} ADD COLUMN {BROUGHT} BIGINT")
    # of a row that was not noted as new its `created_at` tells; what the first load brought has no number
    noted = f"SELECT min(time) FROM book.seen WHERE entity = {name} AND seen.id = kept.id"
    since = f"coalesce(({noted}), kept.created_at)" if "created_at" in columns else f"({noted})"
    connection.execute(
        f"UPDATE {raw} SET {BROUGHT} = found.number FROM (SELECT id, min(number) AS number FROM"
        f" (SELECT kept.id, {since} AS since FROM {raw} AS kept) JOIN book.load ON load.time >= since"
        f" GROUP BY id) AS found WHERE found.id = {raw}.id AND found.number > {first}"
    )
    past = past_table(entity)
    if connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database()"
        " AND schema_name = 'past' AND table_name = ?",
        [entity],
    ).fetchall():
        connection.execute(f"ALTER TABLE {past} ADD COLUMN {BROUGHT} BIGINT")
        connection.execute(f"UPDATE {past} SET {BROUGHT} = now.{BROUGHT} FROM {raw} AS now WHERE now.id = {past}.id")


def _write_counts(connection: duckdb.DuckDBPyConnection, entity: str, first: int, versions: bool) -> None:
    """Write the loads that changed the entity's raw rows."""
    loads = [f"SELECT {first} AS load"]
    if BROUGHT in raw_columns(connection)[entity]:
        loads.append(f"SELECT {BROUGHT} FROM raw.{quoted(entity)}")
    if versions:
        loads.append(f"SELECT {UNTIL} FROM {past_table(entity)}")
    connection.execute(
        "INSERT INTO book.raw_version SELECT ?, row_number() OVER (ORDER BY load), load"
        f" FROM ({' UNION '.join(loads)}) WHERE load IS NOT NULL",
        [entity],
    )
