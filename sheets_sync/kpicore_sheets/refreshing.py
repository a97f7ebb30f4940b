"""Bringing tables up to date: the workspace is read and closed, then Google is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kpicore import Clock
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.table import SheetTable
from kpicore_sheets.watch import Refresh


def refresher(folder: Path, clock: Clock) -> Refresh:
    """Return what brings tables of a workspace up to date, as `kpi sheets sync` does."""

    def refresh(tables: Sequence[SheetTable]) -> Sequence[TableOutcome]:
        raise NotImplementedError

    return refresh
