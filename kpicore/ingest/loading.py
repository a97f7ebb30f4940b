"""One load: every source in a transaction of its own, then the made tables, then published as a whole."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import duckdb

from kpicore.config.reader import keep_defaults
from kpicore.errors import BadArgument, KpiError
from kpicore.ingest.data_time import keep_later_times
from kpicore.ingest.derive.unknown_words import refuse_nothing_but_unknown
from kpicore.ingest.publish import publish
from kpicore.ingest.raw import quarantine
from kpicore.ingest.raw.carried_over import carry_over
from kpicore.ingest.raw.merge import Waiting, merge, raw_table, same_group, take
from kpicore.ingest.raw.report import EntityReport, LoadReport, SourceReport
from kpicore.ingest.raw.run import ENDS_LOAD, Run
from kpicore.model.sources import Batch, Source, Unreadable
from kpicore.registry.registry import Registry
from kpicore.text.plain_text import harmless
from kpicore.utils.isolation import Stopped, contained, failure_words, in_words, short_line
from kpicore.warehouse import FILE
from kpicore.warehouse.duckdb.writer import writing
from kpicore.warehouse.kinds import check_loads_here

if TYPE_CHECKING:
    from kpicore.config.reader import Config

T = TypeVar("T")
Progress = Callable[[str, float], None]

_MOST_EMPTY = 100_000
"""A source that gives so many batches without rows in a row may do so for ever."""


class _NothingTaken(Exception):
    """Every source failed, so there is nothing to publish."""


def load(
    config: Config,
    registry: Registry,
    sources: Iterable[Source],
    *,
    data_time: datetime | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load what the sources give and make the tables that questions read.

    `data_time` is the instant that the sources show (default: now); the data is of the latest one. A source
    that fails is told in the report and nothing of it is kept; when all of them fail nothing is published. Raises
    WarehouseError when the warehouse cannot be written, and UnknownWords when no row of an entity could
    count; then it is as it was. Raises BadArgument for an instant in the year 1 or 9999.
    """
    started = clock.monotonic()
    time = _instant(data_time or datetime.now(UTC))
    tell = progress or (lambda step, fraction: None)
    all_sources = tuple(sources)
    entities: dict[str, EntityReport] = {}
    fared: list[SourceReport] = []
    version, remade = None, ""
    check_loads_here(config)
    keep_defaults(config.folder)
    try:
        with writing(config.folder / FILE) as connection:
            carry_over(connection)
            number = _next_number(connection)
            for place, source in enumerate(all_sources):
                name, problem = _name(source)
                tell(f"reading {harmless(name)}", 0.5 * place / len(all_sources))
                run = Run(connection, name, number, config.timezone, time.replace(tzinfo=None))
                fared.append(SourceReport(name, error=problem) if problem else _taken(run, registry, source, entities))
            # raised, not returned: so the copy is thrown away and the file stays what it was
            if all_sources and all(source.error for source in fared):
                raise _NothingTaken
            # not in the transaction of one source: two of them may give the same entity, and one of them known words
            refuse_nothing_but_unknown(connection, registry, entities)
            entities = {name: replace(report, total=_total(connection, name)) for name, report in entities.items()}
            # By all rows that there are now: a source that gives fewer than these does not say that all is older.
            keep_later_times(connection, number, entities, registry.timeless)
            published = publish(connection, config, registry, time, lambda step, done: tell(step, 0.5 + done / 2))
            version, remade = published.version, published.words
            tell("done", 1.0)
    except _NothingTaken:
        entities = {}
    seconds = clock.monotonic() - started
    return LoadReport(tuple(entities.values()), tuple(fared), version, time, seconds, remade)


def _instant(data_time: datetime) -> datetime:
    # at both ends of the calendar a time zone may have no day for it, and no day follows the last
    if not MINYEAR < data_time.year < MAXYEAR:
        raise BadArgument(f"no data is of {data_time.date()}.", hint="Give a day of the years 2 to 9998.")
    return data_time.astimezone(UTC)


def _name(source: Source) -> tuple[str, str]:
    """Return the name of a source and "", or of one that does not tell it what it is instead, and why."""
    try:
        with contained():
            name = source.name
            if not isinstance(name, str):
                raise TypeError(f"its name is no text but {_shown(name)}")
    except Exception as error:  # a source is foreign code
        return f"a {type(source).__name__}", _words(error)
    return name, ""


