"""Made tables from raw ones: what questions read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from kpicore.ingest.catalog.lineage import kept_lineage, traced
from kpicore.ingest.catalog.tables import describe, drop_others, made_from, make_calendar, reach
from kpicore.ingest.derive.derived_view import ORIGIN, view_columns
from kpicore.ingest.derive.dimension_values import are_their_ids, list_texts, name_values, text_dimensions
from kpicore.ingest.derive.enums import enums
from kpicore.ingest.derive.fingerprint import fingerprints
from kpicore.ingest.derive.making import Making, shown_fields
from kpicore.ingest.derive.rounded import rounded_amounts
from kpicore.ingest.derive.row_checks import impossible_rows
from kpicore.ingest.derive.unknown_words import left_out_words
from kpicore.ingest.fields.currency import conflicting_rates, keep_currency, missing_rates, prepare_rates
from kpicore.ingest.fields.cycles import FieldOf
from kpicore.ingest.fields.derived_entities import EntityDerivation, building
from kpicore.ingest.fields.derived_rows import FieldPlan, filled_rows
from kpicore.ingest.fields.field_plan import field_plan
from kpicore.ingest.fields.shown_ids import lay_out_given
from kpicore.ingest.fields.source_rows import EntityRows, entity_rows
from kpicore.ingest.raw import left_out
from kpicore.ingest.raw.raw_tables import raw_columns
from kpicore.ingest.raw.sql_types import SQL_TYPES, main_day, stored_fields
from kpicore.ingest.raw.time_zones import note_earlier
from kpicore.lineage import CALENDAR, Lineage, digest
from kpicore.lineage.differences import LineageDifference, outdated
from kpicore.model.notes import TOO_LARGE, Note
from kpicore.model.schema import Entity, Field, Type
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import literal, quoted

if TYPE_CHECKING:
    from kpicore.config.reader import Config

_UNKNOWN = "an earlier version made them"

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made. `content` is a fingerprint of all that answers can depend on.

    `anew` are the entities whose tables were there and were made by other definitions, and `why` tells by which.
    `redefined` are all definitions and settings that differ from those of the tables before.
    """

    content: str
    lineage: Lineage
    anew: tuple[str, ...] = ()
    why: str = ""
    redefined: tuple[LineageDifference, ...] = ()


def make_all(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    today: date,
    progress: Progress,
    everything: bool = False,
    emptied: Collection[FieldOf] = frozenset(),
    without: Collection[str] = frozenset(),
) -> Made:
    """Make every entity whose definition or data has changed, the calendar, the values of dimensions and the book.

    With `everything` also what has not changed. Fields that are `emptied` hold nothing, and derived entities in
    `without` are not made. Raises BadDefinition, and BadBuild for a derived entity whose plugin fails.
    """
    making, wanted = prepared(connection, config, registry, today, emptied=emptied, without=without)
    keep_currency(connection, config.currency)
    calendar, there, before = config.calendar(), made_from(connection), kept_lineage(connection)
    if before is None and there:
        note_earlier(connection, registry, making.rows, config.timezone)
    lineage = traced(registry, config, calendar, before)
    differs = outdated(before, lineage) if before else None
    # None: all is made, as it is wanted so, or nobody knows by which definitions the tables were made
    changed = differs.only({*there, CALENDAR}) if differs and not everything else None
    if changed is not None:
        # both must be as they were: the rows behind it (fingerprint), and the definitions (lineage)
        same = {entity for entity in wanted if there.get(entity) == wanted[entity]}
        making.made.update(same - changed.entities())
    _make_left(making, wanted, progress)
    # Others go first: days that only they had need no calendar any more.
    drop_others(connection, wanted)
    list_texts(connection, registry, text_dimensions(registry), wanted)
    make_calendar(connection, calendar, [today, *reach(connection)])
    content = digest(repr([*sorted(wanted.items()), lineage.fingerprint({*wanted, CALENDAR})]))
    redefined = differs.causes if differs else ()
    if changed is None:
        anew = tuple(entity for entity in wanted if entity in there)
        return Made(content, lineage, anew, "" if before else _UNKNOWN, redefined)
    anew = tuple(entity for entity in (*wanted, CALENDAR) if entity in changed.entities())
    return Made(content, lineage, anew, changed.why(), redefined)


