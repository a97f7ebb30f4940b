"""A token for some KPIs reads no number of others where there is none of its own, nor what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Narrowing
from kpicore_crm.testing import load_tiny_company
from tests.http.conftest import Served, serving

FUNCTIONS = ("KPI", "KPI_EXPLAIN", "KPI_TABLE")
GOALS = """
[[target]]
kpi = "won_deals"
period = "2025-Q3"
value = 777

[[target]]
kpi = "won_deals"
period = "2025-Q3"
value = 778
"""
OWN = """
[metric.reach]
name = "Reach"
unit = "ratio"
formula = "won / goal"
inputs.won = { count = "opportunity", when = "closed_on" }
inputs.goal = { target = "won_deals" }

[metric.twice]
name = "Twice"
unit = "ratio"
formula = "reach * 2"
inputs.reach = { metric = "reach" }

[metric.over]
name = "Over"
unit = "ratio"
formula = "deals / (deals - same)"
inputs.deals = { metric = "won_deals" }
inputs.same = { metric = "won_deals" }

[metric.cac_net]
name = "Broken"
unit = "count"
formula = "big / nothing"
inputs.big = { count = "opportunity", when = "closed_on" }
"""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Served]:
    load_tiny_company(tmp_path)
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "own.toml").write_text(OWN, encoding="utf-8")
    with (tmp_path / "kpi.toml").open("a", encoding="utf-8") as config:
        config.write(GOALS)
    with serving(tmp_path) as served:
        yield served


@pytest.mark.parametrize(
    ("kpi", "period", "number"), [("reach", "2025-Q3", "777"), ("twice", "2025-Q3", "777"), ("over", 2025, "deals 7")]
)
def test_why_there_is_no_number_tells_none_of_another_kpi_or_of_its_target(company, kpi, period, number):
    calls = [[function, [kpi, period]] for function in FUNCTIONS]
    narrowed = company.narrowed(Narrowing(("reach", "twice", "over")))
    assert all(number in str(result) for result in company.ask(*calls))
    assert not any(number in str(result) for result in narrowed.ask(*calls))


def test_what_is_wrong_with_a_kpi_is_told_to_a_token_for_it_and_to_none_for_one_that_begins_alike(company):
    calls = [["KPI_CAC_NET", [2025]], ["KPI_CAC_NET_CALC", [1]], ["KPI", ["cac_net", 2025]]]
    others, own = (company.narrowed(Narrowing((kpi,))).ask(*calls) for kpi in ("cac", "cac_net"))
    assert {result["error"] for result in others} == {"#NAME?"}
    assert all("in what this token may ask." in result["message"] for result in others)
    assert all(result["message"].startswith("This KPI is defined wrongly here.") for result in own)
