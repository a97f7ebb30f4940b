"""Rows of a source into the raw tables: new rows inserted, changed columns updated, the rest untouched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import duckdb

from kpicore.errors import BadDefinition, UnknownName
from kpicore.ingest.raw import left_out
from kpicore.ingest.raw.change_log import BROUGHT, brought_by, count_change, keep_versions, note_columns, raw_columns_of
from kpicore.ingest.raw.quarantine import keep_misfits, keep_rows_without_key
from kpicore.ingest.raw.report import EntityReport
from kpicore.ingest.raw.run import Run
from kpicore.ingest.raw.sql_types import KEPT_DECIMALS, SQL_TYPES, fits, given_fields, rounded, typed
from kpicore.ingest.raw.time_zones import is_local, note_zone
from kpicore.model.notes import Note
from kpicore.model.schema import Entity, Type
from kpicore.model.sources import Batch
from kpicore.text.sql_text import listed, literal, quoted

CONTENT_KEY = "_key"
"""The hidden key of rows that have none of their own: their content, and how often it stood there before."""

_STAGE = "temp.main.stage_"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one entity with the same columns that have been taken and not yet merged.

    Of `local` ones the time zone of the organisation has decided when it was. `rounded` tells of how many values, by
    field.
    """

    entity: Entity
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


def raw_table(entity: str) -> str:
    """Return the name of an entity's raw table."""
    return f"raw.{quoted(entity)}"


def merge_key(entity: Entity) -> tuple[str, ...]:
    """Return the columns of the raw table that tell rows apart."""
    return entity.key or (CONTENT_KEY,)


def raw_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Return the raw tables that are there, by entity, with their columns."""
    sql = (
        "SELECT table_name, list(column_name) FROM duckdb_columns()"
        " WHERE database_name = current_database() AND schema_name = 'raw' GROUP BY ALL"
    )
    return {name: frozenset(columns) for name, columns in connection.execute(sql).fetchall()}


def take(run: Run, entity: Entity, batch: Batch, waiting: Waiting | None) -> Waiting:
    """Take a batch of rows and return the group that it waits in. Raises KpiError for a column that is no field.

    A value that does not fit its field is kept in quarantine, and the field is left empty.
    """
    columns = _columns(entity, batch)
    if waiting is None:
        waiting = _opened(run, entity, columns)
    fields = {field.name: field for field in given_fields(entity)}
    types = {name: batch.rows.schema.field(name).type for name in columns}
    doubtful = [fields[name] for name in columns if not fits(fields[name], types[name])]
    longer = {name: sql for name in columns if (sql := rounded(quoted(name), fields[name], types[name]))}
    # both take a second look at the rows, and a reader gives them once only
    rows = batch.rows if not (doubtful or longer) or not hasattr(batch.rows, "read_all") else batch.rows.read_all()
    casts = ", ".join(typed(quoted(name), fields[name], types[name], run.zone) for name in columns)
    run.connection.register("batch_rows", rows)
    for misfit in doubtful:
        keep_misfits(run, misfit, typed(quoted(misfit.name), misfit, types[misfit.name], run.zone))
    if longer:
        waiting = replace(waiting, rounded=waiting.rounded + _counted(run.connection, longer))
    run.connection.execute(f"INSERT INTO {waiting.table} ({listed(columns)}) SELECT {casts} FROM batch_rows")
    run.connection.unregister("batch_rows")
    return replace(waiting, local=waiting.local or batch.local or is_local(entity, columns, types))


def same_group(waiting: Waiting, batch: Batch) -> bool:
    """Return whether the batch can wait with the others: it has the same columns."""
    # in any order: rows are put in by the names of their columns
    return set(waiting.columns) == set(batch.rows.schema.names)


def merge(run: Run, waiting: Waiting) -> EntityReport:
    """Merge what waits into the raw table and return what became of it."""
    if waiting.by_content:
        _give_content_keys(run.connection, waiting)
    keyless = 0 if waiting.by_content else keep_rows_without_key(run, waiting.table, waiting.entity)
    repeated = 0 if waiting.by_content else _drop_repeated(run.connection, waiting)
    # In this order: an empty key is no key that rows could share, and of those that do only the last is merged.
    report = _first(run, waiting) if waiting.fresh else _merged(run, waiting)
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {raw_table(waiting.entity.name)}").fetchall()
    taken = report.new + report.changed + report.unchanged
    note_zone(run, waiting.entity.name, local=waiting.local, all_rows=taken == rows)
    if report.new or report.changed:
        count_change(run.connection, waiting.entity.name, run.number)
    counts = {left_out.KEYLESS: keyless, left_out.REPEATED: repeated}
    left_out.keep(run, waiting.entity.name, counts)
    return replace(report, notes=(*left_out.notes(waiting.entity, counts), *_rounded_notes(waiting)))


def _counted(connection: duckdb.DuckDBPyConnection, conditions: Mapping[str, str]) -> Counter[str]:
    """Return how many of the rows just taken meet each condition."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions.values())
    (row,) = connection.execute(f"SELECT {counts} FROM batch_rows").fetchall()
    return Counter(dict(zip(conditions, row, strict=True)))


