"""A second book-keeping of loads, in plain Python: it takes what sources say and tells which rows must be there.

It is slow and knows nothing of files, versions or made tables. `Ledger.load` takes the sources of one load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kpicore import Children, DayRange, Entity, EntityReport, Gone, Limit, Reached, Rows, Whole
from kpicore.testing import TinySource
from tests.loads.shop import BY_NAME, Teller

Key = tuple[Any, ...]
Stream = tuple[str, str, str]
"""A source, a stream of it and the entity of its rows."""

COMMON = "of no source"
"""The source of rows whose key is no id of anybody, as prices by day."""


@dataclass
class Line:
    """A row as it is now: its values, the stream that gave it last, and the load that brought it."""

    values: dict[str, Any]
    stream: Stream
    brought: int


@dataclass
class Book:
    """All that loads have left."""

    number: int = 0
    rows: dict[str, dict[tuple[str, Key], Line]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    given: dict[Stream, set[str]] = field(default_factory=dict)
    merged: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    cursors: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: dict[Stream, set[tuple[int, Key]]] = field(default_factory=dict)
    """The keys of rows that were given in this load, each with the run."""
    before: dict[tuple[str, str, Key], dict[str, Any]] = field(default_factory=dict)
    """The values that rows had before this load."""
    runs: set[Stream] = field(default_factory=set)
    """The streams that earlier runs of this load gave."""


def owner_of(entity: Entity, source: str) -> str:
    references = {column.name for column in entity.fields if column.refers_to}
    return source if len(entity.key) == 1 or references & {*entity.key} else COMMON


@dataclass
class Ledger:
    """Keeps the book through all loads."""

    book: Book = field(default_factory=Book)

    def load(self, *sources: Teller | TinySource) -> tuple[dict[str, EntityReport], list[str]]:
        """Take the sources; return what became of rows by entity, and which sources failed."""
        before, kept = deepcopy(self.book), False
        self.book.number += 1
        self.book.seen, self.book.before, self.book.runs = {}, {}, set()
        reports: dict[str, EntityReport] = {}
        failed = []
        for turn, source in enumerate(sources):
            run = Taken(self.book, source.name, turn)
            run.take(source)
            # of a source that fails the book stands where its last checkpoint was
            self.book, kept = run.stands, kept or run.kept
            failed += [source.name] if run.failed else []
            for report in run.told:
                reports[report.entity] = reports.get(report.entity, EntityReport(report.entity)).plus(report)
        if not kept:
            self.book = before
            return {}, failed
        return reports, failed

    def lines(self, entity: str) -> dict[tuple[str, Key], Line]:
        return self.book.rows.get(entity, {})

    def survivor(self, source: str, entity: str, id: str) -> str:
        """Return what an id stands for; those that were merged in a circle stand for themselves."""
        into = self.book.merged.get((source, entity), {})
        passed, at = {id}, into.get(id, id)
        while at in into and at not in passed:
            passed.add(at)
            at = into[at]
        return at

    def shown(self, source: str, entity: str, id: str) -> str:
        """Return what an id that a source gave is called in made tables."""
        id = self.survivor(source, entity, id)
        mentions = self._mentions(entity)
        others = {other for other, mentioned in mentions if mentioned == id} | {source}
        own = any(key == (id,) for of, key in self.lines(entity) if of != COMMON)
        if len(others) < 2 or (BY_NAME[entity].words and not own):
            return id
        mark = ":"
        while f"{source}{mark}{id}" in {mentioned for _, mentioned in mentions}:
            mark += ":"
        return f"{source}{mark}{id}"

    def _mentions(self, entity: str) -> set[tuple[str, str]]:
        own = {(source, key[0]) for source, key in self.lines(entity) if source != COMMON}
        merged = {(of, new) for (of, name), into in self.book.merged.items() if name == entity for new in into.values()}
        referring = [(other, column.name) for other in BY_NAME.values() for column in other.fields
                     if column.refers_to == entity]  # fmt: skip
        referred = {
            (source, line.values[column])
            for other, column in referring
            for (source, _), line in self.lines(other.name).items()
            if line.values.get(column) is not None and source != COMMON
        }
        return own | merged | referred


class TooMuch(Exception):
    """A run that is refused."""


@dataclass
class Taken:
    """One run of a source. `stands` is the book as it would be if the source failed now."""

    book: Book
    source: str
    turn: int
    stands: Book = field(init=False)
    kept: bool = False
    failed: bool = False
    told: list[EntityReport] = field(default_factory=list)
    waiting: dict[str, tuple[Rows, bool, list[dict[str, Any]]]] = field(default_factory=dict)
    columns: dict[Stream, set[str]] = field(default_factory=dict)
    had: dict[Stream, int] = field(default_factory=dict)
    counts: dict[Stream, Counter[str]] = field(default_factory=dict)
    together: dict[Stream, Counter[str]] = field(default_factory=dict)
    committed: dict[Stream, Counter[str]] = field(default_factory=dict)
    by_content: dict[Stream, bool] = field(default_factory=dict)
    ends: list[Children | Whole] = field(default_factory=list)
    limits: dict[str, float] = field(default_factory=dict)
    again: set[Stream] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stands, self.book = self.book, deepcopy(self.book)

    def take(self, source: Teller | TinySource) -> None:
        try:
            self._take_all(source)
        except TooMuch:
            self.failed = True
            return
        self._commit()

    def _take_all(self, source: Teller | TinySource) -> None:
        if isinstance(source, TinySource):
            for batch in source.rows:
                self._take_rows(Rows(batch.entity, batch.entity, batch.rows), partial=True)
        else:
            for message in source.messages_:
                self._take_message(message)
            if source.fails:
                raise TooMuch
        for stream in self._names():
            self._finish(stream, partial=isinstance(source, TinySource))

    def _take_message(self, message: Any) -> None:
        match message:
            case Rows():
                self._take_rows(message)
            case Gone():
                self._take_gone(message)
            case Limit(stream, share):
                self.limits[stream] = share
            case Children() | Whole():
                self._open(message.stream, message.entity)
                self.ends.append(message)
            case Reached(stream, cursor):
                self._finish(stream)
                for entity in [*self.waiting]:
                    self._settle(entity)
                for other in self.columns:
                    if other[1] != stream:
                        self._tell(other)
                self.book.cursors.setdefault(self.source, {})[stream] = cursor
                self._commit()

    def _commit(self) -> None:
        self.stands, self.kept = deepcopy(self.book), True
        for stream, counts in self.committed.items():
            self.told.append(EntityReport(stream[2], **counts))
        self.committed = {}

    def _names(self) -> list[str]:
        return list(dict.fromkeys(name for _, name, _ in self.columns))

    def _open(self, name: str, entity: str) -> Stream:
        stream = self.source, name, entity
        if stream not in self.columns:
            self.columns[stream] = set()
            rows = self.book.rows.get(entity, {}).values()
            self.had[stream] = sum(line.stream == stream and line.brought < self.book.number for line in rows)
            self.counts[stream], self.together[stream] = Counter(), Counter()
            if stream in self.book.runs:
                self.again.add(stream)
        return stream

    def _take_rows(self, given: Rows, partial: bool = False) -> None:
        stream = self._open(given.stream, given.entity)
        entity = BY_NAME[given.entity]
        waiting = self.waiting.get(given.entity)
        if waiting and (waiting[0].stream != given.stream or {*waiting[0].fields} != {*given.fields}):
            self._settle(given.entity)
        self.columns[stream] |= {*given.fields}
        self.by_content[stream] = _by_content(entity, given.fields)
        known = self.book.columns.setdefault(given.entity, set(entity.key))
        known |= {*given.fields}
        self.book.rows.setdefault(given.entity, {})
        rows = [_cells(given, row) for row in given.rows.to_pylist()]
        _, _, earlier = self.waiting.get(given.entity, (given, partial, []))
        self.waiting[given.entity] = given, partial, [*earlier, *rows]

    def _settle(self, name: str) -> None:
        if name not in self.waiting:
            return
        given, partial, rows = self.waiting.pop(name)
        entity, stream = BY_NAME[name], (self.source, given.stream, name)
        owner, lines, counts = owner_of(entity, self.source), self.book.rows[name], self.counts[stream]
        content = _by_content(entity, given.fields)
        keys = self._content_keys(given, partial, rows) if content else [_key(entity, row) for row in rows]
        kept = {key: row for key, row in zip(keys, rows, strict=True) if any(part is not None for part in key)}
        number = self.book.number
        for key, row in kept.items():
            values = {column: row[column] for column in given.fields}
            line = lines.get((owner, key))
            if line is None:
                counts["new"] += 1
                lines[owner, key] = Line(values, stream, number)
            else:
                now = {**line.values, **{at: cell for at, cell in values.items() if at not in row["unread"]}}
                changed = any(now.get(at) != line.values.get(at) for at in values)
                counts["changed" if changed else "unchanged"] += 1
                if changed:
                    self._keep_version(name, owner, key, line)
                line.values, line.stream = now, stream
            if entity.key == ("id",):
                self.book.merged.get((owner, name), {}).pop(key[0], None)
            self.book.seen.setdefault(stream, set()).add((self.turn, key))
        if kept:
            self.book.first.setdefault(name, number)

    def _keep_version(self, name: str, owner: str, key: Key, line: Line) -> bool:
        """Note what a row was before this load; return whether it was not noted yet."""
        number = self.book.number
        if line.brought == number or self.book.first.get(name, number) == number:
            return False
        known = (name, owner, key) in self.book.before
        self.book.before.setdefault((name, owner, key), dict(line.values))
        return not known

    def _content_keys(self, given: Rows, partial: bool, rows: list[dict[str, Any]]) -> list[Key]:
        """Return the keys of rows without one: what they were read as, and how manieth they are of it in this run."""
        stream = self.source, given.stream, given.entity
        lines, run = self.book.rows[given.entity], self._keys_of_run(stream)
        keys: list[Key] = []
        for row in rows:
            plain = "" if partial else given.stream
            read = (given.stream, row["raw"]) if row["raw"] is not None else (plain, _filled(row, given.fields))
            so_far = max((key[1] for key in (*run, *keys) if key[0] == read), default=0)
            keys.append((read, so_far + 1))
        before = self.book.given.get(stream) or set()
        compared = before if before and before <= {*given.fields} else {*given.fields}
        free: dict[Key, list[Key]] = {}
        for (source, key), line in lines.items():
            if source == self.source and line.stream == stream and key not in keys and key not in run:
                free.setdefault(tuple(line.values.get(at) for at in sorted(compared)), []).append(key)
        for at, (key, row) in enumerate(zip(keys, rows, strict=True)):
            same = free.get(tuple(row[column] for column in sorted(compared)))
            if (self.source, key) not in lines and same:
                keys[at] = same.pop(0)
        return keys

    def _keys_of_run(self, stream: Stream) -> set[Key]:
        return {key for turn, key in self.book.seen.get(stream, set()) if turn == self.turn}

    def _take_gone(self, gone: Gone) -> None:
        stream, entity = self._open(gone.stream, gone.entity), BY_NAME[gone.entity]
        self._settle(gone.entity)
        owner = owner_of(entity, self.source)
        rows = self.book.rows.get(gone.entity, {})
        self._leave(stream, [at for at in rows if at[0] == owner and at[1][0] in gone.ids])
        into = self.book.merged.setdefault((owner, gone.entity), {})
        for old, new in dict(zip(gone.ids, gone.into, strict=False)).items():
            if old != new:
                into[old] = new

    def _leave(self, stream: Stream, leaving: Iterable[tuple[str, Key]]) -> None:
        for owner, key in leaving:
            line = self.book.rows[stream[2]].pop((owner, key))
            self._keep_version(stream[2], owner, key, line)
            self.counts[stream]["gone"] += 1

    def _finish(self, name: str, partial: bool = False) -> None:
        for stream in [*self.columns]:
            if stream[1] == name:
                self._settle(stream[2])
                if self.columns[stream] and not partial:
                    self._empty_missing(stream)
                for end in self.ends:
                    if (end.stream, end.entity) == stream[1:]:
                        self._end(stream, end)
                self._tell(stream)
                if self.columns[stream]:
                    still = self.book.given.get(stream, set()) if partial or stream in self.again else set()
                    self.book.given[stream] = self.columns[stream] | still
        self.ends = [end for end in self.ends if end.stream != name]

    def _empty_missing(self, stream: Stream) -> None:
        name, entity = stream[2], BY_NAME[stream[2]]
        owner = owner_of(entity, self.source)
        missing = self.book.given.get(stream, set()) - self.columns[stream] - {*entity.key}
        for other, columns in self.book.given.items():
            if other != stream and other[2] == name and (other[0] == self.source or owner == COMMON):
                missing -= columns
        for key in self._keys_of_run(stream):
            line = self.book.rows[name].get((owner, key))
            if line and line.stream == stream and any(line.values.get(at) is not None for at in missing):
                if self._keep_version(name, owner, key, line):
                    self.counts[stream].update(changed=1, unchanged=-1)
                line.values |= dict.fromkeys(missing)

    def _end(self, stream: Stream, end: Children | Whole) -> None:
        lines, entity = self.book.rows.get(stream[2], {}), BY_NAME[stream[2]]
        owner = owner_of(entity, self.source)
        if isinstance(end, Children):
            streams = {stream, *(other for other in self.book.seen if (other[0], other[2]) == (self.source, stream[2]))}
            children = [at for at, line in lines.items() if at[0] == owner and line.values.get(end.parent) in end.ids]
            self._leave(stream, [at for at in children if not self._was_given(at[1], lines[at], *streams)])
            return
        mine = [at for at, line in lines.items() if line.stream == stream]
        others = [at for at in mine if not self._was_given(at[1], lines[at], stream)]
        if end.remove and self.had[stream] and len(others) == len(mine):
            raise TooMuch
        if end.remove:
            self._leave(stream, [at for at in others if _within(end.within, lines[at])])

    def _was_given(self, key: Key, line: Line, *streams: Stream) -> bool:
        seen = {key for stream in streams for _, key in self.book.seen.get(stream, set())}
        return line.brought == self.book.number or key in seen

    def _tell(self, stream: Stream) -> None:
        """Count what became of a stream's rows since its last checkpoint, unless it has lost too many."""
        name, counts = stream[2], self.counts[stream]
        lost = 0
        for (entity, owner, key), values in self.book.before.items():
            line = self.book.rows[entity].get((owner, key))
            if entity == name and line and line.brought < self.book.number and line.stream == stream:
                lost += any(cell is not None and line.values.get(at) is None for at, cell in values.items())
        together = self.together[stream]
        counts["emptied"] = lost - together["emptied"]
        together.update(counts)
        share, had = self.limits.get(stream[1]), self.had[stream]
        if share is not None and had:
            gone = together["gone"]
            if self.by_content.get(stream) and gone * 2 <= had:
                gone = max(0, gone - together["new"])
            if gone + together["emptied"] > share * had:
                raise TooMuch
        self.committed.setdefault(stream, Counter()).update(counts)
        self.counts[stream] = Counter()
        self.book.runs.add(stream)


def _cells(given: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {name: row[name] if row[name] != "" else None for name in given.fields}
    return {**cells, "raw": row.get(given.raw), "unread": row.get(given.unread) or ()}


def _by_content(entity: Entity, fields: Sequence[str]) -> bool:
    return len(entity.key) == 1 and entity.key[0] not in fields


def _key(entity: Entity, row: Mapping[str, Any]) -> Key:
    return tuple(row.get(column) for column in entity.key)


def _filled(row: Mapping[str, Any], columns: Iterable[str]) -> Key:
    return tuple((name, row[name]) for name in sorted(columns) if row[name] is not None)


def _within(span: DayRange | None, line: Line) -> bool:
    day: date | None = line.values.get(span.field) if span is not None else None
    return span is None or day is None or span.first <= day <= span.last
