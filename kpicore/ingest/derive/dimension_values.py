"""The values that dimensions can be cut by, each with a text that is its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import duckdb

from kpicore.ingest.fields.derivations import FieldDerivation
from kpicore.ingest.fields.shown_ids import NAMED
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.model.questions import NONE
from kpicore.model.schema import Dimension, Entity, LookUp
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import literal, quoted

if TYPE_CHECKING:
    from kpicore.ingest.derive.making import Making


def name_values(connection: duckdb.DuckDBPyConnection, registry: Registry, rows: Iterable[EntityRows]) -> None:
    """Write the values of every dimension that an entity's rows name.

    The value is the current label; namesakes get their id behind it, "Ann Lee [u17]", so that each
    text stands for one id. A row without a label is named by its id.
    """
    by_entity = {row.entity.name: row for row in rows}
    connection.execute("DELETE FROM book.member")
    for dimension in registry.dimensions.values():
        if dimension.entity not in by_entity:
            continue
        named = by_entity[dimension.entity]
        label = quoted(named.entity.label or "id")
        connection.execute(
            "INSERT INTO book.member SELECT ?,"
            # namesakes by what a filter takes for the same: no case, no blanks around it; nobody has a name too
            f" CASE WHEN count(*) OVER (PARTITION BY lower(trim(label))) > 1 OR lower(trim(label)) = {literal(NONE)}"
            " THEN label || ' [' || id || ']' ELSE label END,"
            f" id, label FROM (SELECT id, coalesce({label}, id) AS label FROM {named.table})",
            [dimension.name],
        )
        _set_apart(connection, dimension.name)


def _set_apart(connection: duckdb.DuckDBPyConnection, dimension: str) -> None:
    """Give ids whose values are the same values of their own: a label may look like another's with its id behind."""
    # The label as it was given stays, then the first id: so each round settles one more, and there is an end to them.
    taken = (
        "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY lower(trim(value)) ORDER BY value <> label, id)"
        f" AS place FROM book.member WHERE dimension = {literal(dimension)}) WHERE place > 1"
    )
    longer = (
        "UPDATE book.member SET value = value || ' [' || id || ']'"
        f" WHERE dimension = {literal(dimension)} AND value <> label AND id IN ({taken}) RETURNING 1"
    )
    suffixed = f"SELECT 1 FROM book.member WHERE dimension = {literal(dimension)} AND value <> label LIMIT 1"
    while connection.execute(suffixed).fetchall() and connection.execute(longer).fetchall():
        pass


def are_their_ids(making: Making, entity: Entity, dimensions: Mapping[str, str]) -> set[str]:
    """Return those of the dimensions, given with the field that holds their id, whose value always is that id.

    So it is where no source gave other names, and every id that can stand in the field has a value.
    """
    if entity.name == NAMED:
        return set()
    # only dimensions with an entity stand there by now: those of plain text come once all tables are made
    sql = "SELECT dimension FROM book.member GROUP BY dimension HAVING bool_and(value = id)"
    unnamed = {name for (name,) in making.connection.execute(sql).fetchall()}
    ways = [way for ways in making.plan.derivations.values() for way in ways]
    return {
        name
        for name in dimensions
        if name in unnamed and all(_keeps_to(making.registry, way, making.registry.dimensions[name]) for way in ways)
    }


def _keeps_to(registry: Registry, derivation: FieldDerivation, dimension: Dimension) -> bool:
    """Return whether the derivation puts into the dimension's key nothing but ids that rows have or refer to."""
    # a field that refers to another entity, or to none, holds no ids of this one
    if derivation.field.refers_to != dimension.entity:
        return True
    # ids that stand in fields of given rows are implied (`source_rows`), so they have a value; one that an expression
    # makes may be nobody's, and must show as no value at all
    if isinstance(derivation.how, LookUp):
        read = registry.entity(derivation.other).field(derivation.how.field)
        return read is not None and read.refers_to == dimension.entity
    return derivation.how == "id" and derivation.entity == dimension.entity


def text_dimensions(registry: Registry) -> tuple[str, ...]:
    """Return the dimensions that are plain text."""
    return tuple(dimension.name for dimension in registry.dimensions.values() if not dimension.entity)


def holders(registry: Registry, dimension: str, entities: Iterable[str]) -> list[str]:
    """Return those of the entities that have the dimension."""
    return [entity for entity in entities if dimension in registry.dimensions_of(entity)]


def list_texts(
    connection: duckdb.DuckDBPyConnection, registry: Registry, dimensions: Iterable[str], entities: Collection[str]
) -> None:
    """Write the values of plain text dimensions: every text that stands in the made table of one of the entities."""
    # UNION, not UNION ALL: a text of several tables is one value
    texts = " UNION ".join(
        f"SELECT DISTINCT {literal(dimension)} AS dimension, CAST({quoted(dimension)} AS VARCHAR) AS value"
        f" FROM kpi.{quoted(entity)}"
        for dimension in dimensions
        for entity in holders(registry, dimension, entities)
    )
    if texts:  # one statement, as each takes a millisecond whatever it reads
        connection.execute(
            f"INSERT INTO book.member SELECT dimension, value, value, value FROM ({texts}) WHERE value IS NOT NULL"
        )
