"""What the page about Google Sheets shows is there."""

from __future__ import annotations

import re
from pathlib import Path

from kpicore import open_workspace
from kpicore_sheets.command import sheets
from kpicore_sheets.google.retrying import USUAL
from kpicore_sheets.settings import sheet_tables

README = (Path(__file__).parents[2] / "sheets_sync" / "README.md").read_text(encoding="utf-8")


def test_the_commands_that_it_shows_are_there():
    assert set(re.findall(r"kpi sheets ([a-z]+)", README)) <= set(sheets.commands)


def test_the_kpi_toml_that_it_shows_can_be_read(tmp_path):
    shown = re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1].replace("\n   ", "\n")
    (tmp_path / "kpi.toml").write_text(f'[workspace]\nname = "Acme"\n{shown}', encoding="utf-8")
    with open_workspace(tmp_path) as workspace:
        (table,) = sheet_tables(workspace.config)
        for kpi in table.content.kpis:
            workspace.definitions.named(kpi)
        for name in re.findall(r'report = "(\w+)"', README):
            workspace.registry.report(name)
    assert (table.name, table.spreadsheet, table.row, table.column) == ("funnel", "1AbC", 2, 1)


def test_the_limits_that_it_tells_are_those_of_the_client():
    assert f"up to {USUAL.total:.0f} seconds" in README
