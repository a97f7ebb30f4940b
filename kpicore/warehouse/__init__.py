"""Where made tables stand and questions read: the port, what speaks for it, and DuckDB behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.warehouse.port import (
    CALENDAR,
    NO_FILES,
    NO_LAGS,
    EntityState,
    Lags,
    LoadedWarehouse,
    Member,
    Refusals,
    SourceState,
    State,
    Warehouse,
    refused_columns,
)

if TYPE_CHECKING:
    from kpicore.model.workspace_files import Timeless

__all__ = [
    "CALENDAR",
    "FILE",
    "EntityState",
    "LoadedWarehouse",
    "Member",
    "Refusals",
    "SourceState",
    "State",
    "Warehouse",
    "open_duckdb",
    "refused_columns",
]

FILE = "warehouse.duckdb"
"""The name of the warehouse file in a workspace."""


def open_duckdb(path: Path, lags: Lags = NO_LAGS, timeless: Timeless = NO_FILES) -> LoadedWarehouse:
    """Open a warehouse file for reading.

    `lags` are those that sources of a name of their own are allowed, `timeless` the files that are of no day. Raises
    WarehouseError: missing, locked, damaged, newer.
    """
    from kpicore.warehouse.duckdb.reader import DuckDBWarehouse

    return DuckDBWarehouse(Path(path), lags, timeless)
