"""The KPIs on the tiny company; each number is worked out by hand from the tables in its docstring."""

from __future__ import annotations

import pytest

from kpicore import Workspace
from tests.metrics.asking import answer
from tests.said import note_texts, note_words

Q1, Q2 = "2025-Q1", "2025-Q2"


def check(tiny: Workspace, ref: str, period: str, value: float, *, within: float = 1e-9, **cuts: str) -> None:
    found = answer(tiny, ref, period, **cuts)
    assert found.value == pytest.approx(value, rel=1e-12, abs=within), note_words(found.detail)


@pytest.mark.parametrize(
    ("ref", "first_quarter", "second_quarter"),
    [
        ("total_sales", 1000, 1220),
        ("total_sales.recognized", 600, 1620),
        ("won_deals", 4, 3),
        ("sales_equation.exact", 1000, 1220),
        ("sales_equation.literal", 8 * 5 / 8 * 500, 4 * 2 / 4 * 610),
        ("sales_equation.residual", 1000 - 2500, 1220 - 1220),
        ("revenue", 600, 1620),
        ("mrr", 150, 170),
        ("mrr.average", 150, 100 + 70 + 50 * 30 / 91),
        ("avg_ticket", 600 / 2, 1620 / 3),
        ("avg_sales_per_customer", 1000 / 2, 1220 / 2),
        ("avg_sales_per_customer.all_active", 1000 / 2, 1220 / 3),
        ("aov", 600 / 3, 1620 / 4),
        ("avg_deal_size", 1000 / 4, 1220 / 3),
        ("sales_per_rep", 1000 / 3, 1220 / 3),
        ("sales_per_rep.count", 4 / 3, 3 / 3),
    ],
)
def test_sales(tiny: Workspace, ref: str, first_quarter: float, second_quarter: float) -> None:
    check(tiny, ref, Q1, first_quarter)
    check(tiny, ref, Q2, second_quarter)


def test_sales_growth_compares_with_the_quarter_before(tiny: Workspace) -> None:
    check(tiny, "sales_growth", Q2, (1620 - 600) / 600)
    assert answer(tiny, "sales_growth", Q1).value is None
    assert answer(tiny, "sales_growth.yoy", Q2).value is None


def test_monthly_sales_growth_is_of_months_only(tiny: Workspace) -> None:
    check(tiny, "monthly_sales_growth", "2025-02", 200 - 100)
    check(tiny, "monthly_sales_growth.percent", "2025-03", (300 - 200) / 200)


def test_sales_per_rep_cut_by_a_rep_is_what_that_rep_sold(tiny: Workspace) -> None:
    check(tiny, "sales_per_rep", Q1, 100 + 200, rep="Ann Lee [u1]")
    check(tiny, "sales_per_rep", Q1, 300, rep="Bob Ray")
    check(tiny, "sales_per_rep", Q1, (300 + 300) / 2, team="North")


def test_the_ticket_of_a_rep_is_of_the_orders_of_the_reps_deals(tiny: Workspace) -> None:
    check(tiny, "avg_ticket_per_rep", Q1, (100 + 200) / 2, rep="Ann Lee [u1]")
    check(tiny, "avg_ticket_per_rep", Q2, (400 + 600) / 2, rep="Ann Lee [u3]")


@pytest.mark.parametrize(
    ("ref", "first_quarter", "second_quarter"),
    [
        ("opportunities_created", 8, 4),
        ("opportunities_created.sql", 3, 0),
        ("opportunity_quality", 5 / 8, 2 / 4),
        ("win_rate", 4 / 6, 3 / 4),
        ("win_rate.created", 5 / 8, 2 / 4),
        ("win_rate.funnel", 4 / 8, 3 / 6),
        ("win_rate.amount", 1000 / 1200, 1220 / 1470),
        ("lost_deals", 2, 1),
        ("lost_amount", 150 + 50, 250),
        ("loss_reason_share.unknown", 0 / 2, 0 / 1),
        ("pipeline_count", 2, 2),
        ("pipeline_value", 500 + 250, 700 + 80),
        ("top_opportunities", 500, 700),
        ("stalled_opportunities", 0, 2),
    ],
)
def test_deals(tiny: Workspace, ref: str, first_quarter: float, second_quarter: float) -> None:
    check(tiny, ref, Q1, first_quarter)
    check(tiny, ref, Q2, second_quarter)


