"""What is lost, what is not known, and how many rows stand behind a sum: numbers worked out by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from kpicore import COUNT, MONEY, Metric, Workspace, count, load_plugins, metric, total
from tests.crm import crm_plugins
from tests.engine.worlds import at, config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts

NOW = at("2026-06-30")


def opened(folder: Path, *metrics: Metric, settings: dict[str, object] | None = None, **tables: str) -> Workspace:
    config = config_of(folder, settings=settings or {})
    load_tables(config, tables, at=NOW)
    packs = load_plugins(()).contributions.metrics
    return Workspace(config, crm_plugins(metrics=(*packs, *(("test", each) for each in metrics))))


DEAL = "id created_at closed_at outcome amount owner_id\n1 2026-01-05 2026-02-10 won 100 U1"


@pytest.mark.parametrize(
    ("last", "sold"),
    # the end is the first day after: who ends on February 1 was there in January only
    [("2026-01-31", 100), ("2026-02-01", 100), ("2026-02-02", 50), ("2026-03-01", 50), ("-", 50)],
)
def test_a_rep_counts_in_the_periods_with_a_day_of_theirs(tmp_path: Path, last: str, sold: float) -> None:
    reps = f"id active_from active_to\nU1 2025-01-01 -\nU2 2025-01-01 {last}"
    with opened(tmp_path, opportunity=DEAL, user=reps) as found:
        assert value(found, "sales_per_rep", "2026-02") == sold


CONTRACTS = {"active_rule": "contract"}


def test_churn_after_the_deal_sees_any_loss_since_not_only_the_last(tmp_path: Path) -> None:
    terms = """
        id customer_id ordered_at starts_on ends_on
        3  K2          2025-01-01 2025-01-01 2025-03-01
        4  K2          2025-06-01 2025-06-01 2025-12-01
        5  K3          2025-01-01 2025-01-01 2025-03-01
        6  K4          2024-01-01 2024-01-01 2024-06-01
        7  K4          2025-01-05 2025-01-05 -
    """
    deals = """
        id created_at closed_at  outcome customer_id
        2  2024-12-01 2025-01-10 won     K2
        3  2024-12-01 2025-01-10 won     K3
        4  2024-12-01 2025-04-10 lost    K3
        5  2024-12-01 2025-02-10 won     K4
        6  2024-12-01 2025-02-10 won     -
    """
    with opened(tmp_path, settings=CONTRACTS, contract=terms, opportunity=deals) as found:
        # K2 was lost on March 1 and came back, K3 was lost on that day for good
        assert answer(found, "post_close_churn", "2025-01").value == 1
        # K4 was lost before the deal and never again; of the last deal the customer is not known
        assert answer(found, "post_close_churn", "2025-02").value == 0


@pytest.mark.parametrize(("known", "value", "reason"), [(True, 0, None), (False, None, "not_loaded")])
def test_where_nobody_was_ever_lost_no_deal_has_churned(
    tmp_path: Path, known: bool, value: float | None, reason: str | None
) -> None:
    deals = "id created_at closed_at outcome customer_id\n2 2024-12-01 2025-01-10 won K2"
    terms = {"contract": "id customer_id starts_on\n1 K2 2025-01-01"} if known else {}
    with opened(tmp_path, settings=CONTRACTS, opportunity=deals, **terms) as found:
        told = answer(found, "post_close_churn", "2025-01")
        assert (told.value, told.reason) == (value, reason)


def test_the_first_loss_since_a_deal_is_that_of_a_calendar(tmp_path: Path) -> None:
    dice = random.Random(5)
    first, terms, deals, churned = date(2024, 1, 1), [], [], 0
    for customer in range(60):
        day, losses = first + timedelta(dice.randrange(60)), []
        for _ in range(dice.randrange(4)):
            losses.append(day + timedelta(dice.randrange(1, 120)))
            terms.append(f"K{customer}-{day} K{customer} {day} {losses[-1]}")
            day = losses[-1] + timedelta(dice.randrange(1, 90))
        closed = first + timedelta(dice.randrange(366))
        deals.append(f"D{customer} K{customer} {closed} won")
        churned += any(0 <= (loss - closed).days <= 90 for loss in losses)
    tables = {
        "contract": "\n".join(["id customer_id starts_on ends_on", *terms]),
        "opportunity": "\n".join(["id customer_id closed_at outcome", *deals]),
    }
    with opened(tmp_path, settings={**CONTRACTS, "post_close_days": 90}, **tables) as found:
        told = answer(found, "post_close_churn", "2024")
        assert (told.value, told.n) == (churned / 60, 60)
        assert 0 < churned < 60


def test_a_margin_with_an_unknown_amount_or_cost_is_unknown(tmp_path: Path) -> None:
    orders = """
        id customer_id ordered_at amount cost_of_goods
        1  K1          2026-01-02 100    60
        2  K1          2026-01-03 -      500
        3  K2          2026-01-03 30     10
        4  K3          2026-01-03 70     -
        5  K3          2026-01-03 70     20
    """
    with opened(tmp_path, order=orders) as found:
        told = answer(found, "ltv.profit", "2026-01")
        assert (told.value, told.n) == (20, 1)
        assert "2 of 3 rows of customer left out: no lifetime_margin" in note_texts(told.notes)


def test_a_total_of_rows_without_an_amount_is_told_where_it_is_read(tmp_path: Path) -> None:
    tables = {
        "order": """
            id customer_id ordered_at amount
            1  K1          2026-01-02 100
            2  K1          2026-01-03 -
            3  K2          2026-01-03 30
            4  K3          2026-01-03 -
        """,
        "order_line": """
            id order_id amount
            1  1        70
            2  1        -
            3  2        5
            4  2        -
            5  2        -
        """,
    }
    with opened(tmp_path, **tables) as found:
        # of order 2 two of three lines are not known; the amount of order 1 was given, and nothing is known of 4
        netted = "2 rows of order_line left out of amount of order: no amount"
        told = answer(found, "revenue", "2026-01")
        assert (told.value, told.n) == (100 + 5 + 30, 3)
        assert netted in note_texts(told.notes) and "1 of 4 rows of order left out: no amount" in note_texts(told.notes)
        assert netted not in note_texts(answer(found, "purchase_frequency", "2026-01").notes)
    with opened(tmp_path, order="id customer_id ordered_at amount\n5 K2 2026-01-04 -", customer="id\nK1") as found:
        told = answer(found, "ltv.revenue", "2026-01")
        assert (told.value, told.n) == ((105 + 30) / 2, 2)
        assert "1 row of order left out of lifetime_revenue of customer: no amount" in note_texts(told.notes)
        assert not any(
            "lifetime_revenue" in text for text in note_texts(answer(found, "new_customers", "2026-01").notes)
        )


def test_the_cost_of_a_new_customer_against_a_kept_one_has_no_value_where_nobody_was_kept(tmp_path: Path) -> None:
    costs = "id booked_on amount category\n1 2026-02-01 1000 marketing\n2 2026-02-01 70 retention"
    orders = "id customer_id ordered_at amount\n1 K1 2026-02-03 5"
    with opened(tmp_path, cost=costs, order=orders) as found:
        told = answer(found, "acquisition_retention_cost_ratio", "2026-02")
        assert (told.value, told.reason, told.n) == (None, "zero_denominator", 0)
        # K1 was kept through March, which has no new customer
        assert value(found, "retention_rate", "2026-03") == 1
    with opened(tmp_path, cost=costs, order=orders + "\n2 K2 2025-12-01 5\n3 K3 2025-12-01 5") as found:
        told = answer(found, "acquisition_retention_cost_ratio", "2026-02")
        assert (told.value, told.n) == (1000 / (70 / 2), 2)


def test_what_was_paid_of_an_unknown_amount_is_in_no_collection_rate(tmp_path: Path) -> None:
    tables = {
        "contract": "id customer_id ordered_at amount\nc1 K1 2026-01-05 100\nc2 K1 2026-01-05 -",
        "invoice": "id contract_id due_on amount\ni1 c1 2026-01-20 100\ni2 c2 2026-01-20 -",
        "payment": "id invoice_id contract_id received_on amount\np1 i1 c1 2026-02-01 40\np2 i2 c2 2026-02-01 50",
    }
    with opened(tmp_path, **tables) as found:
        for ref in ("collection_rate.contracted", "collection_rate.of_due"):
            assert value(found, ref, "2026-01") == 0.4, ref


def test_subscriptions_of_unknown_customers_are_in_no_churn_and_are_counted(tmp_path: Path) -> None:
    subscriptions = """
        id customer_id started_on ended_on   monthly_amount
        1  K1          2025-01-01 2026-02-10 100
        2  K1          2026-02-10 -          60
        3  K2          2025-01-01 -          300
        4  -           2025-01-01 2026-02-10 500
        5  -           2026-02-10 -          400
        6  -           2026-02-10 2026-02-15 1
        7  -           2026-03-01 -          9
    """
    with opened(tmp_path, settings={"active_rule": "subscription"}, subscription=subscriptions) as found:
        told = answer(found, "revenue_churn", "2026-02")
        # of the 400 of known customers K1 cut back 40; those of nobody are no customer that cut back 100
        assert (told.value, told.n) == (40 / 400, 2)
        # 4 stood at the start, 5 at the end; 6 at neither
        assert "2 rows of subscription left out: no customer_id" in note_texts(told.notes)


amounts = {"amount": total("order", "amount", when="ordered_on")}
cost = total("order", "cost_of_goods", when="ordered_on")
web = count("order", when="ordered_on", where="channel = 'web'")
SUMS = (
    Metric("margin", name="Margin", unit=MONEY, formula="amount - cost", inputs={**amounts, "cost": cost}),
    Metric(
        "both",
        name="Both",
        unit=COUNT,
        formula="leads + web",
        inputs={"leads": count("lead", when="created_on"), "web": web},
    ),
    Metric(
        "part",
        name="Part",
        unit=COUNT,
        formula="every - web",
        inputs={"every": count("order", when="ordered_on"), "web": web},
    ),
    Metric(
        "apart",
        name="Apart",
        unit=COUNT,
        formula="web + phone",
        inputs={"web": web, "phone": count("order", when="ordered_on", where="channel = 'phone'")},
    ),
    Metric("twice", name="Twice", unit=COUNT, formula="both + part", inputs={x: metric(x) for x in ("both", "part")}),
)


@pytest.mark.parametrize(
    ("ref", "number", "rows"),
    [
        ("margin", 600 - 30, 3),  # the same orders: three have an amount, one of them a cost
        ("both", 2 + 1, 3),  # leads and orders
        ("part", 3 - 1, 3),  # those of the web are among all
        ("apart", 1 + 2, 3),
        ("twice", 3 + 2, 3 + 3),
        ("monthly_sales_growth", 600 - 50, 3 + 1),
        ("sales_forecast", 100 + 400 * 0.5, 1 + 1),
        ("sales_growth", (600 - 50) / 50, 1),
    ],
)
def test_the_rows_of_all_parts_of_a_sum_stand_behind_it(tmp_path: Path, ref: str, number: float, rows: int) -> None:
    tables = {
        "order": """
            id ordered_at amount cost_of_goods channel customer_id
            0  2026-01-31 50     -             web     K
            1  2026-02-01 100    30            web     K
            2  2026-02-02 200    -             phone   K
            3  2026-02-03 300    -             phone   K
        """,
        "lead": "id created_at\nl1 2026-02-01\nl2 2026-02-02",
        "opportunity": """
            id created_at closed_at  outcome amount expected_close_on probability
            1  2026-01-05 2026-02-10 won     100    -                 -
            2  2026-01-05 -          open    400    2026-02-20        0.5
        """,
    }
    with opened(tmp_path, *SUMS, **tables) as found:
        told = answer(found, ref, "2026-02")
        assert (told.value, told.n) == (number, rows)


def test_what_the_load_works_out_is_not_rounded_to_the_decimals_of_a_given_number(tmp_path: Path) -> None:
    tables = {
        "order": "id customer_id ordered_at amount\n1 K1 2025-01-01 1\n2 K1 2025-04-11 1\n3 K2 2025-01-01 1",
        "stage": "id position outcome\ns1 1 open\ns2 2 won\ns3 - lost",
        "stage_history": "\n".join(["opportunity_id stage_id entered_at", *(f"d{n} s1 2025-01-01" for n in range(4))]),
        "opportunity": """
            id stage_id created_at closed_at  outcome amount  expected_close_on
            d0 s2       2025-01-01 2025-02-01 won     10      -
            d1 s3       2025-01-01 2025-02-01 lost    10      -
            d2 s3       2025-01-01 2025-02-01 lost    10      -
            d3 s1       2025-01-01 -          open    3000000 2026-03-01
        """,
    }
    with opened(tmp_path, **tables) as found:
        # K1 stayed 100 days and K2 none
        assert value(found, "customer_lifespan.observed", "2025-01") == pytest.approx(50 / 365.25, rel=1e-15)
        # a third of the closed deals that passed the stage was won: with 6 decimals it would be 999,999
        assert value(found, "sales_forecast.history", "2026-03") == pytest.approx(1_000_000, abs=0.002)
