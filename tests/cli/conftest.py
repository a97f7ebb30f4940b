"""What the tests of commands that answer share: the tiny company's workspace, and a way to run `kpi` in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from kpicore.testing import run_kpi
from kpicore_crm.testing import load_tiny_company

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the tiny company's workspace, loaded; nothing may change it."""
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    return folder


@pytest.fixture
def run(tiny: Path) -> Run:
    """Give `run("get", "win_rate", …)`, which runs a command in the tiny company's workspace."""

    def in_workspace(*arguments: str, **options: Any) -> Result:
        return run_kpi(*arguments, "--workspace", str(tiny), **options)

    return in_workspace


@pytest.fixture
def run_json(run: Run) -> Callable[..., Any]:
    """Give the same for the parsed JSON; a number that JSON does not know is refused."""

    def parsed(*arguments: str) -> Any:
        result = run(*arguments, "--json")
        assert (result.exit_code, result.stderr) == (0, "")

        def refuse(constant: str) -> None:
            raise AssertionError(f"{constant} is no JSON")

        return json.loads(result.stdout, parse_constant=refuse)

    return parsed
