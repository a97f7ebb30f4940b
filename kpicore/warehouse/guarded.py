"""The wall around the driver of a foreign warehouse: what it raises is told in one line, as one of our errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kpicore.errors import KpiError, WarehouseError
from kpicore.turns import aside
from kpicore.utils.isolation import contained, in_words
from kpicore.warehouse.port import Member, Warehouse


class Guarded:
    """A warehouse of a plugin. Others take their turn while it answers."""

    def __init__(self, kind: str, open: Callable[[], Warehouse]) -> None:
        self._kind = kind
        with self._clear_errors():
            self._warehouse = open()
            # Asked once, behind the wall: they do not change, and each statement needs them.
            self.dialect, self.state = self._warehouse.dialect, self._warehouse.state
            self.version = self._warehouse.version
            # outside the wall when it is called: it only names a table
            self.relation = self._warehouse.relation

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement. Raises WarehouseError."""
        with aside(), self._clear_errors():
            return self._warehouse.query(sql, values)

    def members(self, dimension: str) -> tuple[Member, ...]:
        """Return the values of a dimension, sorted. Raises WarehouseError."""
        with aside(), self._clear_errors():
            return tuple(self._warehouse.members(dimension))

    def close(self) -> None:
        """Let go of the warehouse."""
        with self._clear_errors():
            self._warehouse.close()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            with contained():
                yield
        except KpiError:
            raise
        except Exception as error:  # foreign code
            raise WarehouseError(f"the warehouse '{self._kind}' cannot be read: {in_words(error)}.") from error
