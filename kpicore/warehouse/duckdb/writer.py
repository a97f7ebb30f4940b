"""Writing a warehouse: always a copy, published whole by one rename, so readers never see half of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kpicore.warehouse.duckdb.layout import FORMAT, TABLES
from kpicore.warehouse.duckdb.lock import only_writer
from kpicore.warehouse.duckdb.problems import newer, told

WRITE_MEMORY = "3GB"


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection to a copy of the warehouse; publish the copy when the block ends well.

    After an error, or when the process is killed, the warehouse is as it was. Raises
    WarehouseError: another load is running, damaged, made by a newer version, disk full.
    """
    copy = path.with_name(path.name + ".next")
    with told(path), only_writer(path):
        _discard(copy)
        try:
            if path.exists():
                _refuse_open_elsewhere(path)
                shutil.copyfile(path, copy)
            connection = _connection(path, copy)
            try:
                yield connection
                connection.execute("CHECKPOINT")
            finally:
                connection.close()
            os.replace(copy, path)
        except BaseException:
            _discard(copy)
            raise


def _refuse_open_elsewhere(path: Path) -> None:
    """Raise what DuckDB says when another program writes the file, whose copy could be half of its work."""
    with duckdb.connect(":memory:") as connection:
        name = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{name}' AS warehouse (READ_ONLY)")


def _connection(path: Path, copy: Path) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": WRITE_MEMORY,
        "temp_directory": tempfile.gettempdir(),
    }
    connection = duckdb.connect(str(copy), config=settings)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.begin()  # one commit, so one wait for the disk
        for statement in TABLES:
            connection.execute(statement)
        found = connection.execute("SELECT number FROM book.format").fetchall()
        if not found:
            connection.execute("INSERT INTO book.format VALUES (?)", [FORMAT])
        elif found[0][0] > FORMAT:
            raise newer(path, found[0][0], FORMAT)
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _discard(copy: Path) -> None:
    """Remove what a killed load left behind."""
    for each in (copy, copy.with_name(copy.name + ".wal")):
        each.unlink(missing_ok=True)
