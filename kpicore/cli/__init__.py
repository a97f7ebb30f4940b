"""The `kpi` command: a group whose commands are entry points, loaded when they are needed.

A command is a `click.Command` named by an entry point of the group `kpicore.commands`. Its module
must be light to import (no duckdb, pandas, rich at its top), because `kpi --help` reads them all.
"""

from __future__ import annotations

from kpicore.cli.group import KpiGroup, kpi, main

__all__ = ["KpiGroup", "kpi", "main"]
