"""Each ratio as the textbooks write it: what it divides by may not be 0, however the formula is written here."""

from __future__ import annotations

import pytest

from kpicore import Definition, Definitions, formula_excel, names

DIVIDED_BY = {
    "acquisition_retention_cost_ratio": "kept retention_cost",  # CAC / (retention cost / kept customers)
    "activity_ratio": "won",
    "aov": "orders",
    "avg_deal_size": "won",
    "avg_purchase_value": "purchases",
    "avg_sales_per_customer.buyers": "customers",
    "avg_sales_per_customer.all_active": "customers",
    "avg_ticket": "customers",
    "avg_ticket_per_rep": "closed_sales",
    "cac.fully_loaded": "new_customers",
    "cac.paid": "new_customers",
    "cac.lag": "new_customers",
    "cart_abandonment": "carts",
    "churn_rate": "at_start",
    "collection_rate.contracted": "owed",
    "collection_rate.of_due": "owed",
    "competitor_win_rate": "base",
    "conversion_by_channel": "leads",
    "conversion_by_source": "leads",
    "cpl.all": "leads",
    "cpl.mql": "leads",
    "cross_sell_rate.buyers": "base",
    "cross_sell_rate.base": "base",
    "csat.satisfied": "answers",
    "csat.mean": "scales",
    "customer_lifespan.from_churn": "churn",
    "email_open_rate.delivered": "sent",
    "email_open_rate.sent": "sent",
    "funnel_leakage": "entered",
    "goal_progress.all": "parts",
    "goal_progress.mean": "parts",
    "goal_progress.weighted": "weight",
    "goal_progress.sum": "value",
    "lead_conversion.cohort": "leads",
    "lead_conversion.in_funnel": "leads",
    "lead_to_opportunity": "leads",
    "loss_reason_share.known": "base",
    "loss_reason_share.unknown": "base",
    "ltv.revenue": "customers",
    "ltv.profit": "customers",
    "ltv.expected": "customers",
    "ltv_cac": "cac",
    "monthly_sales_growth.percent": "before",
    "mql_to_sql_rate.cohort": "mqls",
    "mql_to_sql_rate.flow": "mqls",
    "nps": "answers",
    "opportunity_quality.qualified": "created",
    "post_close_churn": "old_enough",
    "promoter_share": "answers",
    "purchase_frequency": "customers period.years",
    "quota_attainment": "quota",
    "required_leads.default": "conversion",
    "required_leads.remaining": "conversion",
    "required_opportunities.default": "win_rate",
    "required_opportunities.remaining": "win_rate",
    "retention_rate": "at_start",
    "revenue_churn": "at_start",
    "roi.sales": "investment",
    "roi.margin": "investment",
    "sales_forecast.run_rate": "period.working_days_elapsed",
    "sales_growth.previous": "before",
    "sales_growth.yoy": "before",
    "sales_per_rep.amount": "reps",
    "sales_per_rep.count": "reps",
    "selling_time.share": "all_hours",
    "stage_conversion.next": "entered",
    "stage_conversion.cumulative": "entered",
    "stage_task_completion": "due",
    "target_attainment.money": "target",
    "target_attainment.volume": "target",
    "target_attainment.new_accounts": "target",
    "upsell_cross_sell.buyers": "base",
    "upsell_cross_sell.base": "base",
    "upsell_rate.buyers": "base",
    "upsell_rate.base": "base",
    "win_rate.closed": "base",
    "win_rate.created": "base",
    "win_rate.funnel": "base",
    "win_rate.amount": "base",
}
PLAIN = {
    "monthly_sales_growth.absolute",
    "sales_equation.literal",
    "sales_equation.exact",
    "sales_equation.residual",
    "sales_forecast.weighted",
    "sales_forecast.history",
    "ltv.formula",
}
"""Sums, differences and products: they divide by nothing."""


def compiled(definitions: Definitions) -> dict[str, Definition]:
    metrics = definitions.registry.metrics.items()
    every = (definitions.get(id, name) for id, metric in metrics for name in metric.variant_names)
    return {each.place: each for each in every}


def test_every_formula_over_several_numbers_is_looked_at_here(definitions: Definitions) -> None:
    made = {place for place, each in compiled(definitions).items() if len(names(each.formula)) > 1}
    assert made == {*DIVIDED_BY, *PLAIN}


def test_every_formula_is_far_within_what_one_may_come_to(definitions: Definitions) -> None:
    printed = [formula_excel(each.formula, str) for each in compiled(definitions).values()]
    assert max(map(len, printed)) < 300
    assert max(formula.count("(") for formula in printed) < 10


def test_no_way_of_writing_a_ratio_hides_that_it_divides_by_zero(definitions: Definitions) -> None:
    found = compiled(definitions)
    for place, below in DIVIDED_BY.items():
        formula = found[place].formula
        ones: dict[str, float | None] = {f"{space}.{name}" if space else name: 1.0 for space, name in names(formula)}
        found[place].compute(ones)
        for name in below.split():
            assert name in ones, place
            with pytest.raises(ZeroDivisionError):
                found[place].compute({**ones, name: 0.0})


def test_of_a_ratio_the_rows_of_its_denominator_stand_behind_it(definitions: Definitions) -> None:
    # kept customers: what the retention cost is divided by is what the ratio stands on
    behind = {"acquisition_retention_cost_ratio": "kept", "purchase_frequency": "customers"}
    of_a_target = {"target_attainment", "quota_attainment", "sales_forecast"}
    for place, each in compiled(definitions).items():
        if place in DIVIDED_BY and place.partition(".")[0] not in of_a_target:
            assert names(each.counted) == {("", behind.get(place, DIVIDED_BY[place]))}, place
