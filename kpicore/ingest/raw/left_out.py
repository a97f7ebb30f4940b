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


def keep(run: Run, entity: str, left_out: Mapping[str, int]) -> None:
    """Keep how many rows of an entity this run left out, by kind, for what an earlier run told."""
    earlier, names = "FROM book.told WHERE source = ? AND entity = ? AND load <> ?", [run.source, entity, run.number]
    # Not just overwritten: answers as of an earlier day tell what was left out then.
    # `*` is the line of book.told, to which told_before adds the load until which it held: see `layout.TABLES`
    run.connection.execute(f"INSERT INTO book.told_before SELECT *, {int(run.number)} {earlier}", names)
    run.connection.execute(f"DELETE {earlier}", names)
    for kind, rows in left_out.items():
        if rows:
            values = [run.number, run.source, entity, rows, kind]
            run.connection.execute("INSERT INTO book.told VALUES (?, ?, ?, ?, ?)", values)


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
