"""Of when the data of each source is, by the book of loads: what gave an entity rows, and when it was last loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kpicore.text.sql_text import literal, quoted
from kpicore.warehouse.port import FILES, Lags, SourceState

Query = Callable[[str], list[tuple[Any, ...]]]
_Given = tuple[str, str, datetime]

# A source is of the latest instant that it was loaded as of; only a load that changed no row takes it back, as it says
# that all of it is older. What a file of no day fills is of no day, whatever else the same load has brought.
_GIVEN = """
    load AS (
        SELECT number, source, max(time) AS time, number IN (SELECT load FROM book.raw_version) AS brought
        FROM book.load GROUP BY number, source
    ), dated AS (SELECT * FROM load WHERE source NOT IN (SELECT source FROM timeless)),
    confirmed AS (SELECT source, max(number) AS number FROM dated WHERE NOT brought GROUP BY source),
    stands AS (
        SELECT dated.source, max(dated.time) AS time FROM dated LEFT JOIN confirmed USING (source)
        WHERE dated.number >= coalesce(confirmed.number, 0) GROUP BY dated.source
    ), given AS (
        SELECT DISTINCT version.entity, dated.source
        FROM book.raw_version AS version JOIN dated ON dated.number = version.load
        WHERE NOT EXISTS (
            SELECT 1 FROM timeless JOIN load USING (source)
            WHERE load.number = version.load AND timeless.entity = version.entity
        )
    )
    SELECT entity, source, time FROM given JOIN stands USING (source) ORDER BY ALL"""


def source_states(query: Query, lags: Lags, timeless: Mapping[str, Sequence[str]]) -> tuple[SourceState, ...]:
    """Return how fresh each source is, by source and entity.

    `lags` names the sources that have a name of their own; all others are files, and of an entity the latest one tells.
    `timeless` are those that are of no day, with the entities that they fill.
    """
    latest: dict[tuple[str, str], _Given] = {}
    for given in query(_timeless(timeless) + _GIVEN):
        entity, source, time = given
        place = (source if source in lags else FILES, entity)
        if place not in latest or latest[place][2] <= time:
            latest[place] = given
    rows = _rows(query, {entity for _, entity in latest})
    return tuple(
        SourceState(source, entity, entity, time.replace(tzinfo=UTC), None, "", rows[entity], lags.get(source))
        for (source, entity), (_, _, time) in sorted(latest.items())
    )


def _timeless(timeless: Mapping[str, Sequence[str]]) -> str:
    """Return the beginning of a statement with the files of no day."""
    pairs = ", ".join(f"({literal(name)}, {literal(entity)})" for name, of in timeless.items() for entity in of)
    rows = f"VALUES {pairs}" if pairs else "SELECT '', '' WHERE FALSE"
    return f"WITH timeless(source, entity) AS ({rows}),"


def _rows(query: Query, entities: Iterable[str]) -> Mapping[str, int]:
    """Return how many rows of each entity were given."""
    # what the catalog knows takes a tenth of the time of counting; as of an earlier day there are views, which it does
    # not know, and no row of a table is ever deleted
    sizes = "SELECT table_name, estimated_size FROM duckdb_tables() WHERE schema_name = 'raw' AND database_name = "
    rows: dict[str, int] = dict(query(f"{sizes}current_database()"))
    counts = [f"SELECT {literal(name)}, count(*) FROM raw.{quoted(name)}" for name in sorted({*entities} - rows.keys())]
    return rows | dict(query(" UNION ALL ".join(counts))) if counts else rows
