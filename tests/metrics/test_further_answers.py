"""The KPIs that need orders of several years, stages, contracts, surveys of leads and the like."""

from __future__ import annotations

import pytest

from kpicore import Workspace
from tests.metrics.asking import answer, value

Q1, Q2 = "2025-Q1", "2025-Q2"


def near(number: float) -> object:
    return pytest.approx(number, rel=1e-12, abs=1e-9)


def test_churn_compares_both_ends_of_the_year_and_not_spells_that_ended(further: Workspace) -> None:
    # At the start c1, c2, c4; at the end c2, c3, c4. The spell of c4 ended and began again in between.
    assert value(further, "lost_customers", "2024") == 1
    assert value(further, "churn_rate", "2024") == near(1 / 3)
    assert value(further, "retention_rate", "2024") == near((3 - 1) / 3)
    assert value(further, "active_customers", "2024") == 3
    assert value(further, "new_customers", "2024") == 1


def test_retention_takes_gross_new_customers_so_that_it_is_not_always_1(further: Workspace) -> None:
    given = answer(further, "retention_rate", "2024").inputs
    assert (given["at_end"], given["gross_new"], given["at_start"]) == (3, 1, 3)
    net_new = given["at_end"] - given["at_start"]
    assert further.calc("retention_rate", 3, net_new, 3) == 1.0
    assert value(further, "retention_rate", "2024") < 1


@pytest.mark.parametrize("period", ["2024", "2024-H1", "2024-Q2", "2025-Q1", "2025-Q2", "2024-05", "2025-W05"])
def test_retention_and_churn_are_1_together_in_any_period(further: Workspace, period: str) -> None:
    both = value(further, "retention_rate", period) + value(further, "churn_rate", period)
    assert both == near(1)


def test_a_customers_lifetime_from_churn_is_its_inverse(further: Workspace) -> None:
    assert value(further, "customer_lifespan.from_churn", "2024") == near(1 / (1 / 3))


def test_post_close_churn_is_absent_while_deals_are_too_young_for_it_to_be_known(further: Workspace) -> None:
    # Under inactivity it takes 90 + 365 days; d1 was won 165 days before the day of the data, 2025-07-15.
    found = answer(further, "post_close_churn", Q1)
    assert (found.value, found.reason, found.n) == (None, "zero_denominator", 0)


def test_orders_known_by_their_lines_alone_count_as_orders(further: Workspace) -> None:
    assert value(further, "revenue", Q1) == 25 + 30 + 45
    assert value(further, "aov", Q1) == near(100 / 3)
    assert value(further, "new_customers", Q1) == 3


@pytest.mark.parametrize(
    ("id", "buyers", "base"),
    [("upsell_cross_sell", 2 / 3, 2 / 5), ("upsell_rate", 1 / 3, 1 / 5), ("cross_sell_rate", 1 / 3, 1 / 5)],
)
def test_upsell_and_cross_sell_are_rates_of_buyers_or_of_active_customers(
    further: Workspace, id: str, buyers: float, base: float
) -> None:
    # Three customers bought in the quarter; at its end c3 to c7 are active.
    assert value(further, id, Q1) == near(buyers)
    assert value(further, f"{id}.base", Q1) == near(base)


def test_stage_conversion_is_of_the_deals_that_entered_the_stage(further: Workspace) -> None:
    # New: all five, d4 passed it at once; d1, d3 and d4 went on. Offer: d1, d3 and d4; d1 was won.
    assert value(further, "stage_conversion", Q1, stage="New") == near(3 / 5)
    assert value(further, "stage_conversion", Q1, stage="Offer") == near(1 / 3)


def test_cumulative_stage_conversion_falls_from_stage_to_stage_and_is_at_most_1(further: Workspace) -> None:
    assert value(further, "stage_conversion.cumulative", Q1, stage="New") == 1
    assert value(further, "stage_conversion.cumulative", Q1, stage="Offer") == near(3 / 5)


