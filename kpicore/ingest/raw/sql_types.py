"""How a field stands in SQL: its type, and the cast of a source's column to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpicore.model.schema import Entity, Field, Type, day_name
from kpicore.text.sql_text import literal
from kpicore.warehouse.duckdb.dialect import DUCKDB

if TYPE_CHECKING:
    import pyarrow as pa

SQL_TYPES: Mapping[Type, str] = MappingProxyType({type_: DUCKDB.type_of(type_) for type_ in Type})

WORKED_OUT = "DECIMAL(28,9)"
"""The type of a NUMBER that is no one's own figure but a quotient or an average: of an endless one 9 decimals."""


def days(entity: Entity) -> Mapping[str, str]:
    """Return the moment behind each day column that the load makes, by the day column's name."""
    return {day_name(field.name): field.name for field in entity.fields if field.type is Type.MOMENT}


def given_fields(entity: Entity) -> tuple[Field, ...]:
    """Return the fields that a source may give: all but those that another field brings."""
    return tuple(field for field in stored_fields(entity) if not field.words_of)


def stored_fields(entity: Entity) -> tuple[Field, ...]:
    """Return the fields of the rows that tables are made of: all but the days that are made from moments."""
    day_names = days(entity)
    return tuple(field for field in entity.fields if field.name not in day_names)


def main_day(entity: Entity) -> str:
    """Return the DATE column that rows are sorted by, or "" when the entity has none."""
    field = entity.field(entity.main_date)
    return day_name(entity.main_date) if field is not None and field.type is Type.MOMENT else entity.main_date


def local_day(moment: str, zone: str) -> str:
    """Return SQL for the day of a UTC timestamp in a time zone."""
    if zone == "UTC":
        return f"CAST({moment} AS DATE)"
    return f"CAST(timezone({literal(zone)}, timezone('UTC', {moment})) AS DATE)"


def fits(field: Field, arrow: pa.DataType) -> bool:
    """Return whether every value of a source's column has a place in the field."""
    import pyarrow.types as types

    whole = bool(types.is_integer(arrow))
    match field.type:
        case Type.TEXT:
            return True
        case Type.INTEGER:
            # BIGINT has a sign: 2**63 and more have no place in it
            return whole and not types.is_uint64(arrow)
        case Type.MONEY | Type.NUMBER:
            # 18 digits, less the decimals, hold every integer of 32 bits and not all of 64; a float is no exact number.
            if not types.is_decimal(arrow):
                return whole and int(arrow.bit_width) <= 32
            return int(arrow.precision - arrow.scale) <= (14 if field.type is Type.MONEY else 12)
        case Type.BOOLEAN:
            return bool(types.is_boolean(arrow))
        case Type.DATE:
            return bool(types.is_date(arrow))
        case Type.MOMENT:
            return bool(types.is_timestamp(arrow) or types.is_date(arrow))


def typed(column: str, field: Field, arrow: pa.DataType, zone: str) -> str:
    """Return SQL that casts a source's column to its field's type; an empty text is no value."""
    import pyarrow.types as types

    if field.type is Type.TEXT:
        return f"nullif(CAST({column} AS VARCHAR), '')"
    cast = "CAST" if fits(field, arrow) else "TRY_CAST"
    if field.type is not Type.MOMENT:
        return f"{cast}({column} AS {SQL_TYPES[field.type]})"
    # kept as UTC without a zone; a local one is first taken for the organisation's own time
    if types.is_timestamp(arrow) and arrow.tz is not None:
        return f"timezone('UTC', CAST({column} AS TIMESTAMPTZ))"
    if zone == "UTC":
        return f"{cast}({column} AS TIMESTAMP)"
    return f"timezone('UTC', timezone({literal(zone)}, {cast}({column} AS TIMESTAMP)))"
