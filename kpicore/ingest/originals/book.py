"""The page of the book on what was kept: `book.landed`, one line a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import duckdb

from kpicore.ingest.originals.folder import Kept


def enter(connection: duckdb.DuckDBPyConnection, kept: Kept) -> None:
    """Put a delivery into the book, in the transaction of its rows."""
    connection.execute(
        "INSERT INTO book.landed (load, source, file, name, streams, bytes, digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [kept.load, kept.source, kept.file, kept.name, json.dumps(kept.streams), kept.bytes, kept.digest],
    )


def deliveries(connection: duckdb.DuckDBPyConnection, source: str = "", stream: str = "") -> tuple[Kept, ...]:
    """Return what was kept, as it came: of all sources and streams where none is named."""
    rows = connection.execute(
        "SELECT load, source, file, name, streams, bytes, digest FROM book.landed WHERE ? IN ('', source)", [source]
    ).fetchall()
    kept = [
        Kept(load, of, file, name, tuple(json.loads(streams)), size, digest)
        for load, of, file, name, streams, size, digest in rows
    ]
    return tuple(sorted((one for one in kept if stream in ("", *one.streams)), key=lambda one: one.order))


def known_files(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the names that the folder is to hold, for `drop_orphans`."""
    return frozenset(file for (file,) in connection.execute("SELECT file FROM book.landed").fetchall())


def strike(connection: duckdb.DuckDBPyConnection, kept: Iterable[Kept]) -> None:
    """Take deliveries out of the book. Their files go with `drop_orphans`, once the book without them is published."""
    for one in kept:
        connection.execute("DELETE FROM book.landed WHERE file = ? AND source = ?", [one.file, one.source])


def move(connection: duckdb.DuckDBPyConnection, source: str, stream: str, to: str) -> None:
    """Enter what was delivered for a stream of a source as that of another one; a file may be of both then."""
    for one in deliveries(connection, source, stream) if to != source else ():
        strike(connection, [one])
        others = tuple(name for name in one.streams if name != stream)
        if others:
            enter(connection, replace(one, streams=others))
        enter(connection, replace(one, source=to, streams=(stream,)))


def forget(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Take all of a source out of the book, and return how many there were. Their files go as those of `strike`."""
    gone = deliveries(connection, source) if source else ()
    strike(connection, gone)
    return len(gone)