def test_leakage_of_a_stage_counts_deals_lost_in_it_and_deals_stuck_there(further: Workspace) -> None:
    # Of d1, d3 and d4 in Offer d3 was lost, and nobody touched d4 for over 30 days.
    assert value(further, "funnel_leakage", Q1, stage="Offer") == near(2 / 3)


def test_dwell_time_is_the_average_of_the_days_in_a_stage(further: Workspace) -> None:
    # d4 skipped New: it never stayed there.
    assert value(further, "stage_dwell_time", Q1, stage="New") == near((10 + 20 + 10) / 3)
    assert value(further, "stage_dwell_time", Q1, stage="Offer") == near((20 + 20) / 2)


def test_opportunity_quality_counts_deals_that_reached_the_qualified_stage_and_scores_leads(further: Workspace) -> None:
    # The qualified stage is the third by default: of the five deals of the quarter only d1, which was won.
    assert value(further, "opportunity_quality", Q1) == near(1 / 5)
    assert value(further, "opportunity_quality.score", Q1) == near((50 + 70 + 60) / 3)


def test_the_win_rate_against_a_competitor(further: Workspace) -> None:
    assert value(further, "competitor_win_rate", Q1, competitor="Rival") == near(1 / 2)


@pytest.mark.parametrize(
    ("ref", "number"),
    [
        ("stage_task_completion", 1 / 2),
        ("total_sales.collected", 80 + 120),
        ("collected_amount", 80 + 120),
        ("collection_rate", (80 + 120) / (100 + 300)),
        ("collection_rate.of_due", 120 / (150 + 50)),
        ("goal_progress", 0),
        ("goal_progress.mean", (1 + 1 + 0.5) / 3),
        ("goal_progress.weighted", (1 + 1 + 0.5 * 2) / 4),
        ("goal_progress.sum", (10 + 20 + 20) / 70),
        ("lead_response_time", (10 + 20 + 60) / 3),
        ("lead_response_time.median", 20),
        ("lead_response_time.business_hours", (10 + 20 + 30) / 3),
        ("inquiry_response_time", (30 + 90) / 2),
        ("email_open_rate", 2 / 3),
        ("email_open_rate.sent", 2 / 4),
        ("referrals", 2),
        ("social_engagement", 13),
        ("follow_ups", 1),
        ("proposals", 1),
        ("events_attended", 1),
        ("selling_time", 2),
        ("lead_conversion", 1 / 3),
    ],
)
def test_of_the_first_quarter(further: Workspace, ref: str, number: float) -> None:
    assert value(further, ref, Q1) == near(number)


def test_inquiries_can_be_cut_by_channel(further: Workspace) -> None:
    assert value(further, "inquiry_response_time", Q1, channel="live_chat") == 90


def test_what_a_target_takes_comes_from_the_rates_of_the_period_before(further: Workspace) -> None:
    # One of five deals of Q1 and one of its three leads was won; four deals are to be won in Q2.
    assert value(further, "required_opportunities", Q2) == near(4 / (1 / 5))
    assert value(further, "required_leads", Q2) == near(4 / (1 / 3))
    assert value(further, "target_attainment.volume", Q2) == near(1 / 4)


def test_forecast_categories_are_by_expected_close(further: Workspace) -> None:
    assert value(further, "sales_forecast.commit", "2025-Q3") == 100
    assert value(further, "sales_forecast.best", "2025-Q3") == 200
    assert value(further, "sales_forecast.pipeline", "2025-Q3") == 0
    assert value(further, "sales_forecast", "2025-Q3") == near(100 * 0.5 + 200 * 0.2)


def test_expected_ltv_is_over_customers_that_a_model_knows(further: Workspace) -> None:
    assert value(further, "ltv.expected", "2024") == 900


def test_cac_without_new_customers_has_no_value(further: Workspace) -> None:
    assert answer(further, "cac", "2024-Q4").reason == "zero_denominator"
