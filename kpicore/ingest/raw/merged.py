"""Ids that stand for others: rows that a source has merged are found by their old ids, until it gives them again.

The last line of the book for an id counts. One that names the id itself ends what was said before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpicore.ingest.raw.change_log import count_change, raw_columns_of
from kpicore.ingest.raw.origins import SOURCE
from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.ingest.raw.run import Run
from kpicore.model.schema import Entity
from kpicore.text.sql_text import quoted

LAST = (
    "SELECT source, entity, old, new FROM book.merged"
    " QUALIFY row_number() OVER (PARTITION BY source, entity, old ORDER BY load DESC, rowid DESC) = 1"
)
"""SQL of what each id stands for."""


def keep_merged(run: Run, entity: Entity, source: int, ids: Sequence[str], into: Sequence[str]) -> None:
    """Write down which ids stand for which other ones from now on."""
    pairs = {old: new for old, new in zip(ids, into, strict=True) if old != new}
    if not pairs:
        return
    ((lines,),) = run.connection.execute(
        "INSERT INTO book.merged SELECT ?::USMALLINT, ?, pair.old, pair.new, ?"
        " FROM (SELECT unnest(?::VARCHAR[]) AS old, unnest(?::VARCHAR[]) AS new) AS pair WHERE NOT EXISTS"
        f" (SELECT 1 FROM ({LAST}) AS known WHERE known.source = ? AND known.entity = ?"
        " AND known.old = pair.old AND known.new = pair.new)",
        [source, entity.name, run.number, [*pairs], [*pairs.values()], source, entity.name],
    ).fetchall()
    # of an entity without rows no table is made; what refers to it knows the ids that are shown
    if lines and raw_columns_of(run.connection, entity.name) is not None:
        count_change(run.connection, entity.name, run.number)


def keep_returned(run: Run, entity: Entity, source: int) -> None:
    """Let ids that were merged and have come back as rows stand for themselves again, also when they go once more."""
    if len(entity.key) != 1:
        return
    known = "SELECT 1 FROM book.merged WHERE source = ? AND entity = ? LIMIT 1"
    if not run.connection.execute(known, [source, entity.name]).fetchall():
        return
    key = quoted(merge_key(entity)[0])
    run.connection.execute(
        f"INSERT INTO book.merged SELECT source, entity, old, old, ? FROM ({LAST}) AS m"
        " WHERE m.source = ? AND m.entity = ? AND m.old <> m.new AND EXISTS"
        f" (SELECT 1 FROM {raw_table(entity.name)} AS kept WHERE kept.{SOURCE} = m.source AND kept.{key} = m.old)",
        [run.number, source, entity.name],
    )
