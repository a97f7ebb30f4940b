"""The change log: what tracked fields were before each load that changed them, as the load had made them.

The value at an earlier time is the old value of the first change after it, else today's. Beside it
stands since when an entity, or a row without a date of its own, has been known.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from kpicore.entities import Entity, Field, Type
from kpicore.load.columns import literal, quoted

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


def amounts_note(connection: duckdb.DuckDBPyConnection, entity: Entity) -> str:
    """Return what to say of amounts before the currency of the organisation changed, "" when it never did."""
    found = connection.execute("SELECT before, time FROM book.currency WHERE before IS NOT NULL").fetchall()
    if not found or not _is_logged(entity) or all(each.type is not Type.MONEY for each in _tracked(entity)):
        return ""
    return f"amounts as of days before {found[0][1].date()} are those of today: they were in {found[0][0]}"


def set_aside(connection: duckdb.DuckDBPyConnection, entity: Entity) -> bool:
    """Keep the made table until `log_changes` compares it with the new one; return whether there is one to keep."""
    if not _is_logged(entity) or not _columns(connection, entity.name):
        return False
    connection.execute(f"DROP TABLE IF EXISTS {_aside(entity)}")
    connection.execute(f"ALTER TABLE made.{quoted(entity.name)} RENAME TO {quoted(_ASIDE + entity.name)}")
    return True


def log_changes(connection: duckdb.DuckDBPyConnection, entity: Entity, time: datetime, *, amounts: bool = True) -> None:
    """Write a line for each tracked field that differs between the made table set aside and the new one.

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
        if each.name in before | now and (amounts or each.type is not Type.MONEY)
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
    _see_undated(connection, entity, time)
    connection.execute(f"DROP TABLE {_aside(entity)}")


def see_first(connection: duckdb.DuckDBPyConnection, entity: Entity, time: datetime) -> None:
    """Write down since when the entity has been known, at its first load."""
    if not _is_logged(entity):
        return
    if not connection.execute("SELECT 1 FROM book.seen WHERE entity = ? AND id = ''", [entity.name]).fetchall():
        connection.execute("INSERT INTO book.seen VALUES (?, '', ?)", [entity.name, time])


def _see_undated(connection: duckdb.DuckDBPyConnection, entity: Entity, time: datetime) -> None:
    """Write down since when new rows without a creation date have been known."""
    if entity.field(_CREATED) is None:
        return
    undated = f" WHERE y.{_CREATED} IS NULL" if _CREATED in _columns(connection, entity.name) else ""
    connection.execute(
        f"INSERT INTO book.seen SELECT ?, y.id, ? FROM made.{quoted(entity.name)} AS y"
        f" ANTI JOIN {_aside(entity)} AS x ON x.id = y.id{undated}",
        [entity.name, time],
    )


def _aside(entity: Entity) -> str:
    return f"made.{quoted(_ASIDE + entity.name)}"


def _is_logged(entity: Entity) -> bool:
    return not entity.made and entity.key == ("id",) and bool(_tracked(entity))


def _tracked(entity: Entity) -> tuple[Field, ...]:
    return tuple(each for each in entity.fields if each.tracked)


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    sql = "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'made' AND table_name = ?"
    return {name for (name,) in connection.execute(sql, [table]).fetchall()}
