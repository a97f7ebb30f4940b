"""The change log: what tracked fields were before each load that changed them.

The value at an earlier time is the old value of the first change after it, else today's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from kpicore.entities import Entity
from kpicore.load.columns import quoted


def log_changes(connection: duckdb.DuckDBPyConnection, entity: Entity, columns: Sequence[str], time: datetime) -> None:
    """Write a line for each tracked field that the rows waiting in `changed_rows` will change."""
    if len(entity.key) != 1:
        return
    key = quoted(entity.key[0])
    for field in entity.fields:
        if not field.tracked or field.name not in columns:
            continue
        name = quoted(field.name)
        connection.execute(
            "INSERT INTO book.change"
            f" SELECT ?, given.{key}, ?, CAST(kept.{name} AS VARCHAR), CAST(given.{name} AS VARCHAR), ?"
            f" FROM changed_rows AS given JOIN raw.{quoted(entity.name)} AS kept ON kept.rowid = given._place"
            f" WHERE kept.{name} IS DISTINCT FROM given.{name}",
            [entity.name, field.name, time],
        )
