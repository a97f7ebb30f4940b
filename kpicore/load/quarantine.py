"""What could not be read, kept with its place and reason so that nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpicore.entities import Entity
from kpicore.load.columns import quoted
from kpicore.sources import Unreadable

if TYPE_CHECKING:
    from kpicore.load.merge import Run


def forget(run: Run) -> None:
    """Drop what an earlier run of the same source left, before it is read from the beginning again."""
    run.connection.execute("DELETE FROM book.quarantine WHERE source = ?", [run.source])


def keep(run: Run, found: Sequence[Unreadable]) -> None:
    """Keep what the source could not read."""
    import pyarrow as pa

    if not found:
        return
    rows = pa.table(
        {
            "file": pa.array([each.place for each in found], pa.string()),
            "line": pa.array([each.line for each in found], pa.int64()),
            "column": pa.array([each.column for each in found], pa.string()),
            "raw": pa.array([each.raw for each in found], pa.string()),
            "reason": pa.array([each.reason for each in found], pa.string()),
        }
    )
    run.connection.register("unreadable_rows", rows)
    run.connection.execute(
        'INSERT INTO book.quarantine SELECT ?, ?, file, line, "column", raw, reason FROM unreadable_rows',
        [run.number, run.source],
    )
    run.connection.unregister("unreadable_rows")


def keep_rows_without_key(run: Run, table: str, entity: Entity) -> int:
    """Move the rows whose key is empty out of the table; return how many."""
    empty = " AND ".join(f"{quoted(each)} IS NULL" for each in entity.key)
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {table} WHERE {empty}").fetchall()
    if rows:
        run.connection.execute(
            "INSERT INTO book.quarantine SELECT ?, ?, ?, 0, ?, CAST(to_json(given) AS VARCHAR), ?"
            f" FROM {table} AS given WHERE {empty}",
            [run.number, run.source, run.source, "", f"{entity.name} without {' and '.join(entity.key)}"],
        )
        run.connection.execute(f"DELETE FROM {table} WHERE {empty}")
    return int(rows)
