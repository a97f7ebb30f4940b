"""The demo company as a source: its whole history, every time it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicore import Batch, Unreadable
from kpicore_demo.dirt import stained
from kpicore_demo.history import history

if TYPE_CHECKING:
    import pyarrow as pa


class DemoSource:
    """Give everything that happened at the made-up company."""

    def __init__(self, name: str = "demo", told: Callable[[float], None] | None = None) -> None:
        """`told` hears which share of the history has been given."""
        self.name = name
        self._told = told or (lambda share: None)
        self._unreadable: tuple[Unreadable, ...] = ()

    def batches(self, cursor: str | None) -> Iterable[Batch]:
        """Yield one batch an entity; the same rows at every run, so a second load changes nothing."""
        rows, self._unreadable = stained(history())
        for number, (entity, given) in enumerate(rows.items(), 1):
            yield Batch(entity, table(given))
            self._told(number / len(rows))

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
