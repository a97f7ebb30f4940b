"""`kpi list` and `kpi show`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from kpicore import (
    COUNT,
    DURING,
    Band,
    Config,
    Metric,
    average,
    count,
    distinct,
    earlier,
    input_words,
    latest,
    median,
    metric,
    per,
    percentile,
    standing,
    target,
    total,
)
from kpicore.cli.definitions import band_range
from kpicore.testing import run_kpi
from tests.crm import crm_registry


def run(*args: str) -> Result:
    return run_kpi(*args)


def data(*args: str) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_list_names_each_kpi_with_unit_direction_and_variants():
    found = {each["id"]: each for each in data("list")}
    win_rate = found["win_rate"]
    assert (win_rate["unit"], win_rate["better"], win_rate["function"]) == ("share", "higher", "KPI_WIN_RATE")
    assert win_rate["variants"] == ["closed", "created", "funnel", "amount"]
    assert win_rate["given_by"] == "winning"


def test_a_search_finds_names_meanings_and_synonyms_in_other_languages():
    assert "win_rate" in [each["id"] for each in data("list", "--search", "赢单率")]
    assert "win_rate" in [each["id"] for each in data("list", "--search", "RATE win")]
    assert data("list", "--search", "no such words at all") == []


def test_a_search_without_a_hit_says_so():
    assert run("list", "--search", "qqqq").stdout == "No KPI has 'qqqq' in its name, meaning or synonyms.\n"


def test_the_table_shows_the_families_and_the_names():
    output = run("list", "--search", "win rate").stdout
    assert "win_rate " in output
    assert "closed, created, funnel, amount" in output


def test_show_gives_all_variants_side_by_side_with_formula_and_inputs():
    win_rate = data("show", "WIN_RATE")
    closed = win_rate["variants"][0]
    assert (closed["variant"], closed["formula"]) == ("closed", "won / base")
    assert closed["inputs"]["won"] == "count of opportunity by closed_on where outcome = 'won'"
    assert [each["variant"] for each in win_rate["variants"]] == ["closed", "created", "funnel", "amount"]
    output = run("show", "win_rate").stdout
    for words in ("Win rate", "won / base", "outcome in ('won', 'lost')", 'KPI_WIN_RATE("2026-Q1")', "the default"):
        assert words in output


def test_show_takes_an_alias_and_the_id_of_a_variant():
    assert data("show", "win_rate.created")["id"] == "win_rate"
    assert run("show", "win_rate.no_such").exit_code == 1


def test_an_unknown_kpi_is_one_line_with_a_proposal():
    result = run("show", "win_rat")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "kpi: no KPI named 'win_rat'. Did you mean 'win_rate'?\n"


def test_a_workspace_may_prefer_another_default_variant(tmp_path):
    (tmp_path / "kpi.toml").write_text("[default_variants]\nwin_rate = 'created'\n")
    shown = data("show", "win_rate", "--workspace", str(tmp_path))
    assert [each["variant"] for each in shown["variants"]] == ["created", "closed", "funnel", "amount"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("win_rat = 'closed'", "default_variants.win_rat: no KPI named 'win_rat'. Did you mean 'win_rate'?"),
        ("win_rate = 'close'", "default_variants.win_rate: no variant named 'close'. Did you mean 'closed'?"),
    ],
)
def test_a_preferred_variant_that_does_not_exist_is_refused(tmp_path, line, told):
    (tmp_path / "kpi.toml").write_text(f"[default_variants]\n{line}\n")
    result = run("show", "win_rate", "--workspace", str(tmp_path))
    assert result.exit_code == 1
    assert result.stderr.endswith(told + "\n")


def test_a_preferred_variant_of_a_plugin_that_is_not_there_does_no_harm(tmp_path):
    (tmp_path / "kpi.toml").write_text("[default_variants]\ntheirs_entirely = 'x'\n")
    assert data("show", "win_rate", "--workspace", str(tmp_path))["id"] == "win_rate"


def test_show_tells_how_the_calculator_is_called():
    assert data("show", "win_rate")["calculator"] == "KPI_WIN_RATE_CALC(won, base)"
    assert data("show", "sales_cycle")["calculator"] == "KPI_SALES_CYCLE_CALC(values…)"
    assert data("show", "new_leads")["calculator"] == ""


def test_a_definition_that_does_not_stand_is_shown_with_its_problem(monkeypatch):
    from kpicore.cli import catalogue

    bad = Metric("bad", name="Bad", unit=COUNT, inputs={"a": count("order", when="ordered_on", where="colour = 'red'")})
    monkeypatch.setattr(catalogue, "_known", lambda workspace: _registry_of(bad))
    (variant,) = data("show", "bad")["variants"]
    assert "colour" in variant["problem"]
    assert "colour" in run("show", "bad").stdout


def test_a_wrong_kpi_toml_is_told_in_one_line(tmp_path):
    (tmp_path / "kpi.toml").write_text("[workspace]\ncurrency = 'EURO'\n")
    result = run("list", "--workspace", str(tmp_path))
    assert result.exit_code == 1
    assert "Did you mean 'EUR'?" in result.stderr


def test_text_of_a_definition_is_no_markup(monkeypatch):
    from kpicore.cli import catalogue

    evil = Metric(
        "evil", name="[red]Evil[/red]", unit=COUNT, meaning="[bold]x[/]", inputs={"a": count("order", where="[link=x]")}
    )
    monkeypatch.setattr(catalogue, "_known", lambda workspace: _registry_of(evil))
    for args in (["show", "evil"], ["list"]):
        output = run(*args).stdout
        assert "[red]Evil[/red]" in output


def _registry_of(*metrics: Metric) -> Any:

    registry = crm_registry(metrics=tuple(("test", each) for each in metrics))
    return registry, Config(Path(), "test"), []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (count("order"), "count of order"),
        (total("order", "amount", when="ordered_on"), "total of amount over order by ordered_on"),
        (distinct("order", "customer_id"), "distinct values of customer_id over order"),
        (average("lead", "score", where="score > 0"), "average of score over lead where score > 0"),
        (median("order", "amount"), "median of amount over order"),
        (percentile("order", "amount", 0.9), "90th percentile of amount over order"),
        (latest("lead", "score", when="created_on"), "latest of score over lead by created_on"),
        (count("order", regardless_of="stage"), "count of order (regardless of stage)"),
        (
            standing("customer_spell", since="active_from", until="active_to", at=DURING),
            "count of customer_spell from active_from to active_to, at any time",
        ),
        (
            count(per("customer_id", standing("s", "v", since="a", until="b")), where="at_start > 0"),
            "count of customer_id of (total of v over s from a to b, at the end) where at_start > 0",
        ),
        (metric("ltv.revenue"), "KPI ltv.revenue"),
        (earlier("revenue", "previous"), "KPI revenue in the period before"),
        (earlier("revenue", "year"), "KPI revenue a year earlier"),
        (target("total_sales"), "target of total_sales"),
    ],
)
def test_an_input_in_words(given, words):
    assert input_words(given) == words


@pytest.mark.parametrize(
    ("band", "words"),
    [
        (Band("low", below=0.2), "below 0.2"),
        (Band("fair", above=0.2, below=0.4), "0.2 to 0.4"),
        (Band("good", above=0.4), "0.4 or more"),
        (Band("always"), "any value"),
    ],
)
def test_a_band_in_words(band, words):
    assert band_range(band) == words
