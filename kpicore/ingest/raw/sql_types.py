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

KEPT_DECIMALS: Mapping[Type, int] = MappingProxyType({Type.MONEY: 4, Type.NUMBER: 6})
"""The decimals of a number that a source gives."""

WORKED_OUT = "DECIMAL(28,9)"
"""The type of a NUMBER that is no one's own figure but a quotient or an average: of an endless one 9 decimals."""

_BEHIND_A_TIME = r"\d:\d\d(:\d\d([.,]\d+)?)? ?[A-Za-z+-]"


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
    """Return SQL that casts a source's column to its field's type, null where it does not fit; so is an empty text."""
    import pyarrow.types as types

    cast = "CAST" if fits(field, arrow) else "TRY_CAST"
    is_text = _is_text(arrow)
    match field.type:
        case Type.TEXT:
            return f"nullif(CAST({column} AS VARCHAR), '')"
        case Type.DATE:
            return _by_zone(column, arrow, local_day(_utc(column), zone), f"{cast}({column} AS DATE)")
        case Type.MOMENT:
            local = f"{cast}({column} AS TIMESTAMP)"
            # kept as UTC without a zone; a local one is first taken for the organisation's own time
            own = local if zone == "UTC" else f"timezone('UTC', timezone({literal(zone)}, {local}))"
            return _by_zone(column, arrow, _utc(column), own)
        # a cast alone would round 1.5 to 2, and take every number but 0 for true
        case Type.INTEGER if is_text:
            whole = f"TRY_CAST({column} AS DECIMAL(38, 18)) = TRY_CAST({column} AS BIGINT)"
            return f"CASE WHEN {whole} THEN TRY_CAST({column} AS BIGINT) END"
        case Type.INTEGER if types.is_floating(arrow) or types.is_decimal(arrow):
            return f"CASE WHEN {column} = trunc({column}) THEN TRY_CAST({column} AS BIGINT) END"
        case Type.BOOLEAN if not is_text and not types.is_boolean(arrow) and not types.is_temporal(arrow):
            return f"CASE WHEN {column} IN (0, 1) THEN CAST({column} AS BOOLEAN) END"
    return f"{cast}({column} AS {SQL_TYPES[field.type]})"


def _is_text(arrow: pa.DataType) -> bool:
    """Return whether DuckDB reads a column as texts, in whatever way Arrow keeps them."""
    import pyarrow.types as types

    return not types.is_primitive(arrow) and not types.is_decimal(arrow)


def _utc(column: str) -> str:
    return f"timezone('UTC', TRY_CAST({column} AS TIMESTAMPTZ))"


def _by_zone(column: str, arrow: pa.DataType, zoned: str, local: str) -> str:
    """Return SQL for a time that is an instant where it has a zone, else a local one."""
    if _is_text(arrow):
        # DuckDB passes over what stands behind a time that is to be a DATE or TIMESTAMP: a zone, or PM
        return f"CASE WHEN regexp_matches({column}, {literal(_BEHIND_A_TIME)}) THEN {zoned} ELSE {local} END"
    return zoned if getattr(arrow, "tz", None) is not None else local


def rounded(column: str, field: Field, arrow: pa.DataType) -> str:
    """Return SQL that tells where a number of a source has more decimals than its field, "" where none can."""
    import pyarrow.types as types

    if field.type not in KEPT_DECIMALS:
        return ""
    kept = f"TRY_CAST({column} AS {SQL_TYPES[field.type]})"
    # a float is off by a hair itself: 0.1 + 0.2 has no more decimals than 0.3
    if types.is_floating(arrow):
        hair = f"abs({column}) * {'1e-15' if types.is_float64(arrow) else '1e-7'}"
        return f"abs({column} - {kept}) > greatest(1e-9, {hair})"
    if types.is_decimal(arrow):
        return f"{column} <> {kept}" if arrow.scale > KEPT_DECIMALS[field.type] else ""
    return f"TRY_CAST({column} AS DECIMAL(38, 18)) <> {kept}" if _is_text(arrow) else ""
