"""Where made tables stand and questions read: the port, what speaks for it, and DuckDB behind it."""

from __future__ import annotations

from pathlib import Path

from kpicore.warehouse.port import (
    CALENDAR,
    EntityState,
    LoadedWarehouse,
    Member,
    Refusals,
    State,
    Warehouse,
    refused_columns,
)

__all__ = [
    "CALENDAR",
    "FILE",
    "EntityState",
    "LoadedWarehouse",
    "Member",
    "Refusals",
    "State",
    "Warehouse",
    "open_duckdb",
    "refused_columns",
]

FILE = "warehouse.duckdb"
"""The name of the warehouse file in a workspace."""


def open_duckdb(path: Path) -> LoadedWarehouse:
    """Open a warehouse file for reading. Raises WarehouseError: missing, locked, damaged, newer."""
    from kpicore.warehouse.duckdb.reader import DuckDBWarehouse

    return DuckDBWarehouse(Path(path))
