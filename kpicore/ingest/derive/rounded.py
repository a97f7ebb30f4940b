"""Amounts that the load works out with more decimals than money has: rounded, and told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpicore.ingest.fields.derivations import FieldDerivation
from kpicore.ingest.raw.sql_types import SQL_TYPES
from kpicore.language import decimals, row_sql, text
from kpicore.model.notes import Note
from kpicore.model.schema import Entity, Type
from kpicore.text.sql_text import quoted
from kpicore.warehouse.duckdb.dialect import DUCKDB

if TYPE_CHECKING:
    from kpicore.ingest.derive.making import Making

_DECIMALS = 4
"""Those of money."""


def rounded_amounts(making: Making, entity: Entity) -> Iterator[Note]:
    """Yield what to tell of each field of a made table whose amounts were rounded, with their number."""
    for (owner, name), ways in making.plan.derivations.items():
        for way in ways if owner == entity.name else ():
            if way.value is not None and _may_be_rounded(way) and (rows := _rows(making, way)):
                yield Note.of("rounded", rows=rows, decimals=_DECIMALS, field=name, how=text(way.value))


def _may_be_rounded(derivation: FieldDerivation) -> bool:
    if not isinstance(derivation.how, str) or derivation.value is None or derivation.field.type is not Type.MONEY:
        return False
    return decimals(derivation.value) > _DECIMALS


def _rows(making: Making, derivation: FieldDerivation) -> int:
    values: list[object] = []

    def bind(value: object) -> str:
        values.append(value)
        return f"${len(values)}"

    def column(name: str) -> str:
        setting = name.removeprefix("setting.")
        return quoted(name) if setting == name else bind(making.config.settings[setting])

    assert derivation.value is not None
    exact, field = row_sql(derivation.value, column=column, bind=bind, dialect=DUCKDB), quoted(derivation.field.name)
    # the second half leaves out amounts that a source gave itself: they need not be what the expression comes to
    differs = f"{exact} <> {field} AND CAST({exact} AS {SQL_TYPES[Type.MONEY]}) = {field}"
    sql = f"SELECT count(*) FROM kpi.{quoted(derivation.entity)} WHERE {differs}"
    ((rows,),) = making.connection.execute(sql, values).fetchall()
    return int(rows)
