"""What could not be read, kept with its place and reason so that nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Sequence

from kpicore.ingest.raw.run import Run
from kpicore.model.schema import Entity, Field
from kpicore.model.sources import Unreadable
from kpicore.text.sql_text import quoted


def forget(run: Run) -> None:
    """Drop what an earlier run of the same source left, before it is read from the beginning again."""
    run.connection.execute("DELETE FROM book.quarantine WHERE source = ?", [run.source])


def keep(run: Run, unreadable: Sequence[Unreadable]) -> None:
    """Keep what the source could not read."""
    import pyarrow as pa

    if not unreadable:
        return
    # By Arrow, all at once: a file may have a million such cells.
    rows = pa.table(
        {
            "file": pa.array([cell.place for cell in unreadable], pa.string()),
            "line": pa.array([cell.line for cell in unreadable], pa.int64()),
            "column": pa.array([cell.column for cell in unreadable], pa.string()),
            "raw": pa.array([cell.raw for cell in unreadable], pa.string()),
            "reason": pa.array([cell.reason for cell in unreadable], pa.string()),
        }
    )
    run.connection.register("unreadable_rows", rows)
    run.connection.execute(
        'INSERT INTO book.quarantine SELECT ?, ?, file, line, "column", raw, reason FROM unreadable_rows',
        [run.number, run.source],
    )
    run.connection.unregister("unreadable_rows")


def keep_misfits(run: Run, field: Field, cast: str) -> None:
    """Keep the values of `batch_rows` that the field has no place for."""
    column = quoted(field.name)
    run.connection.execute(
        f"INSERT INTO book.quarantine SELECT ?, ?, ?, 0, ?, CAST({column} AS VARCHAR), ? FROM batch_rows"
        f" WHERE nullif(CAST({column} AS VARCHAR), '') IS NOT NULL AND {cast} IS NULL",
        [run.number, run.source, run.source, field.name, f"not a {field.type.value} of {field.entity}"],
    )


def kept(run: Run) -> tuple[int, int]:
    """Return how many values and how many rows this run has put into quarantine."""
    ((values, rows),) = run.connection.execute(
        """SELECT count(*) FILTER (WHERE "column" <> ''), count(*) FILTER (WHERE "column" = '')
        FROM book.quarantine WHERE load = ? AND source = ?""",
        [run.number, run.source],
    ).fetchall()
    return values, rows


def keep_rows_without_key(run: Run, table: str, entity: Entity) -> int:
    """Move the rows whose key is empty out of the table; return how many."""
    # a key of several columns is empty only when all of them are
    empty = " AND ".join(f"{quoted(column)} IS NULL" for column in entity.key)
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {table} WHERE {empty}").fetchall()
    if rows:
        run.connection.execute(
            "INSERT INTO book.quarantine SELECT ?, ?, ?, 0, ?, CAST(to_json(_given) AS VARCHAR), ?"
            f" FROM {table} AS _given WHERE {empty}",
            [run.number, run.source, run.source, "", f"{entity.name} without {' and '.join(entity.key)}"],
        )
        run.connection.execute(f"DELETE FROM {table} WHERE {empty}")
    return int(rows)
