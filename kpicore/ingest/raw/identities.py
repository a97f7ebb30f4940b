"""Streams whose rows are told apart otherwise than before: what they gave then is not known by what comes now."""

from __future__ import annotations

from dataclasses import dataclass

from kpicore.ingest.raw.run import Run


@dataclass(frozen=True, slots=True)
class FormerStream:
    """A stream as it was: its number, name and entity, and the source that it belonged to."""

    number: int
    name: str
    entity: str
    source: str


def former_streams(run: Run, stream: str, identity: str) -> tuple[FormerStream, ...]:
    """Return the streams of this name whose rows were told apart otherwise; those that said nothing are none."""
    rows = run.connection.execute(
        "SELECT s.number, s.entity, o.name FROM book.stream AS s JOIN book.source AS o ON o.number = s.source"
        " WHERE s.name = ? AND s.identity <> '' AND s.identity <> ?"
        # sources may share a number, and one of them is meant
        " QUALIFY row_number() OVER (PARTITION BY s.number ORDER BY o.name <> ?, o.rowid) = 1 ORDER BY s.number",
        [stream, identity, run.source],
    ).fetchall()
    return tuple(FormerStream(int(number), stream, entity, source) for number, entity, source in rows)


def end_former(run: Run, former: FormerStream) -> None:
    """Write down that a stream is no more what it was: nothing is read again for it, and nothing of it is unread."""
    run.connection.execute("UPDATE book.stream SET reading = '', identity = '' WHERE number = ?", [former.number])
    sql = "DELETE FROM book.quarantine WHERE source = ? AND stream = ?"
    run.connection.execute(sql, [former.source, former.name])
