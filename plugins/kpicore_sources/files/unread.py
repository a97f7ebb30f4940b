"""The fields of each row whose cells could not be read: they must not take the place of what was known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpicore import names
from kpicore_sources.files.convert import ROW
from kpicore_sources.files.plan import Plan
from kpicore_sources.files.staging import Staging

UNREAD = "_unread"


def fields_of(plan: Plan, column: str) -> tuple[str, ...]:
    """Return the fields that are made of a column, by itself or in an expression."""
    return tuple(name for name in plan.mapping.fields if column in _columns(plan, name))


def _columns(plan: Plan, field: str) -> set[str]:
    return {plan.direct[field].column} if field in plan.direct else {name for _, name in names(plan.computed[field])}


def mark_unread(staging: Staging, table: str, unread: Mapping[int, Iterable[str]]) -> str:
    """Give a typed table the column `_unread`, the fields of a row that could not be read, and return its name.

    It is null for a row of which all could be read. Where that is every row there is no such column: it returns "".
    """
    import pyarrow as pa

    rows = {row: sorted(fields) for row, fields in unread.items() if fields}
    if not rows:
        return ""
    given = pa.table(
        {
            "row": pa.array(list(rows), pa.int64()),
            "fields": pa.array(list(rows.values()), pa.list_(pa.string())),
        }
    )
    staging.query(f"ALTER TABLE {table} ADD COLUMN {UNREAD} VARCHAR[]")
    staging.duckdb.register(f"{table}_unread", given)
    staging.query(
        f"UPDATE {table} SET {UNREAD} = given.fields FROM {table}_unread AS given WHERE given.row = {table}.{ROW}"
    )
    staging.duckdb.unregister(f"{table}_unread")
    return UNREAD