def test_the_weighted_pipeline_takes_the_probability_of_the_stage_where_a_deal_has_none(tiny: Workspace) -> None:
    check(tiny, "weighted_pipeline", Q2, 700 * 0.5 + 80 * 0.2)
    check(tiny, "pipeline_value", Q2, 700, stage="Offer")


def test_the_share_of_a_loss_reason_is_of_all_known_reasons(tiny: Workspace) -> None:
    check(tiny, "loss_reason_share", Q1, 1 / 2, loss_reason="Price")
    check(tiny, "loss_reason_share", Q2, 1 / 1, loss_reason="Price")
    check(tiny, "loss_reason_share", Q2, 0 / 1, loss_reason="Timing")


def test_the_sales_cycle_leaves_out_and_counts_deals_without_a_first_contact(tiny: Workspace) -> None:
    # o1 24 days, o2 35, o4 30; o6 was won too and has no first contact.
    check(tiny, "sales_cycle", Q1, (24 + 35 + 30) / 3)
    check(tiny, "sales_cycle.median", Q1, 30)
    check(tiny, "sales_cycle.p90", Q1, 30 + 0.8 * (35 - 30))
    [note] = note_texts(answer(tiny, "sales_cycle", Q1).notes)
    assert note.startswith("1 of 4 rows of opportunity left out")


def test_the_sales_cycle_can_start_at_the_deals_creation_or_at_its_lead(tiny: Workspace) -> None:
    check(tiny, "sales_cycle.opportunity_created_mean", Q1, (20 + 30 + 30 + 39) / 4)
    check(tiny, "sales_cycle.opportunity_created_median", Q1, 30)
    check(tiny, "sales_cycle.opportunity_created_p90", Q1, 30 + 0.7 * (39 - 30))
    check(tiny, "sales_cycle.lead_created_mean", Q1, (23 + 34) / 2)
    check(tiny, "sales_cycle.lead_created_median", Q1, 28.5)
    check(tiny, "sales_cycle.lead_created_p90", Q1, 23 + 0.9 * (34 - 23))


@pytest.mark.parametrize(
    ("ref", "first_quarter", "second_quarter"),
    [
        ("new_leads", 6, 2),
        ("mql_count", 5, 1),
        ("sql_count", 3, 0),
        ("mql_to_sql_rate", 3 / 5, 0 / 1),
        ("mql_to_sql_rate.flow", 3 / 5, 0 / 1),
        ("lead_to_opportunity", 8 / 6, 4 / 2),
        ("lead_conversion", 3 / 6, 0 / 2),
        ("lead_conversion.in_funnel", 4 / 8, 3 / 6),
        ("time_to_convert", (23 + 34) / 2, 50),
    ],
)
def test_leads(tiny: Workspace, ref: str, first_quarter: float, second_quarter: float) -> None:
    check(tiny, ref, Q1, first_quarter)
    check(tiny, ref, Q2, second_quarter)


def test_leads_that_never_qualified_are_not_told_as_missing(tiny: Workspace) -> None:
    assert note_texts(answer(tiny, "sql_count", Q1).notes) == ()
    assert note_texts(answer(tiny, "new_customers", Q1).notes) == ()


def test_conversion_by_channel_and_source(tiny: Workspace) -> None:
    check(tiny, "conversion_by_channel", Q1, 1 / 2, channel="phone")
    check(tiny, "conversion_by_channel", Q1, 2 / 4, channel="web")
    check(tiny, "conversion_by_source", Q1, 1 / 3, source="website")


@pytest.mark.parametrize(
    ("ref", "first_quarter", "second_quarter"),
    [
        ("cac", 1100 / 2, 900 / 1),
        ("cac.paid", 80 / 2, 0 / 1),
        ("acquisition_cost", 1100, 900),
        ("ltv", (520 + 600) / 2, 1100),
        ("avg_purchase_value", 200, 405),
        ("purchase_frequency", 3 / 2 * 4, 4 / 3 * 4),
        ("ltv_cac", 560 / 550, 1100 / 900),
        ("roi", (600 - 1100) / 1100, (1620 - 990) / 990),
    ],
)
def test_value_and_cost(tiny: Workspace, ref: str, first_quarter: float, second_quarter: float) -> None:
    # First purchases: Acme (520 in all, 155 days) and Blue (600, 51 days) in Q1, Echo (1,100, 41 days) in Q2.
    check(tiny, ref, Q1, first_quarter)
    check(tiny, ref, Q2, second_quarter)