def _rounded_notes(waiting: Waiting) -> Iterator[Note]:
    types = {field.name: field.type for field in waiting.entity.fields}
    for name, rows in sorted(waiting.rounded.items()):
        yield Note.of("values_rounded", rows=rows, field=name, decimals=KEPT_DECIMALS[types[name]])


def _columns(entity: Entity, batch: Batch) -> tuple[str, ...]:
    if entity.made:
        raise BadDefinition(f"entity '{entity.name}'", "it is made by the load, so no source can give it")
    known = {field.name for field in given_fields(entity)}
    names = tuple(batch.rows.schema.names)
    for name in names:
        if name not in known:
            raise UnknownName("field", name, known, where=f"entity '{entity.name}'")
        if names.count(name) > 1:
            raise BadDefinition(f"field '{entity.name}.{name}'", "two columns are mapped to it")
    return names


def _opened(run: Run, entity: Entity, columns: tuple[str, ...]) -> Waiting:
    there = raw_columns_of(run.connection, entity.name)
    prepare_raw(run.connection, entity, columns, there)
    note_columns(run, entity.name, {*columns} - (there or frozenset()))
    rows = run.connection.execute(f"SELECT 1 FROM {raw_table(entity.name)} LIMIT 1").fetchall()
    waiting = Waiting(entity, columns, fresh=not rows)
    if waiting.by_content:
        waiting = replace(waiting, fresh=False)
    if not waiting.fresh:
        # Not "AS … LIMIT 0": in DuckDB 2.0 more than 122,880 rows put into such a table are counted but not found.
        run.connection.execute(f"CREATE OR REPLACE TEMP TABLE {waiting.table} ({_definitions(entity, columns)})")
    return waiting


def prepare_raw(
    connection: duckdb.DuckDBPyConnection, entity: Entity, columns: Iterable[str], there: frozenset[str] | None
) -> None:
    """Make the raw table, or add the columns that it lacks; `there` are those it has.

    It has only what was ever given: writing an empty column costs as much as writing a full one.
    """
    if there is None:
        connection.execute(f"CREATE TABLE {raw_table(entity.name)} ({_definitions(entity, columns)})")
        return
    for name, type_ in _types(entity, columns).items():
        if name not in there:
            connection.execute(f"ALTER TABLE {raw_table(entity.name)} ADD COLUMN {quoted(name)} {type_}")


def _types(entity: Entity, columns: Iterable[str]) -> dict[str, str]:
    """Return the SQL types of the key and these columns; the key by content is a text."""
    fields = {field.name: SQL_TYPES[field.type] for field in given_fields(entity)}
    return {name: fields.get(name, SQL_TYPES[Type.TEXT]) for name in (*merge_key(entity), *columns)}


