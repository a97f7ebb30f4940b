"""The tables of a workspace as other definitions would make them, in a folder of their own that goes away again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kpicore.ingest.renewal import stand
from kpicore.registry.registry import Registry
from kpicore.warehouse import FILE, Warehouse, open_duckdb

if TYPE_CHECKING:
    from kpicore.workspace import Workspace


@contextmanager
def made_by(registry: Registry, workspace: Workspace) -> Iterator[Warehouse]:
    """Give the warehouse by these definitions: that of the workspace where it is so already, else a copy.

    Raises WarehouseError when there is no room for one, and BadDefinition.
    """
    from kpicore.ingest.remake import remake
    from kpicore.warehouse.duckdb.problems import clear_errors

    config, calendar = workspace.config, workspace.calendar
    there = open_duckdb(config.folder / FILE, config.lags, config.timeless)
    try:
        outdated = stand(there, registry, config, calendar)
        if outdated is None:
            yield there
            return
    finally:
        there.close()
    with TemporaryDirectory(prefix="kpi-diff-") as folder:
        with clear_errors(Path(folder) / FILE):
            shutil.copyfile(config.folder / FILE, Path(folder) / FILE)
        # the copy stands elsewhere, and a file of months is named relative to the workspace
        months = str((config.folder / config.fiscal_months).resolve()) if config.fiscal_months else ""
        remake(replace(config, folder=Path(folder), fiscal_months=months), registry)
        copy = open_duckdb(Path(folder) / FILE, config.lags, config.timeless)
        try:
            yield copy
        finally:
            copy.close()
