"""The third party's plugin is really built and installed, and everything sees its KPI."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kpicore_crm.testing import load_tiny_company


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the environment of a Python that has kpicore-hello beside everything else."""
    folder = tmp_path_factory.mktemp("hello")
    source = shutil.copytree(root / "examples" / "kpicore-hello", folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(folder / "site"), str(source)], check=True)
    return {**os.environ, "PYTHONPATH": str(folder / "site")}


def kpi(environment: dict[str, str], *args: str) -> str:
    command = [str(Path(sys.executable).with_name("kpi")), *args]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def test_its_kpi_is_in_the_catalogue(installed):
    (found,) = json.loads(kpi(installed, "list", "--search", "big deals", "--json"))
    assert (found["id"], found["given_by"], found["function"]) == ("big_deal_share", "hello", "KPI_BIG_DEAL_SHARE")


def test_kpi_plugins_names_its_package(installed):
    lines = json.loads(kpi(installed, "plugins", "--json"))
    (hello,) = [line for line in lines if line["name"] == "hello"]
    assert (hello["distribution"], hello["version"], hello["status"]) == ("kpicore-hello", "1.0", "ok")
    assert hello["gives"] == ["1 metric"]


def test_its_kpi_is_answered(installed, tmp_path):
    load_tiny_company(tmp_path)
    asked = ["get", "big_deal_share", "--period", "2025-Q1", "--json", "--workspace", str(tmp_path)]
    (answer,) = json.loads(kpi(installed, *asked))
    assert (answer["value"], answer["n"], answer["inputs"]) == (0.5, 4, {"big": 2, "won": 4})


def test_its_own_tests_pass(installed, root):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(root / "examples" / "kpicore-hello")]
    result = subprocess.run(command, env=installed, capture_output=True, text=True, cwd=root)
    assert result.returncode == 0, result.stdout


def test_without_the_package_its_kpi_is_unknown(tmp_path):
    command = [str(Path(sys.executable).with_name("kpi")), "show", "big_deal_share"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert "no KPI named 'big_deal_share'" in result.stderr