def prepared(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    today: date,
    until: date | None = None,
    emptied: Collection[FieldOf] = frozenset(),
    without: Collection[str] = frozenset(),
) -> tuple[Making, dict[str, str]]:
    """Return the making of the rows that are there, and by entity the fingerprint of the rows behind it.

    Roll-ups take rows up to `until`, else to `today`. Fields that are `emptied` hold nothing, and derived entities in
    `without` are not made. Raises BadDefinition and BadBuild.
    """
    rows = all_rows(connection, registry)
    prepare_rates(connection, rows["fx_rate"].table if "fx_rate" in rows else None)
    defined = field_plan(connection, config, registry, rows, today, until, emptied, without)
    making = Making(connection, config, registry, today, rows, defined)
    name_values(connection, registry, rows.values())  # before the fingerprints, which hold the values
    known = {*rows, *defined.derived}
    return making, fingerprints(making, [entity for entity in registry.entities if entity in known])


def make_one(making: Making, name: str, fingerprint: str) -> None:
    """Make the table of one entity and its line in the book."""
    _make(making, name)
    entity, notes = making.registry.entities[name], making.notes.get(name, ())
    describe(making.connection, making.registry, entity, notes, fingerprint)


def _make_left(making: Making, wanted: Mapping[str, str], progress: Progress) -> None:
    """Make what is not made yet."""
    # the number of all stays number + len(left) + 1 in each round, as one leaves and one is counted
    left = [name for name in wanted if name not in making.made]
    for number in range(len(left)):
        name = _next(making, left)
        left.remove(name)
        progress(f"making {name}", number / (number + len(left) + 1))
        make_one(making, name, wanted[name])


def all_rows(connection: duckdb.DuckDBPyConnection, registry: Registry) -> dict[str, EntityRows]:
    """Return the rows to make each entity from that sources gave or others refer to."""
    loaded = raw_columns(connection)
    lay_out_given(connection, registry, loaded)
    entities = (entity for entity in registry.entities.values() if not entity.made)
    by_entity = ((entity.name, entity_rows(connection, registry, entity, loaded)) for entity in entities)
    return {name: rows for name, rows in by_entity if rows is not None}


def _next(making: Making, left: list[str]) -> str:
    """Return the entity to make next: one that reads only finished ones, else the one with the most rows.

    A partial table is made of what it reads of unfinished ones, and those are better the small ones.
    """
    reads = {name: {way.other for (owner, _), ways in making.plan.derivations.items() if owner == name
                    for way in ways} for name in left}  # fmt: skip
    # "-" binds before "&": an entity that reads itself is free all the same
    free = [name for name in left if name in making.rows and not reads[name] & set(left) - {name}]
    if free:
        return free[0]
    from_sources = [name for name in left if name in making.rows]
    # derived ones last: their origins, and what else they read, are made by then
    return max(from_sources, key=lambda name: making.rows[name].size) if from_sources else left[0]


def _make(making: Making, name: str) -> None:
    entity = making.registry.entities[name]
    if name in making.rows:
        known = making.plan
        fields = [field.name for field in stored_fields(entity) if _is_written(known, name, field)]
        statement = filled_rows(making.plan, making.rows[name], fields, making.values)
        _write(making, entity, statement.sql, statement.values)
    else:
        _derive(making, making.plan.derived[name])
    making.made.add(name)
    _note(making, entity)


def _derive(making: Making, derivation: EntityDerivation) -> None:
    columns = view_columns(making, derivation)
    if columns is None:
        _write(making, derivation.entity, making.derived_rows(derivation), [])
        return
    making.connection.execute(f"DROP TABLE IF EXISTS made.{quoted(derivation.name)}")
    with building(derivation.name):
        _show(making, derivation.entity, columns, f"kpi.{quoted(derivation.origin)} AS {ORIGIN}")


