"""What a question needs of a warehouse: its tables' state, rows of a statement, values of a dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from kpicore.errors import WarehouseError
from kpicore.model.notes import Note

if TYPE_CHECKING:
    import duckdb

    from kpicore.language.dialect import Dialect
    from kpicore.model.sources import Unreadable
    from kpicore.model.workspace_files import Timeless


CALENDAR = "calendar"
"""The name of the table that has a row a day: `date`, and the id of the unit of each grain that holds it."""


FILES = "files"
"""The source of all rows that no source of a name of its own gave."""


Lags = Mapping[str, timedelta | None]
"""By how much the data of a source may be older than that of the workspace before it is told, None for any, by name."""

NO_LAGS: Lags = MappingProxyType({})
NO_FILES: Timeless = MappingProxyType({})


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
class SourceState:
    """How fresh the rows of an entity are that a stream of a source gave: `time` is the instant, in UTC, of its data.

    `tried` is when it was last asked, None when nobody knows, and `error` why that failed, "" where it did not. It is
    told as behind when its data is older than that of the workspace by more than `allowed_lag`, None for never.
    """

    source: str
    stream: str
    entity: str
    time: datetime
    tried: datetime | None = None
    error: str = ""
    rows: int = 0
    allowed_lag: timedelta | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What is in the warehouse: `version` changes exactly when an answer could; `time` is the data time in UTC.

    `written` is the text of the definitions that the tables were made by, "" when nobody knows. `misread` tells
    of entities whose local times were read in another time zone than that of kpi.toml was then. `currency` is that of
    the amounts, "" when nobody knows. `sources` tell of when the data of each is: `time` is that of the latest, and of
    all of them where there are none.
    """

    version: str
    time: datetime
    first_load: datetime
    entities: Mapping[str, EntityState]
    written: str = ""
    misread: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    currency: str = ""
    sources: tuple[SourceState, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusals:
    """Columns and dimensions that are not to be read, as other definitions than today's made them, each with why."""

    columns: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    dimensions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Warehouse(Protocol):
    """A set of made tables that does not change while it is open. All of it is safe from several threads.

    Texts compare and are sorted by code point, and days and moments are those of the Gregorian calendar.
    """

    @property
    def dialect(self) -> Dialect:
        """How its SQL is written; always the same one."""
        ...

    @property
    def state(self) -> State:
        """What is in the warehouse."""
        ...

    @property
    def version(self) -> str:
        """A text that changes exactly when an answer could: that of the state."""
        ...

    def relation(self, entity: str) -> str:
        """Return SQL of the rows of an entity, or of the days (`CALENDAR`), that stands in FROM before an alias.

        Its columns are the fields, days and dimensions that the registry knows of the entity.
        """
        ...

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of one statement; `values` are texts, numbers, days and lists, by their placeholders.

        Several threads ask at the same time, and none waits for another's rows. Raises WarehouseError.
        """
        ...

    def members(self, dimension: str) -> tuple[Member, ...]:
        """Return the values of a dimension, sorted by value and id; empty for one that was never loaded."""
        ...

    def close(self) -> None:
        """Let go of the warehouse; harmless when done twice."""
        ...


@runtime_checkable
class LoadedWarehouse(Warehouse, Protocol):
    """A warehouse that loads of the workspace make, in a file: it knows what made it, and what was before."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def refusals(self) -> Refusals:
        """What is refused; nothing as long as `refuse` was not called."""
        ...

    def refuse(self, refusals: Refusals) -> None:
        """Refuse from now on to read these columns and dimensions, whatever statement names them."""
        ...

    def lineage(self) -> tuple[str, tuple[str, ...]] | None:
        """Return the lineage of the tables as text, and which installations made them; None when nobody knows."""
        ...

    def given_columns(self, entity: str) -> frozenset[str]:
        """Return the columns of an entity that any source ever gave; none where no source gave any row of it."""
        ...

    def given_rows(self, entity: str) -> str:
        """Return SQL of the rows of an entity as sources gave them, with its `given_columns`, that stands in FROM."""
        ...

    def unreadable(self, most: int) -> tuple[Unreadable, ...]:
        """Return what of the sources could not be read, by place, line and column: the first so many of it."""
        ...

    def beside(self, name: str) -> duckdb.DuckDBPyConnection:
        """Return a connection to a new database of that name in memory; the file is its catalog `warehouse`."""
        ...

    @property
    def shown_in(self) -> str:
        """The catalog beside it that questions read."""
        ...


def refused_columns(warehouse: Warehouse) -> Mapping[tuple[str, str], str]:
    """Return the columns that a warehouse refuses to read, each with why; none where loads do not make it."""
    return warehouse.refusals.columns if isinstance(warehouse, LoadedWarehouse) else {}


_BEING_REMADE = (
    "What this reads was made by another definition than today's: it is being made anew,"
    " or who runs the server finds in its log why not."
)


def outdated_tables(why: str) -> WarehouseError:
    """Return the error for tables that were made by other definitions than today's."""
    error = WarehouseError(why)
    error.general = _BEING_REMADE
    return error
