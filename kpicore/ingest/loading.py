"""One load: every source in a transaction of its own, then the made tables, then published as a whole."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from kpicore.config.reader import keep_defaults
from kpicore.errors import BadArgument
from kpicore.ingest.data_time import keep_later_times
from kpicore.ingest.derive.unknown_words import refuse_nothing_but_unknown
from kpicore.ingest.originals import book, drop_orphans, superseded
from kpicore.ingest.publish import publish
from kpicore.ingest.raw.carried_over import carry_over
from kpicore.ingest.raw.carried_sources import carry_sources
from kpicore.ingest.raw.change_log import raw_columns_of
from kpicore.ingest.raw.loads import next_number, whole_loads
from kpicore.ingest.raw.origins import source_number
from kpicore.ingest.raw.raw_tables import raw_table
from kpicore.ingest.raw.report import EntityReport, LoadReport, SourceReport, Vanished
from kpicore.ingest.raw.run import Run
from kpicore.ingest.taking import Taking, shown, words_of
from kpicore.model.sources import Source, StreamSource
from kpicore.registry.registry import Registry
from kpicore.text.plain_text import harmless
from kpicore.utils.isolation import contained
from kpicore.warehouse import FILE
from kpicore.warehouse.duckdb.writer import writing
from kpicore.warehouse.kinds import check_loads_here

if TYPE_CHECKING:
    from kpicore.config.reader import Config

Progress = Callable[[str, float], None]


class _NothingTaken(Exception):
    """Every source failed, and nothing of any was kept, so there is nothing to publish."""


def load(
    config: Config,
    registry: Registry,
    sources: Iterable[Source | StreamSource],
    *,
    data_time: datetime | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load what the sources give and make the tables that questions read.

    `data_time` is the instant that the sources show (default: now); the data is of the latest one. A source
    that fails is told in the report and nothing of it is kept, or what it gave up to its last checkpoint; where nothing
    is kept of any of them nothing is published. Raises
    WarehouseError when the warehouse cannot be written, and UnknownWords when no row of an entity could
    count; then it is as it was. Raises BadArgument for an instant in the year 1 or 9999.
    """
    started = clock.monotonic()
    time = _instant(data_time or datetime.now(UTC))
    tell = progress or (lambda step, fraction: None)
    all_sources = tuple(sources)
    entities: dict[str, EntityReport] = {}
    fared: list[SourceReport] = []
    vanished: list[Vanished] = []
    number, kept = 0, False
    version, remade = None, ""
    check_loads_here(config)
    keep_defaults(config.folder)
    try:
        with writing(config.folder / FILE) as connection:
            carry_over(connection)
            carry_sources(connection, registry)
            drop_orphans(config.folder, book.known_files(connection))
            number = next_number(connection)
            for place, source in enumerate(all_sources):
                name, problem = _name(source)
                tell(f"reading {harmless(_label(source, name))}", 0.5 * place / len(all_sources))
                if problem:
                    fared.append(SourceReport(name, error=problem))
                    continue
                run = replace(_run(connection, config, registry, source, name, number, time), turn=place)
                taking = Taking(run, registry, config.folder)
                fared.append(taking.take(source))
                kept = kept or taking.kept
                vanished += taking.vanished
                for entity, report in taking.reports.items():
                    entities[entity] = entities[entity].plus(report) if entity in entities else report
            # raised, not returned: so the copy is thrown away and the file stays what it was
            if all_sources and not kept:
                raise _NothingTaken
            # not in the transaction of one source: two of them may give the same entity, and one of them known words
            refuse_nothing_but_unknown(connection, registry, entities)
            entities = {name: replace(report, total=_total(connection, name)) for name, report in entities.items()}
            book.strike(connection, superseded(book.deliveries(connection), whole_loads(connection)))
            # By all rows that there are now: a source that gives fewer than these does not say that all is older.
            keep_later_times(connection, number, entities, registry.timeless)
            published = publish(connection, config, registry, time, lambda step, done: tell(step, 0.5 + done / 2))
            version, remade = published.version, published.words
            tell("done", 1.0)
    except _NothingTaken:
        entities = {}
    seconds = clock.monotonic() - started
    parts = tuple(entities.values()), tuple(fared), version, time, seconds, remade, tuple(vanished), number
    return LoadReport(*parts)


def _instant(data_time: datetime) -> datetime:
    # at both ends of the calendar a time zone may have no day for it, and no day follows the last
    if not MINYEAR < data_time.year < MAXYEAR:
        raise BadArgument(f"no data is of {data_time.date()}.", hint="Give a day of the years 2 to 9998.")
    return data_time.astimezone(UTC)


def _name(source: Source | StreamSource) -> tuple[str, str]:
    """Return the name of a source and "", or of one that does not tell it what it is instead, and why."""
    try:
        with contained():
            name = source.name
            if not isinstance(name, str):
                raise TypeError(f"its name is no text but {shown(name)}")
    except Exception as error:  # a source is foreign code
        return f"a {type(source).__name__}", words_of(error)
    return name, ""


def _label(source: Source | StreamSource, name: str) -> str:
    """Return what people are shown of a source: of files the file."""
    try:
        with contained():
            label = getattr(source, "label", name)
    except Exception:  # a source is foreign code, and has a name
        return name
    return label if isinstance(label, str) else name


def _run(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    source: Source | StreamSource,
    name: str,
    number: int,
    time: datetime,
) -> Run:
    """Return the run of a source, whose rows belong to it from now on."""
    tables = {table["name"]: table for table in config.sources if "name" in table}
    # of a file in kpi.toml the source itself tells: what one refers to is found in the others
    ids_of = tables.get(name, {}).get("ids_of") or getattr(source, "ids_of", "")
    own = source_number(connection, name, registry.workspace_files, ids_of if isinstance(ids_of, str) else "")
    return Run(connection, name, number, config.timezone, time.replace(tzinfo=None), own, label=_label(source, name))


def _total(connection: duckdb.DuckDBPyConnection, entity: str) -> int:
    # what has gone before any row came has no table
    if raw_columns_of(connection, entity) is None:
        return 0
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {raw_table(entity)}").fetchall()
    return int(rows)
