"""Values as the drivers of warehouses give them, made into those that answers are made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from math import isfinite
from operator import itemgetter
from types import NoneType
from typing import Any

from kpicore.model.schema import Type

# list: the months of a year, as distinct_months reads them
_PLAIN = frozenset((int, str, bool, NoneType, list))

Rows = list[tuple[Any, ...]]


def cells(rows: Rows, whole: Collection[int] = ()) -> Rows:
    """Return rows of a scan with decimals as whole numbers or floats, and the columns `whole` as whole numbers.

    >>> cells([("web", Decimal("1200"), Decimal("0.5"), 4.0)], whole=[3])
    [('web', 1200, 0.5, 4)]
    """
    odd = set(map(type, chain.from_iterable(rows))) - _PLAIN
    # those of DuckDB stay as they are, and there may be millions: its floats are medians, never counts
    if not odd or (odd == {float} and not any(float in map(type, map(itemgetter(at), rows)) for at in whole)):
        return rows
    return [tuple(map(_number, row)) for row in rows]


def _number(value: Any) -> Any:
    if not isinstance(value, Decimal | float):
        return value
    return int(value) if isfinite(value) and value == int(value) else float(value)


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
