"""What a load left out of an entity's rows: counted in the book, so that every answer can tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb

from kpicore.wording import counted

if TYPE_CHECKING:
    from kpicore.load.merge import Run


def keep(run: Run, entity: str, found: Mapping[str, int]) -> None:
    """Keep how many rows of an entity this run left out, by what is told of them, for what an earlier run told."""
    run.connection.execute(
        "DELETE FROM book.told WHERE source = ? AND entity = ? AND load <> ?", [run.source, entity, run.number]
    )
    for told, rows in found.items():
        if rows:
            values = [run.number, run.source, entity, rows, told]
            run.connection.execute("INSERT INTO book.told VALUES (?, ?, ?, ?, ?)", values)


def kept(connection: duckdb.DuckDBPyConnection, entity: str) -> tuple[str, ...]:
    """Return a note for each thing that is told of an entity, over all its sources."""
    found = connection.execute(
        'SELECT sum("rows"), told FROM book.told WHERE entity = ? GROUP BY told ORDER BY told', [entity]
    ).fetchall()
    return tuple(counted(rows, told) for rows, told in found)