def _write(making: Making, entity: Entity, sql: str, values: list[object]) -> None:
    """Write one table: the fields, the days of its moments, its dimensions, sorted by its main date.

    Columns that can hold no value, or that of another one, are not written but added by a view: they cost as
    much as all others.
    """
    shown, joins = shown_fields(entity, making.config.timezone), ""
    columns = {field.name: shown[field.name] for field in entity.fields if _is_written(making.plan, entity.name, field)}
    words = {
        field.name: field.words_of for field in entity.fields if field.words_of in columns and field.name not in columns
    }
    if label := _label(making.registry, entity):
        columns[label] = f"coalesce({columns[label]}, made.id)" if label in columns else "made.id"
    named = {name: key for name, key in _named(making.registry, entity).items() if key in columns}
    # A name that always is the id is shown by the view from the id's own column: no join, and nothing written.
    same = {name: named[name] for name in are_their_ids(making, entity, named)}
    for name, key in named.items():
        if name not in same:
            alias = quoted(f"member of {name}")
            columns[name] = f"{alias}.value"
            members = f"SELECT id, value FROM book.member WHERE dimension = {literal(name)}"
            joins += f" LEFT JOIN ({members}) AS {alias} ON {alias}.id = made.{quoted(key)}"
    for name, type_ in enums(making, entity, columns, named).items():
        if name in columns:
            columns[name] = f"CAST({columns[name]} AS {type_})"
    day = main_day(entity)
    # sorted by day the minimum and maximum of each row group let DuckDB pass over all but those of a period
    order = f" ORDER BY {quoted(day)}" if day in columns else ""
    rows = (
        f"SELECT {', '.join(f'{sql} AS {quoted(name)}' for name, sql in columns.items())} FROM ({sql}) AS made{joins}"
    )
    name = quoted(entity.name)
    # Of texts that are no ENUM few come twice: to compress them takes as long as all the rest.
    making.connection.execute("SET disabled_compression_methods = 'dict_fsst,fsst,zstd'")
    making.connection.execute(f"CREATE OR REPLACE TABLE made.{name} AS {rows}{order}", values)
    making.connection.execute("SET disabled_compression_methods = ''")
    # after the joins: words that are their codes are shown by the view too, and need none
    same |= words
    _show(making, entity, {column: quoted(same.get(column, column)) for column in (*columns, *same)}, f"made.{name}")


def _is_written(plan: FieldPlan, entity: str, field: Field) -> bool:
    """Return whether a field can hold a value, and one that is not just that of another."""
    held = (entity, field.words_of) in plan.differing if field.words_of else True
    return held and (entity, field.name) in plan.possible


def _show(making: Making, entity: Entity, columns: Mapping[str, str], table: str) -> None:
    """Make the view that questions read: `columns` are SQL over the table, all others are null."""
    every = ", ".join(
        f"{columns.get(name, f'CAST(NULL AS {SQL_TYPES[type_]})')} AS {quoted(name)}"
        for name, type_ in _all_columns(making.registry, entity)
    )
    making.connection.execute(f"CREATE OR REPLACE VIEW kpi.{quoted(entity.name)} AS SELECT {every} FROM {table}")


def _all_columns(registry: Registry, entity: Entity) -> list[tuple[str, Type]]:
    """Return the columns of a made table: its fields in their order, then its dimensions."""
    fields = [(field.name, field.type) for field in entity.fields]
    return [*fields, *((name, Type.TEXT) for name in _named(registry, entity))]


def _named(registry: Registry, entity: Entity) -> Mapping[str, str]:
    """Return the dimensions that get a column of their own, with the field that holds their id."""
    keys = {name: registry.key_of(entity.name, name) for name in registry.dimensions_of(entity.name)}
    return {name: key for name, key in keys.items() if key}


def _label(registry: Registry, entity: Entity) -> str | None:
    named = any(dimension.entity == entity.name for dimension in registry.dimensions.values())
    return entity.label if named and entity.label else None


def _note(making: Making, entity: Entity) -> None:
    for note in making.rows[entity.name].notes if entity.name in making.rows else ():
        making.note(entity.name, note)
    if entity.name in making.plan.foreign:
        foreign, rows = making.plan.foreign[entity.name], making.rows[entity.name].table
        for rate in missing_rates(making.connection, foreign, rows, main_day(entity)):
            making.note(entity.name, rate)
    for name, field in sorted(making.plan.emptied):
        if name == entity.name:
            giver = making.registry.makers.get((name, field), "")
            making.note(name, Note.of(TOO_LARGE, entity=name, field=field, giver=giver))
    for note in left_out.kept(making.connection, entity):
        making.note(entity.name, note)
    if entity.name == "fx_rate":
        for conflict in conflicting_rates(making.connection, making.rows[entity.name].table):
            making.note(entity.name, conflict)
    for notes_of in (impossible_rows, rounded_amounts, left_out_words):
        for note in notes_of(making, entity):
            making.note(entity.name, note)
