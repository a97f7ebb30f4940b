"""The rows an entity is made from: those that sources gave, and those that others refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import duckdb

from kpicore.ingest.fields.coded_words import RawWords, given_words
from kpicore.ingest.fields.name_lookup import names_in, rows_with_ids
from kpicore.ingest.fields.shown_ids import NAMED, earlier_table, given_table, histories, plain_view, references
from kpicore.ingest.raw.change_log import past_columns
from kpicore.ingest.raw.raw_tables import prepare_raw
from kpicore.ingest.raw.sql_types import SQL_TYPES, stored_fields
from kpicore.model.notes import Note
from kpicore.model.schema import Entity, given_name
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted


@dataclass(frozen=True, slots=True)
class EntityRows:
    """Where the rows of an entity stand: `size` of them, `implied` of them only referred to by others.

    `notes` tell which are left out.
    """

    entity: Entity
    table: str
    size: int
    implied: int = 0
    notes: tuple[Note, ...] = ()
    words: Mapping[str, RawWords] = field(default_factory=dict)
    """What stands in the fields with codes, by field."""

    @property
    def implied_table(self) -> str:
        """The ids of the implied rows, where there are any."""
        return _implied_table(self.entity)


def entity_rows(
    connection: duckdb.DuckDBPyConnection, registry: Registry, entity: Entity, loaded: Mapping[str, frozenset[str]]
) -> EntityRows | None:
    """Return the rows to make the entity from, None when there is nothing of it.

    `loaded` are the raw tables that are there, with their columns.

    A row that others refer to and no source gave has its id and nothing else, so that files with
    bare names work. Only entities that name a dimension get such rows, and those whose main date
    comes from the rows that refer to them: an order from its lines.
    """
    implied = _imply(connection, registry, entity, loaded) if registry.is_implied(entity.name) else 0
    if not implied and entity.name not in loaded:
        return None
    # of an entity that others only refer to an empty raw table is made, so that all that follows reads one
    prepare_raw(connection, entity, (), loaded.get(entity.name))
    if entity.name not in loaded:
        plain_view(connection, entity.name)
    there = loaded.get(entity.name, frozenset(entity.key))
    given = given_table(entity.name)
    ((size,),) = connection.execute(f"SELECT count(*) FROM {given}").fetchall()
    words = given_words(connection, entity, there, given)
    if entity.name == NAMED:
        names = names_in(connection, registry, entity, loaded)
        # 0 implied ones: a goal that others only mention is told, and is no target
        given_rows = rows_with_ids(connection, entity, there, names)
        table = _with_all_columns(connection, entity, there, 0, words, given_rows)
        return EntityRows(entity, table, size, 0, names.notes, words)
    table = _with_all_columns(connection, entity, there, implied, words)
    return EntityRows(entity, table, size + implied, implied, words=words)


def _imply(
    connection: duckdb.DuckDBPyConnection, registry: Registry, entity: Entity, loaded: Mapping[str, frozenset[str]]
) -> int:
    """Lay out the ids that are referred to and not given; return how many."""
    referring = references(registry, entity.name)
    places = [(given_table(name), field) for name, field in referring if field in loaded.get(name, ())]
    places += _referred_earlier(connection, registry, entity.name)
    ids = " UNION ".join(
        f"SELECT {quoted(field)} AS id FROM {table} WHERE {quoted(field)} IS NOT NULL" for table, field in places
    )
    if not ids:
        return 0
    table, given = _implied_table(entity), given_table(entity.name)
    missing = f" WHERE NOT EXISTS (FROM {given} AS given WHERE given.id = ids.id)" if entity.name in loaded else ""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT DISTINCT id FROM ({ids}) AS ids{missing}")
    ((implied,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(implied)


def _referred_earlier(
    connection: duckdb.DuckDBPyConnection, registry: Registry, target: str
) -> Iterator[tuple[str, str]]:
    """Yield where ids stood before a load gave other ones, of fields whose history a derived entity reads."""
    for name, column in histories(registry, target):
        if column in past_columns(connection, name):
            yield earlier_table(name), column


def _implied_table(entity: Entity) -> str:
    return f"temp.main.{quoted('implied_' + entity.name)}"


def _with_all_columns(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    there: frozenset[str],
    implied: int,
    words: Mapping[str, RawWords],
    raw_rows: str = "",
) -> str:
    """Lay out the rows with every field, empty where no source ever gave it; `raw_rows` is SQL of the raw ones."""
    known = {name: quoted(name) for name in there}
    known |= {name: raw.code_sql() for name, raw in words.items()}
    # over one column of words two fields: the code, and beside it the word as it was given
    known |= {given_name(name): raw.word_sql() for name, raw in words.items()}
    columns = ", ".join(
        f"{known.get(field.name, f'CAST(NULL AS {SQL_TYPES[field.type]})')} AS {quoted(field.name)}"
        for field in stored_fields(entity)
    )
    # A view: most columns of most entities are read once, and some never.
    view = f"temp.main.{quoted('rows_' + entity.name)}"
    # by name: all columns but the id are null in these rows
    added = f" UNION ALL BY NAME SELECT id FROM {_implied_table(entity)}" if implied else ""
    rows = f"SELECT {columns} FROM {raw_rows or given_table(entity.name)}{added}"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {rows}")
    return view
