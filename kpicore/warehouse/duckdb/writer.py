"""Writing a warehouse: always a copy, published whole by one rename, so readers never see half of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kpicore.text.sql_text import literal
from kpicore.utils.file_locks import locked
from kpicore.warehouse.duckdb.layout import FORMAT, TABLES, spill_folder
from kpicore.warehouse.duckdb.problems import busy, clear_errors, newer

WRITE_MEMORY = "3GB"


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection to a copy of the warehouse; publish the copy when the block ends well.

    After an error, or when the process is killed, the warehouse is as it was. Raises
    WarehouseError: another load is running, damaged, made by a newer version, disk full.
    """
    copy = path.with_name(path.name + ".next")
    with clear_errors(path), only_writer(path):
        _discard(copy)  # only now: before the lock it may be one that another load is writing
        try:
            if path.exists():
                # DuckDB locks a file that it writes: to attach it fails as long as somebody does
                _refuse_open_elsewhere(path)
                shutil.copyfile(path, copy)
            connection = _connection(path, copy)
            try:
                yield connection
                connection.execute("CHECKPOINT")  # else what was committed stands in the log beside the copy
            finally:
                connection.close()
            os.replace(copy, path)
        except BaseException:
            _discard(copy)
            raise


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold the right to write the warehouse at `path`. Raises WarehouseError while another holds it."""
    with locked(path) as is_ours:
        if not is_ours:
            raise busy(path)
        yield


def _refuse_open_elsewhere(path: Path) -> None:
    """Raise what DuckDB says when another program writes the file, whose copy could be half of its work."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH {literal(str(path))} AS warehouse (READ_ONLY)")


def _connection(path: Path, copy: Path) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": WRITE_MEMORY,
        "temp_directory": spill_folder(),
    }
    connection = duckdb.connect(str(copy), config=settings)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.begin()  # one commit, so one wait for the disk
        for statement in TABLES:
            connection.execute(statement)
        formats = connection.execute("SELECT number FROM book.format").fetchall()
        if not formats:
            connection.execute("INSERT INTO book.format VALUES (?)", [FORMAT])
        elif formats[0][0] > FORMAT:
            raise newer(path, formats[0][0], FORMAT)
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _discard(copy: Path) -> None:
    """Remove what a killed load left behind."""
    for path in (copy, copy.with_name(copy.name + ".wal")):
        path.unlink(missing_ok=True)
