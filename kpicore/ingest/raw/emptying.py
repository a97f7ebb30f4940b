"""Fields that a stream gave earlier and gives no more: they are empty in the rows that it gives now."""

from __future__ import annotations

from collections.abc import Collection

from kpicore.ingest.raw.change_log import count_change, keep_versions, raw_columns_of
from kpicore.ingest.raw.leaving import given_now
from kpicore.ingest.raw.origins import STREAM
from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.ingest.raw.run import Run
from kpicore.model.schema import Entity
from kpicore.text.sql_text import quoted


def given_before(run: Run, stream: int) -> frozenset[str]:
    """Return the fields that a stream gave in its last run that gave rows."""
    rows = run.connection.execute('SELECT "column" FROM book.given WHERE stream = ?', [stream]).fetchall()
    return frozenset(name for (name,) in rows)


def keep_given(run: Run, stream: int, columns: Collection[str], *, partial: bool) -> None:
    """Write down which fields a stream gives now; what is `partial` gives the others still."""
    before = given_before(run, stream)
    now = before | {*columns} if partial else {*columns}
    if now != before:
        run.connection.execute("DELETE FROM book.given WHERE stream = ?", [stream])
        run.connection.execute("INSERT INTO book.given SELECT ?, unnest(?::VARCHAR[])", [stream, sorted(now)])


def empty_missing(run: Run, entity: Entity, stream: int, columns: Collection[str]) -> int:
    """Empty, in the rows given in this run, what the stream gave earlier beside these columns; return in how many."""
    there = raw_columns_of(run.connection, entity.name) or frozenset()
    missing = sorted((given_before(run, stream) & there) - {*columns, *merge_key(entity)})
    # what another stream of the source gives, too, may stand there by its word
    shared = (
        'SELECT DISTINCT "column" FROM book.given WHERE stream IN (SELECT number FROM book.stream WHERE entity = ?)'
    )
    others = run.connection.execute(f"{shared} AND stream <> ?", [entity.name, stream]).fetchall()
    missing = [name for name in missing if (name,) not in others]
    if not missing:
        return 0
    raw = raw_table(entity.name)
    filled = " OR ".join(f"kept.{quoted(name)} IS NOT NULL" for name in missing)
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed_rows AS SELECT kept.rowid AS _place FROM {raw} AS kept"
        f" WHERE kept.{STREAM} = {stream} AND {given_now(run, entity, stream)} AND ({filled})"
    )
    keep_versions(run, entity.name, merge_key(entity), "changed_rows")
    empty = ", ".join(f"{quoted(name)} = NULL" for name in missing)
    ((rows,),) = run.connection.execute(
        f"UPDATE {raw} SET {empty} FROM changed_rows WHERE {raw}.rowid = changed_rows._place"
    ).fetchall()
    run.connection.execute("DROP TABLE changed_rows")
    if rows:
        count_change(run.connection, entity.name, run.number)
    return int(rows)
