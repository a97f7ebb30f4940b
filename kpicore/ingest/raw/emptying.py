"""Fields that a stream gave earlier and gives no more: they are empty in the rows that it gives now."""

from __future__ import annotations

from collections.abc import Collection

from kpicore.ingest.raw.change_log import UNTIL, count_change, keep_versions, past_columns, past_table, raw_columns_of
from kpicore.ingest.raw.given import given_again
from kpicore.ingest.raw.origins import BROUGHT, COMMON, HIDDEN, SOURCE, STREAM
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


def empty_missing(run: Run, entity: Entity, source: int, stream: int, columns: Collection[str]) -> int:
    """Empty, in the rows given in this run, what the stream gave earlier beside these columns.

    Return how many rows changed by it that were unchanged so far.
    """
    there = raw_columns_of(run.connection, entity.name) or frozenset()
    missing = (given_before(run, stream) & there) - {*columns, *merge_key(entity)}
    missing -= _given_by_others(run, entity, source, stream)
    if not missing:
        return 0
    raw = raw_table(entity.name)
    filled = " OR ".join(f"kept.{quoted(name)} IS NOT NULL" for name in sorted(missing))
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed_rows AS SELECT kept.rowid AS _place FROM {raw} AS kept"
        f" WHERE kept.{STREAM} = {stream} AND {given_again(run, entity, stream)} AND ({filled})"
    )
    before = _versions(run, entity)
    keep_versions(run, entity.name, merge_key(entity), "changed_rows")
    changed = _versions(run, entity) - before
    empty = ", ".join(f"{quoted(name)} = NULL" for name in sorted(missing))
    ((rows,),) = run.connection.execute(
        f"UPDATE {raw} SET {empty} FROM changed_rows WHERE {raw}.rowid = changed_rows._place"
    ).fetchall()
    run.connection.execute("DROP TABLE changed_rows")
    if rows:
        count_change(run.connection, entity.name, run.number)
    return changed


def emptied_rows(run: Run, entity: Entity, stream: int) -> int:
    """Return how many rows of a stream have lost a value in this load."""
    past = past_columns(run.connection, entity.name) - {UNTIL, *HIDDEN, *merge_key(entity)}
    if not past or not _versions(run, entity):
        return 0
    lost = " OR ".join(f"(kept.{quoted(name)} IS NULL AND past.{quoted(name)} IS NOT NULL)" for name in sorted(past))
    same = " AND ".join(
        f"past.{quoted(name)} IS NOT DISTINCT FROM kept.{quoted(name)}" for name in (SOURCE, *merge_key(entity))
    )
    ((rows,),) = run.connection.execute(
        f"SELECT count(*) FROM {past_table(entity.name)} AS past JOIN {raw_table(entity.name)} AS kept ON {same}"
        f" WHERE past.{UNTIL} = {run.number} AND kept.{BROUGHT} <> {run.number}"
        f" AND kept.{STREAM} = {stream} AND ({lost})"
    ).fetchall()
    return int(rows)


def _given_by_others(run: Run, entity: Entity, source: int, stream: int) -> set[str]:
    """Return the fields that another stream gives to the same rows: what stands there may be its word."""
    # rows that belong to no source are those of all
    mine = "" if source == COMMON else f" AND source = {int(run.owner)}"
    streams = f"SELECT number FROM book.stream WHERE entity = ? AND number <> ?{mine}"
    sql = f'SELECT DISTINCT "column" FROM book.given WHERE stream IN ({streams})'
    return {name for (name,) in run.connection.execute(sql, [entity.name, stream]).fetchall()}


def _versions(run: Run, entity: Entity) -> int:
    """Return how many rows have been kept as they were before this load."""
    if not past_columns(run.connection, entity.name):
        return 0
    sql = f"SELECT count(*) FROM {past_table(entity.name)} WHERE {UNTIL} = ?"
    ((rows,),) = run.connection.execute(sql, [run.number]).fetchall()
    return int(rows)
