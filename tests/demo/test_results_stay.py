"""Promise 28 on the demo: a result already returned never changes, whatever is asked afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpicore import Result, Workspace, open_workspace
from tests.demo.conftest import Demo

SOLD = 2_113_675.03
"""The deals won in 2025, as SQL by hand counts them: test_oracle.py."""


def ask(opened: Workspace, where: dict[str, str]) -> None:
    opened.get("total_sales", "2026-03", where=where)


def explain(opened: Workspace, where: dict[str, str]) -> None:
    opened.explain("total_sales", "2026-03", where=where).inputs[0].rows()


def table(opened: Workspace, where: dict[str, str]) -> None:
    opened.get("total_sales", "2026", where=where, by=["rep", "customer"], grain="month").values()


def total(result: Result) -> float:
    return round(sum(each or 0 for each in result.values()), 2)


@pytest.mark.parametrize("ask_then", [ask, explain, table])
@pytest.mark.parametrize("is_looked_at", [True, False])
def test_a_table_by_rep_and_customer_stays_when_one_of_them_is_asked_for(
    made: Demo, ask_then: Callable[[Workspace, dict[str, str]], None], is_looked_at: bool
) -> None:
    with open_workspace(made.folder) as opened:
        result = opened.get("total_sales", "2025", by=["rep", "customer"])
        one = {name: opened.members(name)[0] for name in ("rep", "customer")}
        if is_looked_at:
            assert total(result) == SOLD
        ask_then(opened, one)
        assert (len(result.answers), total(result)) == (270, SOLD)
        assert round(sum(answer.value or 0 for answer in result.answers), 2) == SOLD
        assert opened.get("total_sales", "2025").values() == [pytest.approx(SOLD, abs=0.005)]
