"""A few values that nobody can read, as in every real CRM: the load must tell of them, never guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kpicore import Unreadable

Row = dict[str, Any]

_PLACE = "Marmot & Finch CRM"
_STAINS = (
    # entity, row, field, what was typed, why it cannot be read
    ("lead", 411, "first_response_at", "31/02/2024 10:15", "there is no such day"),
    ("lead", 1287, "score", "hot!", "not a number"),
    ("activity", 5120, "duration_min", "1h??", "not a number"),
    ("customer", 77, "created_at", "sometime in spring", "not a date"),
    ("opportunity", 903, "expected_close_on", "2025-13-01", "there is no such month"),
)


def stained(rows: Mapping[str, Sequence[Row]]) -> tuple[dict[str, Sequence[Row]], tuple[Unreadable, ...]]:
    """Return the rows with some values unreadable and therefore empty, and what stood there."""
    dirty = {entity: list(given) for entity, given in rows.items()}
    told: list[Unreadable] = []
    for entity, number, column, raw, reason in _STAINS:
        dirty[entity][number] = {**dirty[entity][number], column: None}
        # The first line of an export holds the names of the columns.
        told.append(Unreadable(f"{_PLACE}: {entity}", number + 2, column, raw, reason))
    return dict(dirty), tuple(told)
