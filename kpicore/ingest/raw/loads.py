"""What the book says of loads: when which stream of which source was loaded, how far, and what became of its rows."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb

from kpicore.ingest.raw.report import EntityReport
from kpicore.ingest.raw.run import Run

WHOLE_SOURCE = ""
"""The stream of a source that has one cursor for all that it gives."""


def cursors(run: Run) -> dict[str, str]:
    """Return how far each stream of the source has come."""
    # both lines of a stream that stays of its time hold the same cursor, so either will do
    sql = (
        "SELECT coalesce(stream, ''), cursor FROM book.load WHERE source = ?"
        " QUALIFY row_number() OVER (PARTITION BY coalesce(stream, '') ORDER BY number DESC) = 1"
    )
    return {stream: cursor for stream, cursor in run.connection.execute(sql, [run.source]).fetchall() if cursor}


def next_number(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the next load: one that no load ever had, also none that was taken back."""
    sql = "SELECT max(number) FROM (SELECT number FROM book.load UNION ALL SELECT number FROM book.undone)"
    ((number,),) = connection.execute(sql).fetchall()
    return int(number or 0) + 1


def keep_load(run: Run, stream: str, cursor: str | None) -> None:
    """Write down that a stream was loaded in this run up to a cursor."""
    line = "number = ? AND source = ? AND stream = ?"
    names = [run.number, run.source, stream]
    if run.connection.execute(f"SELECT 1 FROM book.load WHERE {line}", names).fetchall():
        run.connection.execute(f"UPDATE book.load SET cursor = ? WHERE {line}", [cursor, *names])
        return
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    values = [run.number, run.source, run.time, cursor, stream, run.label, now]
    run.connection.execute("INSERT INTO book.load VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def keep_counts(run: Run, stream: str, report: EntityReport, *, whole: bool) -> None:
    """Add to what the book says of the rows of a stream in this run; `whole` tells that it gave all that it has."""
    line = "number = ? AND source = ? AND stream = ? AND entity = ?"
    names = [run.number, run.source, stream, report.entity]
    counts = [report.new, report.changed, report.unchanged, report.gone, report.emptied]
    if run.connection.execute(f"SELECT 1 FROM book.load_rows WHERE {line}", names).fetchall():
        added = ", ".join(f"{name} = {name} + ?" for name in ("new", "changed", "unchanged", "gone", "emptied"))
        run.connection.execute(f"UPDATE book.load_rows SET {added}, whole = ? WHERE {line}", [*counts, whole, *names])
    else:
        values = [*names, *counts, whole]
        run.connection.execute("INSERT INTO book.load_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def keep_reading(run: Run, stream: int, reading: str, identity: str) -> None:
    """Write down how a stream is read now, and how its rows are told apart."""
    sql = "UPDATE book.stream SET reading = ?, identity = ? WHERE number = ?"
    run.connection.execute(sql, [reading, identity, stream])


def read_as(run: Run, stream: int) -> str:
    """Return how a stream was read before this run, "" where it was not or did not say so."""
    ((reading,),) = run.connection.execute("SELECT reading FROM book.stream WHERE number = ?", [stream]).fetchall()
    return str(reading or "")


def whole_loads(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], set[int]]:
    """Return the loads that gave all rows that a stream had after them, by source and stream."""
    sql = "SELECT source, stream, number FROM book.load_rows GROUP BY ALL HAVING bool_and(coalesce(whole, FALSE))"
    loads: dict[tuple[str, str], set[int]] = {}
    for source, stream, number in connection.execute(sql).fetchall():
        loads.setdefault((source, stream), set()).add(int(number))
    return loads


def was_given(run: Run, stream: str, entity: str) -> bool:
    """Return whether an earlier run of this load gave rows of an entity in a stream: another file of one mapping."""
    line = "number = ? AND source = ? AND stream = ? AND entity = ?"
    names = [run.number, run.source, stream, entity]
    return bool(run.connection.execute(f"SELECT 1 FROM book.load_rows WHERE {line}", names).fetchall())
