"""The rows of an entity with every empty field filled, as one SELECT.

Fields are filled in levels: a level reads what the level before it made, and joins other entities.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from kpicore.ingest.fields.currency import CURRENCY, Foreign
from kpicore.ingest.fields.cycles import Cuts, FieldOf
from kpicore.ingest.fields.dated_rows import DAY_OF_DATA, GIVEN_SPACE, Until
from kpicore.ingest.fields.derivations import APART, GIVEN, ID, Filling, bare
from kpicore.ingest.fields.derived_entities import Derivation
from kpicore.ingest.fields.first_since import first_join, first_value
from kpicore.ingest.fields.roll_ups import rolled_up
from kpicore.ingest.fields.source_rows import Rows
from kpicore.ingest.raw.sql_types import SQL_TYPES, WORKED_OUT, days, given_fields, local_day, main_day
from kpicore.language import row_sql
from kpicore.model.schema import Entity, FirstSince, LookUp, RollUp, Type, given_name
from kpicore.text.sql_text import quoted
from kpicore.warehouse.duckdb.dialect import DUCKDB

Relation = Callable[[str, frozenset[str]], str]
"""Gives a table that has these columns of an entity."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """What all fields of all entities are made from in this load.

    `until` is the day up to which roll-ups take rows.
    `fillings` are the ways to fill a field, in order, and `apart` those of them that do not come back to
    the field, where a reader on a circle with it needs them.
    """

    until: Until
    settings: Mapping[str, object]
    fillings: Mapping[FieldOf, tuple[Filling, ...]]
    foreign: Mapping[str, Foreign]
    cuts: Cuts
    apart: Mapping[FieldOf, tuple[Filling, ...]]
    possible: Collection[FieldOf]
    """The fields that can hold a value; all others are null in every row."""
    unknown: Collection[FieldOf] = frozenset()
    """Closed fields of which some row holds a word that is no code: it is filled with nothing else."""
    differing: Collection[FieldOf] = frozenset()
    """Fields with codes of which some row holds another word than the code."""
    emptied: Collection[FieldOf] = frozenset()
    """Fields that hold nothing, whatever sources gave."""
    derived: Mapping[str, Derivation] = field(default_factory=dict)
    """The derived entities that can be made, by name."""

    @property
    def zone(self) -> str:
        """The time zone of days."""
        return self.until.zone

    def is_plain(self, entity: Entity, column: str) -> bool:
        """Return whether the column is just what stands in the raw rows."""
        is_there = column == bare(column) and column not in days(entity) and (entity.name, column) not in self.emptied
        return is_there and not self.is_made(entity, column)

    def is_made(self, entity: Entity, column: str) -> bool:
        """Return whether there is something to do to what stands in the raw rows."""
        return bool(self.ways(entity, column) or self.is_converted(entity, column))

    def is_converted(self, entity: Entity, column: str) -> bool:
        """Return whether the column holds amounts of which some are in other currencies."""
        found = self.foreign.get(entity.name)
        return found is not None and bare(column) in found.amounts

    def ways(self, entity: Entity, column: str) -> tuple[Filling, ...]:
        """Return what the column is filled from, in order; what the field is in the end comes first."""
        if column.startswith(GIVEN):
            return ()
        ways = self.apart if column.startswith(APART) else self.fillings
        return ways.get((entity.name, bare(column)), ())

    def is_decided_by_words(self, entity: Entity, column: str) -> bool:
        """Return whether the column may hold a word that is no code, so that it is not just filled where empty."""
        ways = self.ways(entity, column)
        return (entity.name, bare(column)) in self.unknown and bool(ways) and ways[0].words is not None

    def own(self, entity: Entity, column: str) -> frozenset[str]:
        """Return the columns of the same row that the column is made from."""
        if column in days(entity):
            return frozenset({days(entity)[column]})
        found = frozenset[str]().union(*(way.own for way in self.ways(entity, column)))
        if self.is_decided_by_words(entity, column):
            words = (way.words for way in self.ways(entity, column) if way.words is not None)
            found = found.union({given_word(column)}, *(word.own for word in words))
        if self.is_converted(entity, column):
            found |= {CURRENCY, *({main_day(entity)} - {""})}
        return frozenset(moment_of(entity, each) for each in found)


def moment_of(entity: Entity, column: str) -> str:
    """Return the column with the moment behind a day, whatever stands before its name; any other as it is."""
    name = bare(column)
    return column.removesuffix(name) + days(entity).get(name, name)


def given_word(column: str) -> str:
    """Return the column with the words of a field with codes as sources gave them."""
    return GIVEN + given_name(bare(column))


@dataclass(slots=True)
class Statement:
    """A SELECT with its values, in the order of their numbers."""

    sql: str = ""
    values: list[object] = field(default_factory=list)

    def bind(self, value: object) -> str:
        """Return the placeholder of a value."""
        self.values.append(value)
        return f"${len(self.values)}"


def filled_rows(definitions: Definitions, rows: Rows, columns: Collection[str], relation: Relation) -> Statement:
    """Return the SELECT of these columns: fields, days and `given` ones."""
    entity, statement = rows.entity, Statement()
    wanted = frozenset(columns)
    needed = _closure(definitions, entity, wanted)
    made_days = days(entity)
    base = sorted(each for each in needed if each not in made_days)
    known = {each.name for each in given_fields(entity)}
    first = [f"{quoted(bare(each))} AS {quoted(each)}" if each not in known else quoted(each) for each in base]
    for at, each in enumerate(base):
        if (entity.name, bare(each)) in definitions.emptied and (field := entity.field(bare(each))):
            first[at] = f"CAST(NULL AS {SQL_TYPES[field.type]}) AS {quoted(each)}"
    statement.sql = f"SELECT {', '.join(first)} FROM {rows.table}"
    for level in _levels(definitions, entity, base):
        _fill(_Level(definitions, entity, statement, relation), base, level)
    shown = [
        f"{local_day('here.' + quoted(made_days[column]), definitions.zone)} AS {quoted(column)}"
        if column in made_days
        else f"here.{quoted(column)}"
        for column in columns
    ]
    statement.sql = f"SELECT {', '.join(shown)} FROM ({statement.sql}) AS here"
    return statement


def _closure(definitions: Definitions, entity: Entity, wanted: frozenset[str]) -> frozenset[str]:
    found, todo = set(wanted), list(wanted)
    while todo:
        for each in definitions.own(entity, todo.pop()):
            if each not in found:
                found.add(each)
                todo.append(each)
    return frozenset(found)


def _levels(definitions: Definitions, entity: Entity, columns: list[str]) -> list[list[str]]:
    """Return what is to be filled, in groups that read only the groups before them."""
    left = [column for column in columns if definitions.is_made(entity, column)]
    found = []
    while left:
        ready = [each for each in left if not (definitions.own(entity, each) - {each}) & set(left)]
        assert ready, "circles within a row are refused before"
        found.append(ready)
        left = [each for each in left if each not in ready]
    return found


def _fill(level: _Level, columns: list[str], filled: list[str]) -> None:
    here = [
        f"{level.value(column)} AS {quoted(column)}" if column in filled else f"here.{quoted(column)}"
        for column in columns
    ]
    level.statement.sql = f"SELECT {', '.join(here)} FROM ({level.statement.sql}) AS here{level.joins()}"


@dataclass(slots=True)
class _Level:
    definitions: Definitions
    entity: Entity
    statement: Statement
    relation: Relation
    looked_up: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    rolled_up: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = field(default_factory=dict)
    firsts: dict[FirstSince, None] = field(default_factory=dict)
    converts: bool = False

    def value(self, column: str) -> str:
        """Return what the field is in the end, or the row's own value, else the first filling that has one."""
        ways = self.definitions.ways(self.entity, column)
        if ways and ways[0].is_settled:
            return self._filled(ways[0])
        own = f"here.{quoted(column)}"
        if self.definitions.is_converted(self.entity, column):
            self.converts = True
            own = self.definitions.foreign[self.entity.name].converted(own)
        if self.definitions.is_decided_by_words(self.entity, column):
            return self._by_words(column, own, ways)
        return f"coalesce({', '.join((own, *map(self._filled, ways)))})" if ways else own

    def joins(self) -> str:
        """Return the joins that the values of this level read."""
        text = ""
        if self.converts:
            text += self.definitions.foreign[self.entity.name].join(self._here(main_day(self.entity)))
        for (through, other), columns in self.looked_up.items():
            table = self.relation(other, frozenset({ID, *columns}))
            alias = _alias("by", through, other)
            text += f" LEFT JOIN {table} AS {alias} ON {alias}.id = {self._here(through)}"
        for (key, other), aggregates in self.rolled_up.items():
            table = self.relation(other, frozenset({key}).union(*(read for _, read in aggregates)))
            alias = _alias("of", key, other)
            listed = ", ".join(f"{sql} AS value_{number}" for number, (sql, _) in enumerate(aggregates))
            text += (
                f" LEFT JOIN (SELECT {quoted(key)} AS id, {listed} FROM {table} WHERE {quoted(key)} IS NOT NULL"
                f" GROUP BY ALL) AS {alias} ON {alias}.id = here.id"
            )
        for first in self.firsts:
            table = self.relation(first.entity, frozenset({first.key, first.field}))
            text += first_join(first, table, self._here(first.through))
        return text

    def _by_words(self, column: str, own: str, ways: Collection[Filling]) -> str:
        """Return the code of the first word that there is, though that word may be none."""
        branches = [(f"here.{quoted(given_word(column))}", own)]
        branches += [(self._filled(way.words or way), self._filled(way, by_words=True)) for way in ways]
        return f"CASE {' '.join(f'WHEN {word} IS NOT NULL THEN {code}' for word, code in branches)} END"

    def _filled(self, filling: Filling, *, by_words: bool = False) -> str:
        if isinstance(filling.how, LookUp):
            column = self._read(filling, filling.how.field)
            self.looked_up.setdefault((filling.how.through, filling.other), set()).add(column)
            return f"{_alias('by', filling.how.through, filling.other)}.{quoted(column)}"
        if isinstance(filling.how, FirstSince):
            key, value = (self._read(filling, each) for each in (filling.how.key, filling.how.field))
            how = replace(filling.how, key=key, field=value)
            self.firsts[replace(how, since="")] = None
            return first_value(how, self._here(how.since))
        if isinstance(filling.how, RollUp):
            order = filling.words if by_words else None
            return self._cast(filling, self._rolled_up(filling, filling.how, order))
        assert filling.value is not None
        printed = row_sql(filling.value, column=self._named, bind=self.statement.bind, dialect=DUCKDB)
        return self._cast(filling, printed)

    def _rolled_up(self, filling: Filling, how: RollUp, order: Filling | None) -> str:
        key = self._read(filling, how.key)
        aggregates = self.rolled_up.setdefault((key, filling.other), [])

        def column(name: str) -> str:
            return self._setting(name) or quoted(self._read(filling, _given(name)))

        read = frozenset(self._read(filling, each) for each in (order or filling).read)
        until, bind = self.definitions.until, self.statement.bind
        aggregates.append((rolled_up(filling, how.aggregate, column, bind, DUCKDB, until, order), read))
        value = f"{_alias('of', key, filling.other)}.value_{len(aggregates) - 1}"
        return f"coalesce({value}, 0)" if how.aggregate.word in ("count", "distinct") else value

    def _read(self, filling: Filling, name: str) -> str:
        cut = ((filling.entity, filling.field.name), (filling.other, name)) in self.definitions.cuts
        return APART + name if cut else name

    def _named(self, name: str) -> str:
        if name == DAY_OF_DATA:
            return self.definitions.until.sql
        return self._setting(name) or self._here(_given(name))

    def _setting(self, name: str) -> str:
        if not name.startswith("setting."):
            return ""
        return self.statement.bind(self.definitions.settings[name.removeprefix("setting.")])

    def _here(self, column: str) -> str:
        moment = moment_of(self.entity, column)
        if moment != column:
            return local_day(f"here.{quoted(moment)}", self.definitions.zone)
        return f"here.{quoted(column)}" if column else ""

    def _cast(self, filling: Filling, sql: str) -> str:
        if filling.field.type is Type.TEXT:
            return sql
        return f"CAST({sql} AS {WORKED_OUT if filling.is_endless else SQL_TYPES[filling.field.type]})"


def _given(name: str) -> str:
    """Return the column that a name of an expression stands for."""
    space, _, field = name.rpartition(".")
    return GIVEN + field if space == GIVEN_SPACE else name


def _alias(word: str, key: str, other: str) -> str:
    return quoted(f"{word} {key} {other}")
