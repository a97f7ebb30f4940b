"""Of when the data of each source is, by the book of loads: what gave an entity rows, and when it was last loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kpicore.text.sql_text import literal
from kpicore.warehouse.port import FILES, Lags, SourceState

Query = Callable[[str], list[tuple[Any, ...]]]
_Place = tuple[str, str, str]
_Given = tuple[str, str, str, datetime]

# A stream is of the latest instant that it was loaded as of; only a load that changed no row takes it back, as it says
# that all of it is older. What a file of no day fills is of no day, whatever else the same load has brought.
_GIVEN = """
    load AS (
        SELECT number, source, {stream} AS stream, max(time) AS time,
            number IN (SELECT load FROM book.raw_version) AS brought
        FROM book.load GROUP BY ALL
    ), dated AS (SELECT * FROM load WHERE source NOT IN (SELECT source FROM timeless)),
    confirmed AS (SELECT source, stream, max(number) AS number FROM dated WHERE NOT brought GROUP BY ALL),
    stands AS (
        SELECT dated.source, dated.stream, max(dated.time) AS time
        FROM dated LEFT JOIN confirmed USING (source, stream)
        WHERE dated.number >= coalesce(confirmed.number, 0) GROUP BY ALL
    ), given AS (
        {counted}
        SELECT DISTINCT version.entity, dated.source, dated.stream, dated.stream AS of_load
        FROM book.raw_version AS version JOIN dated ON dated.number = version.load
        WHERE NOT EXISTS (
            SELECT 1 FROM timeless JOIN load USING (source)
            WHERE load.number = version.load AND timeless.entity = version.entity
        ) {uncounted}
    )
    SELECT DISTINCT given.entity, given.source, given.stream, stands.time FROM given JOIN stands
    ON stands.source = given.source AND stands.stream = given.of_load ORDER BY ALL"""

# A source that has one cursor for all that it gives has one line of its own in the book, of the stream ''.
_COUNTED = """
        SELECT DISTINCT rows.entity, rows.source, rows.stream, dated.stream AS of_load
        FROM book.load_rows AS rows JOIN dated ON dated.number = rows.number AND dated.source = rows.source
        AND dated.stream IN (rows.stream, '') WHERE rows.new + rows.changed + rows.unchanged > 0
        UNION ALL"""
_UNCOUNTED = "AND version.load NOT IN (SELECT number FROM book.load_rows)"
"""Loads of an earlier version are not counted: all that was loaded at a time has given what was changed then."""


_COUNTS = """
    SELECT source, stream, entity, sum(new - gone) FROM book.load_rows
    WHERE number = 0 OR number IN (SELECT number FROM book.load) GROUP BY ALL"""
_SIZES = """
    SELECT '', '', table_name, estimated_size FROM duckdb_tables()
    WHERE schema_name = 'raw' AND database_name = current_database()"""
"""The rows of an earlier version, of which none was ever deleted."""


def source_states(query: Query, lags: Lags, timeless: Mapping[str, Sequence[str]]) -> tuple[SourceState, ...]:
    """Return how fresh each source is, by source and entity.

    `lags` names the sources that have a name of their own; all others are files, and of an entity the latest one tells.
    `timeless` are those that are of no day, with the entities that they fill.
    """
    is_counted = _is_counted(query)
    latest: dict[_Place, _Given] = {}
    for given in query(_timeless(timeless) + _given(is_counted=is_counted)):
        entity, source, stream, time = given
        place = _place(source, stream, entity, lags)
        if place not in latest or latest[place][3] <= time:
            latest[place] = given
    rows = _rows(query, lags, is_counted=is_counted)
    return tuple(
        SourceState(*place, time.replace(tzinfo=UTC), None, "", rows.get(place, 0), lags.get(place[0]))
        for place, (_, _, _, time) in sorted(latest.items())
    )


def _place(source: str, stream: str, entity: str, lags: Lags) -> _Place:
    # of files an old one that nobody brings again says nothing about the others
    return (source, stream, entity) if source in lags else (FILES, entity, entity)


def _is_counted(query: Query) -> bool:
    tables = "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'book'"
    return bool(query(f"{tables} AND table_name = 'load_rows'"))


def _given(*, is_counted: bool) -> str:
    if not is_counted:  # an earlier version made the tables
        return _GIVEN.format(stream="''", counted="", uncounted="")
    return _GIVEN.format(stream="coalesce(stream, '')", counted=_COUNTED, uncounted=_UNCOUNTED)


def _timeless(timeless: Mapping[str, Sequence[str]]) -> str:
    """Return the beginning of a statement with the files of no day."""
    pairs = ", ".join(f"({literal(name)}, {literal(entity)})" for name, of in timeless.items() for entity in of)
    rows = f"VALUES {pairs}" if pairs else "SELECT '', '' WHERE FALSE"
    return f"WITH timeless(source, entity) AS ({rows}),"


def _rows(query: Query, lags: Lags, *, is_counted: bool) -> Mapping[_Place, int]:
    """Return how many rows there are of each stream, of files of each entity."""
    rows: dict[_Place, int] = {}
    # by what loads have brought and taken: to count rows takes as long as all the rest
    for source, stream, entity, number in query(_COUNTS if is_counted else _SIZES):
        place = _place(source, stream, entity, lags)
        rows[place] = rows.get(place, 0) + int(number)
    return rows
