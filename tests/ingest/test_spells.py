"""When customers were active, under each of the three rules. The data day is 2025-07-15."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.said import note_texts

SPELLS = "SELECT customer_id, active_from, active_to FROM kpi.customer_spell ORDER BY customer_id, active_from"


def test_a_gap_longer_than_the_rule_ends_a_spell_that_many_days_after_the_last_order(give, ask):
    give(
        settings={"inactivity_days": 90},
        order="""
            id customer_id ordered_at
            1  c1          2024-01-01
            2  c1          2024-03-31
            3  c1          2024-09-01
            4  c1          2025-07-01
            5  c2          2025-04-16
            6  c3          2025-04-17
        """,
    )
    assert ask(SPELLS) == [
        ("c1", date(2024, 1, 1), date(2024, 6, 29)),  # 90 days apart is no gap; March 31 + 90 days
        ("c1", date(2024, 9, 1), date(2024, 11, 30)),
        ("c1", date(2025, 7, 1), None),
        ("c2", date(2025, 4, 16), date(2025, 7, 15)),  # ends on the data day itself
        ("c3", date(2025, 4, 17), None),
    ]


def test_cancelled_orders_keep_nobody_active(tiny):
    assert tiny.query(SPELLS) == [
        ("c1", date(2025, 1, 26), None),
        ("c2", date(2025, 2, 10), None),
        ("c5", date(2025, 4, 21), None),
    ]


def test_spells_have_the_dimensions_of_the_customer(tiny):
    sql = "SELECT customer, rep, region, segment FROM kpi.customer_spell ORDER BY customer"
    assert tiny.query(sql)[0] == ("Acme", "Ann Lee [u1]", "Europe", "small")


def test_without_orders_won_deals_count_as_purchases_and_the_notes_say_so(give, ask, state):
    give(opportunity="id customer_id outcome closed_at\n 1 c1 won 2025-06-01\n 2 c2 lost 2025-06-01")
    assert ask(SPELLS) == [("c1", date(2025, 6, 1), None)]
    assert note_texts(state().entities["customer_spell"].notes) == (
        "no orders are loaded: won deals count as purchases",
    )


def test_subscriptions_that_overlap_or_touch_are_one_spell(give, ask, state):
    give(
        settings={"active_rule": "subscription"},
        subscription="""
            id customer_id started_on ended_on
            1  c1          2025-01-01 2025-02-01
            2  c1          2025-02-01 2025-03-01
            3  c1          2025-02-15 2025-02-20
            4  c1          2025-04-01 -
            5  c2          2025-01-01 -
            6  c2          2025-02-01 2025-03-01
            7  c3          2025-05-01 2025-04-01
            8  c4          2025-05-01 2026-05-01
        """,
    )
    assert ask(SPELLS) == [
        ("c1", date(2025, 1, 1), date(2025, 3, 1)),
        ("c1", date(2025, 4, 1), None),
        ("c2", date(2025, 1, 1), None),
        ("c4", date(2025, 5, 1), date(2026, 5, 1)),
    ]
    assert note_texts(state().entities["subscription"].notes) == (
        "1 row ends before it starts (ended_on before started_on): it counts on no day",
    )


def test_rows_that_end_on_or_before_the_day_they_start_are_told_of_every_entity(give, state):
    give(
        contract="id customer_id starts_on ends_on\n 1 c1 2025-01-01 2025-01-01\n 2 c1 2025-02-01 2025-01-01",
        user="id active_from active_to\n u1 2025-01-02 2025-01-01\n u2 2025-01-02 2025-01-01\n u3 2025-01-01 -",
        product="id active_from active_to\n p1 2025-01-02 2025-01-02",
    )
    assert note_texts(state().entities["contract"].notes) == (
        "1 row ends before it starts (ends_on before starts_on): it counts on no day",
        "1 row ends on the day it starts (ends_on is the first day after): it counts on no day",
    )
    assert note_texts(state().entities["user"].notes) == (
        "2 rows end before they start (active_to before active_from): they count on no day",
    )
    assert note_texts(state().entities["product"].notes) == (
        "1 row ends on the day it starts (active_to is the first day after): it counts on no day",
    )


def test_contracts_make_spells_too(give, ask):
    give(
        settings={"active_rule": "contract"},
        contract="id customer_id ordered_at ends_on\n 1 c1 2025-01-01 2025-07-01\n 2 c1 2025-07-01 2026-01-01",
    )
    assert ask(SPELLS) == [("c1", date(2025, 1, 1), date(2026, 1, 1))]


def test_a_later_data_day_closes_spells_and_is_another_data_version(give, ask):
    orders = "id customer_id ordered_at\n 1 c1 2025-07-01"
    first = give(order=orders)
    second = give(order=orders, time=datetime(2026, 7, 1, tzinfo=UTC))
    assert ask(SPELLS) == [("c1", date(2025, 7, 1), date(2026, 7, 1))]
    assert first.version != second.version


def test_the_rule_can_change(give, ask):
    tables = {
        "order": "id customer_id ordered_at\n 1 c1 2025-07-01",
        "subscription": "id customer_id started_on ended_on\n 1 c2 2025-01-01 2025-02-01",
    }
    give(**tables)
    give(**tables, settings={"active_rule": "subscription"})
    assert ask(SPELLS) == [("c2", date(2025, 1, 1), date(2025, 2, 1))]


START = date(2025, 1, 1)
TERMS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def merged():
    """Give the spells that the statement makes of terms, without a load around it."""
    import duckdb

    from kpicore_crm.derived.active_periods import terms_merged

    connection = duckdb.connect()

    def spells(terms: list[tuple[int, int]]) -> list[tuple[date, date]]:
        connection.execute("CREATE OR REPLACE TABLE term (customer_id VARCHAR, started_on DATE, ended_on DATE)")
        for first, days in terms:
            row = ["c", START + timedelta(first), START + timedelta(first + days)]
            connection.execute("INSERT INTO term VALUES (?, ?, ?)", row)
        sql = terms_merged("term", "customer_id", "started_on", "ended_on")
        return [row[1:] for row in connection.execute(f"{sql} ORDER BY active_from").fetchall()]

    return spells


@settings(deadline=None)  # the machine may be busy
@given(terms=TERMS)
def test_merged_terms_cover_the_same_days_and_never_touch(merged, terms):
    spells = merged(terms)
    covered = {START + timedelta(day) for first, days in terms for day in range(first, first + days)}
    assert {first + timedelta(n) for first, last in spells for n in range((last - first).days)} == covered
    assert all(earlier[1] < later[0] for earlier, later in pairwise(spells))
