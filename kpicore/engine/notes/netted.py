"""Rows that are not in what the load made of them: counted, and told in each answer that reads it.

Of a reader's loans the days of one may not be known, or its date, or whether it counts: the others make what is
known of the reader. A loan without a reader is in nobody's total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from kpicore.engine.compile.measures import Grouped, Measure
from kpicore.engine.compile.requirements import columns_read
from kpicore.engine.notes.notes import netted_note
from kpicore.engine.notes.rolled_up_rows import RolledUpRows
from kpicore.ingest.fields.dated_rows import Until
from kpicore.ingest.fields.derivations import DerivationReader, FieldDerivation
from kpicore.language import Node, names, parse_row, text
from kpicore.model.notes import NO_RATE, UNKNOWN_WORDS, Note
from kpicore.model.schema import Field, LookUp, RollUp, Type, day_name
from kpicore.registry.registry import Registry
from kpicore.warehouse import EntityState, State, Warehouse


class Netted:
    """Tells of each measure that reads what was made at load how many rows are not in it."""

    def __init__(
        self, warehouse: Warehouse, registry: Registry, settings: Mapping[str, object], state: State, until: Until
    ) -> None:
        self._registry, self._settings, self._state = registry, settings, state
        self._rows = RolledUpRows(warehouse, settings, until)
        self._reader = DerivationReader(registry, settings, registry.entities)
        self._known: dict[tuple[str, str], tuple[Note, ...]] = {}
        self._reads: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def notes(self, measure: Measure) -> tuple[Note, ...]:
        """Return notes that count them; nothing where every row is in it."""
        while isinstance(measure.source, Grouped):
            measure = measure.source.inner
        read = sorted({name for _, name in columns_read(measure) if name})
        behind = dict.fromkeys(column for name in read for column in self._behind(measure.entity, name))
        return tuple(dict.fromkeys(note for column in behind for note in self._of(*column)))

    def _behind(self, entity: str, name: str) -> dict[tuple[str, str], None]:
        """Return the field and all that it is filled from, nearest first."""
        # roll-ups of roll-ups may come round to the field itself: each is looked at once
        columns = {(entity, name): None}
        todo = [*columns]
        while todo:
            new = [column for column in self._read(todo.pop(0)) if column not in columns]
            columns |= dict.fromkeys(new)
            todo += new
        return columns

    def _read(self, column: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Return what a field is filled from; its definitions are read once."""
        if column not in self._reads:
            self._reads[column] = tuple(self._reading(*column))
        return self._reads[column]

    def _reading(self, entity: str, name: str) -> Iterator[tuple[str, str]]:
        field = self._field(entity, name)
        for how in field.how if field else ():
            way = self._reader.derivation(self._registry.entity(entity), field, how) if field else None
            if way is not None and way.other in ("", *self._state.entities):
                yield from ((entity, own.removeprefix("given ")) for own in sorted(way.own))
                yield from ((way.other, other) for other in sorted(way.read) if isinstance(how, LookUp | RollUp))

    def _field(self, entity: str, name: str) -> Field | None:
        """Return the field, or the moment whose day it is."""
        fields = self._registry.entity(entity).fields
        moments = (field for field in fields if field.type is Type.MOMENT and day_name(field.name) == name)
        return next(moments, None) or self._registry.entity(entity).field(name)

    def _of(self, entity: str, name: str) -> tuple[Note, ...]:
        key = (entity, name)
        if key not in self._known:
            field = self._field(entity, name)
            roll_ups = [how for how in (field.how if field else ()) if isinstance(how, RollUp)]
            tellers = (self._left_out, self._apart, self._unrated)
            netted = (note for how in roll_ups if field for tell in tellers for note in tell(field, how))
            self._known[key] = tuple(
                dict.fromkeys((*netted, *(note for how in roll_ups for note in self._unknown(how))))
            )
        return self._known[key]

    def _unknown(self, how: RollUp) -> Iterator[Note]:
        """Yield what the load told of words that are no codes, where they leave it open whether a row counts."""
        other, where = how.aggregate.entity, how.aggregate.where
        notes = self._words(other) if isinstance(other, str) and where else []
        if notes and isinstance(other, str):
            columns, codes = self._registry.columns(other), self._registry.codes(other)
            condition = parse_row(where, columns, settings=self._settings, codes=codes)
            yield from (note for note in notes if note.value("field") in _fields(condition))

    def _words(self, entity: str) -> list[Note]:
        state = self._state.entities.get(entity)
        return [note for note in state.notes if note.kind == UNKNOWN_WORDS] if state is not None else []

    def _left_out(self, field: Field, how: RollUp) -> Iterator[Note]:
        """Yield how many rows lack what it takes to be in the field, of those whose others make it."""
        way = self._reader.derivation(self._registry.entity(field.entity), field, how)
        state = self._state.entities.get(way.other)
        if state is None:
            return
        lacking = partial(_lacking, state)
        lacks = tuple(dict.fromkeys((*lacking(way.value, whole=True), *lacking(way.when), *lacking(way.where))))
        # rows are asked only where the state of the load says that some of them lack one of the fields
        if lacks and (rows := self._rows.left_out(way, how, self._unknown_words(way))):
            yield netted_note(field, way.other, " or ".join(lacks), rows)

    def _unknown_words(self, way: FieldDerivation) -> list[str]:
        """Return the fields of a condition that hold unknown words: what rows with these mean is told of so."""
        read = _fields(way.where) if way.where is not None else ()
        return [field for word in self._words(way.other) if (field := str(word.value("field"))) in read]

    def _apart(self, field: Field, how: RollUp) -> Iterator[Note]:
        """Yield how many rows are in no total, as they belong to no row that has one.

        Of counts, averages and dates that is no news: many a loan comes of no reservation.
        """
        if how.aggregate.word != "total":
            return
        way = self._reader.derivation(self._registry.entity(field.entity), field, how)
        state = self._state.entities.get(way.other)
        if state is None or (_is_full(state, how.key) and self._registry.is_implied(way.entity)):
            return
        # where no field is what its rows come to nobody misses a row in it, so that is asked last
        keyless, of_none = self._rows.unattached(way, how, self._unknown_words(way))
        if (keyless or of_none) and self._rows.any_made(way, how):
            values = {"entity": way.other, "key": how.key, "field": field.name, "of": field.entity}
            if keyless:
                yield Note.of("unattached", rows=keyless, **values)
            if of_none:
                yield Note.of("of_none", rows=of_none, **values)

    def _unrated(self, field: Field, how: RollUp) -> Iterator[Note]:
        """Yield what the load told of amounts without a rate, where they may be lacking in the field."""
        way = self._reader.derivation(self._registry.entity(field.entity), field, how)
        state, columns = self._state.entities.get(way.other), self._registry.columns(way.other)
        notes = [note for note in state.notes if note.kind == NO_RATE] if state is not None else []
        if not notes or way.value is None or not any(columns[name] is Type.MONEY for name in _fields(way.value)):
            return
        if self._rows.any_without(way, how, way.value):
            yield from notes


def _lacking(state: EntityState, node: Node | None, *, whole: bool = False) -> Iterator[str]:
    """Yield the fields of an expression that some row lacks, or the `whole` expression if there are any."""
    if node is not None and (lacks := [field for field in sorted(_fields(node)) if not _is_full(state, field)]):
        yield from ([text(node)] if whole else lacks)


def _is_full(state: EntityState, field: str) -> bool:
    return state.filled.get(field, 0) == state.rows


def _fields(node: Node) -> set[str]:
    return {name for space, name in names(node) if not space}
