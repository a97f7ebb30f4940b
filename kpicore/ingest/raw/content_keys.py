"""Keys of rows that have none of their own: what the row was read as, and its place among equal ones.

So the same row of the same list is the same one again, however it is mapped and converted.
"""

from __future__ import annotations

from collections.abc import Iterable

from kpicore.ingest.raw.content_sql import content_sql
from kpicore.ingest.raw.emptying import given_before
from kpicore.ingest.raw.given import keys_of_run
from kpicore.ingest.raw.origins import SOURCE, STREAM
from kpicore.ingest.raw.quarantine import RAW
from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.ingest.raw.run import Run
from kpicore.ingest.raw.waiting import Waiting
from kpicore.text.sql_text import literal, quoted


def give_content_keys(run: Run, waiting: Waiting) -> None:
    """Give rows that wait their keys; equal rows of one run stay apart by their number."""
    key = quoted(merge_key(waiting.entity)[0])
    # concat_ws passes nulls over: without the name before it a = 1, b = null would be the same as a = null, b = 1
    parts = ", ".join(f"{_label(name)} || CAST({quoted(name)} AS VARCHAR)" for name in sorted(waiting.columns))
    typed = f"concat_ws(chr(31), {parts})"
    # what a `Batch` gives is of no list
    content = f"coalesce({content_sql(waiting.stream, RAW)}, "
    content += f"md5({typed}))" if run.partial else f"{content_sql(waiting.stream, typed)})"
    # the numbers go on where an earlier page of this run ended
    pages = f"SELECT split_part({key}, '-', 1) AS content, max(TRY_CAST(split_part({key}, '-', 2) AS BIGINT)) AS last"
    run.connection.execute(
        f"UPDATE {waiting.table} SET {key} = keyed.key FROM ("
        " SELECT place, content || '-' || coalesce(last, 0) + row_number() OVER (PARTITION BY content ORDER BY place)"
        f" AS key FROM (SELECT rowid AS place, {content} AS content FROM {waiting.table})"
        f" LEFT JOIN ({pages} FROM ({keys_of_run(run, waiting.entity, waiting.number)}) GROUP BY 1) USING (content)"
        f") AS keyed WHERE {waiting.table}.rowid = keyed.place"
    )
    _keep_known_keys(run, waiting, key)


def _keep_known_keys(run: Run, waiting: Waiting, key: str) -> None:
    """Let rows that were written otherwise, and say the same, have the key that they had before.

    Of the stream's own rows, and of those that an earlier version loaded and no stream has, the ones that were not
    given as they were before are compared with the new ones by all fields; where some fields were added, by those that
    were given before.
    """
    connection, raw, stage = run.connection, raw_table(waiting.entity.name), waiting.table
    mine = f"{SOURCE} = {waiting.source} AND ({STREAM} = {waiting.number} OR {STREAM} IS NULL)"
    known = f"SELECT 1 FROM {raw} AS kept WHERE kept.{key} = given.{key} AND kept.{SOURCE} = {waiting.source}"
    compared = _compared(run, waiting)
    fields = ", ".join(quoted(name) for name in compared)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE written_otherwise AS WITH"
        f" fresh AS (SELECT rowid AS place, {fields} FROM {stage} AS given WHERE NOT EXISTS ({known})),"
        f" old AS (SELECT {key} AS key, rowid AS place, {fields} FROM {raw} AS kept WHERE {mine}"
        f" AND NOT EXISTS (SELECT 1 FROM {stage} AS given WHERE given.{key} = kept.{key})"
        f" AND {key} NOT IN ({keys_of_run(run, waiting.entity, waiting.number)})),"
        f" fresh_numbered AS (SELECT *, row_number() OVER (PARTITION BY {fields} ORDER BY place) AS nth FROM fresh),"
        f" old_numbered AS (SELECT *, row_number() OVER (PARTITION BY {fields} ORDER BY place) AS nth FROM old)"
        f" SELECT fresh_numbered.place, old_numbered.key FROM fresh_numbered JOIN old_numbered ON"
        f" fresh_numbered.nth = old_numbered.nth AND {_equal(compared)}"
    )
    connection.execute(
        f"UPDATE {stage} SET {key} = was.key FROM written_otherwise AS was WHERE {stage}.rowid = was.place"
    )
    connection.execute("DROP TABLE written_otherwise")


def _compared(run: Run, waiting: Waiting) -> list[str]:
    """Return the fields by which rows are the same: those of before, where all of them are given again."""
    before = set(given_before(run, waiting.number))
    if not before:
        sql = 'SELECT "column" FROM book.raw_column WHERE entity = ? AND load < ?'
        before = {name for (name,) in run.connection.execute(sql, [waiting.entity.name, run.number]).fetchall()}
    return sorted(before if before and before <= {*waiting.columns} else waiting.columns)


def _equal(columns: Iterable[str]) -> str:
    return " AND ".join(
        f"fresh_numbered.{quoted(name)} IS NOT DISTINCT FROM old_numbered.{quoted(name)}" for name in columns
    )


def _label(name: str) -> str:
    return literal(name + "=")
