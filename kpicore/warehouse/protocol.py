"""What a question needs of a warehouse: its tables' state, rows of a statement, members of a dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from kpicore.notes import Note

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Member:
    """A value that a dimension can be cut by.

    `value` is what stands in the tables and is unique; `id` is the source's id and `label` its
    name there, which namesakes share. All three are equal where the dimension is plain text.
    """

    value: str
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class EntityState:
    """What was loaded of an entity: rows, rows with a value by column, first and last day seen.

    `first` and `last` are over all dates but the planned ones, None where there is none. `notes`
    tell what the load left out of it and why.
    """

    rows: int
    filled: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    first: date | None = None
    last: date | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """What is in the warehouse: `version` changes exactly when an answer could; `time` is the data time in UTC.

    `written` is the text of the definitions that the tables were made by, "" when nobody knows. `misread` tells
    of entities whose local times were read in another time zone than that of kpi.toml was then.
    """

    version: str
    time: datetime
    first_load: datetime
    entities: Mapping[str, EntityState]
    written: str = ""
    misread: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Refusals:
    """Columns and dimensions that are not to be read, as other definitions than today's made them, each with why."""

    columns: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    dimensions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Warehouse(Protocol):
    """A set of made tables that does not change while it is open."""

    @property
    def refusals(self) -> Refusals:
        """What is refused; nothing as long as `refuse` was not called."""
        ...

    def refuse(self, refusals: Refusals) -> None:
        """Refuse from now on to read these columns and dimensions, whatever statement names them."""
        ...

    @property
    def path(self) -> Path:
        """The file."""
        ...

    def lineage(self) -> tuple[str, tuple[str, ...]] | None:
        """Return the lineage of the tables as text, and which installations made them; None when nobody knows."""
        ...

    @property
    def state(self) -> State:
        """What is in the warehouse."""
        ...

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement with `?` for each value. Raises WarehouseError."""
        ...

    def beside(self, name: str) -> duckdb.DuckDBPyConnection:
        """Return a connection to a new database of that name in memory; the file is its catalog `warehouse`."""
        ...

    @property
    def shown_in(self) -> str:
        """The catalog beside it that questions read."""
        ...

    def members(self, dimension: str) -> tuple[Member, ...]:
        """Return the values of a dimension, sorted; empty for one that was never loaded."""
        ...

    def close(self) -> None:
        """Let go of the warehouse; harmless when done twice."""
        ...
