"""The core knows no domain: it runs without the vocabulary of sales. With another one: tests/house/test_library.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import load_plugins
from kpicore.testing import problems_of, registry_of, run_kpi
from kpicore_crm.testing import load_tiny_company
from tests.crm import SETTINGS


def test_without_the_vocabulary_of_sales_each_kpi_of_it_is_a_problem_that_names_what_lacks() -> None:
    registry = registry_of(load_plugins({"crm"}))
    assert (list(registry.entities), list(registry.dimensions)) == (["fx_rate", "target"], ["goal"])
    told = {problem.item: problem.problem for problem in problems_of(registry, SETTINGS)}
    assert told["won_deals"] == (
        "no entity named 'opportunity' in metric 'won_deals', input 'won'. Known: fx_rate, target."
    )
    assert len(told) > 80


COMMANDS = (
    "list|show win_rate|get won_deals -p 2025|explain won_deals -p 2025|calc win_rate won=1 closed=2|coverage|check"
    "|plugins|cells|goals -p 2025|advise -p 2025|cohort -p 2025|forecast|report|report sales_brief -p 2025-Q2|remake"
    "|diff packs packs"
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    return folder


@pytest.mark.parametrize("command", COMMANDS.split("|"))
def test_no_command_breaks_without_the_vocabulary_of_sales(
    command: str, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_DISABLE", "crm")
    monkeypatch.chdir(tiny)
    result = run_kpi(*command.split())
    assert "internal error" not in result.output
    assert isinstance(result.exception, SystemExit | None)
    assert result.exit_code in (0, 1)


def test_once_the_vocabulary_of_sales_is_back_all_is_as_it_was(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny)
    monkeypatch.setenv("KPI_DISABLE", "crm")
    assert run_kpi("remake").exit_code == 0
    monkeypatch.delenv("KPI_DISABLE")
    shown = run_kpi("get", "won_deals", "-p", "2025").stdout
    assert " 7 " in shown
