"""What a load left out of an entity's rows: counted in the book, so that every answer can tell it."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from kpicore.ingest.raw.run import Run
from kpicore.model.notes import Note
from kpicore.model.schema import Entity

KEYLESS, REPEATED = "keyless", "repeated"
"""Kinds of what is left out: rows without a key, and all but the last of those with the same one."""

_EARLIER = {
    "rows have no {key}: left out, see quarantine": KEYLESS,
    "rows were given again with the same {key}: the last one counts": REPEATED,
}
"""What an earlier version wrote into the book in place of a kind."""


def keep(run: Run, entity: str, stream: str, left_out: Mapping[str, int]) -> None:
    """Keep how many rows of an entity a stream left out in this run, by kind, for what an earlier run told."""
    # of an earlier version the stream is not known, and a file was a source of its own
    mine = "source = ? AND stream = ? OR stream IS NULL AND source IN (?, ?)"
    earlier = f"FROM book.told WHERE entity = ? AND load <> ? AND ({mine})"
    names = [entity, run.number, run.source, stream, run.source, run.label]
    # not just overwritten: answers as of an earlier day tell what was left out then
    columns = 'load, source, entity, "rows", told, stream'
    before = f"INSERT INTO book.told_before ({columns}, until) SELECT {columns}, {int(run.number)} {earlier}"
    run.connection.execute(before, names)
    run.connection.execute(f"DELETE {earlier}", names)
    for kind, rows in left_out.items():
        if rows:
            values = [run.number, run.source, entity, rows, kind, stream]
            run.connection.execute(f"INSERT INTO book.told ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)


def kept(connection: duckdb.DuckDBPyConnection, entity: Entity) -> tuple[Note, ...]:
    """Return a note for each kind of row that was left out of an entity, over all its sources."""
    rows = connection.execute(
        'SELECT told, sum("rows") FROM book.told WHERE entity = ? GROUP BY told ORDER BY told', [entity.name]
    ).fetchall()
    # an earlier version wrote the sentence, with the key in it; both kinds of line are added up
    earlier = {words.format(key=_key(entity)): kind for words, kind in _EARLIER.items()}
    left_out: dict[str, int] = {}
    for words, number in rows:
        kind = earlier.get(words, words)
        left_out[kind] = left_out.get(kind, 0) + int(number)
    return notes(entity, left_out)


def notes(entity: Entity, left_out: Mapping[str, int]) -> tuple[Note, ...]:
    """Return a note for each kind of row that was left out."""
    return tuple(Note.of(kind, rows=rows, key=_key(entity)) for kind, rows in left_out.items() if rows)


def _key(entity: Entity) -> str:
    return " and ".join(entity.key)
