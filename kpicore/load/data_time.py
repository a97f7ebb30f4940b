"""Of when the data is: of the latest instant that any of its sources was last loaded as of.

What is loaded later and is older never takes the data back. Only a load that gives again, unchanged, all rows of what
was loaded as of a later instant says that all of it is older: so a day that was left out or mistyped is put right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import duckdb

from kpicore.load.report import EntityReport
from kpicore.sources import STAGE_ORDER

LOADS = "SELECT number, source, max(time) FROM book.load GROUP BY number, source ORDER BY number"
"""SQL for what `data_times` is told, times in UTC."""


def data_times(loads: Iterable[tuple[int, str, datetime]]) -> dict[int, datetime]:
    """Return the data time after each load, by its number; `loads` are the sources of each in the order of numbers."""
    last: dict[str, datetime] = {}
    found: dict[int, datetime] = {}
    for number, source, time in loads:
        if source != STAGE_ORDER:
            last[source] = time
        found[number] = max(last.values(), default=time)
    return found


def data_time(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """Return the data time after the last load in UTC, None before a first one."""
    times = data_times(connection.execute(LOADS).fetchall())
    return times[max(times)] if times else None


def keep_later_times(connection: duckdb.DuckDBPyConnection, number: int, reports: Mapping[str, EntityReport]) -> None:
    """Let the sources of a load stay of the time that they are of, unless it says that all they gave is older.

    One that stays has a second line in the book, so that what it brought now is known since its own time.
    `reports` tell what became of each entity's rows, and how many there are now.
    """
    again = {name for name, each in reports.items() if not (each.new or each.changed) and each.unchanged == each.total}
    for source, time in connection.execute(_LATER, [number, number]).fetchall():
        given = {name for (name,) in connection.execute(_GIVEN, [source, number, STAGE_ORDER]).fetchall()}
        if not given or not given <= again:
            connection.execute(
                "INSERT INTO book.load SELECT number, source, ?, cursor FROM book.load WHERE number = ? AND source = ?",
                [time, number, source],
            )


_LATER = """
    SELECT source, before.time FROM (
        SELECT source, arg_max(time, number) AS time
        FROM (SELECT number, source, max(time) AS time FROM book.load WHERE number < ? GROUP BY number, source)
        GROUP BY source
    ) AS before JOIN book.load AS now USING (source) WHERE now.number = ? AND before.time > now.time"""
"""The sources of a load that were last loaded as of a later instant, and which."""

_GIVEN = """
    SELECT DISTINCT entity FROM book.raw_version AS version JOIN book.load ON load.number = version.load
    WHERE load.source = ? AND load.number < ?
        AND NOT (entity = 'stage' AND version.load IN (SELECT number FROM book.load WHERE source = ?))"""
"""The entities that earlier loads of a source, and of what was loaded with it, have changed."""
