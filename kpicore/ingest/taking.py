"""One run of a source: its messages, taken in their order, and committed at its checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, get_args

from kpicore.errors import (
    BadDefinition,
    KpiError,
    OtherIdentity,
    RowsGivenAlready,
    RowsReplaced,
    TooMuchLost,
    UnknownName,
)
from kpicore.ingest.originals import book, keep_original
from kpicore.ingest.raw import leaving, quarantine
from kpicore.ingest.raw.emptying import emptied_rows, empty_missing, keep_given
from kpicore.ingest.raw.given import gave_all, gave_any, given_now
from kpicore.ingest.raw.given_twice import given_already
from kpicore.ingest.raw.identities import end_former, former_streams
from kpicore.ingest.raw.loads import WHOLE_SOURCE, cursors, keep_counts, keep_load, keep_reading, read_as, was_given
from kpicore.ingest.raw.merge import merge
from kpicore.ingest.raw.merged import keep_merged
from kpicore.ingest.raw.origins import owner, stream_number
from kpicore.ingest.raw.report import EntityReport, SourceReport, Vanished
from kpicore.ingest.raw.run import ENDS_LOAD, Run
from kpicore.ingest.raw.waiting import Waiting, same_group, take
from kpicore.model.checked import place
from kpicore.model.schema import Entity
from kpicore.model.source_messages import Children, Gone, Limit, Message, Original, Reached, Rows, Whole
from kpicore.model.sources import Batch, Source, StreamSource, Unreadable
from kpicore.registry.registry import Registry
from kpicore.utils.isolation import Stopped, contained, failure_words, in_words, short_line

T = TypeVar("T")

_MESSAGES: tuple[type[Message], ...] = get_args(Message)

_TO_SETTLE = TooMuchLost, RowsReplaced, RowsGivenAlready, OtherIdentity

_MOST_EMPTY = 100_000
"""A source that gives so many messages without rows in a row may do so for ever."""


@dataclass(slots=True)
class _Stream:
    """What a stream has given of an entity so far: `had` rows it had before, `columns` are the fields given now.

    `again` tells that another run of the same load gave it before. `report` is what a checkpoint has not kept yet, and
    `kept` what the ones before it have. Of a `renamed` one the rows are told apart otherwise than before.
    """

    entity: Entity
    number: int
    had: int
    again: bool
    kept: EntityReport
    report: EntityReport
    columns: set[str] = field(default_factory=set)
    by_content: bool = False
    reading: str = ""
    identity: str = ""
    renamed: bool = False


@dataclass(slots=True)
class Taking:
    """Takes what one source says into the raw tables; `reports` and `vanished` tell of what was committed.

    `folder` is that of the workspace. `kept` tells whether anything was: all of it, or what stood before a checkpoint.
    What is `joined` is a part of a transaction of who asks for it.
    """

    run: Run
    registry: Registry
    folder: Path
    reports: dict[str, EntityReport] = field(default_factory=dict)
    vanished: list[Vanished] = field(default_factory=list)
    kept: bool = False
    joined: bool = False
    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _streams: dict[tuple[str, str], _Stream] = field(default_factory=dict)
    _ends: list[Children | Whole] = field(default_factory=list)
    _limits: dict[str, Limit] = field(default_factory=dict)
    _left: list[Vanished] = field(default_factory=list)
    _done: list[EntityReport] = field(default_factory=list)
    _originals: list[Original] = field(default_factory=list)
    _cursors: dict[str, str] = field(default_factory=dict)

    def take(self, source: Source | StreamSource) -> SourceReport:
        """Take all that the source gives, or what it gave up to its last checkpoint, and say how it fared."""
        self._begin()
        try:
            with contained():
                report = self._take_all(source)
            self._commit()
        except ENDS_LOAD:
            raise
        except Exception as error:  # a source is foreign code: whatever it raises must not hurt the others
            if not self.joined:
                self.run.connection.rollback()
            refused = error if isinstance(error, _TO_SETTLE) else None
            return SourceReport(self.run.label, error=words_of(error), refused=refused)
        return report

    def _take_all(self, source: Source | StreamSource) -> SourceReport:
        before = quarantine.kept(self.run)
        if isinstance(source, StreamSource):
            self._take_messages(source)
        else:
            self._take_batches(source)
        values, rows = (now - then for now, then in zip(quarantine.kept(self.run), before, strict=True))
        return SourceReport(self.run.label, values=values, rows=rows)

    def _take_messages(self, source: StreamSource) -> None:
        known = cursors(self.run)
        self._cursors = {**known}
        self.run = replace(self.run, whole=not known, partial=False)
        if self.run.whole:  # what could not be read of it is read again now, and told once
            quarantine.forget_file(self.run)
        for message in all_of(called(lambda: source.messages(known)), *_MESSAGES):
            self._take_message(message)
        for stream in self._names():
            self._finish(stream)
            keep_load(self.run, stream, self._cursors.get(stream))
        self._keep_originals()
        quarantine.keep(self.run, tuple(all_of(called(source.unreadable), Unreadable)))

    def _take_batches(self, source: Source) -> None:
        known = cursors(self.run).get(WHOLE_SOURCE)
        self.run = replace(self.run, whole=known is None)
        if self.run.whole:  # what could not be read then is read again now, and told once
            quarantine.forget(self.run)
        for batch in _with_rows(called(lambda: source.batches(known))):
            self._take_rows(Rows(batch.entity, batch.entity, batch.rows, batch.local))
        for stream in self._names():
            self._finish(stream)
        quarantine.keep(self.run, tuple(all_of(called(source.unreadable), Unreadable)))
        after = called(source.cursor)
        if not isinstance(after, str | None):
            raise TypeError(f"its cursor is neither a text nor None but {shown(after)}")
        keep_load(self.run, WHOLE_SOURCE, after)

    def _take_message(self, message: Message) -> None:
        if not getattr(message, "stream", " "):  # "" is the stream of a source that has but one cursor
            raise BadDefinition(type(message).__name__, "its stream has no name")
        match message:
            case Rows():
                self._take_rows(message)
            case Gone():
                self._take_gone(message)
            case Original():
                self._originals.append(message)
            case Limit():
                self._limits[message.stream] = message
            case Children() | Whole():
                _check_field(message, self._stream(message.stream, message.entity).entity)
                self._ends.append(message)
            case Reached(stream, cursor):
                self._cursors[stream] = cursor
                self._keep_reached(stream)
                self._commit()
                self._begin()

    def _keep_originals(self) -> None:
        streams = tuple(dict.fromkeys(name for name, _ in self._streams))
        for original in self._originals:
            kept = keep_original(self.folder, self.run.number, self.run.source, streams, original.file, original.name)
            book.enter(self.run.connection, kept)

    def _keep_reached(self, name: str) -> None:
        """Finish a stream, and write down what the others have given so far: all of it is committed together."""
        self._finish(name)
        keep_load(self.run, name, self._cursors[name])
        for entity in tuple(self._waiting):
            self._settle(entity)
        for (other, _), stream in self._streams.items():
            if other != name:
                self._keep_report(other, stream, stream.report)
                keep_load(self.run, other, self._cursors.get(other))

    def _take_rows(self, rows: Rows) -> None:
        stream = self._stream(rows.stream, rows.entity)
        if rows.identity != stream.identity:
            stream.identity = rows.identity
            self._end_former(rows.stream, stream)
        waiting = self._waiting.get(rows.entity)
        # rows wait in a table with the columns of their group, so others mean another table
        if waiting is not None and not same_group(waiting, rows):
            self._settle(rows.entity)
            waiting = None
        waiting = self._waiting[rows.entity] = take(self.run, stream.entity, rows, waiting)
        stream.columns |= {*waiting.columns}
        stream.by_content, stream.reading = waiting.by_content, rows.reading

    def _end_former(self, name: str, stream: _Stream) -> None:
        """Take out what the stream gave when its rows were told apart otherwise."""
        for former in former_streams(self.run, name, stream.identity):
            if not self.run.again and book.deliveries(self.run.connection, former.source, name):
                raise OtherIdentity(name)
            gone = leaving.leave_stream(self.run, self.registry.entity(former.entity), former.number)
            end_former(self.run, former)
            if former.number == stream.number:
                stream.renamed = True
                stream.report = replace(stream.report, gone=stream.report.gone + gone)
            else:
                report = EntityReport(former.entity, gone=gone)
                keep_counts(replace(self.run, source=former.source), name, report, whole=False)
                self._done.append(report)

    def _take_gone(self, gone: Gone) -> None:
        stream = self._stream(gone.stream, gone.entity)
        if len(stream.entity.key) > 1:
            raise BadDefinition(place("gone", gone.stream), f"rows of {gone.entity} have no id that could tell them")
        self._settle(gone.entity)  # what was said before it may have gone since
        source = owner(stream.entity, self.run.owner)
        rows = leaving.leave_by_id(self.run, stream.entity, source, gone.ids, stream.number if gone.own else None)
        rows += leaving.leave_by_content(self.run, stream.entity, source, gone.stream, gone.raw) if gone.raw else 0
        if gone.into:
            keep_merged(self.run, stream.entity, source, gone.ids, gone.into)
        stream.report = replace(stream.report, gone=stream.report.gone + rows)

    def _stream(self, name: str, entity_name: str) -> _Stream:
        if (name, entity_name) not in self._streams:
            entity = self.registry.entity(entity_name)
            number = stream_number(self.run.connection, self.run.owner, name, entity_name)
            had = leaving.rows_of_stream(self.run, entity, number)
            again = was_given(self.run, name, entity_name)
            none = EntityReport(entity_name)
            self._streams[name, entity_name] = _Stream(entity, number, had, again, none, none)
        return self._streams[name, entity_name]

    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, _ in self._streams))

    def _settle(self, entity: str) -> None:
        waiting = self._waiting.pop(entity, None)
        if waiting is not None:
            stream = self._streams[waiting.stream, entity]
            stream.report = stream.report.plus(merge(self.run, waiting))

    def _finish(self, name: str) -> None:
        """Do what ends a stream's rows, and write down what became of them."""
        for (stream_name, entity), stream in self._streams.items():
            if stream_name == name:
                self._settle(entity)
                self._finish_entity(name, stream)
        self._ends = [end for end in self._ends if end.stream != name]

    def _finish_entity(self, name: str, stream: _Stream) -> None:
        run, entity, report = self.run, stream.entity, stream.report
        if stream.columns and not run.partial:
            changed = empty_missing(run, entity, owner(entity, run.owner), stream.number, stream.columns)
            report = replace(report, changed=report.changed + changed, unchanged=report.unchanged - changed)
        gone = 0
        for end in self._ends:
            if (end.stream, end.entity) == (name, entity.name):
                gone += self._leave(end, name, stream)
        self._keep_report(name, stream, replace(report, gone=report.gone + gone))
        if stream.columns:
            keep_given(run, stream.number, stream.columns, partial=run.partial or stream.again)
            self._refuse_given_already(name, stream)
            keep_reading(run, stream.number, stream.reading, stream.identity)
            quarantine.forget_records(run, name, entity, given_now(run, entity, stream.number), stream.number)

    def _keep_report(self, name: str, stream: _Stream, report: EntityReport) -> None:
        """Write down what became of a stream's rows since its last checkpoint, unless it has lost too many."""
        emptied = emptied_rows(self.run, stream.entity, stream.number) - stream.kept.emptied
        report = replace(report, emptied=emptied)
        together = stream.kept.plus(report)
        self._check_limit(name, stream, together)
        # asked where something can come of it: of what is kept as it was read, none is needed that came before
        whole = bool(self._originals) and gave_all(self.run, stream.entity, stream.number)
        keep_counts(self.run, name, report, whole=whole)
        self._done.append(report)
        # a stream may go on after a checkpoint
        stream.kept, stream.report = together, EntityReport(stream.entity.name)

    def _leave(self, end: Children | Whole, name: str, stream: _Stream) -> int:
        run, entity = self.run, stream.entity
        source = owner(entity, run.owner)
        if isinstance(end, Children):
            return leaving.leave_other_children(run, entity, source, stream.number, end.parent, end.ids)
        if end.remove and stream.had and not gave_any(run, entity, stream.number):
            raise KpiError(f"it gives no row, though it gave {stream.had:,} before.", hint="Nothing was taken out.")
        vanished = leaving.vanished(run, entity, name, stream.number, end.within, removed=end.remove)
        if vanished is None:
            return 0
        self._left.append(vanished)
        return leaving.leave_others(run, entity, stream.number, end.within) if end.remove else 0

    def _refuse_given_already(self, name: str, stream: _Stream) -> None:
        limit = self._limits.get(name)
        if limit is not None and not limit.repeat and not stream.had and not stream.again:
            already = given_already(self.run, stream.entity, owner(stream.entity, self.run.owner), stream.number)
            if already is not None:
                other, rows, of = already
                raise RowsGivenAlready(rows, of, other)

    def _check_limit(self, name: str, stream: _Stream, report: EntityReport) -> None:
        limit = self._limits.get(name)
        if limit is None:
            return
        known = report.changed + report.unchanged
        are_others = report.replaced > 1 and report.replaced * 2 > known and not limit.replace
        # read otherwise than before the same rows say something else
        if are_others and read_as(self.run, stream.number) in ("", stream.reading):
            raise RowsReplaced(report.replaced, known, report.example)
        if not stream.had:
            return
        gone = report.gone
        # Of rows without a key a corrected one is another one: as long as most are as they were, it has not gone.
        if stream.renamed or (stream.by_content and gone * 2 <= stream.had):
            gone = max(0, gone - report.new)
        if gone + report.emptied > max(limit.rows, limit.share * stream.had):
            told = [left for left in self._left if (left.stream, left.entity) == (name, stream.entity.name)]
            raise TooMuchLost(gone, report.emptied, stream.had, told[-1].examples if told else ())

    def _begin(self) -> None:
        if not self.joined:
            self.run.connection.begin()

    def _commit(self) -> None:
        if not self.joined:
            self.run.connection.commit()
        self.kept = True
        # only after the commit: what was rolled back is in no report
        for report in self._done:
            known = self.reports.get(report.entity)
            self.reports[report.entity] = known.plus(report) if known else report
        self.vanished += self._left
        self._done, self._left = [], []


