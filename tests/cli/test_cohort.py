"""`kpi cohort`: the triangle on screen and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from kpicore import write_config
from kpicore.testing import run_kpi
from tests.engine.worlds import at, config_of, load_tables

ORDERS = """
    id customer_id ordered_at amount
    a1 ann 2025-01-10 100
    a2 ann 2025-03-05 30
    b1 bob 2025-01-15 200
    b2 bob 2025-02-10 20
    c1 cat 2025-02-01 10
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a shop as it is on 10 March 2025."""
    config = config_of(tmp_path_factory.mktemp("shop"), currency="EUR")
    load_tables(
        config, {"order": ORDERS, "customer": "id segment\nann [odd]\nbob small\ncat small"}, at=at("2025-03-10")
    )
    write_config(config)
    return config.folder


def run(shop: Path, *words: str) -> Result:
    return run_kpi("cohort", *words, "--workspace", str(shop))


def lines(shop: Path, *words: str) -> list[str]:
    result = run(shop, *words)
    assert (result.exit_code, result.stderr) == (0, "")
    return [" ".join(line.split()) for line in result.stdout.splitlines() if line.strip(" ─")]


def test_a_triangle_on_screen(shop: Path) -> None:
    assert lines(shop, "--period", "2025-Q1") == [
        "retention: share of the cohort that bought at that age; ages in months since the first purchase",
        "month size 0 1 2",
        "2025-01 2 100.0% 50.0% 50.0%*",
        "2025-02 1 100.0% 0.0%*",
        "2025-03 0 –",
        "all 3 100.0% 50.0% 50.0%*",
        "· * maturing: that month is in progress",
        "· cohorts taken together: at each age those that have lived it in full",
        "Data of 2025-03-10 12:00 UTC",
    ]


def test_money_tells_its_currency_and_months_to_come_have_no_size(shop: Path) -> None:
    found = lines(shop, "LTV", "--period", "2025-01..2025-04")
    assert found[0].startswith("ltv: amount of all orders so far, per customer, in EUR; ages in months")
    assert "2025-01 2 150.00 160.00 175.00*" in found
    assert "2025-04 –" in found
    assert "· – no size: the period has not started, or no order of it was loaded" in found


def test_members_are_shown_as_they_are_called(shop: Path) -> None:
    found = lines(shop, "customers", "--by", "month", "--by", "segment", "--period", "2025-01")
    assert found[1:4] == ["month segment size 0 1 2", "2025-01 [odd] 1 1 0 1*", "2025-01 small 1 1 1 0*"]
    found = lines(
        shop, "customers", "--by", "segment", "--period", "2025-01", "--where", "segment=small", "--ages", "1"
    )
    assert found[1:3] == ["segment size 0 1", "small 1 1 1"]


def test_a_wide_triangle_goes_on_below(shop: Path) -> None:
    found = lines(shop, "customers", "--period", "2025-01-10", "--by", "day")
    heads = [each.split()[2:] for each in found if each.startswith("day size")]
    assert len(heads) > 1
    assert [int(each) for head in heads for each in head] == list(range(60))  # to 10 March, the day of the data


def test_json_has_a_record_for_each_cohort_and_age(shop: Path) -> None:
    result = run(shop, "retention", "--period", "2025-01..2025-02", "--json")
    found = json.loads(result.stdout)
    assert [(each["cohort"], each["age"], each["period"], each["value"], each["reason"]) for each in found] == [
        ("2025-01", 0, "2025-01", 1.0, None),
        ("2025-01", 1, "2025-02", 0.5, None),
        ("2025-01", 2, "2025-03", 0.5, None),
        ("2025-02", 0, "2025-02", 1.0, None),
        ("2025-02", 1, "2025-03", 0.0, None),
        ("2025-02", 2, "2025-04", None, "not_started"),
    ]
    assert found[2] == {
        "cohort": "2025-01",
        "cuts": {},
        "size": 2,
        "age": 2,
        "age_unit": "month",
        "period": "2025-03",
        "show": "retention",
        "value": 0.5,
        "unit": "share",
        "reason": None,
        "maturing": True,
        "n": 2,
        "customers": 1,
        "orders": 1,
        "bought_again": 2,
        "revenue": 30.0,
        "revenue_so_far": 350.0,
        "data_time": "2025-03-10T12:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("retenton", "-p", "2025"), "no view of cohorts named 'retenton'. Did you mean 'retention'?"),
        (("-p", "2025", "--by", "sgment"), "no grain or dimension named 'sgment'. Did you mean 'segment'?"),
        (("-p", "2025", "--where", "segment"), "cannot read --where 'segment'"),
        (("-p", "soon"), "period 'soon': is not a period"),
    ],
)
def test_what_cannot_be_asked_is_one_line(shop: Path, words: tuple[str, ...], problem: str) -> None:
    result = run(shop, *words)
    assert result.exit_code == 1
    assert problem in result.stderr and len(result.stderr.splitlines()) == 1
