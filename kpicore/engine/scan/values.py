"""Values as the drivers of warehouses give them, made into those that answers are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from types import NoneType
from typing import Any

from kpicore.model.schema import Type

# list: the months of a year, as distinct_months reads them
_PLAIN = frozenset((int, float, str, bool, NoneType, list))

Rows = list[tuple[Any, ...]]


def cells(rows: Rows) -> Rows:
    """Return rows of a scan with whole numbers as int and others as float, whatever the driver made of them.

    >>> cells([("web", Decimal("1200"), Decimal("0.5"))])
    [('web', 1200, 0.5)]
    """
    if set(map(type, chain.from_iterable(rows))) <= _PLAIN:  # those of DuckDB are, and there may be millions
        return rows
    return [tuple(map(_number, row)) for row in rows]


def _number(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    whole = int(value)
    return whole if whole == value else float(value)


def typed(rows: Sequence[Sequence[Any]], types: Sequence[Type]) -> tuple[tuple[Any, ...], ...]:
    """Return rows of a list with each value as its type has it: a moment in UTC without a zone, a day as a date."""
    return tuple(tuple(map(_typed, row, types)) for row in rows)


def _typed(value: Any, type: Type) -> Any:
    if value is None:
        return None
    match type:
        case Type.BOOLEAN:
            return bool(value)
        case Type.INTEGER:
            return int(value)
        case Type.DATE if isinstance(value, datetime):
            return value.date()
        case Type.MOMENT if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(UTC).replace(tzinfo=None)
    return value
