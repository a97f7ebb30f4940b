"""The functions are made from the registry: every KPI, its aliases and calculators, a third party's too."""

from __future__ import annotations

import pytest

from kpicore import Cells
from kpicore_crm.testing import load_tiny_company

OWN = """
[metric.big_deals]
name = "Big deals"
unit = "count"
inputs.deals = { count = "opportunity", when = "closed_on", where = "amount >= 300" }
"""


@pytest.fixture(scope="module")
def functions(tiny_cells):
    return {function.name: function for function in tiny_cells.functions()}


def test_every_kpi_has_a_function_with_period_and_pairs(functions, tiny_cells):
    from kpicore import open_workspace

    for id in open_workspace(tiny_cells.folder).registry.metrics:
        found = functions[f"KPI_{id.upper()}"]
        assert [argument.name for argument in found.arguments] == ["period", "pairs"]
        assert found.arguments[-1].repeats and found.arguments[-1].optional
        assert found.help


def test_the_general_functions_are_there(functions):
    general = {function.name for function in functions.values() if function.kind == "general"}
    assert general == {
        *("KPI", "KPI_TABLE", "KPI_EXPLAIN", "KPI_TARGET", "KPI_ATTAINMENT", "KPI_PERIOD", "KPI_LIST", "KPI_ASOF"),
    }


def test_calculators_take_the_inputs_in_order(functions):
    assert [argument.name for argument in functions["KPI_CAC_CALC"].arguments] == ["cost", "new_customers"]
    assert functions["KPI_SALES_CYCLE_CALC"].arguments[0].repeats
    assert "KPI_WON_DEALS_CALC" not in functions


def test_variants_have_calculators_of_their_own(functions):
    assert functions["KPI_LTV_FORMULA_CALC"].variant == "formula"


def test_aliases_stand_for_the_same(functions):
    assert functions["KPI_MQL"].alias_of == "KPI_MQL_COUNT"
    assert functions["KPI_REQUIRED_OPPS_CALC"].alias_of == "KPI_REQUIRED_OPPORTUNITIES_CALC"


def test_names_are_unique_and_sorted_and_every_word_is_plain(functions, tiny_cells):
    names = [function.name for function in tiny_cells.functions()]
    assert names == sorted(set(names))
    assert all(name.replace("_", "").isalnum() and name.isascii() and name.isupper() for name in names)


def test_a_kpi_of_the_workspace_gets_its_function_with_no_further_work(tmp_path):
    load_tiny_company(tmp_path)
    cells = Cells(tmp_path)
    assert "KPI_BIG_DEALS" not in {function.name for function in cells.functions()}
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "own.toml").write_text(OWN)
    assert "KPI_BIG_DEALS" in {function.name for function in cells.functions()}
