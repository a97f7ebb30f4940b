"""A kpi.toml that an editor has emptied for a moment means no defaults: nothing is answered or made anew by them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kpicore import BadConfig, CellCall, CellFailure, Cells, open_workspace, read_config
from kpicore.testing import run_kpi

EMPTY = [b"", b"\n", b" \r\n\t\r\n", b"\xef\xbb\xbf"]
WON = CellCall("KPI_WON_DEALS", ("2025-Q1",))


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    found: Path = shutil.copytree(tiny_folder, tmp_path / "own")
    settings = (found / "kpi.toml").read_text().replace('"UTC"', '"Europe/Berlin"')
    (found / "kpi.toml").write_text(settings)
    run_kpi("remake", "-w", str(found))
    return found


@pytest.mark.parametrize("text", EMPTY)
def test_cells_wait_until_it_is_written_and_no_table_is_made_anew(folder, text):
    cells, sound = Cells(folder), (folder / "kpi.toml").read_bytes()
    before = cells.answer([WON])
    data = (folder / "warehouse.duckdb").read_bytes()
    (folder / "kpi.toml").write_bytes(text)
    told = (
        f"{folder / 'kpi.toml'}: it is empty, though there is data. Write it, or take it back; [workspace] alone means"
    )
    [failure] = cells.answer([WON]).results
    cells.wait()
    assert isinstance(failure, CellFailure) and failure.code == "#N/A" and failure.message.startswith(told)
    assert (folder / "warehouse.duckdb").read_bytes() == data
    (folder / "kpi.toml").write_bytes(sound)
    after = cells.answer([WON])
    cells.close()
    assert (after.results, after.data_version) == (before.results, before.data_version)


def test_commands_tell_it_in_one_line(folder):
    (folder / "kpi.toml").write_text("")
    for command in (["get", "win_rate", "--period", "2025"], ["remake"], ["check"], ["list"], ["token", "new", "x"]):
        ran = run_kpi(*command, "-w", str(folder))
        assert ran.exit_code == 1 and "it is empty, though there is data" in ran.output, command


@pytest.mark.parametrize("text", EMPTY)
def test_without_data_it_is_a_new_workspace_with_the_defaults(tmp_path, text):
    (tmp_path / "kpi.toml").write_bytes(text)
    assert read_config(tmp_path).timezone == "UTC"
    with open_workspace(tmp_path) as workspace:
        assert workspace.calc("cac", 10, 2) == 5


def test_a_line_that_says_nothing_means_the_defaults(folder):
    (folder / "kpi.toml").write_text("[workspace]\n")
    assert read_config(folder).timezone == "UTC"
    (folder / "kpi.toml").write_text("")
    with pytest.raises(BadConfig):
        read_config(folder)


def test_a_workspace_that_begins_with_an_empty_file_has_the_defaults_written_with_its_first_data(tmp_path):
    (tmp_path / "kpi.toml").touch()
    (tmp_path / "deals.csv").write_text("id,amount,created,closed,outcome\nd1,5,2025-01-02,2025-02-03,won\n")
    command = ["import", str(tmp_path / "deals.csv"), "--entity", "opportunity", "--yes", "-w", str(tmp_path)]
    ran = run_kpi(*command)
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "kpi.toml").read_text() == "[workspace]\n"
    ran = run_kpi("get", "won_deals", "-p", "2025", "-w", str(tmp_path))
    assert ran.exit_code == 0, ran.output
