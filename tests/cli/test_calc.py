"""`kpi calc`: plain numbers in, one number out, no data."""

from __future__ import annotations

import json

import pytest

from kpicore.testing import run_kpi


@pytest.fixture
def calc(tmp_path):
    """Give `calc("cac", "10000", "20")` in an empty folder."""

    def run(*arguments: str):
        return run_kpi("calc", *arguments, "--workspace", str(tmp_path))

    return run


def test_numbers_go_to_the_inputs_in_order_and_the_sum_is_shown(calc):
    result = calc("cac", "10000", "20")
    assert result.stdout == "cac.fully_loaded = cost / new_customers = 10,000 / 20 = 500.00\n"


def test_numbers_may_be_named_in_any_order(calc):
    result = calc("win_rate.closed", "base=6711", "Won=4238")
    assert result.stdout == "win_rate.closed = won / base = 4,238 / 6,711 = 63.2%\n"


def test_one_input_takes_any_number_of_values(calc):
    assert calc("sales_cycle", "10", "20", "60").stdout == "sales_cycle.mean = 30.0 days\n"
    assert calc("sales_cycle.median", "10", "20", "60").stdout == "sales_cycle.median = 20.0 days\n"


def test_json_holds_the_exact_value(calc):
    found = json.loads(calc("win_rate", "4238", "6711", "--json").stdout)
    assert found["value"] == 4238 / 6711
    assert (found["kpi"], found["variant"], found["unit"]) == ("win_rate", "closed", "share")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("cac 10000 0", "'cac.fully_loaded' has no value: a denominator is 0."),
        ("sales_growth 120 -5", "'sales_growth.previous' has no value: a denominator is 0 (with before -5)."),
        ("cac 10000", "'cac.fully_loaded' takes 2 numbers, not 1. It takes cost, new_customers."),
        ("cac cost=1 customers=2", "no argument named 'customers' in the calculator of 'cac.fully_loaded'. Did you"),
        ("cac 1 cost=1", "'cost' is given twice"),
        ("cac cost=1 cost=2", "'cost' is given twice."),
        ("cac 10,000 20", "'10,000' is not a number. Write 10000 or 0.25 or 25%."),
        ("cac nan 20", "'nan' is not a number."),
        ("cac 1e999 20", "'1e999' is not a number."),
        ("sales_cycle", "'sales_cycle.mean' needs at least one number."),
        ("won_deals 3", "'won_deals' is a plain count or total and has no calculator."),
        ("cca 1 2", "no KPI named 'cca'. Did you mean 'cac'?"),
        ("cac.full 1 2", "no variant named 'full' in KPI 'cac'."),
    ],
)
def test_what_cannot_be_calculated_is_one_clear_line(calc, arguments, line):
    result = calc(*arguments.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"kpi: {line}")
    assert result.stderr.count("\n") == 1
