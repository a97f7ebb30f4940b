"""The state of one making: which tables are there already, and partial ones for fields needed earlier."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from kpicore.errors import BadBuild
from kpicore.ingest.derive.build_context import Building
from kpicore.ingest.fields.coded_words import other_words, unknown_words
from kpicore.ingest.fields.currency import foreign
from kpicore.ingest.fields.cycles import FieldOf, Need, Needs, cuts, reached
from kpicore.ingest.fields.dated_rows import Until
from kpicore.ingest.fields.derivations import Filling, Reader, bare
from kpicore.ingest.fields.derived_entities import Derivation, building, derivations
from kpicore.ingest.fields.derived_rows import Definitions, filled_rows, moment_of
from kpicore.ingest.fields.reachable_columns import can_fill, possible_fields
from kpicore.ingest.fields.source_rows import Rows
from kpicore.ingest.raw.merge import raw_columns
from kpicore.ingest.raw.sql_types import SQL_TYPES, days, local_day, stored_fields
from kpicore.model.notes import Note
from kpicore.model.schema import Entity, RollUp, given_name
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted

if TYPE_CHECKING:
    from kpicore.config.reader import Config


@dataclass(slots=True)
class Making:
    """What the making of all entities shares. `today` is the data day in the organisation's zone.

    `made` are the entities whose tables hold what they shall hold; `notes` what to tell of each.
    """

    connection: duckdb.DuckDBPyConnection
    config: Config
    registry: Registry
    today: date
    rows: Mapping[str, Rows]
    definitions: Definitions
    made: set[str] = field(default_factory=set)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    _built: dict[str, str] = field(default_factory=dict)
    _partial: dict[tuple[str, frozenset[str]], str] = field(default_factory=dict)

    def values(self, entity: str, columns: frozenset[str]) -> str:
        """Return a table that has these columns of an entity, filled."""
        if entity in self.made and all(column == bare(column) for column in columns):
            return f"kpi.{quoted(entity)}"
        if entity in self.definitions.derived:
            return self._derived_values(self.definitions.derived[entity], columns)
        if entity not in self.rows:
            return self._nothing(entity)
        rows = self.rows[entity]
        if all(self.definitions.is_plain(rows.entity, column) for column in columns):
            return rows.table
        if (known := self._known(entity, columns)) is not None:
            return known
        statement = filled_rows(self.definitions, rows, sorted(columns), self.values)
        return self._kept(entity, columns, statement.sql, statement.values)

    def note(self, entity: str, note: Note) -> None:
        """Keep something to tell of an entity."""
        self.notes.setdefault(entity, []).append(note)

    def forget(self) -> None:
        """Drop the partial tables."""
        for table in self._partial.values():
            self.connection.execute(f"DROP TABLE {table}")
        self._partial.clear()

    def derived_rows(self, derivation: Derivation, copied: Collection[str] | None = None) -> str:
        """Return a SELECT of all fields but the days of a derived entity; of those that it copies all or these."""
        names = derivation.copied if copied is None else copied
        own, origin = self._built_rows(derivation), self.values(derivation.origin, frozenset({"id", *names}))
        there = {name: f"origin.{quoted(name)}" for name in names} | {
            column: f"own.{quoted(column)}" for column in derivation.derived.columns
        }
        shown = ", ".join(
            f"{there.get(each.name, f'CAST(NULL AS {SQL_TYPES[each.type]})')} AS {quoted(each.name)}"
            for each in stored_fields(derivation.entity)
        )
        through = quoted(derivation.derived.through)
        return f"SELECT {shown} FROM {own} AS own LEFT JOIN {origin} AS origin ON origin.id = own.{through}"

    def context(self, derivation: Derivation, keep: Callable[[Note], None] | None = None) -> Building:
        """Return what a derived entity is made with; `keep` takes its notes in place of this making."""
        return Building(
            self.connection, self.registry, derivation, self.today, self.config.timezone, self.config.settings,
            self.rows, self.definitions.possible, self.values, keep or (lambda note: self.note(derivation.name, note)),
        )  # fmt: skip

    def _nothing(self, entity: str) -> str:
        """Return a table without rows for an entity that is not loaded."""
        table = f"temp.main.{quoted('no_' + entity)}"
        types = ", ".join(f"{quoted(each.name)} {SQL_TYPES[each.type]}" for each in self.registry.entity(entity).fields)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({types})")
        return table

    def _derived_values(self, derivation: Derivation, columns: frozenset[str]) -> str:
        if columns <= {*derivation.derived.columns}:
            return self._built_rows(derivation)
        if (known := self._known(derivation.name, columns)) is not None:
            return known
        copied = {derivation.moment_of(column) for column in columns}.intersection(derivation.copied)
        rows = self.derived_rows(derivation, sorted(copied))
        fields = shown_fields(derivation.entity, self.config.timezone)
        shown = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in fields.items() if name in columns)
        return self._kept(derivation.name, columns, f"SELECT {shown} FROM ({rows}) AS made")

    def _built_rows(self, derivation: Derivation) -> str:
        """Return the table with the columns that the plugin builds, which it does once."""
        name, derived = derivation.name, derivation.derived
        if name not in self._built:
            table = f"temp.main.{quoted(f'built {name}')}"
            columns = ", ".join(
                f"CAST(built.{quoted(column)} AS {SQL_TYPES[field.type]}) AS {quoted(column)}"
                for column in derived.columns
                if (field := derivation.entity.field(column)) is not None
            )
            with building(name):
                sql = derived.build(self.context(derivation))
                self.connection.execute(
                    f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM ({sql}) AS built"
                )
            self._built[name] = table
        return self._built[name]

    def _known(self, entity: str, columns: frozenset[str]) -> str | None:
        """Return a partial table that is there and has the columns."""
        for (other, there), table in self._partial.items():
            if other == entity and columns <= there:
                return table
        return None

    def _kept(self, entity: str, columns: frozenset[str], sql: str, values: Sequence[object] = ()) -> str:
        table = f"temp.main.partial_{len(self._partial)}"
        self.connection.execute(f"CREATE TEMP TABLE {table} AS {sql}", values)
        self._partial[entity, columns] = table
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
    without: Collection[str] = frozenset(),
) -> Definitions:
    """Return what every field is made from; roll-ups take rows up to `until`, else to `today`.

    What is `emptied` is made from nothing, and derived entities in `without` are not made.

    Raises BadDefinition, also for a circle of fields, and BadBuild.
    """
    derived = derivations(registry, config.settings, rows, without)
    reader = Reader(registry, config.settings, {*rows, *derived})
    fillings: dict[FieldOf, tuple[Filling, ...]] = {}
    for row in rows.values():
        for found in reader.fillings(row.entity):
            key = (row.entity.name, found.field.name)
            if key not in emptied:
                fillings[key] = (*fillings.get(key, ()), found)
    refuse_circles(fillings)
    copies = _copies([*(row.entity for row in rows.values()), *(each.entity for each in derived.values())])
    copies |= {key: source for each in derived.values() for key, source in each.copies().items()}
    given = (each for each in _given(connection, rows) if each not in emptied)
    possible = possible_fields(given, fillings, copies)
    fillings = {
        key: kept for key, ways in fillings.items() if (kept := tuple(way for way in ways if can_fill(way, possible)))
    }
    abroad = foreign(connection, rows, fillings, config.currency, today)
    dated = Until(until or today, config.timezone)
    without_cuts = Definitions(
        dated, config.settings, fillings, abroad, frozenset(), {}, possible, emptied=emptied, derived=derived
    )
    order = {name: number for number, name in enumerate(registry.entities)}
    needs = needs_of_all(without_cuts, rows)
    found_cuts = cuts(needs, lambda each: _is_given(connection, rows, each), lambda each: order[each[0]])
    _refuse_cut_builds(found_cuts, derived)
    apart = {read: tuple(_apart(read, fillings.get(read, ()), needs, registry)) for _, read in found_cuts}
    words = {name: each.words for name, each in rows.items()}
    unknown, differing = unknown_words(words, fillings, copies), other_words(words, fillings, copies)
    found_cuts = frozenset(pair for cut in found_cuts for pair in _beside(cut, registry))
    fillings, apart = _with_words(fillings), _with_words(apart)
    return Definitions(
        *(dated, config.settings, fillings, abroad, found_cuts, apart, possible, unknown, differing, emptied, derived)
    )


def _refuse_cut_builds(cut: Iterable[tuple[FieldOf, FieldOf]], derived: Collection[str]) -> None:
    """Refuse a derived entity that reads what is made of it: its rows cannot be built without themselves."""
    for reader, read in sorted(cut):
        if read[0] in derived:
            raise BadBuild(read[0], f"it reads '{'.'.join(reader)}', which is made from '{'.'.join(read)}'")


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
    for way in ways:
        read = {(entity.name, moment_of(entity, own)) for own in way.own} | {(way.other, one) for one in way.read}
        if field not in reached(read, needs):
            yield way


def needs_of_all(plan: Definitions, rows: Mapping[str, Rows]) -> Needs:
    """Return what every field reads in this load."""
    found: dict[FieldOf, tuple[Need, ...]] = {}
    for name, each in rows.items():
        for column in each.entity.fields:
            found[name, column.name] = tuple(_needs_of(plan, each.entity, column.name))
    for name, derivation in plan.derived.items():
        for column in derivation.entity.fields:
            reads = (need for need in derivation.needs(column.name) if need.field[0] == name or need.field in found)
            found[name, column.name] = tuple(reads)
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
        yield from ((name, column) for column in columns if name in rows)


def _copies(entities: Iterable[Entity]) -> dict[FieldOf, FieldOf]:
    """Return the columns that other fields bring, which hold a value when those do, and only then."""
    found: dict[FieldOf, FieldOf] = {}
    for entity in entities:
        found |= {(entity.name, day): (entity.name, moment) for day, moment in days(entity).items()}
        found |= {(entity.name, each.name): (entity.name, each.words_of) for each in entity.fields if each.words_of}
    return found


def _is_given(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Rows], field_of: FieldOf) -> bool:
    entity, column = field_of
    if entity not in rows:
        return False
    moment = days(rows[entity].entity).get(column, column)
    sql = f"SELECT 1 FROM {rows[entity].table} WHERE {quoted(moment)} IS NOT NULL LIMIT 1"
    return bool(connection.execute(sql).fetchall())
