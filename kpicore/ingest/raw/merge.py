"""Rows of a stream into the raw tables: new rows inserted, changed columns updated, the rest untouched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb

from kpicore.ingest.raw import left_out
from kpicore.ingest.raw.change_log import count_change, keep_versions
from kpicore.ingest.raw.content_keys import give_content_keys
from kpicore.ingest.raw.given import keep_given_rows
from kpicore.ingest.raw.merged import keep_returned
from kpicore.ingest.raw.origins import BROUGHT, ROW, SOURCE, STREAM
from kpicore.ingest.raw.quarantine import UNREAD, keep_rows_without_key
from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.ingest.raw.replaced import replaced_rows
from kpicore.ingest.raw.report import EntityReport
from kpicore.ingest.raw.run import Run
from kpicore.ingest.raw.sql_types import KEPT_DECIMALS
from kpicore.ingest.raw.time_zones import note_zone
from kpicore.ingest.raw.waiting import Waiting, same_row
from kpicore.model.notes import Note
from kpicore.text.sql_text import listed, literal, quoted


def merge(run: Run, waiting: Waiting) -> EntityReport:
    """Merge what waits into the raw table and return what became of it."""
    if waiting.by_content:
        give_content_keys(run, waiting)
    keyless = (
        0
        if waiting.by_content
        else keep_rows_without_key(run, waiting.stream, waiting.table, waiting.entity, fresh=waiting.fresh)
    )
    repeated = 0 if waiting.by_content else _drop_repeated(run.connection, waiting)
    # In this order: an empty key is no key that rows could share, and of those that do only the last is merged.
    report = _first(run, waiting) if waiting.fresh else _merged(run, waiting)
    keep_returned(run, waiting.entity, waiting.source)
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {raw_table(waiting.entity.name)}").fetchall()
    taken = report.new + report.changed + report.unchanged
    mine = f"SELECT count(*) FROM {raw_table(waiting.entity.name)} WHERE {STREAM} = {waiting.number}"
    ((of_stream,),) = run.connection.execute(mine).fetchall()
    all_of_stream = taken == of_stream or (run.partial and run.whole)
    zone_facts = {"local": waiting.local, "all_rows": taken == rows, "all_of_stream": all_of_stream}
    note_zone(run, waiting.entity.name, waiting.stream, **zone_facts)
    if report.new or report.changed:
        count_change(run.connection, waiting.entity.name, run.number)
    counts = {left_out.KEYLESS: keyless, left_out.REPEATED: repeated}
    left_out.keep(run, waiting.entity.name, waiting.stream, counts)
    return replace(report, notes=(*left_out.notes(waiting.entity, counts), *_rounded_notes(waiting)))


def _rounded_notes(waiting: Waiting) -> Iterator[Note]:
    types = {field.name: field.type for field in waiting.entity.fields}
    for name, rows in sorted(waiting.rounded.items()):
        yield Note.of("values_rounded", rows=rows, field=name, decimals=KEPT_DECIMALS[types[name]])


def _drop_repeated(connection: duckdb.DuckDBPyConnection, waiting: Waiting) -> int:
    """Keep the last of the rows that share a key; return how many were dropped."""
    key = listed(merge_key(waiting.entity))
    # DuckDB has no count(DISTINCT a, b); of row values it counts pairs
    distinct = key if len(merge_key(waiting.entity)) == 1 else f"({key})"
    ((rows, keys),) = connection.execute(f"SELECT count(*), count(DISTINCT {distinct}) FROM {waiting.table}").fetchall()
    if rows != keys:
        connection.execute(
            # DuckDB keeps the order of what is put in, so the highest rowid is the row that was given last
            f"DELETE FROM {waiting.table} WHERE rowid NOT IN (SELECT max(rowid) FROM {waiting.table} GROUP BY {key})"
        )
    return int(rows - keys)


def _first(run: Run, waiting: Waiting) -> EntityReport:
    # the table was empty, so all that is there was brought now
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {waiting.table}").fetchall()
    return EntityReport(waiting.entity.name, new=rows)


def _merged(run: Run, waiting: Waiting) -> EntityReport:
    raw, stage, key = raw_table(waiting.entity.name), waiting.table, merge_key(waiting.entity)
    same_key = same_row(waiting)
    values = [column for column in waiting.columns if column not in key]
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {stage}").fetchall()
    # a batch of nothing but keys changes nothing
    report = _update(run, waiting, values, same_key) if values else EntityReport(waiting.entity.name)
    _take_over(run.connection, waiting, same_key)
    # After the update, so that new rows are not compared with themselves.
    columns = listed(dict.fromkeys((*waiting.columns, *key, ROW)))
    hidden = f"{waiting.source}, {waiting.number}, {run.number}"
    new = _affected(
        run.connection.execute(
            f"INSERT INTO {raw} ({columns}, {SOURCE}, {STREAM}, {BROUGHT}) SELECT {columns}, {hidden}"
            f" FROM {stage} AS given WHERE NOT EXISTS (SELECT 1 FROM {raw} AS kept WHERE {same_key})"
        )
    )
    keep_given_rows(run, waiting.entity, waiting.number, stage)
    run.connection.execute(f"DROP TABLE {stage}")
    return replace(report, new=new, unchanged=rows - new - report.changed)


def _update(run: Run, waiting: Waiting, values: list[str], same_key: str) -> EntityReport:
    """Update the rows that have changed; return how many, and how many of them are others now."""
    raw, stage, entity = raw_table(waiting.entity.name), waiting.table, waiting.entity
    given = dict.fromkeys(values, "")
    ((unread,),) = run.connection.execute(f"SELECT count({UNREAD}) FROM {stage}").fetchall()
    for value in values:
        column = quoted(value)
        # what could not be read says nothing of what stands there
        given[value] = (
            f"CASE WHEN list_contains(given.{UNREAD}, {literal(value)}) THEN kept.{column} ELSE given.{column} END"
            if unread
            else f"given.{column}"
        )
    differs = " OR ".join(f"{sql} IS DISTINCT FROM kept.{quoted(value)}" for value, sql in given.items())
    columns = ", ".join(f"{sql} AS {quoted(value)}" for value, sql in given.items())
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed_rows AS SELECT {columns}, given.{ROW}, kept.rowid AS _place"
        f" FROM {stage} AS given JOIN {raw} AS kept ON {same_key} WHERE {differs}"
    )
    # both before the update, which overwrites them
    replaced, example = replaced_rows(run.connection, entity, values, "changed_rows")
    keep_versions(run, entity.name, merge_key(entity), "changed_rows")
    assigned = ", ".join(f"{quoted(value)} = changed_rows.{quoted(value)}" for value in (*values, ROW))
    changed = _affected(
        run.connection.execute(f"UPDATE {raw} SET {assigned} FROM changed_rows WHERE {raw}.rowid = changed_rows._place")
    )
    run.connection.execute("DROP TABLE changed_rows")
    return EntityReport(entity.name, changed=changed, replaced=replaced, example=example)


def _take_over(connection: duckdb.DuckDBPyConnection, waiting: Waiting, same_key: str) -> None:
    """Let the stream have the rows that another stream of the source gave, or an earlier version: it gave them last."""
    raw = raw_table(waiting.entity.name)
    others = f"{SOURCE} = {waiting.source} AND {STREAM} IS DISTINCT FROM {waiting.number}"
    if connection.execute(f"SELECT 1 FROM {raw} WHERE {others} LIMIT 1").fetchall():
        connection.execute(
            f"UPDATE {raw} AS kept SET {STREAM} = {waiting.number} FROM {waiting.table} AS given"
            f" WHERE {same_key} AND kept.{STREAM} IS DISTINCT FROM {waiting.number}"
        )


def _affected(statement: duckdb.DuckDBPyConnection) -> int:
    ((rows,),) = statement.fetchall()
    return int(rows)
