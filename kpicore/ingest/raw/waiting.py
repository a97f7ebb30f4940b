"""Rows that were taken from a source and wait to be merged, typed as their fields are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb

from kpicore.errors import BadDefinition, UnknownName
from kpicore.ingest.raw.change_log import note_columns, raw_columns_of
from kpicore.ingest.raw.origins import BROUGHT, ROW, SOURCE, STREAM, owner, stream_number
from kpicore.ingest.raw.quarantine import RAW, UNREAD, keep_misfits
from kpicore.ingest.raw.raw_tables import column_definitions, merge_key, prepare_raw, raw_table
from kpicore.ingest.raw.run import Run
from kpicore.ingest.raw.sql_types import fits, given_fields, rounded, typed
from kpicore.ingest.raw.time_zones import is_local
from kpicore.model.schema import Entity
from kpicore.model.source_messages import Rows
from kpicore.text.sql_text import listed, literal, quoted

_STAGE = "temp.main.stage_"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one entity and stream with the same columns that have been taken and not yet merged.

    `source` and `number` are those of the source that they belong to and of the stream. Of `local` ones the time zone
    of the organisation has decided when it was. `rounded` tells of how many values, by field.
    """

    entity: Entity
    stream: str
    source: int
    number: int
    columns: tuple[str, ...]
    fresh: bool
    local: bool = False
    rounded: Counter[str] = field(default_factory=Counter)

    @property
    def table(self) -> str:
        """Where they wait: the raw table itself when it was empty, else a stage."""
        return raw_table(self.entity.name) if self.fresh else _STAGE + quoted(self.entity.name)[1:-1]

    @property
    def by_content(self) -> bool:
        """Whether the rows have no key of their own."""
        key = self.entity.key
        return not key or (len(key) == 1 and key[0] not in self.columns)


def take(run: Run, entity: Entity, given: Rows, waiting: Waiting | None) -> Waiting:
    """Take some rows and return the group that they wait in. Raises KpiError for a column that is no field.

    A value that does not fit its field is kept in quarantine, and the field is left as it was, or empty.
    """
    columns = _columns(entity, given)
    if waiting is None:
        waiting = _opened(run, entity, given, columns)
    fields = {field.name: field for field in given_fields(entity)}
    types = {name: given.rows.schema.field(name).type for name in columns}
    doubtful = [fields[name] for name in columns if not fits(fields[name], types[name])]
    longer = {name: sql for name in columns if (sql := rounded(quoted(name), fields[name], types[name]))}
    # both take a second look at the rows, and a reader gives them once only
    rows = given.rows if not (doubtful or longer) or not hasattr(given.rows, "read_all") else given.rows.read_all()
    casts = {name: typed(quoted(name), fields[name], types[name], run.zone) for name in columns}
    run.connection.register("batch_rows", rows)
    key = next((name for name in entity.key if name in columns), "")
    misfits = {
        misfit.name: keep_misfits(run, waiting.stream, misfit, casts[misfit.name], key)
        for misfit in doubtful
        if misfit.name not in entity.key
    }
    if longer:
        waiting = replace(waiting, rounded=waiting.rounded + _counted(run.connection, longer))
    values = {**casts, **_beside(run.number, given, waiting, misfits)}
    run.connection.execute(
        f"INSERT INTO {waiting.table} ({listed(values)}) SELECT {', '.join(values.values())} FROM batch_rows"
    )
    run.connection.unregister("batch_rows")
    return replace(waiting, local=waiting.local or given.local or is_local(entity, columns, types))


def same_group(waiting: Waiting, given: Rows) -> bool:
    """Return whether some rows can wait with the others: they are of the same stream, and have the same columns."""
    # in any order: rows are put in by the names of their columns
    return waiting.stream == given.stream and set(waiting.columns) == set(given.fields)


def _columns(entity: Entity, given: Rows) -> tuple[str, ...]:
    if not given.fields:
        raise BadDefinition(f"rows of '{given.stream}'", f"they have no field of entity '{entity.name}'")
    if entity.made:
        raise BadDefinition(f"entity '{entity.name}'", "it is made by the load, so no source can give it")
    known = {field.name for field in given_fields(entity)}
    for name in given.fields:
        if name not in known:
            raise UnknownName("field", name, known, where=f"entity '{entity.name}'")
        if given.fields.count(name) > 1:
            raise BadDefinition(f"field '{entity.name}.{name}'", "two columns are mapped to it")
    return given.fields


def _beside(load: int, given: Rows, waiting: Waiting, misfits: Mapping[str, str]) -> dict[str, str]:
    """Return SQL of the columns that are no fields."""
    row = f"TRY_CAST({quoted(given.row)} AS BIGINT)" if given.row else "CAST(NULL AS BIGINT)"
    if waiting.fresh:
        return {SOURCE: str(waiting.source), STREAM: str(waiting.number), BROUGHT: str(load), ROW: row}
    values = {ROW: row}
    if waiting.by_content:
        values[RAW] = f"CAST({quoted(given.raw)} AS VARCHAR)" if given.raw else "CAST(NULL AS VARCHAR)"
    unread = [f"CASE WHEN {misfit} THEN {literal(name)} END" for name, misfit in misfits.items() if misfit]
    lists = [f"list_filter([{', '.join(unread)}], lambda name: name IS NOT NULL)"] if unread else []
    lists += [f"CAST({quoted(given.unread)} AS VARCHAR[])"] if given.unread else []
    if lists:
        values[UNREAD] = lists[0] if len(lists) == 1 else f"list_concat({', '.join(lists)})"
    return values


def _opened(run: Run, entity: Entity, given: Rows, columns: tuple[str, ...]) -> Waiting:
    there = raw_columns_of(run.connection, entity.name)
    prepare_raw(run.connection, entity, columns, there)
    note_columns(run, entity.name, {*columns} - (there or frozenset()))
    rows = run.connection.execute(f"SELECT 1 FROM {raw_table(entity.name)} LIMIT 1").fetchall()
    source = owner(entity, run.owner)
    number = stream_number(run.connection, run.owner, given.stream, entity.name)
    waiting = Waiting(entity, given.stream, source, number, columns, fresh=not rows)
    if waiting.by_content:
        waiting = replace(waiting, fresh=False)
    if not waiting.fresh:
        beside = f"{ROW} BIGINT, {UNREAD} VARCHAR[], {RAW} VARCHAR"
        # Not "AS … LIMIT 0": in DuckDB 2.0 more than 122,880 rows put into such a table are counted but not found.
        run.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {waiting.table} ({column_definitions(entity, columns)}, {beside})"
        )
    return waiting


def _counted(connection: duckdb.DuckDBPyConnection, conditions: Mapping[str, str]) -> Counter[str]:
    """Return how many of the rows just taken meet each condition."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions.values())
    (row,) = connection.execute(f"SELECT {counts} FROM batch_rows").fetchall()
    return Counter(dict(zip(conditions, row, strict=True)))


def same_row(waiting: Waiting) -> str:
    """Return SQL that tells whether a row that was `given` is one that is `kept`."""
    # not "=": a part of a key of several columns may be empty, and is then equal to an empty one
    equal = "IS NOT DISTINCT FROM" if len(merge_key(waiting.entity)) > 1 else "="
    columns = merge_key(waiting.entity)
    same = " AND ".join(f"given.{quoted(column)} {equal} kept.{quoted(column)}" for column in columns)
    return f"{same} AND kept.{SOURCE} = {waiting.source}"
