"""Calculators in cells: the numbers of the articles, ranges, and what is refused."""

from __future__ import annotations

import pytest

from kpicore import CellFailure
from tests.catalogue.golden import GOLDEN


def function_of(ref: str) -> str:
    id, _, variant = ref.partition(".")
    return f"KPI_{id}_{variant}_CALC" if variant else f"KPI_{id}_CALC"


@pytest.mark.parametrize("golden", GOLDEN, ids=str)
def test_the_numbers_of_the_articles(cell, golden):
    assert cell(function_of(golden.ref), *golden.numbers) == pytest.approx(golden.value, rel=1e-12)


def test_a_range_is_summed_where_the_input_is_a_sum(cell):
    assert cell("KPI_WIN_RATE_CALC", ((1.0, 2.0), (None, 1.0)), 8) == 0.5
    assert cell("KPI_LTV_CALC", ((150.0, 250.0), (450.0, ""))) == 850


def test_a_range_for_what_is_no_sum_is_refused(cell):
    found = cell("KPI_LTV_CAC_CALC", ((5.0,), (3.0,)), 1)
    assert found == CellFailure("#VALUE!", "'ltv' is no sum and cannot be 2 numbers. Name one cell.")


def test_zero_denominators_and_wild_numbers_are_native_errors(cell):
    assert cell("KPI_WIN_RATE_CALC", 1, 0).code == "#DIV/0!"
    assert cell("KPI_AOV_CALC", 1e308, 1e-308).code == "#NUM!"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((1,), "takes 2 numbers: won, base"),
        ((1, 2, 3), "takes 2 numbers"),
        ((None, 2), "'won' is empty"),
        (("1", 2), "no number"),
        ((True, 2), "no number"),
        ((((None,),), 2), "'won' is empty"),
        ((CellFailure("#VALUE!", "it came in"), 2), "it came in"),
    ],
)
def test_bad_numbers_are_refused(cell, arguments, why):
    found = cell("KPI_WIN_RATE_CALC", *arguments)
    assert found.code == "#VALUE!" and why in found.message


def test_a_share_above_one_is_refused(cell):
    assert "is a share and cannot be 20" in cell("KPI_REQUIRED_OPPS_CALC", 100, 20).message


def test_a_plain_count_has_no_calculator(cell):
    assert cell("KPI_WON_DEALS_CALC", 1).code == "#NAME?"
