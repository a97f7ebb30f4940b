"""Calculators run in Excel itself; what they give and refuse is what the engine gives and refuses."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from tests.excel.officejs.excel import Server

CALLS: dict[str, tuple[str, Sequence[object]]] = {
    "numbers": ("CAC_CALC", [10_000, 20]),
    "a range is summed": ("CAC_CALC", [[[6_000], [4_000]], [[5, 15]]]),
    "empty cells of a range are none": ("CAC_CALC", [[[6_000], [""], [4_000]], 20]),
    "an empty cell": ("CAC_CALC", ["", 20]),
    "a range of empty cells": ("CAC_CALC", [[[""], [""]], 20]),
    "a number as text": ("CAC_CALC", ["10000", 20]),
    "a decimal comma": ("CAC_CALC", ["10,5", 20]),
    "a truth value": ("CAC_CALC", [True, 20]),
    "text in a range": ("CAC_CALC", [[[1], ["x"]], 20]),
    "a zero denominator": ("CAC_CALC", [10_000, 0]),
    "a number too few": ("CAC_CALC", [10_000]),
    "an average of values and ranges": ("SALES_CYCLE_CALC", [10, [[20, 60]]]),
    "an average of nothing": ("SALES_CYCLE_CALC", [[[""], [""]]]),
    "a median of four": ("SALES_CYCLE_MEDIAN_CALC", [40, 10, 20, 90]),
    "a percentile": ("SALES_CYCLE_P90_CALC", [[[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]]),
    "a share as percent": ("REQUIRED_OPPORTUNITIES_CALC", [120, 25]),
    "an overflow": ("CAC_CALC", [1e308, 1e-10]),
    "a range that overflows": ("CAC_CALC", [[[-1e308], [-1e308]], 20]),
    "an average that overflows": ("SALES_CYCLE_CALC", [1e308, 1e308]),
    "a total that overflows": ("LTV_CALC", [1e308, 1e308, 1]),
    "a median that overflows": ("SALES_CYCLE_MEDIAN_CALC", [-1e308, 1e308]),
    "huge and tiny": ("SALES_CYCLE_CALC", [1e16, 1, -1e16]),
    "a range of huge and tiny": ("CAC_CALC", [[[1e16, 1, -1e16]], 1]),
    "a share a little too large": ("REQUIRED_OPPORTUNITIES_CALC", [120, 1.0000000001]),
}


@pytest.fixture(scope="module")
def answers(server: Server, token: str) -> dict[str, object]:
    """Give what the server answers to the same calls."""
    body = json.dumps({"calls": [[f"KPI_{name}", given] for name, given in CALLS.values()]}).encode()
    _, _, content = server.ask("/v1/cells", body, authorization=f"Bearer {token}", content_type="application/json")
    return dict(zip(CALLS, json.loads(content)["results"], strict=True))


@pytest.mark.parametrize("case", CALLS)
def test_a_calculator_in_excel_tells_what_the_engine_tells(excel, answers, case):
    name, given = CALLS[case]
    shown = excel.cells([[name, given]])
    assert shown["requests"] == 0
    expected = answers[case]
    if isinstance(expected, dict):
        assert shown["results"][0] == expected
    else:
        assert shown["results"][0] == pytest.approx(expected, rel=1e-12)


def test_the_values_are_those_worked_out_by_hand(excel):
    found = excel.cells([[name, given] for name, given in CALLS.values()])["results"]
    told = dict(zip(CALLS, found, strict=True))
    assert told["numbers"] == told["a range is summed"] == told["empty cells of a range are none"] == 500
    assert told["an average of values and ranges"] == 30
    assert told["a median of four"] == 30
    assert told["a range of huge and tiny"] == 1
    assert told["a percentile"] == pytest.approx(9.1)
    assert told["a zero denominator"]["error"] == "#DIV/0!"
