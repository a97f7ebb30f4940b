"""A live workbook of KPIs whose sources are of two days: each counts to its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Workspace
from kpicore_excel.live import workbook_request, write_live_workbook
from kpicore_excel.live.input_tables import gathered
from tests.excel.live.conftest import BEFORE, REMARK, VALUE, lines, spoiled
from tests.freshness.shop import opened_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with opened_shop(tmp_path_factory.mktemp("shop")) as opened:
        yield opened


def test_it_calculates_the_engines_numbers_beside_the_same_days_before(office, shop: Workspace, tmp_path: Path):
    request = workbook_request(shop, ["revenue", "cac"], "2025-06")
    write_live_workbook(shop, request, tmp_path / "live.xlsx")
    office.open(spoiled(tmp_path / "live.xlsx"))
    shown = lines(office)
    assert shown["Revenue"][VALUE : BEFORE + 1] == [900, 500]
    assert shown["Customer acquisition cost"][VALUE : BEFORE + 1] == [60, 30]
    remark = str(shown["Customer acquisition cost"][REMARK])
    assert remark.startswith("to date, 8 of 30 days; books: 20 days behind")


def test_what_formulas_use_of_a_period_is_that_of_the_days_of_each_kpi(shop: Workspace):
    inputs = gathered(shop, workbook_request(shop, ["revenue", "cac"], "2025-06"))
    columns = [inputs.column_of[key, "period.days"] for key, _ in sorted(inputs.of, reverse=True)[::2]]
    assert sorted(set(columns)) == ["period_days", "period_days_2"]
    assert (inputs.of_periods["period_days"][0], inputs.of_periods["period_days_2"][0]) == (28, 8)
