"""The core knows no domain: it runs with no vocabulary, and with one that has nothing to do with sales."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from kpicore import Config, Workspace, read_config
from kpicore.cli import kpi
from kpicore.plugins.installed import load_plugins
from kpicore.registry.joined import build_registry
from kpicore.review.definition_checks import definition_problems
from kpicore.testing import load_tables, plugins_of
from kpicore_crm.testing import load_tiny_company
from tests.crm import SETTINGS

LIBRARY = plugins_of(library="tests.plugins.library")
ROWS = {
    "reader": """
        id name town
        r1 Ann  Buda
        r2 Bob  Pest
    """,
    "loan": """
        id reader_id lent_on    returned_on fee  currency state
        l1 r1        2025-01-05 2025-01-15  1    EUR      ok
        l2 r1        2025-02-01 2025-04-02  2    HUF      Kaputt
        l3 r2        2025-03-10 -           3    EUR      -
        l4 r2        2025-03-25 2025-04-01  4    EUR      OK
    """,
    "fx_rate": """
        currency rate_on    rate
        HUF      2025-01-01 0.5
    """,
    "target": """
        id kpi_id period  value town
        g1 loans  2025-Q1 5     -
        g2 loans  2025-Q1 4     Buda
    """,
}  # what is left of loans at the end of March: l2 and l3, both late in the end


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    load_tables(Config(folder, "Library", "EUR"), LIBRARY, ROWS, data_time=datetime(2025, 4, 30, 12, tzinfo=UTC))
    return folder


def value(opened: Workspace, kpi: str, **cuts: str) -> float | None:
    return opened.get(kpi, "2025-Q1", where=cuts).answers[0].value


def test_a_lending_library_is_asked_with_no_word_of_sales_anywhere(library: Path) -> None:
    with Workspace(read_config(library), LIBRARY) as opened:
        assert list(opened.registry.entities) == ["fx_rate", "target", "reader", "loan"]
        assert list(opened.registry.dimensions) == ["goal", "reader", "town", "currency", "state", "state_given"]
        assert value(opened, "loans") == 4
        assert value(opened, "loans", reader="Ann") == value(opened, "loans", town="Buda") == 2
        assert value(opened, "loans", state="damaged") == 1
        assert value(opened, "late_share") == 0.5  # l2 after 60 days; l3 is out for 51
        assert value(opened, "fees") == 9  # 1 + 2 HUF at 0.5 + 3 + 4
        assert value(opened, "books_out") == 3  # l2, l3 and l4
        assert value(opened, "loans_reached") == 0.8
        assert opened.attainment("loans", "2025-Q1", {"town": "Buda"}).value == 0.5
        assert opened.target_problems() == []
        assert {each.lacks for each in opened.coverage()} == {()}
        assert opened.remake(everything=True).version
        assert value(opened, "fees") == 9


def test_a_setting_of_the_library_makes_its_tables_anew(library: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    config = Config(folder, "Library", "EUR")
    load_tables(config, LIBRARY, ROWS, data_time=datetime(2025, 4, 30, 12, tzinfo=UTC))
    with (folder / "kpi.toml").open("a", encoding="utf-8") as out:
        out.write("[settings]\nlate_days = 55\n")
    with Workspace(read_config(folder), LIBRARY) as opened:
        assert value(opened, "late_share") == 0.25


def test_without_the_vocabulary_of_sales_each_kpi_of_it_is_a_problem_that_names_what_lacks() -> None:
    registry = build_registry(load_plugins({"crm"}).contributions)
    assert (list(registry.entities), list(registry.dimensions)) == (["fx_rate", "target"], ["goal"])
    told = {each.item: each.problem for each in definition_problems(registry, SETTINGS)}
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
    result = CliRunner().invoke(kpi, command.split())
    assert "internal error" not in result.output
    assert isinstance(result.exception, SystemExit | None)
    assert result.exit_code in (0, 1)


def test_once_the_vocabulary_of_sales_is_back_all_is_as_it_was(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny)
    monkeypatch.setenv("KPI_DISABLE", "crm")
    assert CliRunner().invoke(kpi, ["remake"]).exit_code == 0
    monkeypatch.delenv("KPI_DISABLE")
    shown = CliRunner().invoke(kpi, ["get", "won_deals", "-p", "2025"]).stdout
    assert " 7 " in shown
