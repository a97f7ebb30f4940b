"""`kpi coverage`: which KPIs can be computed, what the others lack."""

from __future__ import annotations

import json

import pytest

from kpicore.testing import run_kpi


@pytest.fixture(scope="module")
def found(tiny):
    """Give what `kpi coverage --json` tells of each KPI and variant of the tiny company."""
    result = run_kpi("coverage", "--json", "--workspace", str(tiny))
    return {(load["kpi"], load["variant"]): load for load in json.loads(result.stdout)}


def test_a_kpi_whose_rows_and_fields_are_loaded_is_computable(found):
    assert found["win_rate", "closed"] == {
        "kpi": "win_rate",
        "name": "Win rate",
        "variant": "closed",
        "computable": True,
        "lacks": [],
        "partly": [],
    }


def test_a_kpi_without_its_entity_or_field_says_what_it_lacks(found):
    assert found["email_open_rate", "delivered"]["lacks"] == ["no email_send was loaded"]
    assert found["opportunity_quality", "score"]["lacks"] == ["no lead has a value in score"]
    assert not found["opportunity_quality", "score"]["computable"]


def test_computable_means_that_get_gives_a_number_or_a_reason_of_the_period(found, run_json):
    sound = [
        f"{name}.{variant}" if variant != "default" else name
        for (name, variant), it in found.items()
        if it["computable"]
    ]
    plain = [
        each for each in sound if each.partition(".")[0] in ("win_rate", "total_sales", "revenue", "mrr", "nps", "cpl")
    ]
    reasons = {each["reason"] for each in run_json("get", *plain, "--period", "2025-Q1")}
    assert "not_loaded" not in reasons


def test_what_a_computable_kpi_lacks_in_part_is_told(found, run):
    (lacks,) = found["cac", "fully_loaded"]["partly"]
    assert lacks.startswith("cost has no rows with category training, benefits")
    assert "salaries" not in lacks
    assert found["ltv_cac", "default"]["partly"] == [lacks]
    assert "computable in part" in run("coverage").stdout


def test_the_summary_line_comes_first(run, found):
    first = run("coverage").stdout.splitlines()[0]
    sound = [key for key, each in found.items() if each["computable"]]
    kpis, some = len({name for name, _ in found}), len({name for name, _ in sound})
    assert first == (
        f"{some} of {kpis} KPIs are computable with the loaded data ({len(sound)} of {len(found)} variants)."
    )


def test_what_is_missing_is_named_with_the_kpis_that_wait_for_it(run):
    lines = [" ".join(line.split()) for line in run("coverage").stdout.splitlines()]
    assert "no email_send was loaded email_open_rate" in lines
    assert "no lead has a value in score opportunity_quality (score)" in lines


def test_without_data_it_says_what_to_do(tmp_path):
    run_kpi("init", str(tmp_path))
    result = run_kpi("coverage", "--workspace", str(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "kpi import" in result.stderr
    assert result.stderr.count("\n") == 1
