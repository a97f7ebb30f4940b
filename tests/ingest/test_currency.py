"""Amounts in foreign currencies."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest

from kpicore import BadDefinition
from tests.said import note_texts

RATES = """
    currency rate_on    rate
    EUR      2025-01-01 1.10
    EUR      2025-02-01 1.20
    huf      2025-01-01 0.0025
"""


def test_an_amount_is_converted_by_the_rate_of_its_own_main_date(give, ask):
    give(
        fx_rate=RATES,
        opportunity="""
            id amount currency closed_at
            o1 100    EUR      2025-01-31
            o2 100    eur      2025-02-01
            o3 10000  HUF      2025-06-01
            o4 100    USD      2025-02-01
            o5 100    -        2025-02-01
        """,
    )
    assert ask("SELECT id, amount FROM kpi.opportunity ORDER BY id") == [
        ("o1", Decimal(110)),
        ("o2", Decimal(120)),
        ("o3", Decimal(25)),
        ("o4", Decimal(100)),
        ("o5", Decimal(100)),
    ]


@pytest.mark.parametrize("spellings", [("EUR", "eur"), ("eur", "EUR"), ("Eur", "eUR")])
def test_of_two_rates_of_one_currency_and_day_the_last_one_counts_and_that_is_told(give, ask, state, spellings):
    first, last = spellings
    give(
        fx_rate=f"currency rate_on rate\n {first} 2025-01-01 1.10\n {last} 2025-01-01 1.20\n HUF 2025-01-01 0.0025",
        opportunity="id amount currency closed_at\n o1 100 EUR 2025-01-31",
    )
    assert ask("SELECT amount FROM kpi.opportunity") == [(Decimal(120),)]
    assert note_texts(state().entities["fx_rate"].notes) == (
        "1 row was given again with the same currency in any case and rate_on: the last one counts",
    )


def test_a_rate_that_is_given_twice_alike_is_no_conflict(give, ask, state):
    give(
        fx_rate="currency rate_on rate\n EUR 2025-01-01 1.10\n eur 2025-01-01 1.10",
        opportunity="id amount currency closed_at\n o1 100 EUR 2025-01-31",
    )
    assert ask("SELECT amount FROM kpi.opportunity") == [(Decimal(110),)]
    assert state().entities["fx_rate"].notes == ()


def test_a_row_without_a_rate_has_no_amount_and_is_counted(give, ask, state):
    give(
        fx_rate=RATES,
        opportunity="""
            id amount currency closed_at
            o1 100    GBP      2025-01-31
            o2 50     GBP      2025-01-31
            o3 -      GBP      2025-01-31
            o4 100    EUR      2024-12-31
        """,
    )
    assert ask("SELECT DISTINCT amount FROM kpi.opportunity") == [(None,)]
    assert note_texts(state().entities["opportunity"].notes) == (
        "1 row has no rate for EUR: its amounts are left empty; import fx_rate: currency, rate_on, rate",
        "2 rows have no rate for GBP: their amounts are left empty; import fx_rate: currency, rate_on, rate",
    )


def test_an_open_deal_takes_the_rate_of_the_data_day(give, ask):
    give(fx_rate=RATES, opportunity="id amount currency closed_at\n o1 100 EUR -")
    assert ask("SELECT amount FROM kpi.opportunity") == [(Decimal(120),)]


def test_without_any_rates_foreign_amounts_are_left_empty(give, ask, state):
    give(opportunity="id amount currency closed_at\n o1 100 EUR 2025-01-01\n o2 7 USD 2025-01-01")
    assert ask("SELECT id, amount FROM kpi.opportunity ORDER BY id") == [("o1", None), ("o2", Decimal(7))]
    assert note_texts(state().entities["opportunity"].notes) == (
        "1 row has no rate for EUR: its amounts are left empty; import fx_rate: currency, rate_on, rate",
    )


def test_a_total_of_converted_lines_is_not_converted_twice(give, ask):
    give(
        fx_rate=RATES,
        order_line="id order_id ordered_at amount currency\n 1 A 2025-01-05 100 EUR\n 2 A 2025-01-05 10 USD",
    )
    assert ask("SELECT amount FROM kpi.order") == [(Decimal(120),)]


def test_a_line_amount_made_from_a_foreign_price_is_converted_once(give, ask):
    give(
        fx_rate=RATES,
        order_line="id order_id ordered_at quantity unit_price currency\n 1 A 2025-01-05 3 10 EUR",
    )
    assert ask("SELECT amount FROM kpi.order_line") == [(Decimal(33),)]


def test_a_new_rate_and_another_home_currency_make_the_amounts_anew(give, ask):
    deals = "id amount currency closed_at\n o1 100 EUR 2025-03-01"
    first = give(fx_rate=RATES, opportunity=deals)
    second = give(name="bank", fx_rate="currency rate_on rate\n EUR 2025-03-01 1.5")
    assert ask("SELECT amount FROM kpi.opportunity") == [(Decimal(150),)]
    assert second.version != first.version
    give(name="bank", fx_rate="currency rate_on rate\n EUR 2025-03-01 1.5", currency="EUR")
    assert ask("SELECT amount FROM kpi.opportunity") == [(Decimal(100),)]


def test_every_amount_is_converted_exactly_as_long_as_money_has_a_place_for_it(give, ask):
    rates = {"AAA": "0.000001", "BBB": "1", "CCC": "400", "DDD": "999999999999.999999"}
    amounts = ["0.0001", "0.1250", "300000", "99999999", "100000000", "99999999999999.9999"]
    with localcontext(prec=60):
        exact = {
            f"{code}{amount}": (Decimal(amount) * Decimal(rate)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            for code, rate in rates.items()
            for amount in amounts
        }
    fitting = {id: value for id, value in exact.items() if value < 10**14}
    assert len(fitting) == 19
    give(
        currency="HUF",
        fx_rate="currency rate_on rate\n" + "\n".join(f"{code} 2025-01-01 {rate}" for code, rate in rates.items()),
        opportunity="id amount currency closed_at\n"
        + "\n".join(f"{id} {id[3:]} {id[:3]} 2025-01-31" for id in fitting),
    )
    assert dict(ask("SELECT id, amount FROM kpi.opportunity")) == fitting


def test_a_converted_amount_that_money_has_no_place_for_stops_the_load_in_words(give):
    with pytest.raises(BadDefinition, match=r"field 'opportunity\.amount': .* too large a number"):
        give(
            fx_rate="currency rate_on rate\n EUR 2025-01-01 400",
            opportunity="id amount currency closed_at\n o1 99999999999999.9999 EUR 2025-01-31",
        )


def test_an_order_of_300000_euros_is_120_million_forints(give, ask):
    give(
        currency="HUF",
        fx_rate="currency rate_on rate\n EUR 2025-01-01 400",
        order="id customer_id ordered_at amount currency\n A c1 2025-01-31 300000 EUR",
    )
    assert ask('SELECT amount FROM kpi."order"') == [(Decimal(120_000_000),)]
