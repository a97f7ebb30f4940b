"""Amounts in several currencies: converted by dated rates, exactly, and the answer says by which.

Home is USD. EUR: 1.10 from January 1, 1.20 from March 1. GBP: 1.30 from January 1. No rate for CHF.

    o1 won on February 15   1000.01 EUR   1100.011
    o2 won on March 15      1000.01 EUR   1200.012
    o3 won on March 20         0.10 GBP      0.13
    o4 won on March 31         0.20 USD      0.20
    o5 won on March 31          500 CHF      not known
    o6 open                     100 EUR    120 at the data day, July 15
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kpicore import Workspace, load_plugins
from tests.engine.worlds import config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts

DEALS = """
    id outcome created_at closed_at  amount  currency
    o1 won     2025-01-01 2025-02-15 1000.01 EUR
    o2 won     2025-01-01 2025-03-15 1000.01 EUR
    o3 won     2025-01-01 2025-03-20 0.10    GBP
    o4 won     2025-01-01 2025-03-31 0.20    USD
    o5 won     2025-01-01 2025-03-31 500     CHF
    o6 open    2025-01-01 -          100     EUR
"""
RATES = """
    currency rate_on    rate
    EUR      2025-01-01 1.10
    EUR      2025-03-01 1.20
    GBP      2025-01-01 1.30
"""
POLICY = "EUR, GBP converted to 4 decimals at the rate of the day in closed_on, of the data day where that is empty"
MISSING = "1 row has no rate for CHF: its amounts are left empty; import fx_rate: currency, rate_on, rate"


@pytest.fixture(scope="module")
def money(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    config = config_of(tmp_path_factory.mktemp("money"))
    load_tables(config, {"opportunity": DEALS, "fx_rate": RATES})
    with Workspace(config, load_plugins(())) as found:
        yield found


def test_each_row_is_converted_by_the_rate_of_its_own_day_and_the_answer_says_so(money: Workspace) -> None:
    assert value(money, "total_sales", "2025-02") == 1100.011
    found = answer(money, "total_sales", "2025-03")
    assert found.value == 1200.342  # 1200.012 + 0.13 + 0.20, exactly
    assert POLICY in note_texts(found.notes)


def test_an_amount_without_a_rate_is_left_out_and_counted_not_guessed(money: Workspace) -> None:
    notes = note_texts(answer(money, "total_sales", "2025-03").notes)
    assert MISSING in notes
    assert "1 of 4 rows of opportunity left out: no amount" in notes
    assert value(money, "avg_deal_size", "2025-03") == pytest.approx(1200.342 / 3)


def test_open_deals_are_converted_at_the_data_day(money: Workspace) -> None:
    found = answer(money, "pipeline_value", "2025-07-15")
    assert found.value == 120
    assert POLICY in note_texts(found.notes)


def test_a_number_without_amounts_says_nothing_of_rates(money: Workspace) -> None:
    assert POLICY not in note_texts(answer(money, "win_rate", "2025-03").notes)
    assert value(money, "pipeline_count", "2025-02-01") == 6


def test_amounts_can_be_cut_by_the_currency_they_were_given_in(money: Workspace) -> None:
    assert value(money, "total_sales", "2025-03", currency="EUR") == 1200.012
    assert value(money, "total_sales", "2025-03", currency="CHF") == 0
    assert value(money, "pipeline_value", "2025-07-15", currency="EUR") == 120