def _check_field(end: Children | Whole, entity: Entity) -> None:
    """Raise UnknownName where rows are told apart by a field that the entity does not have."""
    name = end.parent if isinstance(end, Children) else end.within.field if end.within else ""
    if name and entity.field(name) is None:
        raise UnknownName("field", name, [field.name for field in entity.fields], where=f"entity '{entity.name}'")


def _with_rows(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Yield the batches, of those without rows the first of an entity's columns; raise where they come without end."""
    seen, empty = set[tuple[str, ...]](), 0
    for batch in all_of(batches, Batch):
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


def all_of(stream: Iterable[T], *kinds: type[T]) -> Iterator[T]:
    """Yield what foreign code gives. Raises TypeError for what is none of the kinds."""
    named = " or ".join(kind.__name__ for kind in kinds)
    if not isinstance(stream, Iterable):
        raise TypeError(f"it gave {shown(stream)}, which is no list of {named}")
    items = iter(stream)
    # the iterator itself stands for the end, as no source can give it; None could be given by mistake
    while (item := called(lambda: next(items, items))) is not items:
        if not isinstance(item, kinds):
            raise TypeError(f"it gave {shown(item)}, which is no {named}")
        yield item


def called(ask: Callable[[], T]) -> T:
    """Return what foreign code gives; an error of a database of its own is none of the warehouse."""
    try:
        return ask()
    except ENDS_LOAD as error:
        raise Stopped(failure_words(error)) from error


def shown(value: object) -> str:
    """Return a value of foreign code for a message."""
    return short_line(repr(value))


def words_of(error: Exception) -> str:
    """Return what went wrong in one line."""
    return str(error) if isinstance(error, KpiError | Stopped) else in_words(error)
