"""The rows of an entity with every empty field filled, as one SELECT.

Fields are filled in levels: a level reads what the level before it made, and joins other entities.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from kpicore.ingest.fields.currency import CURRENCY, Foreign
from kpicore.ingest.fields.cycles import Cuts, FieldOf
from kpicore.ingest.fields.dated_rows import DAY_OF_DATA, GIVEN_SPACE, Until
from kpicore.ingest.fields.derivations import APART, GIVEN, ID, Derivations, FieldDerivation, bare
from kpicore.ingest.fields.derived_entities import EntityDerivation
from kpicore.ingest.fields.roll_ups import first_join, first_value, rolled_up
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.ingest.raw.sql_types import SQL_TYPES, WORKED_OUT, days, given_fields, local_day, main_day
from kpicore.language import row_sql
from kpicore.model.schema import Entity, FirstSince, LookUp, RollUp, Type, given_name
from kpicore.text.sql_text import quoted
from kpicore.warehouse.duckdb.dialect import DUCKDB

Relation = Callable[[str, frozenset[str]], str]
"""Gives a table that has these columns of an entity."""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """What all fields of all entities are made from in this load.

    `until` is the day up to which roll-ups take rows.
    `derivations` are the ways to fill a field, in order, and `apart` those of them that do not come back to
    the field, where a reader on a circle with it needs them.
    """

    until: Until
    settings: Mapping[str, object]
    derivations: Derivations
    foreign: Mapping[str, Foreign]
    cuts: Cuts
    apart: Derivations
    possible: Collection[FieldOf]
    """The fields that can hold a value; all others are null in every row."""
    unknown: Collection[FieldOf] = frozenset()
    """Closed fields of which some row holds a word that is no code: it is filled with nothing else."""
    differing: Collection[FieldOf] = frozenset()
    """Fields with codes of which some row holds another word than the code."""
    emptied: Collection[FieldOf] = frozenset()
    """Fields that hold nothing, whatever sources gave."""
    derived: Mapping[str, EntityDerivation] = field(default_factory=dict)
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
        foreign = self.foreign.get(entity.name)
        return foreign is not None and bare(column) in foreign.amounts

    def ways(self, entity: Entity, column: str) -> tuple[FieldDerivation, ...]:
        """Return what the column is filled from, in order; what the field is in the end comes first."""
        if column.startswith(GIVEN):
            return ()
        # a reader on a circle takes "apart owner_id": the same, without the ways that come back to it
        ways = self.apart if column.startswith(APART) else self.derivations
        return ways.get((entity.name, bare(column)), ())

    def is_decided_by_words(self, entity: Entity, column: str) -> bool:
        """Return whether the column may hold a word that is no code, so that it is not just filled where empty."""
        ways = self.ways(entity, column)
        return (entity.name, bare(column)) in self.unknown and bool(ways) and ways[0].words is not None

    def own(self, entity: Entity, column: str) -> frozenset[str]:
        """Return the columns of the same row that the column is made from."""
        if column in days(entity):
            return frozenset({days(entity)[column]})
        columns = frozenset[str]().union(*(way.own for way in self.ways(entity, column)))
        if self.is_decided_by_words(entity, column):
            words = (way.words for way in self.ways(entity, column) if way.words is not None)
            # whether a code is filled hangs on the word that was given, so both must be there in the level before
            columns = columns.union({given_word(column)}, *(word.own for word in words))
        if self.is_converted(entity, column):
            columns |= {CURRENCY, *({main_day(entity)} - {""})}
        return frozenset(moment_of(entity, column) for column in columns)


def moment_of(entity: Entity, column: str) -> str:
    """Return the column with the moment behind a day, whatever stands before its name; any other as it is."""
    name = bare(column)
    return column.removesuffix(name) + days(entity).get(name, name)


def given_word(column: str) -> str:
    """Return the column with the words of a field with codes as sources gave them."""
    return GIVEN + given_name(bare(column))


@dataclass(slots=True)
class BoundSql:
    """SQL with its values, in the order of their numbers."""

    sql: str = ""
    values: list[object] = field(default_factory=list)

    def bind(self, value: object) -> str:
        """Return the placeholder of a value."""
        self.values.append(value)
        return f"${len(self.values)}"


def filled_rows(plan: FieldPlan, rows: EntityRows, columns: Collection[str], relation: Relation) -> BoundSql:
    """Return the SELECT of these columns: fields, days and `given` ones."""
    entity, statement = rows.entity, BoundSql()
    wanted = frozenset(columns)
    needed = _closure(plan, entity, wanted)
    made_days = days(entity)
    base = sorted(column for column in needed if column not in made_days)
    known = {field.name for field in given_fields(entity)}
    # a column such as "given amount" begins as its field; only currencies are converted in it, as it has no ways
    first = [
        f"{quoted(bare(column))} AS {quoted(column)}" if column not in known else quoted(column) for column in base
    ]
    for at, column in enumerate(base):
        if (entity.name, bare(column)) in plan.emptied and (field := entity.field(bare(column))):
            first[at] = f"CAST(NULL AS {SQL_TYPES[field.type]}) AS {quoted(column)}"
    statement.sql = f"SELECT {', '.join(first)} FROM {rows.table}"
    # A SELECT cannot read what it makes itself, so each level of what depends on what is one more around the others.
    for level in _levels(plan, entity, base):
        _fill(_Level(plan, entity, statement, relation), base, level)
    # days last: they are worked out of moments that may have been filled in any level
    shown = [
        f"{local_day('here.' + quoted(made_days[column]), plan.zone)} AS {quoted(column)}"
        if column in made_days
        else f"here.{quoted(column)}"
        for column in columns
    ]
    statement.sql = f"SELECT {', '.join(shown)} FROM ({statement.sql}) AS here"
    return statement


def _closure(plan: FieldPlan, entity: Entity, wanted: frozenset[str]) -> frozenset[str]:
    reached, todo = set(wanted), list(wanted)
    while todo:
        for column in plan.own(entity, todo.pop()):
            if column not in reached:
                reached.add(column)
                todo.append(column)
    return frozenset(reached)


def _levels(plan: FieldPlan, entity: Entity, columns: list[str]) -> list[list[str]]:
    """Return what is to be filled, in groups that read only the groups before them."""
    # what a column reads of itself is what the level before has of it
    left = [column for column in columns if plan.is_made(entity, column)]
    levels = []
    while left:
        ready = [column for column in left if not (plan.own(entity, column) - {column}) & set(left)]
        assert ready, "circles within a row are refused before"
        levels.append(ready)
        left = [column for column in left if column not in ready]
    return levels


def _fill(level: _Level, columns: list[str], filled: list[str]) -> None:
    here = [
        f"{level.value(column)} AS {quoted(column)}" if column in filled else f"here.{quoted(column)}"
        for column in columns
    ]
    level.statement.sql = f"SELECT {', '.join(here)} FROM ({level.statement.sql}) AS here{level.joins()}"


@dataclass(slots=True)
class _Level:
    plan: FieldPlan
    entity: Entity
    statement: BoundSql
    relation: Relation
    looked_up: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    rolled_up: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = field(default_factory=dict)
    firsts: dict[FirstSince, None] = field(default_factory=dict)
    converts: bool = False

    def value(self, column: str) -> str:
        """Return what the field is in the end, or the row's own value, else that of the first way that has one."""
        ways = self.plan.ways(self.entity, column)
        # Before what was given: of what is settled a source's word would be out of date.
        if ways and ways[0].is_settled:
            return self._filled(ways[0])
        own = f"here.{quoted(column)}"
        if self.plan.is_converted(self.entity, column):
            self.converts = True
            own = self.plan.foreign[self.entity.name].converted(own)
        if self.plan.is_decided_by_words(self.entity, column):
            return self._by_words(column, own, ways)
        return f"coalesce({', '.join((own, *map(self._filled, ways)))})" if ways else own

    def joins(self) -> str:
        """Return the joins that the values of this level read."""
        text = ""
        if self.converts:
            text += self.plan.foreign[self.entity.name].join(self._here(main_day(self.entity)))
        for (through, other), columns in self.looked_up.items():
            table = self.relation(other, frozenset({ID, *columns}))
            alias = _alias("by", through, other)
            text += f" LEFT JOIN {table} AS {alias} ON {alias}.id = {self._here(through)}"
        for (key, other), aggregates in self.rolled_up.items():
            table = self.relation(other, frozenset({key}).union(*(read for _, read in aggregates)))
            alias = _alias("of", key, other)
            # All aggregates by one key are one join, whatever fields they fill: grouping is what costs.
            listed = ", ".join(f"{sql} AS value_{number}" for number, (sql, _) in enumerate(aggregates))
            text += (
                f" LEFT JOIN (SELECT {quoted(key)} AS id, {listed} FROM {table} WHERE {quoted(key)} IS NOT NULL"
                f" GROUP BY ALL) AS {alias} ON {alias}.id = here.id"
            )
        for first in self.firsts:
            table = self.relation(first.entity, frozenset({first.key, first.field}))
            text += first_join(first, table, self._here(first.through))
        return text

    def _by_words(self, column: str, own: str, ways: Collection[FieldDerivation]) -> str:
        """Return the code of the first word that there is, though that word may be none."""
        # Not coalesce of codes: a word that is no code was given all the same, and must not be filled from elsewhere.
        branches = [(f"here.{quoted(given_word(column))}", own)]
        branches += [(self._filled(way.words or way), self._filled(way, by_words=True)) for way in ways]
        return f"CASE {' '.join(f'WHEN {word} IS NOT NULL THEN {code}' for word, code in branches)} END"

    def _filled(self, derivation: FieldDerivation, *, by_words: bool = False) -> str:
        if isinstance(derivation.how, LookUp):
            column = self._read(derivation, derivation.how.field)
            self.looked_up.setdefault((derivation.how.through, derivation.other), set()).add(column)
            return f"{_alias('by', derivation.how.through, derivation.other)}.{quoted(column)}"
        if isinstance(derivation.how, FirstSince):
            key, value = (self._read(derivation, name) for name in (derivation.how.key, derivation.how.field))
            how = replace(derivation.how, key=key, field=value)
            self.firsts[replace(how, since="")] = None  # one join serves fields that differ in their day alone
            return first_value(how, self._here(how.since))
        if isinstance(derivation.how, RollUp):
            order = derivation.words if by_words else None
            return self._cast(derivation, self._rolled_up(derivation, derivation.how, order))
        assert derivation.value is not None
        printed = row_sql(derivation.value, column=self._named, bind=self.statement.bind, dialect=DUCKDB)
        return self._cast(derivation, printed)

    def _rolled_up(self, derivation: FieldDerivation, how: RollUp, order: FieldDerivation | None) -> str:
        key = self._read(derivation, how.key)
        aggregates = self.rolled_up.setdefault((key, derivation.other), [])

        def column(name: str) -> str:
            return _setting(self.plan, name, self.statement.bind) or quoted(self._read(derivation, _column_of(name)))

        read = frozenset(self._read(derivation, name) for name in (order or derivation).read)
        until, bind = self.plan.until, self.statement.bind
        # values are named by their place in the list: value_0 is the first aggregate over these rows by this key
        aggregates.append((rolled_up(derivation, how.aggregate, column, bind, DUCKDB, until, order), read))
        value = f"{_alias('of', key, derivation.other)}.value_{len(aggregates) - 1}"
        # A row that nothing refers to has no group, and counts none of them.
        return f"coalesce({value}, 0)" if how.aggregate.word in ("count", "distinct") else value

    def _read(self, derivation: FieldDerivation, name: str) -> str:
        # only what stands in another entity is ever cut: a circle within a row is refused
        cut = ((derivation.entity, derivation.field.name), (derivation.other, name)) in self.plan.cuts
        return APART + name if cut else name

    def _named(self, name: str) -> str:
        return named(self.plan, self.entity, name, self.statement.bind)

    def _here(self, column: str) -> str:
        return _here(self.plan, self.entity, column)

    def _cast(self, derivation: FieldDerivation, sql: str) -> str:
        if derivation.field.type is Type.TEXT:
            return sql
        # an endless quotient keeps 9 decimals, where a NUMBER that a source gives has 6
        return f"CAST({sql} AS {WORKED_OUT if derivation.is_endless else SQL_TYPES[derivation.field.type]})"


def named(plan: FieldPlan, entity: Entity, name: str, bind: Callable[[object], str]) -> str:
    """Return SQL for a name of an expression over a row `here` of the entity."""
    if name == DAY_OF_DATA:
        return plan.until.sql
    return _setting(plan, name, bind) or _here(plan, entity, _column_of(name))


def _setting(plan: FieldPlan, name: str, bind: Callable[[object], str]) -> str:
    return bind(plan.settings[name.removeprefix("setting.")]) if name.startswith("setting.") else ""


def _here(plan: FieldPlan, entity: Entity, column: str) -> str:
    moment = moment_of(entity, column)
    if moment != column:
        return local_day(f"here.{quoted(moment)}", plan.zone)
    return f"here.{quoted(column)}" if column else ""


def _column_of(name: str) -> str:
    """Return the column that a name of an expression stands for."""
    space, _, field = name.rpartition(".")
    return GIVEN + field if space == GIVEN_SPACE else name


def _alias(word: str, key: str, other: str) -> str:
    return quoted(f"{word} {key} {other}")
