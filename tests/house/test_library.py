"""A plugin about a lending library is really built and installed, and is all that the core then knows."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

README = (Path(__file__).parents[2] / "examples" / "kpicore-library" / "README.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"^```console\n(.*?)^```", README, re.DOTALL | re.MULTILINE))
"""What its README says to type."""
(SALES,) = re.findall("^export KPI_DISABLE=(.*)$", SHELL, re.MULTILINE)
COMMANDS = [shlex.split(line)[1:] for line in SHELL.splitlines() if line.startswith("kpi ")]
Run = Callable[..., str]


@pytest.fixture(scope="module")
def environment(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the environment of a Python that has kpicore-library, and no plugin that is about sales."""
    folder = tmp_path_factory.mktemp("library")
    source = shutil.copytree(root / "examples" / "kpicore-library", folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(folder / "site"), str(source)], check=True)
    return {**os.environ, "PYTHONPATH": str(folder / "site"), "KPI_DISABLE": SALES}


@pytest.fixture(scope="module")
def kpi(root: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give what runs a command in the workspace of the README, once all that it says is done."""
    folder = tmp_path_factory.mktemp("workspace")
    shutil.copytree(root / "examples", folder / "examples")
    workspace = folder / "my-library"

    def run(*args: str, given: str = "") -> str:
        command, here = [str(Path(sys.executable).with_name("kpi")), *args], workspace if workspace.exists() else folder
        done = subprocess.run(command, env=environment, cwd=here, input=given, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    for command in COMMANDS:
        assert "n/a" not in run(*command)
    return run


def test_no_command_is_about_sales(kpi: Run) -> None:
    shown = re.findall(r"^  ([a-z]+) ", kpi("--help").partition("Commands:")[2], re.MULTILINE)
    assert {"get", "import", "excel"} <= {*shown}
    assert not {"cohort", "forecast", "demo", "report"} & {*shown}


def test_only_the_library_gives_anything(kpi: Run) -> None:
    shown = {load["id"] for load in json.loads(kpi("list", "--json"))}
    assert shown == {"loans", "late_share", "fees", "books_out", "active_readers", "loans_reached"}
    (library,) = [load for load in json.loads(kpi("plugins", "--json")) if load["name"] == "library"]
    assert (library["status"], library["gives"][:2]) == ("ok", ["3 entities", "1 derived entity"])


def test_imported_files_are_asked(kpi: Run) -> None:
    asked = ["get", "loans", "late_share", "active_readers", "--period", "2025-Q1", "--by", "town", "--json"]
    found = {(load["kpi"], load["cuts"]["town"]): load["value"] for load in json.loads(kpi(*asked))}
    assert (found["loans", "Buda"], found["loans", "Pest"]) == (2, 2)
    assert found["late_share", "Buda"] == 0.5  # l2 was out for 60 days, l1 for 10
    assert found["active_readers", "Pest"] == 1


def test_a_cell_is_answered_and_an_answer_is_explained(kpi: Run) -> None:
    request = json.dumps({"calls": [["KPI_LATE_SHARE", ["2025-Q1", "town", "Buda"]]]})
    (result,) = json.loads(kpi("cells", given=request + "\n"))["results"]
    assert result == 0.5
    assert "late" in kpi("explain", "late_share", "--period", "2025-Q1")
    assert "books_out" in kpi("coverage")


def test_a_live_workbook_holds_its_kpis(kpi: Run, tmp_path: Path) -> None:
    file = tmp_path / "library.xlsx"
    kpi("excel", "workbook", "loans", "late_share", "--period", "2025-Q1", "--by", "town", "--out", str(file))
    with ZipFile(file) as book:
        assert "<t>Late loans</t>" in book.read("xl/sharedStrings.xml").decode()


def test_its_own_tests_pass(environment: dict[str, str], root: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [str(root / "examples" / "kpicore-library")]
    allowed = {**environment, "KPI_DISABLE": ""}
    result = subprocess.run(command, env=allowed, capture_output=True, text=True, cwd=root)
    assert result.returncode == 0, result.stdout
