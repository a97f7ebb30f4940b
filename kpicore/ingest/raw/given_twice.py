"""Rows that a new stream gives and that another stream of the source has given already, under other ids.

So it is where the same list is read by another mapping: its rows would be there twice.
"""

from __future__ import annotations

from kpicore.ingest.raw.change_log import raw_columns_of
from kpicore.ingest.raw.origins import SOURCE, STREAM
from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.ingest.raw.run import Run
from kpicore.model.schema import Entity
from kpicore.text.sql_text import listed, quoted

_FEWEST = 2
"""So many fields must be shared, and so many rows be the same: one row or one field may be the same by chance."""


def given_already(run: Run, entity: Entity, source: int, stream: int) -> tuple[str, int, int] | None:
    """Return the stream that has given most rows of a new one already, how many, and how many the new one has.

    Rows are the same that say the same in all fields which both streams give, whatever their ids. None where no other
    stream of the source has most of them.
    """
    there = raw_columns_of(run.connection, entity.name)
    if there is None:
        return None
    given = _given(run, entity.name)
    raw, key = raw_table(entity.name), merge_key(entity)
    for other, (name, columns) in given.items():
        shared = sorted((columns & given.get(stream, ("", frozenset()))[1] & there) - {*key})
        if other == stream or len(shared) < _FEWEST:
            continue
        mine, theirs = (
            f"SELECT {listed(shared)}, count(*) AS rows FROM {raw} WHERE {SOURCE} = {source} AND {STREAM} = {number}"
            f" GROUP BY ALL"
            for number in (stream, other)
        )
        same = " AND ".join(f"mine.{quoted(column)} IS NOT DISTINCT FROM theirs.{quoted(column)}" for column in shared)
        ((rows, of),) = run.connection.execute(
            f"SELECT coalesce(sum(least(mine.rows, coalesce(theirs.rows, 0))), 0), sum(mine.rows)"
            f" FROM ({mine}) AS mine LEFT JOIN ({theirs}) AS theirs ON {same}"
        ).fetchall()
        if of and rows >= _FEWEST and rows * 2 > of:
            return name, int(rows), int(of)
    return None


def _given(run: Run, entity: str) -> dict[int, tuple[str, frozenset[str]]]:
    """Return the names of the source's streams of an entity and the fields that they give, by number."""
    rows = run.connection.execute(
        'SELECT s.number, s.name, list(g."column") FROM book.stream AS s JOIN book.given AS g ON g.stream = s.number'
        " WHERE s.source = ? AND s.entity = ? GROUP BY ALL ORDER BY s.number",
        [run.owner, entity],
    ).fetchall()
    return {int(number): (name, frozenset(columns)) for number, name, columns in rows}
