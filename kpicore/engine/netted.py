"""Rows that are not in what the load made of them: counted, and told in each answer that reads it.

Of a customer's orders the amount of one may not be known, or its date, or whether it counts: the others make what is
known of the customer. An order without a customer is in nobody's total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from kpicore.engine.columns import columns_read
from kpicore.engine.measures import Grouped, Measure
from kpicore.engine.memory import MOST_MEASURES, Recent
from kpicore.engine.notes import netted_note
from kpicore.engine.reading.sql import Binder, Row, quoted
from kpicore.engine.undecided import has_unknown_word
from kpicore.entities import Field, LookUp, RollUp, Type, day_name
from kpicore.expressions import Node, names, parse_row, text
from kpicore.load.columns import SQL_TYPES, WORKED_OUT
from kpicore.load.dated import Until
from kpicore.load.fillings import Filling, Reader
from kpicore.load.rollups import rolled_up
from kpicore.notes import NO_RATE, UNKNOWN_WORDS, Note
from kpicore.registry import Registry
from kpicore.warehouse import EntityState, State, Warehouse


class Netted:
    """Tells of each measure that reads what was made at load how many rows are not in it."""

    def __init__(
        self, warehouse: Warehouse, registry: Registry, settings: Mapping[str, object], state: State, until: Until
    ) -> None:
        self._warehouse, self._registry, self._settings, self._state = warehouse, registry, settings, state
        self._until = until
        self._reader = Reader(registry, settings, registry.entities)
        self._known: dict[tuple[str, str], tuple[Note, ...]] = {}
        self._of_measures: Recent[str, tuple[Note, ...]] = Recent(MOST_MEASURES)
        self._reads: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def notes(self, measure: Measure) -> tuple[Note, ...]:
        """Return notes that count them; nothing where every row is in it."""
        while isinstance(measure.source, Grouped):
            measure = measure.source.inner
        notes = self._of_measures.get(measure.key)
        if notes is None:
            read = sorted({name for _, name in columns_read(measure) if name})
            behind = dict.fromkeys(one for name in read for one in self._behind(measure.entity, name))
            notes = tuple(dict.fromkeys(note for one in behind for note in self._of(*one)))
            self._of_measures.update({measure.key: notes})
        return notes

    def _behind(self, entity: str, name: str) -> dict[tuple[str, str], None]:
        """Return the field and all that it is filled from, nearest first."""
        found = {(entity, name): None}
        todo = [*found]
        while todo:
            new = [one for one in self._read(todo.pop(0)) if one not in found]
            found |= dict.fromkeys(new)
            todo += new
        return found

    def _read(self, column: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Return what a field is filled from; its definitions are read once."""
        if column not in self._reads:
            self._reads[column] = tuple(self._reading(*column))
        return self._reads[column]

    def _reading(self, entity: str, name: str) -> Iterator[tuple[str, str]]:
        field = self._field(entity, name)
        for how in field.how if field else ():
            way = self._reader.filling(self._registry.entity(entity), field, how) if field else None
            if way is not None and way.other in ("", *self._state.entities):
                yield from ((entity, own.removeprefix("given ")) for own in sorted(way.own))
                yield from ((way.other, other) for other in sorted(way.read) if isinstance(how, LookUp | RollUp))

    def _field(self, entity: str, name: str) -> Field | None:
        """Return the field, or the moment whose day it is."""
        fields = self._registry.entity(entity).fields
        moments = (each for each in fields if each.type is Type.MOMENT and day_name(each.name) == name)
        return next(moments, None) or self._registry.entity(entity).field(name)

    def _of(self, entity: str, name: str) -> tuple[Note, ...]:
        key = (entity, name)
        if key not in self._known:
            field = self._field(entity, name)
            made = [how for how in (field.how if field else ()) if isinstance(how, RollUp)]
            told = (self._told, self._apart, self._unrated)
            netted = (note for each in made if field for tell in told for note in tell(field, each))
            self._known[key] = tuple(dict.fromkeys((*netted, *(note for each in made for note in self._unknown(each)))))
        return self._known[key]

    def _unknown(self, how: RollUp) -> Iterator[Note]:
        """Yield what the load told of words that are no codes, where they leave it open whether a row counts."""
        other, where = how.aggregate.entity, how.aggregate.where
        told = self._words(other) if isinstance(other, str) and where else []
        if told and isinstance(other, str):
            columns, codes = self._registry.columns(other), self._registry.codes(other)
            condition = parse_row(where, columns, settings=self._settings, codes=codes)
            yield from (each for each in told if each.value("field") in _fields(condition))

    def _words(self, entity: str) -> list[Note]:
        state = self._state.entities.get(entity)
        return [each for each in state.notes if each.kind == UNKNOWN_WORDS] if state is not None else []

    def _told(self, field: Field, how: RollUp) -> Iterator[Note]:
        """Yield how many rows lack what it takes to be in the field, of those whose others make it."""
        way = self._reader.filling(self._registry.entity(field.entity), field, how)
        state = self._state.entities.get(way.other)
        if state is None:
            return
        lacking = partial(_lacking, state)
        lacks = tuple(dict.fromkeys((*lacking(way.value, whole=True), *lacking(way.when), *lacking(way.where))))
        if lacks and (rows := self._rows(way, how)):
            yield netted_note(field, way.other, " or ".join(lacks), rows)

    def _rows(self, way: Filling, how: RollUp) -> int:
        """Return how many rows are not in a value that others make, and might have made another one of it."""
        if not self._has_doubtful(way):
            return 0
        bind = Binder()
        row = Row("o", bind, self._settings)
        key, other, counts = f"o.{quoted(how.key)}", self._not_ahead(way, row), _counts(way, row)
        made = rolled_up(way, how.aggregate, row.column, bind)
        edge = "min" if how.aggregate.word == "earliest" else "max"
        at = f"{edge}({row.sql(way.when)}) FILTER (WHERE {_known(way, row)})" if way.when is not None else "NULL"
        left_out = " AND ".join([f"({_left_out(way, how, row, counts)})", *self._with_known_words(way, row)])
        # where nothing is known of a row it is told as empty; without a first date it only is in no period
        same = "IS NOT DISTINCT FROM" if way.when is not None and way.value == way.when else "="
        of_some = f"FROM {other} SEMI JOIN doubtful AS d ON d.{quoted(how.key)} = {key}"
        groups = f"SELECT {key} AS id, {made} AS made, {at} AS at {of_some} GROUP BY 1"
        sql = (
            f"WITH doubtful AS MATERIALIZED (SELECT * FROM {other} WHERE {_doubtful(way, row, counts)})"
            f" SELECT count(*) FROM doubtful AS o JOIN ({groups}) AS g ON g.id = {key}"
            f" JOIN kpi.{quoted(way.entity)} AS e ON e.id = g.id AND e.{quoted(way.field.name)} {same} {_cast(way)}"
            f" WHERE {left_out}"
        )
        return int(self._warehouse.query(sql, bind.values)[0][0])

    def _has_doubtful(self, way: Filling) -> bool:
        """Return whether there is any such row at all: where there is none, groups need not be made."""
        bind = Binder()
        row = Row("o", bind, self._settings)
        sql = f"SELECT 1 FROM {self._not_ahead(way, row)} WHERE {_doubtful(way, row, _counts(way, row))} LIMIT 1"
        return bool(self._warehouse.query(sql, bind.values))

    def _not_ahead(self, way: Filling, row: Row) -> str:
        """Return SQL of the rows `o` that are not dated after the day of the data."""
        other = f"kpi.{quoted(way.other)} AS o"
        if way.dating is None:
            return other
        ahead = self._until.is_ahead(row.sql(way.dating.as_made), way.dating.node.type)
        return f"(SELECT * FROM {other} WHERE ({ahead}) IS NOT TRUE) AS o"

    def _with_known_words(self, way: Filling, row: Row) -> Iterator[str]:
        """Yield SQL of the rows of which no unknown word leaves it open whether they count: those are told of so."""
        for each in self._words(way.other):
            if way.where is not None and each.value("field") in _fields(way.where):
                yield f"NOT {row.sql(has_unknown_word(str(each.value('field'))))}"

    def _apart(self, field: Field, how: RollUp) -> Iterator[Note]:
        """Yield how many rows are in no total, as they belong to no row that has one.

        Of counts, averages and dates that is no news: many a deal came of no lead.
        """
        if how.aggregate.word != "total":
            return
        way = self._reader.filling(self._registry.entity(field.entity), field, how)
        state = self._state.entities.get(way.other)
        if state is None or (_is_full(state, how.key) and self._registry.is_implied(way.entity)):
            return
        keyless, of_none = self._unattached(way, how)
        if (keyless or of_none) and self._is_summed(way, how):
            values = {"entity": way.other, "key": how.key, "field": field.name, "of": field.entity}
            if keyless:
                yield Note.of("unattached", rows=keyless, **values)
            if of_none:
                yield Note.of("of_none", rows=of_none, **values)

    def _unrated(self, field: Field, how: RollUp) -> Iterator[Note]:
        """Yield what the load told of amounts without a rate, where they may be lacking in the field."""
        way = self._reader.filling(self._registry.entity(field.entity), field, how)
        state, columns = self._state.entities.get(way.other), self._registry.columns(way.other)
        told = [each for each in state.notes if each.kind == NO_RATE] if state is not None else []
        if not told or way.value is None or not any(columns[each] is Type.MONEY for each in _fields(way.value)):
            return
        if self._lacks_rows(way, how, way.value):
            yield from told

    def _lacks_rows(self, way: Filling, how: RollUp, value: Node) -> bool:
        """Return whether some row counts and has no `value`, in a field that the others make or that is empty."""
        bind = Binder()
        row = Row("o", bind, self._settings)
        counts = f"({row.sql(way.where)}) IS NOT FALSE AND " if way.where is not None else ""
        key, field, other = f"o.{quoted(how.key)}", f"e.{quoted(way.field.name)}", f"kpi.{quoted(way.other)} AS o"
        made = rolled_up(way, how.aggregate, row.column, bind)
        sql = (
            f"SELECT 1 FROM {other} JOIN (SELECT {key} AS id, {made} AS made FROM {other} GROUP BY 1) AS g"
            f" ON g.id = {key} JOIN kpi.{quoted(way.entity)} AS e ON e.id = g.id"
            f" WHERE {counts}{row.sql(value)} IS NULL AND ({field} IS NULL OR {field} = {_cast(way)}) LIMIT 1"
        )
        return bool(self._warehouse.query(sql, bind.values))

    def _unattached(self, way: Filling, how: RollUp) -> tuple[int, int]:
        """Return how many rows have no key, and how many one that is no row's."""
        bind = Binder()
        row = Row("o", bind, self._settings)
        counts = [f"({row.sql(way.where)}) IS NOT FALSE"] if way.where is not None else []
        key, conditions = f"o.{quoted(how.key)}", " AND ".join([*counts, *self._with_known_words(way, row), "TRUE"])
        sql = (
            f"SELECT count(*) FILTER (WHERE {key} IS NULL), count({key})"
            f" FROM kpi.{quoted(way.other)} AS o ANTI JOIN kpi.{quoted(way.entity)} AS e ON e.id = {key}"
            f" WHERE {conditions}"
        )
        [(keyless, of_none)] = self._warehouse.query(sql, bind.values)
        return int(keyless), int(of_none)

    def _is_summed(self, way: Filling, how: RollUp) -> bool:
        """Return whether a row may lack the rows that are in no total: it is their sum, or nobody gave it a value."""
        bind = Binder()
        row = Row("o", bind, self._settings)
        key, field = f"o.{quoted(how.key)}", f"e.{quoted(way.field.name)}"
        made = rolled_up(way, how.aggregate, row.column, bind)
        groups = f"SELECT {key} AS id, {made} AS made FROM kpi.{quoted(way.other)} AS o GROUP BY 1"
        sql = (
            f"SELECT 1 FROM kpi.{quoted(way.entity)} AS e LEFT JOIN ({groups}) AS g ON g.id = e.id"
            f" WHERE {field} IS NULL OR {field} = {_cast(way)} LIMIT 1"
        )
        return bool(self._warehouse.query(sql, bind.values))


