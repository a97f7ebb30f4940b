"""Amounts that the load works out with more decimals than money has: rounded, and told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpicore.ingest.fields.derivations import FieldDerivation
from kpicore.ingest.fields.derived_rows import BoundSql, moment_of, named
from kpicore.ingest.raw.sql_types import KEPT_DECIMALS, SQL_TYPES
from kpicore.language import decimals, row_sql, text
from kpicore.model.notes import Note
from kpicore.model.schema import Entity, Type
from kpicore.text.sql_text import quoted
from kpicore.warehouse.duckdb.dialect import DUCKDB

if TYPE_CHECKING:
    from kpicore.ingest.derive.making import Making


def rounded_amounts(making: Making, entity: Entity) -> Iterator[Note]:
    """Yield what to tell of each field of a made table whose amounts were rounded, with their number."""
    for (owner, name), ways in making.plan.derivations.items():
        for way in ways if owner == entity.name else ():
            if way.value is not None and _may_be_rounded(way) and (rows := _rows(making, way)):
                yield Note.of("rounded", rows=rows, decimals=KEPT_DECIMALS[Type.MONEY], field=name, how=text(way.value))


def _may_be_rounded(derivation: FieldDerivation) -> bool:
    if not isinstance(derivation.how, str) or derivation.value is None or derivation.field.type is not Type.MONEY:
        return False
    return decimals(derivation.value) > KEPT_DECIMALS[Type.MONEY]


def _rows(making: Making, derivation: FieldDerivation) -> int:
    statement, entity, field = BoundSql(), making.registry.entity(derivation.entity), quoted(derivation.field.name)

    def column(name: str) -> str:
        return named(making.plan, entity, name, statement.bind)

    assert derivation.value is not None
    exact = row_sql(derivation.value, column=column, bind=statement.bind, dialect=DUCKDB)
    # with what was given beside what was made of it, where the expression reads that
    columns = {moment_of(entity, name) for name in (*derivation.own, derivation.field.name)}
    table = making.values(entity.name, frozenset(columns))
    # the second half leaves out amounts that a source gave itself: they need not be what the expression comes to
    differs = f"{exact} <> {field} AND CAST({exact} AS {SQL_TYPES[Type.MONEY]}) = {field}"
    sql = f"SELECT count(*) FROM {table} AS here WHERE {differs}"
    ((rows,),) = making.connection.execute(sql, statement.values).fetchall()
    return int(rows)
