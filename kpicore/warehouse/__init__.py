"""Where made tables stand and questions read: the protocol, and DuckDB behind it."""

from __future__ import annotations

from pathlib import Path

from kpicore.warehouse.protocol import EntityState, Member, Refusals, State, Warehouse

__all__ = ["FILE", "EntityState", "Member", "Refusals", "State", "Warehouse", "open_duckdb"]

FILE = "warehouse.duckdb"
"""The name of the warehouse file in a workspace."""


def open_duckdb(path: Path) -> Warehouse:
    """Open a warehouse file for reading. Raises WarehouseError: missing, locked, damaged, newer."""
    from kpicore.warehouse.duckdb import DuckDBWarehouse

    return DuckDBWarehouse(Path(path))