def _left_out(way: Filling, how: RollUp, row: Row, counts: str) -> str:
    """Return SQL of the rows that are not in the value `g.made`, and might have made another one of it.

    Of the earliest or latest ones those are rows that may stand before the one taken, and say something else.
    """
    if way.value is None or way.when is None or way.value == way.when:
        lacks = f"({counts} AND {row.sql(way.value)} IS NULL)" if way.value is not None else "FALSE"
        return f"({counts}) IS NULL OR {lacks}"
    value, when = row.sql(way.value), row.sql(way.when)
    before = f"{when} {'<' if how.aggregate.word == 'earliest' else '>'} g.at"
    empty = f"({value} IS NULL AND {before})" if way.value.type is Type.TEXT else "FALSE"
    doubtful = f"(({counts}) IS NULL OR {when} IS NULL) AND {value} <> g.made"
    return f"(({counts}) IS NOT FALSE) AND ({empty} OR {doubtful})"


def _counts(way: Filling, row: Row) -> str:
    return row.sql(way.where) if way.where is not None else "TRUE"


def _doubtful(way: Filling, row: Row, counts: str) -> str:
    """Return SQL of the rows that may count and lack something: few, of which only the groups are looked at."""
    lacks = "".join(f" OR {row.sql(each)} IS NULL" for each in (way.value, way.when) if each is not None)
    return f"({counts}) IS NOT FALSE AND (({counts}) IS NULL{lacks})"


def _known(way: Filling, row: Row) -> str:
    parts = [node for node in (way.where, way.value) if node is not None]
    return " AND ".join(row.sql(each) + ("" if each is way.where else " IS NOT NULL") for each in parts)


def _cast(way: Filling) -> str:
    if way.field.type is Type.TEXT:
        return "g.made"
    return f"CAST(g.made AS {WORKED_OUT if way.is_endless else SQL_TYPES[way.field.type]})"


def _lacking(state: EntityState, node: Node | None, *, whole: bool = False) -> Iterator[str]:
    """Yield the fields of an expression that some row lacks, or the `whole` expression if there are any."""
    if node is not None and (lacks := [each for each in sorted(_fields(node)) if not _is_full(state, each)]):
        yield from ([text(node)] if whole else lacks)


def _is_full(state: EntityState, field: str) -> bool:
    return state.filled.get(field, 0) == state.rows


def _fields(node: Node) -> set[str]:
    return {name for space, name in names(node) if not space}
