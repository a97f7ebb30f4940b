"""What every field of a load is made from: its ways to be filled, and where circles of fields are cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from kpicore.errors import BadBuild
from kpicore.ingest.fields.coded_words import other_words, unknown_words
from kpicore.ingest.fields.currency import foreign
from kpicore.ingest.fields.cycles import FieldOf, Need, Needs, cuts, reached
from kpicore.ingest.fields.dated_rows import Until
from kpicore.ingest.fields.derivations import DerivationReader, Derivations, FieldDerivation
from kpicore.ingest.fields.derived_entities import entity_derivations
from kpicore.ingest.fields.derived_rows import FieldPlan, moment_of
from kpicore.ingest.fields.reachable_columns import can_fill, possible_fields
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.ingest.raw.raw_tables import raw_columns
from kpicore.ingest.raw.sql_types import days
from kpicore.model.schema import Entity, RollUp, given_name
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted

if TYPE_CHECKING:
    from kpicore.config.reader import Config


def field_plan(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    rows: Mapping[str, EntityRows],
    today: date,
    until: date | None = None,
    emptied: Collection[FieldOf] = frozenset(),
    without: Collection[str] = frozenset(),
) -> FieldPlan:
    """Return what every field is made from; roll-ups take rows up to `until`, else to `today`.

    What is `emptied` is made from nothing, and derived entities in `without` are not made.

    Raises BadDefinition, also for a circle of fields, and BadBuild.
    """
    derived = entity_derivations(registry, config.settings, rows, without)
    reader = DerivationReader(registry, config.settings, {*rows, *derived})
    derivations: dict[FieldOf, tuple[FieldDerivation, ...]] = {}
    for row in rows.values():
        for derivation in reader.derivations(row.entity):
            key = (row.entity.name, derivation.field.name)
            if key not in emptied:
                derivations[key] = (*derivations.get(key, ()), derivation)
    # before anything is left out for having no rows: a definition is wrong whatever was loaded
    refuse_circles(derivations)
    copies = _copies([*(row.entity for row in rows.values()), *(derivation.entity for derivation in derived.values())])
    copies |= {key: source for derivation in derived.values() for key, source in derivation.copies().items()}
    given_columns = (field for field in _given_columns(connection, rows) if field not in emptied)
    possible = possible_fields(given_columns, derivations, copies)
    # a way that can give nothing costs a join, and may close a circle that the data does not have
    fillable = {key: tuple(way for way in ways if can_fill(way, possible)) for key, ways in derivations.items()}
    derivations = {key: ways for key, ways in fillable.items() if ways}
    plan = FieldPlan(
        until=Until(until or today, config.timezone),
        settings=config.settings,
        derivations=derivations,
        foreign=foreign(connection, rows, derivations, config.currency, today),
        cuts=frozenset(),
        apart={},
        possible=possible,
        emptied=emptied,
        derived=derived,
    )
    # Cycles are cut before the words as given come in: these are read where their codes are, so they add no cycle.
    # rank by the order in which the plugin lists its entities: the first reads what sources gave
    order = {name: number for number, name in enumerate(registry.entities)}
    needs = needs_of_all(plan, rows)
    cut = cuts(needs, lambda field: _is_given(connection, rows, field), lambda field: order[field[0]])
    _refuse_cut_builds(cut, derived)
    apart = {read: tuple(_apart(read, derivations.get(read, ()), needs, registry)) for _, read in cut}
    words = {name: entity_rows.words for name, entity_rows in rows.items()}
    return replace(
        plan,
        derivations=_with_words(derivations),
        cuts=frozenset(pair for pairs in cut for pair in _beside(pairs, registry)),
        apart=_with_words(apart),
        unknown=unknown_words(words, derivations, copies),
        differing=other_words(words, derivations, copies),
    )


def _refuse_cut_builds(cut: Iterable[tuple[FieldOf, FieldOf]], derived: Collection[str]) -> None:
    """Refuse a derived entity that reads what is made of it: its rows cannot be built without themselves."""
    for reader, read in sorted(cut):
        if read[0] in derived:
            raise BadBuild(read[0], f"it reads '{'.'.join(reader)}', which is made from '{'.'.join(read)}'")


def _with_words(derivations: Derivations) -> dict[FieldOf, tuple[FieldDerivation, ...]]:
    """Return the ways to fill fields with those of the words as given beside fields with codes."""
    beside = {
        (entity, given_name(name)): tuple(way.words for way in ways if way.words is not None)
        for (entity, name), ways in derivations.items()
    }
    return {**derivations, **{key: ways for key, ways in beside.items() if ways}}


def _beside(cut: tuple[FieldOf, FieldOf], registry: Registry) -> Iterator[tuple[FieldOf, FieldOf]]:
    """Yield where a circle is cut for a field, and for the words as given of both."""
    reader, read = ({name, given_name(name)} if name in registry.codes(entity) else {name} for entity, name in cut)
    yield from (((cut[0][0], reading), (cut[1][0], other)) for reading in reader for other in read)


def _apart(
    field: FieldOf, ways: tuple[FieldDerivation, ...], needs: Needs, registry: Registry
) -> Iterator[FieldDerivation]:
    """Yield the ways to fill a field that do not come back to it."""
    entity = registry.entities[field[0]]
    for way in ways:
        read = {(entity.name, moment_of(entity, own)) for own in way.own} | {(way.other, column) for column in way.read}
        if field not in reached(read, needs):
            yield way


def needs_of_all(plan: FieldPlan, rows: Mapping[str, EntityRows]) -> Needs:
    """Return what every field reads in this load."""
    needs: dict[FieldOf, tuple[Need, ...]] = {}
    for name, entity_rows in rows.items():
        for column in entity_rows.entity.fields:
            needs[name, column.name] = tuple(_needs_of(plan, entity_rows.entity, column.name))
    for name, derivation in plan.derived.items():
        for column in derivation.entity.fields:
            # of entities without rows a derived one reads an empty table, which needs nothing
            reads = (need for need in derivation.needs(column.name) if need.field[0] == name or need.field in needs)
            needs[name, column.name] = tuple(reads)
    return needs


def _needs_of(plan: FieldPlan, entity: Entity, column: str) -> Iterator[Need]:
    for own in sorted(plan.own(entity, column)):
        yield Need((entity.name, own), False)
    for derivation in plan.derivations.get((entity.name, column), ()):
        for read in sorted(derivation.read):
            yield Need((derivation.other, read), True, isinstance(derivation.how, RollUp))


def refuse_circles(derivations: Derivations) -> None:
    """Refuse a field that is made from itself within its row, be it empty in this load or not.

    Raises: BadDefinition.
    """
    own = {
        key: tuple(Need((key[0], column), False) for column in sorted(set().union(*(way.own for way in ways))))
        for key, ways in derivations.items()
    }
    # none of these pairs can be cut, so that any circle raises
    cuts(own, lambda field: False, lambda field: 0)


def _given_columns(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, EntityRows]) -> Iterator[FieldOf]:
    for name, columns in raw_columns(connection).items():
        yield from ((name, column) for column in columns if name in rows)


def _copies(entities: Iterable[Entity]) -> dict[FieldOf, FieldOf]:
    """Return the columns that other fields bring, which hold a value when those do, and only then."""
    copies: dict[FieldOf, FieldOf] = {}
    for entity in entities:
        copies |= {(entity.name, day): (entity.name, moment) for day, moment in days(entity).items()}
        beside = (field for field in entity.fields if field.words_of)
        copies |= {(entity.name, field.name): (entity.name, field.words_of) for field in beside}
    return copies


def _is_given(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, EntityRows], field_of: FieldOf) -> bool:
    entity, column = field_of
    if entity not in rows:
        return False
    moment = days(rows[entity].entity).get(column, column)
    sql = f"SELECT 1 FROM {rows[entity].table} WHERE {quoted(moment)} IS NOT NULL LIMIT 1"
    return bool(connection.execute(sql).fetchall())