def _taken(run: Run, registry: Registry, source: Source, entities: dict[str, EntityReport]) -> SourceReport:
    """Take all that one source gives, or nothing of it."""
    run.connection.begin()
    try:
        reports: dict[str, EntityReport] = {}
        with contained():
            fared = _take_all(run, registry, source, reports)
        run.connection.commit()
    except ENDS_LOAD:
        raise
    except Exception as error:  # a source is foreign code: whatever it raises must not hurt the others
        run.connection.rollback()
        return SourceReport(run.source, error=_words(error))
    # only after the commit: what was rolled back is in no report
    for name, report in reports.items():
        entities[name] = _sum(entities.get(name), report)
    return fared


def _take_all(run: Run, registry: Registry, source: Source, reports: dict[str, EntityReport]) -> SourceReport:
    cursor = _cursor(run)
    run = replace(run, whole=cursor is None)
    if run.whole:  # what could not be read then is read again now, and told once
        quarantine.forget(run)
    waiting: dict[str, Waiting] = {}

    def settle(name: str) -> None:
        reports[name] = _sum(reports.get(name), merge(run, waiting.pop(name)))

    for batch in _with_rows(_called(lambda: source.batches(cursor))):
        entity = registry.entity(batch.entity)
        # rows wait in a table with the columns of their batch, so others mean another table
        if batch.entity in waiting and not same_group(waiting[batch.entity], batch):
            settle(batch.entity)
        waiting[batch.entity] = take(run, entity, batch, waiting.get(batch.entity))
    for name in tuple(waiting):
        settle(name)
    quarantine.keep(run, tuple(_all(_called(source.unreadable), Unreadable)))
    after = _called(source.cursor)
    if not isinstance(after, str | None):
        raise TypeError(f"its cursor is neither a text nor None but {_shown(after)}")
    run.connection.execute("INSERT INTO book.load VALUES (?, ?, ?, ?)", [run.number, run.source, run.time, after])
    values, rows = quarantine.kept(run)
    return SourceReport(run.source, values=values, rows=rows)


def _with_rows(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Yield the batches, of those without rows the first of an entity's columns; raise where they come without end."""
    seen, empty = set[tuple[str, ...]](), 0
    for batch in _all(batches, Batch):
        if getattr(batch.rows, "num_rows", None) != 0:  # a reader tells no number
            empty = 0
            yield batch
            continue
        empty += 1
        if empty > _MOST_EMPTY:
            raise ValueError(f"it gave more than {_MOST_EMPTY:,} batches without rows one after the other")
        columns = batch.entity, *batch.rows.schema.names
        if columns not in seen:
            seen.add(columns)
            yield batch


def _all(stream: Iterable[T], kind: type[T]) -> Iterator[T]:
    if not isinstance(stream, Iterable):
        raise TypeError(f"it gave {_shown(stream)}, which is no list of {kind.__name__}")
    items = iter(stream)
    # the iterator itself stands for the end, as no source can give it; None could be given by mistake
    while (item := _called(lambda: next(items, items))) is not items:
        if not isinstance(item, kind):
            raise TypeError(f"it gave {_shown(item)}, which is no {kind.__name__}")
        yield item


def _called(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except ENDS_LOAD as error:  # of a database of the source's own, not of the warehouse
        raise Stopped(failure_words(error)) from error


def _shown(value: object) -> str:
    return short_line(repr(value))


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, KpiError | Stopped) else in_words(error)


def _cursor(run: Run) -> str | None:
    # both lines of a source that stays of its time hold the same cursor, so either will do
    sql = "SELECT cursor FROM book.load WHERE source = ? ORDER BY number DESC LIMIT 1"
    cursors = run.connection.execute(sql, [run.source]).fetchall()
    return cursors[0][0] if cursors else None


def _next_number(connection: duckdb.DuckDBPyConnection) -> int:
    ((number,),) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM book.load").fetchall()
    return int(number)


def _sum(report: EntityReport | None, other: EntityReport) -> EntityReport:
    if report is None:
        return other
    return EntityReport(
        report.entity,
        report.new + other.new,
        report.changed + other.changed,
        report.unchanged + other.unchanged,
        notes=(*report.notes, *other.notes),
    )


def _total(connection: duckdb.DuckDBPyConnection, entity: str) -> int:
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {raw_table(entity)}").fetchall()
    return int(rows)
