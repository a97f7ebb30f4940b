"""Which columns of a made table are ENUMs: those of few texts, be they names or ids.

Such a text is grouped, compared and written as a small number, and reads as the text it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb

from kpicore.ingest.derive.making import Making
from kpicore.ingest.fields.derivations import APART
from kpicore.ingest.fields.derived_rows import BoundSql, filled_rows
from kpicore.ingest.raw.sql_types import stored_fields
from kpicore.model.schema import Entity, LookUp, Type
from kpicore.text.sql_text import literal, quoted

_MOST = 1000
"""Values of an ENUM: all of them stand in the catalog, which is read whenever the file is opened."""


def enums(making: Making, entity: Entity, columns: Iterable[str], named: Mapping[str, str]) -> dict[str, str]:
    """Return the SQL types of the columns that hold few texts: dimensions, and fields with closed codes.

    `named` are the dimensions with a column of their own, each with the field that holds its id; those
    that are not written are told, too.
    """
    members = "SELECT value FROM book.member WHERE dimension = $1"
    types = _of(making.connection, ((name, BoundSql(members, [name])) for name in named))
    # the ids of few names are few themselves; the names' own columns (`named`) are settled already
    few = {*(named[name] for name in types), *making.registry.dimensions_of(entity.name)}
    few |= {name for name, codes in making.registry.codes(entity.name).items() if codes.closed}
    few -= {*named}
    fields = (field.name for field in stored_fields(entity) if field.type is Type.TEXT and field.name in few)
    return types | _of(making.connection, _texts(making, entity, [field for field in fields if field in columns]))


def _texts(making: Making, entity: Entity, columns: Iterable[str]) -> Iterator[tuple[str, BoundSql]]:
    """Give a SELECT of all texts that stand in each column, those of the origin where a derived entity copies it."""
    for column in columns:
        if entity.name in making.rows:
            yield (
                column,
                _looked_up(making, entity, column)
                or filled_rows(making.plan, making.rows[entity.name], [column], making.values),
            )
        elif column in making.plan.derived[entity.name].copied:
            origin = making.plan.derived[entity.name].origin
            yield column, BoundSql(f"SELECT {quoted(column)} FROM {making.values(origin, frozenset({column}))}")


def _looked_up(making: Making, entity: Entity, column: str) -> BoundSql | None:
    """Return all texts of a column that is given or looked up, and more: the others' texts without a join.

    None for a column that is filled in another way.
    """
    sources = [f"SELECT {quoted(column)} FROM {making.rows[entity.name].table}"]
    for derivation in making.plan.derivations.get((entity.name, column), ()):
        if not isinstance(derivation.how, LookUp):
            return None
        read = derivation.how.field
        if ((entity.name, column), (derivation.other, read)) in making.plan.cuts:
            read = APART + read
        sources.append(f"SELECT {quoted(read)} FROM {making.values(derivation.other, frozenset({read}))}")
    return BoundSql(" UNION ALL ".join(f"SELECT DISTINCT * FROM ({source})" for source in sources))


def _of(connection: duckdb.DuckDBPyConnection, texts: Iterable[tuple[str, BoundSql]]) -> dict[str, str]:
    """Return the ENUM of each column whose texts are not too many, sorted as texts are."""
    types = {}
    for column, select in texts:
        # one more than may be tells that there are too many, and no others are read
        sql = f"SELECT DISTINCT text FROM ({select.sql}) AS texts(text) WHERE text IS NOT NULL LIMIT {_MOST + 1}"
        # Sorted as texts are: an ENUM compares by place, and answers are ordered by code point.
        values = sorted(text for (text,) in connection.execute(sql, select.values).fetchall())
        # DuckDB's literals of a type cannot hold the sign 0.
        if 0 < len(values) <= _MOST and not any("\0" in value for value in values):
            types[column] = f"ENUM({', '.join(map(literal, values))})"
    return types