def _definitions(entity: Entity, columns: Iterable[str]) -> str:
    """Return the columns with their types. A key of one text is not compressed: no text of it comes twice."""
    types = _types(entity, columns)
    if len(merge_key(entity)) == 1:
        (key,) = merge_key(entity)
        types[key] += " USING COMPRESSION uncompressed" if types[key] == SQL_TYPES[Type.TEXT] else ""
    return ", ".join(f"{quoted(name)} {type_}" for name, type_ in types.items())


def _give_content_keys(connection: duckdb.DuckDBPyConnection, waiting: Waiting) -> None:
    """Equal rows of one run stay apart by their number, so that a second run meets the same keys."""
    key = quoted(merge_key(waiting.entity)[0])
    # concat_ws passes nulls over: without the name before it a = 1, b = null would be the same as a = null, b = 1
    parts = ", ".join(f"{_label(name)} || CAST({quoted(name)} AS VARCHAR)" for name in sorted(waiting.columns))
    connection.execute(
        f"UPDATE {waiting.table} SET {key} = keyed.key FROM ("
        " SELECT place, content || '-' || row_number() OVER (PARTITION BY content ORDER BY place) AS key"
        f" FROM (SELECT rowid AS place, md5(concat_ws(chr(31), {parts})) AS content FROM {waiting.table})"
        f") AS keyed WHERE {waiting.table}.rowid = keyed.place"
    )


def _label(name: str) -> str:
    return literal(name + "=")


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
    entity = waiting.entity.name
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {waiting.table}").fetchall()
    # the table is empty but for these rows, so all of it was brought now
    if brought := brought_by(run, entity):
        run.connection.execute(f"UPDATE {raw_table(entity)} SET {BROUGHT} = {brought}")
    return EntityReport(entity, new=rows)


def _merged(run: Run, waiting: Waiting) -> EntityReport:
    raw, stage, key = raw_table(waiting.entity.name), waiting.table, merge_key(waiting.entity)
    # not "=": a part of a key of several columns may be empty, and is then equal to an empty one
    same_key = " AND ".join(f"given.{quoted(column)} IS NOT DISTINCT FROM kept.{quoted(column)}" for column in key)
    values = [column for column in waiting.columns if column not in key]
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {stage}").fetchall()
    # a batch of nothing but keys changes nothing
    changed = _update(run, waiting.entity, values, same_key, stage) if values else 0
    # After the update, so that new rows are not compared with themselves.
    columns = listed(dict.fromkeys((*waiting.columns, *key)))
    brought = brought_by(run, waiting.entity.name)
    into, values_of = (f"{columns}, {BROUGHT}", f"{columns}, {brought}") if brought else (columns, columns)
    new = _affected(
        run.connection.execute(
            f"INSERT INTO {raw} ({into}) SELECT {values_of} FROM {stage} AS given"
            f" WHERE NOT EXISTS (SELECT 1 FROM {raw} AS kept WHERE {same_key})"
        )
    )
    run.connection.execute(f"DROP TABLE {stage}")
    return EntityReport(waiting.entity.name, new, changed, rows - new - changed)


def _update(run: Run, entity: Entity, values: list[str], same_key: str, stage: str) -> int:
    raw = raw_table(entity.name)
    differs = " OR ".join(f"given.{quoted(value)} IS DISTINCT FROM kept.{quoted(value)}" for value in values)
    run.connection.execute(
        "CREATE OR REPLACE TEMP TABLE changed_rows AS"
        f" SELECT given.*, kept.rowid AS _place FROM {stage} AS given JOIN {raw} AS kept ON {same_key} WHERE {differs}"
    )
    keep_versions(run, entity.name, merge_key(entity))  # before the update, which overwrites them
    assigned = ", ".join(f"{quoted(value)} = changed_rows.{quoted(value)}" for value in values)
    changed = _affected(
        run.connection.execute(f"UPDATE {raw} SET {assigned} FROM changed_rows WHERE {raw}.rowid = changed_rows._place")
    )
    run.connection.execute("DROP TABLE changed_rows")
    return changed


def _affected(statement: duckdb.DuckDBPyConnection) -> int:
    ((rows,),) = statement.fetchall()
    return int(rows)
