"""What tests of plugins can use: plugins and what is wrong with them, rows as texts, the command line, a clock."""

from __future__ import annotations

from kpicore.cli import kpi
from kpicore.ingest import load
from kpicore.plugins.discovery import EntryPoint, entry_points
from kpicore.testing.clock import MadeUpClock
from kpicore.testing.command import run_kpi
from kpicore.testing.plugins import own_definitions, plugins_of, plugins_with, problems_of, registry_of
from kpicore.testing.tables import TinySource, batch, load_tables, open_warehouse
from kpicore.warehouse import FILE as WAREHOUSE_FILE

__all__ = [
    "WAREHOUSE_FILE",
    "EntryPoint",
    "MadeUpClock",
    "TinySource",
    "batch",
    "entry_points",
    "kpi",
    "load",
    "load_tables",
    "open_warehouse",
    "own_definitions",
    "plugins_of",
    "plugins_with",
    "problems_of",
    "registry_of",
    "run_kpi",
]
