"""The raw rows and the book as of a load, as views over the warehouse beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from kpicore.ingest.raw.change_log import UNTIL
from kpicore.ingest.raw.origins import BROUGHT, HIDDEN, SOURCE
from kpicore.ingest.raw.raw_tables import merge_key
from kpicore.model.schema import Entity
from kpicore.text.sql_text import listed, literal, quoted

# `upto` has for each entity the last load that counts; a line of told_before held until the load `until` told otherwise
_BOOK = (
    "INSERT INTO book.load FROM warehouse.book.load WHERE number <= {last}",
    "INSERT INTO book.load_rows FROM warehouse.book.load_rows WHERE number <= {last}",
    "INSERT INTO book.source FROM warehouse.book.source",
    "INSERT INTO book.stream BY NAME SELECT * FROM warehouse.book.stream",
    "INSERT INTO book.merged SELECT m.* FROM warehouse.book.merged AS m LEFT JOIN upto ON upto.entity = m.entity"
    " WHERE m.load <= coalesce(upto.load, {last}) ORDER BY m.load, m.rowid",
    "INSERT INTO book.raw_version SELECT r.* FROM warehouse.book.raw_version AS r"
    " JOIN upto ON upto.entity = r.entity AND r.load <= upto.load",
    'INSERT INTO book.told SELECT t.load, t.source, t.entity, t."rows", t.told, t.stream FROM warehouse.book.told AS t'
    " JOIN upto ON upto.entity = t.entity AND t.load <= upto.load",
    'INSERT INTO book.told SELECT t.load, t.source, t.entity, t."rows", t.told, t.stream'
    " FROM warehouse.book.told_before AS t"
    " JOIN upto ON upto.entity = t.entity AND t.load <= upto.load AND t.until > upto.load",
)


def lay_out_rows(
    connection: duckdb.DuckDBPyConnection, entities: Mapping[str, Entity], loads: Mapping[str, int]
) -> None:
    """Lay out the raw rows that stood after a load; `loads` tells it for each entity that was there."""
    connection.execute("CREATE TEMP TABLE upto (entity VARCHAR, load BIGINT)")
    if loads:
        connection.executemany("INSERT INTO upto VALUES (?, ?)", [*loads.items()])
    # into the book of the memory database: what makes tables reads it as if those loads were all there were
    for sql in _BOOK:
        connection.execute(sql.format(last=max(loads.values(), default=0)))
    given_columns = _given(connection)
    raw, past = (_columns(connection, schema) for schema in ("raw", "past"))
    for name, load in loads.items():
        if name in entities and name in raw:
            key = (SOURCE, *merge_key(entities[name]))
            kept = given_columns.get(name, set())
            # what was given later is no column yet
            columns = [column for column in raw[name] if column in kept or column in key or column in HIDDEN]
            _lay_out(connection, name, key, columns, past.get(name, ()), load)
    connection.execute("DROP TABLE upto")


def _lay_out(
    connection: duckdb.DuckDBPyConnection,
    entity: str,
    key: tuple[str, ...],
    columns: list[str],
    past: Iterable[str],
    load: int,
) -> None:
    raw, earlier = f"warehouse.raw.{quoted(entity)}", f"warehouse.past.{quoted(entity)}"
    first = f"(SELECT min(load) FROM warehouse.book.raw_version WHERE entity = {literal(entity)})"
    # a row that names no load came with the first one of its entity
    brought = f" WHERE coalesce({{}}, {first}) <= {load}"
    known = [*past]
    now = f"SELECT {listed(columns, 'now.')} FROM {raw} AS now"
    after = brought.format(f"now.{BROUGHT}") if BROUGHT in columns else ""
    # without a past no row was ever changed: those that had come by then stood as they do today
    if not known:
        connection.execute(f"CREATE VIEW raw.{quoted(entity)} AS {now}{after}")
        return
    same = " AND ".join(f"later.{quoted(column)} IS NOT DISTINCT FROM now.{quoted(column)}" for column in key)
    # rows that a later load changed stood otherwise on the day: as the version that comes below
    changed = f"SELECT 1 FROM {earlier} AS later WHERE later.{UNTIL} > {load} AND {same}"
    # earlier versions of a row lack columns that came later, and have them empty
    shown = ", ".join(quoted(column) if column in known else f"NULL AS {quoted(column)}" for column in columns)
    then = (
        f"SELECT * FROM {earlier} WHERE {UNTIL} > {load}"
        # of the versions that later loads replaced, the first to go is the one that stood on the day
        f" QUALIFY row_number() OVER (PARTITION BY {listed(key)} ORDER BY {UNTIL}) = 1"
    )
    began = brought.format(BROUGHT) if BROUGHT in known else ""
    connection.execute(
        f"CREATE VIEW raw.{quoted(entity)} AS {now}{after or ' WHERE TRUE'} AND NOT EXISTS ({changed})"
        f" UNION ALL SELECT {shown} FROM ({then}) AS stood{began}"
    )
    connection.execute(
        f"CREATE VIEW past.{quoted(entity)} AS SELECT {shown}, {UNTIL} FROM {earlier} WHERE {UNTIL} <= {load}"
    )


def _given(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Return which columns of each entity had been given."""
    rows = connection.execute(
        'SELECT c.entity, c."column" FROM warehouse.book.raw_column AS c'
        " JOIN upto ON upto.entity = c.entity AND c.load <= upto.load"
    ).fetchall()
    columns: dict[str, set[str]] = {}
    for entity, column in rows:
        columns.setdefault(entity, set()).add(column)
    return columns


def _columns(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, list[str]]:
    sql = (
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE database_name = 'warehouse' AND schema_name = ? GROUP BY ALL"
    )
    return dict(connection.execute(sql, [schema]).fetchall())
