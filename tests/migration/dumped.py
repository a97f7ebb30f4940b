"""A warehouse as SQL text, so that one of an earlier version can be read in a diff, and made again from it.

The text in this folder is of a workspace of version 0.1.0 at commit 67788f5, into which `kpi import` loaded seven files
as of 2026-02-28 and two of them, changed, as of 2026-03-31:

    python -m tests.migration.dumped WORKSPACE > tests/migration/warehouse.sql
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

CALENDAR = "kpi.calendar"


def dumped(file: Path) -> Iterator[str]:
    """Give the statements that make all schemas, tables, rows and views of a warehouse again."""
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name, sql FROM duckdb_tables() ORDER BY schema_name, table_name"
        ).fetchall()
        for schema in sorted({schema for schema, _, _ in tables}):
            yield f"CREATE SCHEMA IF NOT EXISTS {schema};"
        for schema, name, sql in tables:
            yield sql
            yield from _days(connection) if f"{schema}.{name}" == CALENDAR else _rows(connection, f'{schema}."{name}"')
        views = "SELECT sql FROM duckdb_views() WHERE NOT internal ORDER BY schema_name, view_name"
        yield from (sql for (sql,) in connection.execute(views).fetchall())


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[str]:
    for row in connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall():
        yield f"INSERT INTO {table} VALUES ({', '.join(map(_literal, row))});"


def _literal(cell: Any) -> str:
    if cell is None:
        return "NULL"
    return str(cell) if isinstance(cell, bool | int) else "'" + str(cell).replace("'", "''") + "'"


def _days(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Give the calendar: rows that are alike but for their day are one line with their number."""
    rows = connection.execute(f"SELECT * FROM {CALENDAR} ORDER BY date").fetchall()
    first, alike = rows[0], 0
    for row in [*rows, None]:
        if row is not None and row[2:] == first[2:]:
            alike += 1
            continue
        values = ", ".join([f"DATE '{first[0]}' + i::INT", f"{first[1]} + i", *map(str, first[2:])])
        yield f"INSERT INTO {CALENDAR} SELECT {values} FROM range({alike}) t(i);"
        if row is not None:
            first, alike = row, 1


def rebuilt(sql: str, file: Path) -> None:
    """Make the warehouse of a dump."""
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"BEGIN; {sql} COMMIT;")


if __name__ == "__main__":
    print("\n".join(dumped(Path(sys.argv[1]) / "warehouse.duckdb")))
