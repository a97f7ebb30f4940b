"""What was delivered, read again where it is read otherwise today: by another mapping, zone or words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

from kpicore.errors import KpiError
from kpicore.ingest.originals import book, original_of
from kpicore.ingest.raw.given import forget_given_rows
from kpicore.ingest.raw.loads import next_number
from kpicore.ingest.raw.origins import source_number
from kpicore.ingest.raw.run import Run
from kpicore.ingest.taking import Taking
from kpicore.model.source_kinds import SourceKind
from kpicore.registry.registry import Registry

if TYPE_CHECKING:
    from kpicore.config.reader import Config

_FILES = "files"
"""The kind of what no [[source]] of kpi.toml gives."""

_STREAMS = """
    SELECT s.number, o.name, s.name, s.reading, max(l.time) FROM book.stream AS s JOIN book.source AS o
    ON o.number = s.source JOIN book.load AS l ON l.source = o.name AND l.stream = s.name
    WHERE s.reading <> '' GROUP BY ALL ORDER BY s.number"""


@dataclass(frozen=True, slots=True)
class _ReadStream:
    """A stream of a source, by which text it was read, and of when its data is."""

    number: int
    source: str
    name: str
    reading: str
    time: datetime


def read_again(connection: duckdb.DuckDBPyConnection, config: Config, registry: Registry) -> tuple[str, ...]:
    """Read again what is read otherwise today; return a line for each such stream, also where that fails."""
    streams = [_ReadStream(*row) for row in connection.execute(_STREAMS).fetchall()]
    return tuple(line for stream in streams if (line := _read(connection, config, registry, stream)))


def _read(connection: duckdb.DuckDBPyConnection, config: Config, registry: Registry, stream: _ReadStream) -> str:
    kind = _kind(config, stream.source)
    deliveries = book.deliveries(connection, stream.source, stream.name)
    if kind is None or kind.again is None or kind.reading is None or not deliveries:
        return ""
    try:
        reading = kind.reading(config.folder, stream.name)
    except KpiError as error:
        return f"'{stream.name}' is not read again: {error}"
    if reading == stream.reading:
        return ""
    changed, owner = 0, stream.source
    # all of them or none: with the first one all may go that was told apart otherwise
    connection.begin()
    # one by one: what a later delivery lacks is told by itself alone
    for kept in deliveries:
        source = kind.again(config.folder, stream.name, [original_of(config.folder, kept)])
        owner = source.name  # another one than before where its mapping says so
        run = Run(
            *(connection, owner, next_number(connection), config.timezone, stream.time),
            source_number(connection, owner, registry.workspace_files),
            label=kept.name,
            again=True,
        )
        taking = Taking(run, registry, config.folder, joined=True)
        problem = taking.take(source).error
        forget_given_rows(connection)
        if problem:
            connection.rollback()
            return f"'{stream.name}' is not read again: {problem}"
        changed += sum(_altered(taking))
    if owner == stream.source:
        connection.execute("UPDATE book.stream SET reading = ? WHERE number = ?", [reading, stream.number])
    else:
        book.move(connection, stream.source, stream.name, owner)
    connection.commit()
    return f"'{stream.name}' was read again, as it is read otherwise now: {changed:,} rows differ"


def _altered(taking: Taking) -> Iterator[int]:
    for report in taking.reports.values():
        yield report.changed + max(report.new, report.gone)


def _kind(config: Config, source: str) -> SourceKind | None:
    kinds = {table["name"]: table["kind"] for table in config.sources}
    return config.source_kinds.by_name.get(str(kinds.get(source, _FILES)))
