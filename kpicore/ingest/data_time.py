"""Of when the data is: of the latest instant that any of its sources was last loaded as of.

What is loaded later and is older never takes the data back. Only a load that gives again, unchanged, all rows of what
was loaded as of a later instant says that all of it is older: so a day that was left out or mistyped is put right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import duckdb

from kpicore.ingest.raw.report import EntityReport
from kpicore.model.workspace_files import Timeless

# max(time): a source that stays of its later time has a second line of the same load (`_STAYS`), which counts
LOADS = """
    SELECT number, source, coalesce(stream, ''), max(time), number IN (SELECT load FROM book.raw_version) FROM book.load
    GROUP BY ALL ORDER BY number"""
"""SQL for what `data_times` is told, times in UTC."""

# the last is of the load, whatever stream of it changed the rows
Loaded = tuple[int, str, str, datetime, bool]
"""The number of a load, a source and stream of it, its time, and whether the load has brought or changed any row."""

Stream = tuple[str, str]


def data_times(loads: Iterable[Loaded], timeless: Timeless) -> dict[int, datetime]:
    """Return the data time after each load, by its number; `loads` are in the order of numbers."""
    last: dict[Stream, datetime] = {}
    times: dict[int, datetime] = {}
    for load in loads:
        _follow(last, load, timeless)
        number, _, _, time, _ = load
        times[number] = max(last.values(), default=time)
    return times


def data_time(connection: duckdb.DuckDBPyConnection, timeless: Timeless) -> datetime | None:
    """Return the data time after the last load in UTC, None before a first one."""
    times = data_times(connection.execute(LOADS).fetchall(), timeless)
    return times[max(times)] if times else None


def keep_later_times(
    connection: duckdb.DuckDBPyConnection, number: int, reports: Mapping[str, EntityReport], timeless: Timeless
) -> None:
    """Let the sources of a load stay of the time that they are of, unless it says that all they gave is older.

    One that stays has a second line in the book, so that what it brought now is known since its own time.
    `reports` tell what became of each entity's rows, and how many there are now.
    """
    # all rows that there are, not all that were given: a file with one of two loans says nothing of the other
    again = {
        name
        for name, report in reports.items()
        if not (report.new or report.changed) and report.unchanged == report.total
    }
    last: dict[Stream, datetime] = {}
    for load in connection.execute(LOADS).fetchall():
        load_number, source, stream, time, _ = load
        if load_number < number:
            _follow(last, load, timeless)
        elif time < last.get((source, stream), time):  # of this load, and older than what the stream was of
            entities = _changed_entities(connection, (source, stream), number, timeless)
            if not entities or not entities <= again:
                connection.execute(_STAYS, [last[source, stream], number, source, stream])


def _changed_entities(
    connection: duckdb.DuckDBPyConnection, stream: Stream, number: int, timeless: Timeless
) -> set[str]:
    """Return the entities that earlier loads of a stream, and of what was loaded with it, have changed.

    What one that is of no day has changed in them is none of that.
    """
    others = [(entity, name) for name, entities in timeless.items() for entity in entities]
    sql = _GIVEN + _NOT_BY * len(others)
    values = [*stream, number, *(value for other in others for value in other)]
    return {name for (name,) in connection.execute(sql, values).fetchall()}


def _follow(last: dict[Stream, datetime], load: Loaded, timeless: Timeless) -> None:
    """Put the time of a stream after one more load into `last`: what brings rows takes it back in no case."""
    _, source, stream, time, brought = load
    if source not in timeless:
        last[source, stream] = max(time, last.get((source, stream), time)) if brought else time


_STAYS = (
    "INSERT INTO book.load SELECT * REPLACE (? AS time) FROM book.load"
    " WHERE number = ? AND source = ? AND coalesce(stream, '') = ?"
)

_GIVEN = """
    SELECT DISTINCT entity FROM book.raw_version AS version JOIN book.load ON load.number = version.load
    WHERE load.source = ? AND coalesce(load.stream, '') = ? AND load.number < ?"""

_NOT_BY = " AND NOT (entity = ? AND version.load IN (SELECT number FROM book.load WHERE source = ?))"
