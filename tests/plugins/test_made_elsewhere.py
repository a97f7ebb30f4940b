"""Commands in a workspace whose tables are made elsewhere: each says so, and none looks at a file of DuckDB beside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kpicore.testing import WAREHOUSE_FILE, run_kpi
from kpicore_crm.testing import load_tiny_company

PLUGIN = """
from kpicore import COUNT, Field, Metric, Setting, Type, WarehouseKind, hookimpl, total
from tests.warehouse.other import OtherWarehouse

@hookimpl
def kpi_warehouses():
    def file(config):
        return config.folder / config.tables("warehouse")[0]["file"]
    place = Setting("file", Type.TEXT, "where the tables are", "marts.duckdb")
    yield WarehouseKind("marts", "Tables.", lambda config: OtherWarehouse(file(config)), lambda config: "1", (place,))

@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", Type.MONEY, "Size.", how=("amount" + " * amount" * 5,))
"""
NOTE = "The tables of a warehouse of kind 'marts' are made elsewhere, so no numbers were compared."
COMMANDS = (
    ("get", "win_rate", "--period", "2025-Q1", "--json"),
    ("diff", "packs", "packs", "--json"),
    ("forecast", "--json"),
    ("plugins", "--json"),
    ("check",),
)


@pytest.fixture
def folder(tmp_path: Path, install: Any) -> Path:
    """Return a workspace of marts, beside whose tables a file of DuckDB lies in which a load left a field empty."""
    load_tiny_company(tmp_path)
    shutil.copyfile(tmp_path / WAREHOUSE_FILE, tmp_path / "marts.duckdb")
    install("mine", PLUGIN)
    assert run_kpi("remake", "-w", str(tmp_path)).exit_code == 0
    assert "opportunity.size of 'mine' is left empty" in run_kpi("plugins", "--json", "-w", str(tmp_path)).stdout
    with (tmp_path / "kpi.toml").open("a", encoding="utf-8") as config:
        config.write('\n[warehouse]\nkind = "marts"\n')
    return tmp_path


def test_a_file_of_duckdb_beside_changes_nothing_that_any_command_says(folder: Path) -> None:
    beside = [run_kpi(*command, "-w", str(folder)) for command in COMMANDS]
    (folder / WAREHOUSE_FILE).unlink()
    alone = [run_kpi(*command, "-w", str(folder)) for command in COMMANDS]
    shown = [[(result.exit_code, result.stdout, result.stderr) for result in results] for results in (beside, alone)]
    assert shown[0] == shown[1]
    got, diff, forecast, plugins, check = alone
    (answer,) = json.loads(got.stdout)
    assert (answer["n"], answer["inputs"]) == (6, {"won": 4, "base": 6})
    assert json.loads(diff.stdout)["notes"] == [NOTE]
    assert forecast.stderr == (
        "kpi: what a forecast said is known only where loads keep how the data was before: a warehouse of kind 'marts'"
        " does not. For a period to come: kpi get sales_forecast.history\n"
    )
    assert [line["problems"] for line in json.loads(plugins.stdout) if line["name"] == "mine"] == [[]]
    assert check.exit_code == 0, check.stdout
