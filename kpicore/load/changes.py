"""The change log: what tracked fields were before each load that changed them, as the load had made them.

The value at an earlier time is the old value of the first change after it, else today's. Beside it
stands since when an entity, or a row without a date of its own, has been known.

A field that stays as the source gave it is logged when rows are merged, which is cheap; one that the
load fills or converts when its table is made, by comparing the old table with the new one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import duckdb

from kpicore.entities import Entity, Field, Type
from kpicore.load.columns import literal, quoted
from kpicore.notes import Note

_CREATED, _ASIDE = "created_at", "before "


def same_currency(connection: duckdb.DuckDBPyConnection, currency: str, time: datetime) -> bool:
    """Write down the organisation's currency; return whether it is still that of the load before."""
    found = connection.execute("SELECT code FROM book.currency").fetchall()
    if found and found[0][0] == currency:
        return True
    old = found[0][0] if found else None
    connection.execute("DELETE FROM book.currency")
    connection.execute("INSERT INTO book.currency VALUES (?, ?, ?)", [currency, old, time])
    return old is None


def amounts_note(connection: duckdb.DuckDBPyConnection, entity: Entity) -> Note | None:
    """Return what to say of amounts before the currency of the organisation changed, None when it never did."""
    found = connection.execute("SELECT before, time FROM book.currency WHERE before IS NOT NULL").fetchall()
    if not found or not _is_logged(entity) or all(each.type is not Type.MONEY for each in _tracked(entity)):
        return None
    return Note.of("currency_changed", day=found[0][1].date(), currency=found[0][0])


def log_given(connection: duckdb.DuckDBPyConnection, entity: Entity, columns: Collection[str], time: datetime) -> None:
    """Write a line for each field left as given that the rows waiting in `changed_rows` will change."""
    if not _is_logged(entity):
        return
    for field in _tracked(entity):
        if _is_worked_out(field) or field.name not in columns:
            continue
        name = quoted(field.name)
        connection.execute(
            "INSERT INTO book.change"
            f" SELECT ?, given.id, ?, CAST(kept.{name} AS VARCHAR), CAST(given.{name} AS VARCHAR), ?"
            f" FROM changed_rows AS given JOIN raw.{quoted(entity.name)} AS kept ON kept.rowid = given._place"
            f" WHERE kept.{name} IS DISTINCT FROM given.{name}",
            [entity.name, field.name, time],
        )


def set_aside(connection: duckdb.DuckDBPyConnection, entity: Entity) -> bool:
    """Keep the made table until `log_made` compares it with the new one; return whether there is one to keep."""
    if not _is_logged(entity) or not _columns(connection, entity.name):
        return False
    connection.execute(f"DROP TABLE IF EXISTS {_aside(entity)}")
    connection.execute(f"ALTER TABLE made.{quoted(entity.name)} RENAME TO {quoted(_ASIDE + entity.name)}")
    return True


def log_made(connection: duckdb.DuckDBPyConnection, entity: Entity, time: datetime, *, amounts: bool = True) -> None:
    """Write a line for each field worked out by the load that differs between the made table set aside and the new one.

    Without `amounts` the old ones are in another currency: they are not logged, and earlier ones dropped.
    """
    if not amounts:
        for each in _tracked(entity):
            if each.type is Type.MONEY:
                connection.execute("DELETE FROM book.change WHERE entity = ? AND field = ?", [entity.name, each.name])
    before, now = _columns(connection, _ASIDE + entity.name), _columns(connection, entity.name)
    pairs = [
        (each.name, f"x.{quoted(each.name)}" if each.name in before else "NULL",
         f"y.{quoted(each.name)}" if each.name in now else "NULL")
        for each in _tracked(entity)
        if _is_worked_out(each) and each.name in before | now and (amounts or each.type is not Type.MONEY)
    ]  # fmt: skip
    lines = ", ".join(
        f"{{'field': {literal(name)}, 'old': CAST({old} AS VARCHAR), 'new': CAST({new} AS VARCHAR)}}"
        for name, old, new in pairs
    )
    differs = " OR ".join(f"{old} IS DISTINCT FROM {new}" for _, old, new in pairs)
    if pairs:
        connection.execute(
            "INSERT INTO book.change SELECT ?, id, line.field, line.old, line.new, ? FROM ("
            f"SELECT x.id, unnest([{lines}]) AS line FROM {_aside(entity)} AS x"
            f" JOIN made.{quoted(entity.name)} AS y ON y.id = x.id WHERE {differs})"
            " WHERE line.old IS DISTINCT FROM line.new",
            [entity.name, time],
        )
    connection.execute(f"DROP TABLE {_aside(entity)}")


def see_new(
    connection: duckdb.DuckDBPyConnection, entity: Entity, given: str, columns: Collection[str], time: datetime
) -> None:
    """Write down since when the entity is known, and each row of the table `given` that is new and has no date."""
    if not _is_logged(entity):
        return
    if not connection.execute("SELECT 1 FROM book.seen WHERE entity = ? AND id = ''", [entity.name]).fetchall():
        connection.execute("INSERT INTO book.seen VALUES (?, '', ?)", [entity.name, time])
    elif entity.field(_CREATED) is not None:
        undated = f" WHERE given.{_CREATED} IS NULL" if _CREATED in columns else ""
        connection.execute(
            f"INSERT INTO book.seen SELECT ?, given.id, ? FROM {given} AS given"
            f" ANTI JOIN raw.{quoted(entity.name)} AS kept ON kept.id = given.id{undated}",
            [entity.name, time],
        )


def _aside(entity: Entity) -> str:
    return f"made.{quoted(_ASIDE + entity.name)}"


def _is_logged(entity: Entity) -> bool:
    return not entity.made and entity.key == ("id",) and bool(_tracked(entity))


def _tracked(entity: Entity) -> tuple[Field, ...]:
    return tuple(each for each in entity.fields if each.tracked)


def _is_worked_out(field: Field) -> bool:
    return bool(field.how) or field.type is Type.MONEY


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    sql = "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'made' AND table_name = ?"
    return {name for (name,) in connection.execute(sql, [table]).fetchall()}
