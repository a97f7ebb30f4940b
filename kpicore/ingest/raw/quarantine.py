"""What could not be read, kept with its place and reason so that nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Sequence

from kpicore.ingest.raw.origins import HIDDEN, ROW, STREAM
from kpicore.ingest.raw.raw_tables import raw_table
from kpicore.ingest.raw.run import Run
from kpicore.model.schema import Entity, Field
from kpicore.model.sources import Unreadable
from kpicore.text.sql_text import quoted

UNREAD, RAW = "_unread", "_raw"
"""The columns of rows that wait: the fields that could not be read, and the row as it was read."""

BESIDE = (ROW, UNREAD, RAW)
"""The columns of rows that wait that are no fields."""


def forget(run: Run) -> None:
    """Drop what an earlier run of the same source left, before it is read from the beginning again."""
    run.connection.execute("DELETE FROM book.quarantine WHERE source = ?", [run.source])


def forget_file(run: Run) -> None:
    """Drop what an earlier run left of the same file, which is read from the beginning again."""
    # of an earlier version a file was a source of its own
    run.connection.execute(
        "DELETE FROM book.quarantine WHERE source IN (?, ?) AND (file = ? OR starts_with(file, ?))",
        [run.source, run.label, run.label, f"{run.label}["],
    )


def forget_records(run: Run, stream: str, entity: Entity, given_now: str, number: int) -> None:
    """Drop what earlier runs left of records that were given in this one, and so were read anew.

    `given_now` is SQL that tells them, `number` that of the stream.
    """
    if len(entity.key) != 1:
        return
    left = "source = ? AND stream = ? AND record <> '' AND load < ?"
    values = [run.source, stream, run.number]
    # none, as a rule: then no row is looked at
    if not run.connection.execute(f"SELECT 1 FROM book.quarantine WHERE {left} LIMIT 1", values).fetchall():
        return
    records = f"SELECT kept.{quoted(entity.key[0])} FROM {raw_table(entity.name)} AS kept"
    run.connection.execute(
        f"DELETE FROM book.quarantine WHERE {left} AND record IN"
        f" ({records} WHERE kept.{STREAM} = {int(number)} AND {given_now})",
        values,
    )


def keep(run: Run, unreadable: Sequence[Unreadable]) -> None:
    """Keep what the source could not read."""
    import pyarrow as pa

    if not unreadable:
        return
    # By Arrow, all at once: a file may have a million such cells.
    texts = ("place", "column", "raw", "reason", "stream", "record", "field")
    columns = {name: pa.array([getattr(cell, name) for cell in unreadable], pa.string()) for name in texts}
    columns["line"] = pa.array([cell.line for cell in unreadable], pa.int64())
    run.connection.register("unreadable_rows", pa.table(columns))
    run.connection.execute(
        'INSERT INTO book.quarantine SELECT ?, ?, place, line, "column", raw, reason, stream, record, field'
        " FROM unreadable_rows",
        [run.number, run.source],
    )
    run.connection.unregister("unreadable_rows")


def keep_misfits(run: Run, stream: str, field: Field, cast: str, key: str) -> str:
    """Keep the values of `batch_rows` that the field has no place for; return SQL that tells them, "" for none."""
    column = quoted(field.name)
    misfit = f"nullif(CAST({column} AS VARCHAR), '') IS NOT NULL AND {cast} IS NULL"
    record = f"coalesce(CAST({quoted(key)} AS VARCHAR), '')" if key else "''"
    ((rows,),) = run.connection.execute(
        f"INSERT INTO book.quarantine SELECT ?, ?, ?, 0, ?, CAST({column} AS VARCHAR), ?, ?, {record}, ?"
        f" FROM batch_rows WHERE {misfit}",
        [
            *(run.number, run.source, run.label, field.name),
            *(f"not a {field.type.value} of {field.entity}", stream, field.name),
        ],
    ).fetchall()
    return misfit if rows else ""


def kept(run: Run) -> tuple[int, int]:
    """Return how many values and how many rows the source has put into quarantine in this load."""
    ((values, rows),) = run.connection.execute(
        """SELECT count(*) FILTER (WHERE "column" <> ''), count(*) FILTER (WHERE "column" = '')
        FROM book.quarantine WHERE load = ? AND source = ?""",
        [run.number, run.source],
    ).fetchall()
    return values, rows


def keep_rows_without_key(run: Run, stream: str, table: str, entity: Entity, *, fresh: bool) -> int:
    """Move the rows whose key is empty out of the table; return how many."""
    # a key of several columns is empty only when all of them are
    empty = " AND ".join(f"{quoted(column)} IS NULL" for column in entity.key)
    ((rows,),) = run.connection.execute(f"SELECT count(*) FROM {table} WHERE {empty}").fetchall()
    if rows:
        given = f"SELECT * EXCLUDE ({', '.join(HIDDEN if fresh else BESIDE)}) FROM {table} WHERE {empty}"
        run.connection.execute(
            "INSERT INTO book.quarantine SELECT ?, ?, ?, 0, '', CAST(to_json(_given) AS VARCHAR), ?, ?, '', ''"
            f" FROM ({given}) AS _given",
            [run.number, run.source, run.label, f"{entity.name} without {' and '.join(entity.key)}", stream],
        )
        run.connection.execute(f"DELETE FROM {table} WHERE {empty}")
    return int(rows)
