"""Rows that leave: gone at the source, merged into others, or not among all that it has. They are kept as they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import duckdb

from kpicore.ingest.raw.change_log import count_change, raw_columns_of, take_out
from kpicore.ingest.raw.content_sql import content_sql
from kpicore.ingest.raw.given import given_now, not_given
from kpicore.ingest.raw.origins import BROUGHT, SOURCE, STREAM
from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.ingest.raw.report import Vanished
from kpicore.ingest.raw.run import Run
from kpicore.ingest.raw.sql_types import local_day
from kpicore.model.schema import Entity, Type
from kpicore.model.source_messages import DayRange
from kpicore.text.sql_text import literal, quoted

_EXAMPLES = 3
_LEAVING = "temp.main.leaving"


def leave_by_id(run: Run, entity: Entity, source: int, ids: Sequence[str], stream: int | None = None) -> int:
    """Take out the rows of a source with these ids, or those of one stream alone; return how many there were."""
    if raw_columns_of(run.connection, entity.name) is None:
        return 0
    key = quoted(merge_key(entity)[0])
    own = "" if stream is None else f" AND {STREAM} = {int(stream)}"
    return _leave(run, entity, f"{SOURCE} = {source}{own} AND {key} IN (SELECT unnest(?::VARCHAR[]))", [list(ids)])


def leave_by_content(run: Run, entity: Entity, source: int, stream: str, raw: Sequence[str]) -> int:
    """Take out the rows of a stream that have no key and were read as these texts; return how many there were."""
    if raw_columns_of(run.connection, entity.name) is None:
        return 0
    key = f"kept.{quoted(merge_key(entity)[0])}"
    contents = f"SELECT {content_sql(stream, 'text')} FROM (SELECT unnest(?::VARCHAR[]) AS text)"
    return _leave(
        run, entity, f"{SOURCE} = {source} AND regexp_replace({key}, '-[0-9]+$', '') IN ({contents})", [list(raw)]
    )


def leave_other_children(run: Run, entity: Entity, source: int, stream: int, parent: str, ids: Sequence[str]) -> int:
    """Take out the rows of these parents that the stream did not give in this run; return how many."""
    if parent not in (raw_columns_of(run.connection, entity.name) or ()):
        return 0
    # what another stream of the source gave in this load is given, too
    sql = "SELECT number FROM book.stream WHERE source = ? AND entity = ? OR number = ?"
    rows = run.connection.execute(sql, [run.owner, entity.name, stream]).fetchall()
    given = not_given(run, entity, *(number for (number,) in rows))
    condition = f"{SOURCE} = {source} AND {quoted(parent)} IN (SELECT unnest(?::VARCHAR[]))"
    return _leave(run, entity, f"{condition} AND {given}", [list(ids)])


def leave_others(run: Run, entity: Entity, stream: int, within: DayRange | None) -> int:
    """Take out the rows of a stream that it did not give in this run; return how many."""
    if raw_columns_of(run.connection, entity.name) is None:
        return 0
    return _leave(run, entity, _vanished(run, entity, stream, within), [])


def leave_stream(run: Run, entity: Entity, stream: int) -> int:
    """Take out all rows of a stream; return how many there were."""
    if raw_columns_of(run.connection, entity.name) is None:
        return 0
    return _leave(run, entity, f"kept.{STREAM} = {stream}", [])


def vanished(
    run: Run, entity: Entity, stream_name: str, stream: int, within: DayRange | None, *, removed: bool
) -> Vanished | None:
    """Return which rows of a stream were not among what it gave in this run, None where all were."""
    columns = raw_columns_of(run.connection, entity.name)
    if columns is None:
        return None
    raw, condition = raw_table(entity.name), _vanished(run, entity, stream, within)
    ((rows, of),) = run.connection.execute(
        f"SELECT count(*) FILTER (WHERE {condition}), count(*) FILTER (WHERE {_had(run, stream)}) FROM {raw} AS kept"
    ).fetchall()
    if not rows:
        return None
    shown = [quoted(name) for name in (entity.label, merge_key(entity)[0]) if name in columns]
    examples = run.connection.execute(
        f"SELECT coalesce({', '.join(f'CAST({name} AS VARCHAR)' for name in shown)}) FROM {raw} AS kept"
        f" WHERE {condition} ORDER BY rowid LIMIT {_EXAMPLES}"
    ).fetchall()
    return Vanished(
        *(run.source, stream_name, entity.name, rows, of),
        tuple(str(name) for (name,) in examples),
        removed,
        _values(run.connection, entity, columns, condition),
        _alike(run, entity, columns, stream),
    )


def rows_of_stream(run: Run, entity: Entity, stream: int) -> int:
    """Return how many rows a stream had before this run."""
    if raw_columns_of(run.connection, entity.name) is None:
        return 0
    sql = f"SELECT count(*) FROM {raw_table(entity.name)} AS kept WHERE {_had(run, stream)}"
    ((rows,),) = run.connection.execute(sql).fetchall()
    return int(rows)


def _leave(run: Run, entity: Entity, condition: str, values: list[object]) -> int:
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_LEAVING} AS SELECT kept.rowid AS _place FROM {raw_table(entity.name)} AS kept"
        f" WHERE {condition}",
        values,
    )
    rows = take_out(run, entity.name, merge_key(entity), _LEAVING)
    run.connection.execute(f"DROP TABLE {_LEAVING}")
    if rows:
        count_change(run.connection, entity.name, run.number)
    return rows


def _had(run: Run, stream: int) -> str:
    return f"kept.{STREAM} = {stream} AND kept.{BROUGHT} <> {run.number}"


def _vanished(run: Run, entity: Entity, stream: int, within: DayRange | None) -> str:
    condition = f"kept.{STREAM} = {stream} AND {not_given(run, entity, stream)}"
    # a field that was never given is empty in all rows
    if within is None or within.field not in (raw_columns_of(run.connection, entity.name) or ()):
        return condition
    field = entity.field(within.field)
    column = f"kept.{quoted(within.field)}"
    day = local_day(column, run.zone) if field is not None and field.type is Type.MOMENT else column
    span = f"BETWEEN DATE {literal(within.first.isoformat())} AND DATE {literal(within.last.isoformat())}"
    # a row without a date is of no other file than this one
    return f"{condition} AND ({column} IS NULL OR {day} {span})"


def _values(
    connection: duckdb.DuckDBPyConnection, entity: Entity, columns: Collection[str], condition: str
) -> Mapping[str, Mapping[str, int]]:
    values = {}
    for field in entity.fields:
        if field.codes is not None and field.name in columns:
            name = quoted(field.name)
            rows = connection.execute(
                f"SELECT coalesce({name}, ''), count(*) FROM {raw_table(entity.name)} AS kept WHERE {condition}"
                " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
            ).fetchall()
            values[field.name] = {str(word): int(number) for word, number in rows}
    return values


def _alike(run: Run, entity: Entity, columns: Iterable[str], stream: int) -> tuple[str, ...]:
    """Return the fields with codes, and references, in which all rows that were given now have one value."""
    there = set(columns)
    fields = [field.name for field in entity.fields if (field.codes or field.refers_to) and field.name in there]
    if not fields:
        return ()
    given = f"kept.{STREAM} = {stream} AND {given_now(run, entity, stream)}"
    counts = ", ".join(f"count(DISTINCT {quoted(name)}), count({quoted(name)})" for name in fields)
    (row,) = run.connection.execute(
        f"SELECT {counts}, count(*) FROM {raw_table(entity.name)} AS kept WHERE {given}"
    ).fetchall()
    *pairs, rows = row
    distinct = dict(zip(fields, zip(pairs[::2], pairs[1::2], strict=True), strict=True))
    return tuple(name for name, (values, filled) in distinct.items() if values == 1 and filled == rows > 1)