def test_cost_per_lead_counts_marketing_and_advertising(tiny: Workspace) -> None:
    check(tiny, "cpl", Q1, (120 + 80) / 6)
    check(tiny, "cpl.mql", Q1, (120 + 80) / 5)
    check(tiny, "cpl", Q1, 120 / 4, channel="web")


def test_cac_says_which_cost_categories_have_no_rows(tiny: Workspace) -> None:
    [note] = note_texts(answer(tiny, "cac", Q1).notes)
    for missing in ("training", "benefits", "commissions", "tools_software", "sales_expense", "hidden_other"):
        assert missing in note
    assert "salaries" not in note


def test_cac_with_lag_takes_the_cost_of_three_months_before(tiny: Workspace) -> None:
    check(tiny, "cac.lag", Q2, 1100 / 1)


def test_ltv_by_profit_leaves_out_customers_whose_costs_are_unknown(tiny: Workspace) -> None:
    # Acme 60 + 200 + 60, Blue 110 + 200; one order of Echo has no cost.
    check(tiny, "ltv.profit", Q1, (320 + 310) / 2)
    assert answer(tiny, "ltv.profit", Q2).reason == "zero_denominator"


def test_ltv_by_formula_multiplies_its_three_parts(tiny: Workspace) -> None:
    check(tiny, "customer_lifespan", Q1, (155 + 51) / 2 / 365.25)
    check(tiny, "ltv.formula", Q1, 200 * (1.5 * 4) * (103 / 365.25))


def test_roi_by_margin(tiny: Workspace) -> None:
    check(tiny, "roi.margin", Q1, (60 + 110 + 200 - 1100) / 1100)


def test_a_new_customer_costs_20_times_a_kept_one(tiny: Workspace) -> None:
    # Q2: 900 for one new customer, 90 for the two that were kept.
    check(tiny, "acquisition_retention_cost_ratio", Q2, 900 / (90 / 2))


@pytest.mark.parametrize(
    ("ref", "first_quarter", "second_quarter"),
    [("new_customers", 2, 1), ("active_customers", 2, 3), ("lost_customers", 0, 0)],
)
def test_customers(tiny: Workspace, ref: str, first_quarter: float, second_quarter: float) -> None:
    check(tiny, ref, Q1, first_quarter)
    check(tiny, ref, Q2, second_quarter)


def test_churn_and_retention_start_from_the_customers_at_the_start(tiny: Workspace) -> None:
    check(tiny, "churn_rate", Q2, 0 / 2)
    check(tiny, "retention_rate", Q2, (3 - 1) / 2)
    assert answer(tiny, "churn_rate", Q1).value is None


def test_revenue_churn_is_what_customers_of_the_start_ended(tiny: Workspace) -> None:
    check(tiny, "revenue_churn", Q2, 50 / 150)


@pytest.mark.parametrize(
    ("ref", "first_quarter"),
    [
        ("nps", 100 * (2 - 1) / 3),
        ("promoter_share", 2 / 3),
        ("csat", 2 / 3),
        ("csat.mean", (5 + 4 + 2) / 3),
        ("cart_abandonment", 2 / 5),
        ("calls", 1),
        ("emails_sent", 1),
        ("calls_emails", 2),
        ("meetings", 1),
        ("meetings.held", 1),
        ("demos", 1),
        ("proposals", 0),
        ("selling_time", 2.0),
        ("activity_ratio", 3 / 4),
    ],
)
def test_experience_and_activity(tiny: Workspace, ref: str, first_quarter: float) -> None:
    check(tiny, ref, Q1, first_quarter)


def test_a_category_of_time_is_a_share_of_all_hours(tiny: Workspace) -> None:
    check(tiny, "selling_time.share", Q1, (60 + 45) / 120, time_category="customer_meeting")


def test_the_activity_ratio_by_type_keeps_all_deals_below(tiny: Workspace) -> None:
    check(tiny, "activity_ratio", Q1, 1 / 4, type="call")


def test_target_attainment_and_quota(tiny: Workspace) -> None:
    check(tiny, "target_attainment", Q1, 1000 / 1250)
    check(tiny, "target_attainment", Q2, 1.0)
    check(tiny, "quota_attainment", Q1, 300 / 400, rep="Ann Lee [u1]")
    assert answer(tiny, "target_attainment.volume", Q1).reason == "no_target"


def test_the_forecast_weighs_open_deals_by_probability(tiny: Workspace) -> None:
    # o10 700 at 0.5 and o11 80 at 0.2, the probabilities of their stages; nothing is won yet.
    check(tiny, "sales_forecast", "2025-Q3", 700 * 0.5 + 80 * 0.2)
