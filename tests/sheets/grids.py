"""Small tables by hand, and a spreadsheet of a person to write them into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.sync.run import sync
from kpicore_sheets.table import KpiContent, SheetTable
from kpicore_xlsx.grid import Grid, GridRow, Look, Scalar
from kpicore_xlsx.styles import HEADER
from tests.sheets.direct import DirectSpreadsheets

ID = "spreadsheet-of-ann"
MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)
HEAD, NAME, SHARE = Look(HEADER), Look(), Look(number_format="0.0%")
RUNS = iter(range(1_000_000))


def grid(*rows: Sequence[Scalar], header: Sequence[str] = ("rep", "win rate"), **further: object) -> Grid:
    """Return a table with a header."""
    looks = (NAME, *(SHARE,) * (len(header) - 1))
    head = GridRow(tuple(header), (HEAD,) * len(header))
    return Grid((head, *(GridRow(tuple(row), looks) for row in rows)), **further)  # type: ignore[arg-type]


TWO = grid(("Ann", 0.41), ("Ben", 0.25))


def sheet(name: str = "funnel", cell: tuple[int, int] = (2, 1), tab: str = "KPIs", mode: str = "replace") -> SheetTable:
    """Return a `[[sheet]]` at B3."""
    return SheetTable(name, ID, KpiContent(("win_rate",), "2026"), tab, None, *cell, mode)


def filled(grid: Grid, data_time: datetime | None = MORNING, version: str = "1") -> Filled:
    """Return a grid as what a table shows."""
    return Filled(grid, data_time, version)


def emulated(rows: int = 30, columns: int = 12) -> Emulator:
    """Return an emulator with one spreadsheet and its tab."""
    emulator = Emulator()
    emulator.add(ID, {"KPIs": (rows, columns)})
    return emulator


def run(emulator: Emulator, *tables: tuple[SheetTable, Grid | Filled], **further: object) -> list[TableOutcome]:
    """Write tables, and return what came of it."""
    shown = {table.name: content for table, content in tables}

    def fill(table: SheetTable) -> Filled:
        content = shown[table.name]
        return filled(content) if isinstance(content, Grid) else content

    google, clock = DirectSpreadsheets(emulator), MadeUpClock()
    run_id = f"run{next(RUNS)}"
    return sync([table for table, _ in tables], fill, google, clock, run_id=run_id, **further)  # type: ignore[arg-type]


def shown(emulator: Emulator, tab: str = "KPIs") -> dict[str, object]:
    """Return what stands in a tab, by cell."""
    from kpicore_xlsx.addresses import cell_address

    cells = emulator.spreadsheets[ID].tab(tab).cells
    return {
        cell_address(row, column): cell.value
        for row in sorted(cells)
        for column, cell in sorted(cells[row].items())
        if cell.value is not None
    }
