"""A new user's path on a real CRM export: init, import, get. The numbers were computed from the files in SQL."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FILES = ("sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv")


def kpi(*words: object) -> str:
    command = [sys.executable, "-c", "from kpicore.cli import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


@pytest.fixture(scope="module")
def imported(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Give a workspace with the four files, and what the import told."""
    folder = tmp_path_factory.mktemp("maven")
    kpi("init", folder)
    files = [shared_data / "maven_crm" / each for each in FILES]
    return folder, json.loads(kpi("import", "-w", folder, "--yes", "--json", *files))


@pytest.fixture(scope="module")
def get(imported):
    """Give a function that asks `kpi get … --json`."""

    def answers(*words: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(kpi("get", *words, "-w", imported[0], "--json"))
        return found

    return answers


def test_win_rate_of_2017_is_4238_of_6711(get):
    (found,) = get("win_rate", "--period", "2017")
    assert found["variant"] == "closed" and found["unit"] == "share"
    assert found["inputs"] == {"won": 4238, "base": 6711}
    assert found["value"] == pytest.approx(0.631501, abs=5e-7)
    assert found["n"] == 6711


def test_the_money_and_the_days_of_2017(get):
    sales, size, cycle = get("total_sales", "avg_deal_size", "sales_cycle", "--period", "2017")
    assert sales["value"] == 10_005_534
    assert size["value"] == pytest.approx(2360.9094, abs=5e-5)
    assert cycle["value"] == pytest.approx(51.781973, abs=5e-7)


def test_one_rep(get):
    (found,) = get("win_rate", "--period", "2017", "--where", "rep=Darcel Schlecht")
    assert found["inputs"] == {"won": 349, "base": 553}


def test_quarters_regions_and_products(get):
    quarters = {each["period"]: each["inputs"] for each in get("win_rate", "--period", "2017", "--grain", "quarter")}
    assert quarters == {
        "2017-Q1": {"won": 531, "base": 647},
        "2017-Q2": {"won": 1254, "base": 2032},
        "2017-Q3": {"won": 1257, "base": 2047},
        "2017-Q4": {"won": 1196, "base": 1985},
    }
    regions = {each["cuts"]["region"]: each["inputs"] for each in get("win_rate", "--period", "2017", "--by", "region")}
    assert {name: (each["won"], each["base"]) for name, each in regions.items()} == {
        "Central": (1629, 2604), "East": (1171, 1858), "West": (1438, 2249),
    }  # fmt: skip
    products = {
        each["cuts"]["product"]: each["value"] for each in get("total_sales", "--period", "2017", "--by", "product")
    }
    assert products["GTX Pro"] == 3_510_578 and "GTXPro" not in products


def test_nothing_is_hidden(imported):
    told = imported[1]
    accounts = {each["place"]: each for each in told["rows"]}
    pipeline = accounts["sales_pipeline.csv"]
    assert pipeline["read"] == pipeline["loaded"] == 8800 and told["quarantine"] == []
    assert "500 of 8,800 rows have no engage_date (created_at stays empty)" in pipeline["notes"]
    assert "1,425 of 8,800 rows have no account (customer_id stays empty)" in pipeline["notes"]
    assert "2,473 lost rows have an amount of 0" in pipeline["notes"]
    assert "1,480 values of product replaced by the mapping (GTXPro → GTX Pro)" in pipeline["changes"]


def test_importing_again_changes_nothing(imported, shared_data):
    folder, first = imported
    again = json.loads(kpi("import", "-w", folder, "--json", *[shared_data / "maven_crm" / each for each in FILES]))
    assert [(each["new"], each["changed"]) for each in again["entities"]] == [(0, 0)] * 4
    assert again["version"] == first["version"]
