"""What the book says of loads: when which stream of which source was loaded, how far, and what became of its rows."""

from __future__ import annotations

from datetime import UTC, datetime

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


def keep_counts(run: Run, stream: str, report: EntityReport) -> None:
    """Add to what the book says of the rows of a stream in this run."""
    line = "number = ? AND source = ? AND stream = ? AND entity = ?"
    names = [run.number, run.source, stream, report.entity]
    counts = [report.new, report.changed, report.unchanged, report.gone, report.emptied]
    if run.connection.execute(f"SELECT 1 FROM book.load_rows WHERE {line}", names).fetchall():
        added = ", ".join(f"{name} = {name} + ?" for name in ("new", "changed", "unchanged", "gone", "emptied"))
        run.connection.execute(f"UPDATE book.load_rows SET {added} WHERE {line}", [*counts, *names])
    else:
        run.connection.execute("INSERT INTO book.load_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*names, *counts])


def was_given(run: Run, stream: str, entity: str) -> bool:
    """Return whether an earlier run of this load gave rows of an entity in a stream: another file of one mapping."""
    line = "number = ? AND source = ? AND stream = ? AND entity = ?"
    names = [run.number, run.source, stream, entity]
    return bool(run.connection.execute(f"SELECT 1 FROM book.load_rows WHERE {line}", names).fetchall())
