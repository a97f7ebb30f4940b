"""The demo company as a source: its whole history, every time it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicore import Batch, Unreadable
from kpicore_demo.history import history

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

_PLACE = "Marmot & Finch CRM"
_UNREADABLE = (
    # entity, row, field, what was typed, why it cannot be read
    ("lead", 411, "first_response_at", "31/02/2024 10:15", "there is no such day"),
    ("lead", 1287, "score", "hot!", "not a number"),
    ("activity", 5120, "duration_min", "1h??", "not a number"),
    ("customer", 77, "created_at", "sometime in spring", "not a date"),
    ("opportunity", 903, "expected_close_on", "2025-13-01", "there is no such month"),
)
"""A few values that nobody can read, as in every real CRM: the load must tell of them, never guess."""


class DemoSource:
    """Give everything that happened at the made-up company."""

    def __init__(self, name: str = "demo", progress: Callable[[float], None] | None = None) -> None:
        """`progress` hears which share of the history has been given."""
        self.name = name
        self._progress = progress or (lambda share: None)
        self._unreadable: tuple[Unreadable, ...] = ()

    def batches(self, cursor: str | None) -> Iterable[Batch]:
        """Yield one batch an entity; the same rows at every run, so a second load changes nothing."""
        rows, self._unreadable = with_unreadable_values(history())
        for number, (entity, entity_rows) in enumerate(rows.items(), 1):
            yield Batch(entity, table(entity_rows))
            self._progress(number / len(rows))

    def unreadable(self) -> Iterable[Unreadable]:
        """Give the few values that could not be read."""
        return self._unreadable

    def cursor(self) -> str | None:
        """Return None: there is nothing newer than everything."""
        return None


def table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the rows as a table. The type of a column is that of its values; one without any is left out."""
    import pyarrow as pa

    columns = {name: [row[name] for row in rows] for name in rows[0]}
    types = {name: _arrow_type(values) for name, values in columns.items()}
    return pa.table({name: pa.array(columns[name], kind) for name, kind in types.items() if kind is not None})


def _arrow_type(values: Iterable[object]) -> pa.DataType | None:
    import pyarrow as pa

    types = {
        str: pa.string(),
        bool: pa.bool_(),
        int: pa.int64(),
        Decimal: pa.decimal128(18, 6),
        datetime: pa.timestamp("us"),
        date: pa.date32(),
    }
    return next((types[type(value)] for value in values if value is not None), None)


def with_unreadable_values(
    rows: Mapping[str, Sequence[Row]],
) -> tuple[dict[str, Sequence[Row]], tuple[Unreadable, ...]]:
    """Return the rows with some values unreadable and therefore empty, and what stood there."""
    dirty = {entity: list(entity_rows) for entity, entity_rows in rows.items()}
    unreadable: list[Unreadable] = []
    for entity, number, column, raw, reason in _UNREADABLE:
        dirty[entity][number] = {**dirty[entity][number], column: None}
        # The first line of an export holds the names of the columns.
        unreadable.append(Unreadable(f"{_PLACE}: {entity}", number + 2, column, raw, reason))
    return dict(dirty), tuple(unreadable)
