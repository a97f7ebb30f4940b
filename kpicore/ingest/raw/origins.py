"""Whose rows are: each raw row knows the number of its source, in which its id is unique, and that of its stream."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from kpicore.model.schema import Entity
from kpicore.text.sql_text import quoted

SOURCE, STREAM, BROUGHT, ROW = "_source", "_stream", "_load", "_row"
"""The hidden columns of raw rows: the numbers of source and stream, the load that brought the row, its row in its file.

A row that an earlier version loaded names no stream.
"""

HIDDEN = {SOURCE: "USMALLINT", STREAM: "USMALLINT", BROUGHT: "BIGINT", ROW: "BIGINT"}
"""The types of the hidden columns."""

COMMON, FILES = 0, 1
"""The numbers of what belongs to no source, as it speaks of rows by their shown ids, and of the files."""

FILES_NAME = "files"


def source_number(
    connection: duckdb.DuckDBPyConnection, name: str, common: Iterable[str] = (), ids_of: str = ""
) -> int:
    """Return the number of a source, which it has from now on; that of `common` ones is COMMON.

    A new one whose ids are those of another source has the number of that one.
    """
    if name in common:
        return COMMON
    known = dict(connection.execute("SELECT name, number FROM book.source").fetchall())
    if FILES_NAME not in known:
        connection.execute("INSERT INTO book.source VALUES (?, ?)", [FILES, FILES_NAME])
        known[FILES_NAME] = FILES
    if name not in known:
        known[name] = source_number(connection, ids_of) if ids_of not in ("", name) else max(known.values()) + 1
        connection.execute("INSERT INTO book.source VALUES (?, ?)", [known[name], name])
    return int(known[name])


def stream_number(connection: duckdb.DuckDBPyConnection, source: int, name: str, entity: str) -> int:
    """Return the number of a stream of a source that gives rows of an entity, which it has from now on."""
    sql = "SELECT number FROM book.stream WHERE source = ? AND name = ? AND entity = ?"
    known = connection.execute(sql, [source, name, entity]).fetchall()
    if known:
        return int(known[0][0])
    ((number,),) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM book.stream").fetchall()
    connection.execute("INSERT INTO book.stream VALUES (?, ?, ?, ?, NULL, NULL)", [number, source, name, entity])
    return int(number)


def owner(entity: Entity, source: int) -> int:
    """Return the number of the source that rows of an entity belong to, given by a source.

    Rows that are told apart by no id, as the rates of a currency by day, belong to no one.
    """
    if len(entity.key) < 2:
        return source
    references = {field.name for field in entity.fields if field.refers_to}
    return source if references.intersection(entity.key) else COMMON


def source_names(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Return what sources are called before the ids of theirs that another has, too, by number."""
    sql = "SELECT number, name FROM book.source WHERE number > ? ORDER BY rowid DESC"
    # of those that share a number, as an earlier version loaded them, the first one: "files"
    return {int(number): name for number, name in connection.execute(sql, [COMMON]).fetchall()}


def prepare_hidden(connection: duckdb.DuckDBPyConnection, table: str, there: Iterable[str]) -> None:
    """Add the hidden columns that a table of an earlier version lacks."""
    for name, type_ in HIDDEN.items():
        if name not in there:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {type_}")
