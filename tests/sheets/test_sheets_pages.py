"""What the page about Google Sheets shows is there."""

from __future__ import annotations

import re
from pathlib import Path

from kpicore import open_workspace
from kpicore.testing import run_kpi
from kpicore_sheets.command import sheets
from kpicore_sheets.google.retrying import USUAL
from kpicore_sheets.settings import sheet_tables

README = (Path(__file__).parents[2] / "sheets_sync" / "README.md").read_text(encoding="utf-8")


def test_the_commands_that_it_shows_are_there():
    assert set(re.findall(r"kpi sheets ([a-z]+)", README)) <= set(sheets.commands)


def test_without_a_command_the_help_is_shown_and_lists_each_of_them_whole():
    shown = run_kpi("sheets")
    assert (shown.exit_code, shown.stderr, shown.stdout.startswith("Usage: kpi sheets")) == (0, "", True)
    assert "..." not in shown.stdout.partition("Commands:")[2]
    assert run_kpi("excel").exit_code == 0


def test_the_kpi_toml_that_it_shows_can_be_read(tmp_path):
    shown = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    text = "\n".join(part.replace("\n   ", "\n").lstrip() for part in shown)
    (tmp_path / "kpi.toml").write_text(f'[workspace]\nname = "Acme"\n{text}', encoding="utf-8")
    with open_workspace(tmp_path) as workspace:
        tables = sheet_tables(workspace.config)
        for kpi in (kpi for table in tables for kpi in table.content.kpis):
            workspace.definitions.named(kpi)
        for name in re.findall(r'report = "(\w+)"', README):
            workspace.registry.report(name)
    assert [(table.name, table.row, table.column) for table in tables] == [("reps", 2, 1), ("months", 17, 1)]


def test_the_limits_that_it_tells_are_those_of_the_client():
    assert f"up to {USUAL.total:.0f} seconds" in README
