"""The lineage of the made tables as the book keeps it, and which installations have made them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import duckdb

from kpicore.lineage import Lineage

_MOST = 20
"""So many installations are remembered."""


def kept_lineage(connection: duckdb.DuckDBPyConnection) -> Lineage | None:
    """Return the lineage of the tables as they are, None when a version that keeps none has made them."""
    found = connection.execute(
        "SELECT lineage FROM book.lineage JOIN book.state ON book.lineage.version = book.state.version"
    ).fetchall()
    return Lineage.parse(found[0][0]) if found else None


def keep_lineage(
    connection: duckdb.DuckDBPyConnection, version: str, written: str, lineage: Lineage, misread: Mapping[str, str]
) -> None:
    """Write down by which definitions the tables of a data version were made; `written` is their text.

    `misread` tells of entities whose rows were read in another time zone.
    """
    found = connection.execute("SELECT installed FROM book.lineage").fetchall()
    before: list[str] = json.loads(found[0][0]) if found else []
    if before[-1:] != [lineage.installed]:
        before = [*before, lineage.installed][-_MOST:]
    connection.execute("DELETE FROM book.lineage")
    connection.execute(
        "INSERT INTO book.lineage VALUES (?, ?, ?, ?, ?)",
        [version, written, lineage.text(), json.dumps(before), json.dumps(misread)],
    )
