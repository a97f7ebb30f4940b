"""The state of one making: which tables are there already, and partial ones for fields needed earlier."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from kpicore.entities import Entity, RollUp, given_name
from kpicore.load.circles import FieldOf, Need, Needs, cuts, reached
from kpicore.load.coded import other_words, unknown_words
from kpicore.load.columns import SQL_TYPES, days, listed, local_day, quoted, stored_fields
from kpicore.load.currency import foreign
from kpicore.load.dated import Until
from kpicore.load.filled import Definitions, filled_rows, moment_of
from kpicore.load.fillings import Filling, Reader, bare
from kpicore.load.merge import raw_columns
from kpicore.load.possible import can_fill, possible_fields
from kpicore.load.rows import Rows
from kpicore.load.spells import CORE, SPELL, make_spells, spell_needs
from kpicore.load.stages import STAGE, copied_fields, make_stages, stage_needs
from kpicore.notes import Note
from kpicore.registry import Registry

if TYPE_CHECKING:
    from kpicore.config import Config


@dataclass(slots=True)
class Making:
    """What the making of all entities shares. `today` is the data day in the organisation's zone.

    `made` are the entities whose tables hold what they shall hold; `notes` what to tell of each;
    `laid_out` the entities of the core whose temporary tables are there.
    """

    connection: duckdb.DuckDBPyConnection
    config: Config
    registry: Registry
    today: date
    rows: Mapping[str, Rows]
    definitions: Definitions
    made: set[str] = field(default_factory=set)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    laid_out: set[str] = field(default_factory=set)
    _partial: dict[tuple[str, frozenset[str]], str] = field(default_factory=dict)

    def values(self, entity: str, columns: frozenset[str]) -> str:
        """Return a table that has these columns of an entity, filled."""
        if entity in self.made and all(each == bare(each) for each in columns):
            return f"kpi.{quoted(entity)}"
        if entity in (STAGE, SPELL):
            return self._made_entity(entity, columns)
        if entity not in self.rows:
            return self._nothing(entity)
        rows = self.rows[entity]
        if all(self.definitions.is_plain(rows.entity, each) for each in columns):
            return rows.table
        for (other, there), table in self._partial.items():
            if other == entity and columns <= there:
                return table
        statement = filled_rows(self.definitions, rows, sorted(columns), self.values)
        table = f"temp.main.partial_{len(self._partial)}"
        self.connection.execute(f"CREATE TEMP TABLE {table} AS {statement.sql}", statement.values)
        self._partial[entity, columns] = table
        return table

    def note(self, entity: str, note: Note) -> None:
        """Keep something to tell of an entity."""
        self.notes.setdefault(entity, []).append(note)

    def forget(self) -> None:
        """Drop the partial tables."""
        for table in self._partial.values():
            self.connection.execute(f"DROP TABLE {table}")
        self._partial.clear()

    def made_rows(self, entity: str) -> str:
        """Return a SELECT of all fields but the days of an entity that the core makes."""
        if entity == STAGE:
            return make_stages(self)
        copied = [each.name for each in stored_fields(self.registry.entities[entity]) if each.name not in CORE]
        customer = self.values("customer", frozenset({"id", *copied}))
        core = self.values(entity, CORE)
        return (
            f"SELECT {listed(sorted(CORE), 'core.')}, {listed(copied, 'customer.')}"
            f" FROM {core} AS core LEFT JOIN {customer} AS customer ON customer.id = core.customer_id"
        )

    def _nothing(self, entity: str) -> str:
        """Return a table without rows for an entity that is not loaded."""
        table = f"temp.main.{quoted('no_' + entity)}"
        types = ", ".join(f"{quoted(each.name)} {SQL_TYPES[each.type]}" for each in self.registry.entity(entity).fields)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({types})")
        return table

    def _made_entity(self, entity: str, columns: frozenset[str]) -> str:
        core = entity == SPELL and columns <= CORE
        key = (entity, CORE if core else columns)
        if key not in self._partial:
            self._partial[key] = make_spells(self) if core else self._columns_of(entity, columns)
        return self._partial[key]

    def _columns_of(self, entity: str, columns: frozenset[str]) -> str:
        rows = self.made_rows(entity)  # this may make other partial tables, so the number comes after it
        table = f"temp.main.partial_{len(self._partial)}"
        fields = shown_fields(self.registry.entities[entity], self.config.timezone)
        shown = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in fields.items() if name in columns)
        self.connection.execute(f"CREATE TEMP TABLE {table} AS SELECT {shown} FROM ({rows}) AS made")
        return table


def shown_fields(entity: Entity, zone: str) -> dict[str, str]:
    """Return SQL for every field of `made`, which has all but the days."""
    moments = days(entity)
    return {
        each.name: local_day("made." + quoted(moments[each.name]), zone)
        if each.name in moments
        else f"made.{quoted(each.name)}"
        for each in entity.fields
    }


def definitions(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    rows: Mapping[str, Rows],
    today: date,
    until: date | None = None,
    emptied: Collection[FieldOf] = frozenset(),
) -> Definitions:
    """Return what every field is made from; roll-ups take rows up to `until`, else to `today`.

    What is `emptied` is made from nothing.

    Raises BadDefinition, also for a circle of fields.
    """
    reader = Reader(registry, config.settings, available(registry, rows))
    fillings: dict[FieldOf, tuple[Filling, ...]] = {}
    for each in rows.values():
        for found in reader.fillings(each.entity):
            key = (each.entity.name, found.field.name)
            if key not in emptied:
                fillings[key] = (*fillings.get(key, ()), found)
    refuse_circles(fillings)
    copies = _copies(registry, rows)
    given = (each for each in _given(connection, rows) if each not in emptied)
    possible = possible_fields(given, fillings, copies)
    fillings = {
        key: kept for key, ways in fillings.items() if (kept := tuple(way for way in ways if can_fill(way, possible)))
    }
    abroad = foreign(connection, rows, fillings, config.currency, today)
    dated = Until(until or today, config.timezone)
    without_cuts = Definitions(dated, config.settings, fillings, abroad, frozenset(), {}, possible, emptied=emptied)
    order = {name: number for number, name in enumerate(registry.entities)}
    needs = needs_of_all(without_cuts, registry, rows, config)
    found_cuts = cuts(needs, lambda each: _is_given(connection, rows, each), lambda each: order[each[0]])
    apart = {read: tuple(_apart(read, fillings.get(read, ()), needs, registry)) for _, read in found_cuts}
    words = {name: each.words for name, each in rows.items()}
    unknown, differing = unknown_words(words, fillings, copies), other_words(words, fillings, copies)
    found_cuts = frozenset(pair for cut in found_cuts for pair in _beside(cut, registry))
    fillings, apart = _with_words(fillings), _with_words(apart)
    return Definitions(
        *(dated, config.settings, fillings, abroad, found_cuts, apart, possible, unknown, differing, emptied)
    )


def _with_words(fillings: Mapping[FieldOf, tuple[Filling, ...]]) -> dict[FieldOf, tuple[Filling, ...]]:
    """Return the ways to fill fields with those of the words as given beside fields with codes."""
    beside = {
        (entity, given_name(name)): tuple(way.words for way in ways if way.words is not None)
        for (entity, name), ways in fillings.items()
    }
    return {**fillings, **{key: ways for key, ways in beside.items() if ways}}


def _beside(cut: tuple[FieldOf, FieldOf], registry: Registry) -> Iterator[tuple[FieldOf, FieldOf]]:
    """Yield where a circle is cut for a field, and for the words as given of both."""
    reader, read = ({name, given_name(name)} if name in registry.codes(entity) else {name} for entity, name in cut)
    yield from (((cut[0][0], one), (cut[1][0], other)) for one in reader for other in read)


def _apart(field: FieldOf, ways: tuple[Filling, ...], needs: Needs, registry: Registry) -> Iterator[Filling]:
    """Yield the ways to fill a field that do not come back to it."""
    entity = registry.entities[field[0]]
    for each in ways:
        read = {(entity.name, moment_of(entity, own)) for own in each.own} | {(each.other, one) for one in each.read}
        if field not in reached(read, needs):
            yield each


def available(registry: Registry, rows: Mapping[str, Rows]) -> set[str]:
    """Return the entities that can be read: those with rows, and what the core makes of them."""
    found = set(rows)
    if "opportunity" in found:
        found.add(STAGE)
    if "customer" in found:
        found.add(SPELL)
    return found & set(registry.entities)


def needs_of_all(plan: Definitions, registry: Registry, rows: Mapping[str, Rows], config: Config) -> Needs:
    """Return what every field reads in this load."""
    found: dict[FieldOf, tuple[Need, ...]] = {}
    for name, each in rows.items():
        for column in each.entity.fields:
            found[name, column.name] = tuple(_needs_of(plan, each.entity, column.name))
    for name, read in ((SPELL, spell_needs(config, rows)), (STAGE, stage_needs(registry))):
        if name in registry.entities:
            made = registry.entities[name]
            for column in made.fields:
                reads = (need for need in read(column.name) if need[0] in rows and need in found)
                found[name, column.name] = tuple(Need(each, False) for each in reads)
    return found


def _needs_of(plan: Definitions, entity: Entity, column: str) -> Iterator[Need]:
    for own in sorted(plan.own(entity, column)):
        yield Need((entity.name, own), False)
    for filling in plan.fillings.get((entity.name, column), ()):
        for read in sorted(filling.read):
            yield Need((filling.other, read), True, isinstance(filling.how, RollUp))


def refuse_circles(fillings: Mapping[FieldOf, tuple[Filling, ...]]) -> None:
    """Refuse a field that is made from itself within its row, be it empty in this load or not.

    Raises: BadDefinition.
    """
    own = {
        key: tuple(Need((key[0], each), False) for each in sorted(set().union(*(way.own for way in ways))))
        for key, ways in fillings.items()
    }
    cuts(own, lambda field: False, lambda field: 0)


def _given(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Rows]) -> Iterator[FieldOf]:
    for name, columns in raw_columns(connection).items():
        yield from ((name, each) for each in columns if name in rows)


def _copies(registry: Registry, rows: Mapping[str, Rows]) -> dict[FieldOf, FieldOf]:
    """Return the fields that hold a value when another does, and only then."""
    found: dict[FieldOf, FieldOf] = {}
    for name in available(registry, rows):
        entity = registry.entities[name]
        found |= {(name, day): (name, moment) for day, moment in days(entity).items()}
        found |= {(name, each.name): (name, each.words_of) for each in entity.fields if each.words_of}
        if entity.made:
            copied = copied_fields(registry) if name == STAGE else {each.name for each in entity.fields} - CORE
            origin = "opportunity" if name == STAGE else "customer"
            own = {each.name for each in stored_fields(entity)} - {*copied}
            found |= {(name, each): (origin, each) for each in copied} | {(name, each): (origin, "id") for each in own}
    return found


def _is_given(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Rows], field_of: FieldOf) -> bool:
    entity, column = field_of
    if entity not in rows:
        return False
    moment = days(rows[entity].entity).get(column, column)
    sql = f"SELECT 1 FROM {rows[entity].table} WHERE {quoted(moment)} IS NOT NULL LIMIT 1"
    return bool(connection.execute(sql).fetchall())
