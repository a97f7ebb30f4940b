"""Draws docs/images/google-sheets.png: `python -m tests.sheets.google_sheets_picture`. It takes a minute.

The demo company writes two tables into a tab of the emulator, three times, while people work around them.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from kpicore import open_workspace
from kpicore.testing import MadeUpClock, run_kpi
from kpicore.testing.sheets import Emulator, SheetUser
from kpicore_sheets.filling import filled
from kpicore_sheets.settings import sheet_tables
from kpicore_sheets.sync.run import sync
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.pictures import picture

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "images" / "google-sheets.png"
TABLES = ROOT / "docs" / "google-sheets" / "tables.toml"
TAB = "Sales 2026"
NOW = datetime(2026, 9, 18, 19, 30, tzinfo=UTC)


def main() -> None:
    """Draw the picture."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "demo"
        run_kpi("demo", str(folder))
        with (folder / "kpi.toml").open("a", encoding="utf-8") as config:
            config.write(TABLES.read_text(encoding="utf-8"))
        with open_workspace(folder) as workspace:
            spreadsheet = sheet_tables(workspace.config)[0].spreadsheet
        emulator = Emulator()
        emulator.add(spreadsheet, {TAB: (35, 12)})
        for number, meanwhile in enumerate((before, between, after)):
            meanwhile(emulator.user(spreadsheet))
            write(folder, emulator, number)
        picture(emulator.spreadsheets[spreadsheet], TAB, FILE, cells="A1:L35")


def write(folder: Path, emulator: Emulator, number: int) -> None:
    """Let one run write the tables."""
    with open_workspace(folder) as workspace:
        tables = sheet_tables(workspace.config)
        shown = {table.name: filled(workspace, table) for table in tables}
    clock = MadeUpClock(NOW)
    outcomes = sync(tables, lambda table: shown[table.name], DirectSpreadsheets(emulator), clock, run_id=f"run{number}")
    assert all(outcome.is_well for outcome in outcomes), outcomes


def before(user: SheetUser) -> None:
    """Type what is there before the first table."""
    user.type(TAB, "B1", "Third quarter: where we stand")


def between(user: SheetUser) -> None:
    """Type beside a table and below it, and colour one of its cells."""
    user.type(TAB, "I4", "My remarks")
    user.type(TAB, "I5", "renewal in October")
    user.type(TAB, "I8", "call her on Monday")
    user.color(TAB, "C8", 1, 0.93, 0.6)


def after(user: SheetUser) -> None:
    """Insert a row above the table, and another one between the two."""
    user.insert_rows(TAB, 2)
    user.type(TAB, "B17", "Ada and Elin")
    user.type(TAB, "C17", "=C6+C10")
    user.type(TAB, "B2", "The teal tables refresh themselves; all else is ours.")


if __name__ == "__main__":
    main()
