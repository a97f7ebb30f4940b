"""What the articles say of several KPIs together: condition, meaning, action.

Where an article only says "high", "low" or "very low", the yardstick is the target where one is set,
else the period before; the margins of a fifth and a quarter are ours.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import Rule, earlier, hookimpl, metric, target


@hookimpl
def kpi_rules() -> Iterator[Rule]:
    yield from _leads()
    yield from _selling()
    yield from _customers()


def _leads() -> Iterator[Rule]:
    yield Rule(
        "marketing_not_sales",
        "A marketing problem, not a sales problem",
        about="win_rate",
        when="win_rate >= usual_win_rate and sales < sales_target",
        inputs={
            "win_rate": metric("win_rate.closed"),
            "usual_win_rate": (target("win_rate.closed"), earlier("win_rate.closed", "previous")),
            "sales": metric("total_sales.booked"),
            "sales_target": target("total_sales.booked"),
        },
        meaning="Deals are won as often as they should be, and the sales target was missed: too few came in.",
        action="Add leads; the sales team is not what is short.",
        at_end=True,
        source="S1",
    )
    yield Rule(
        "red_alarm_mqls",
        "Red alarm: few MQLs for the next quarter",
        about="mql_count",
        when="mqls < 0.8 * mqls_before",
        inputs={"mqls": metric("mql_count"), "mqls_before": earlier("mql_count", "previous")},
        meaning="At least a fifth fewer leads are qualified by marketing than before: the next quarter's target is in"
        " danger.",
        action="Plan now how to win MQLs before the quarter begins.",
        grains=("month", "quarter", "fiscal_quarter"),
        source="S1",
    )
    yield Rule(
        "qualified_means_two_things",
        "Marketing and sales disagree on what qualified means",
        about="mql_to_sql_rate",
        when="rate < 0.75 * usual_rate",
        inputs={
            "rate": metric("mql_to_sql_rate.flow"),
            "usual_rate": (target("mql_to_sql_rate"), earlier("mql_to_sql_rate.flow", "previous")),
        },
        meaning="Sales accepts far fewer of marketing's qualified leads than it should.",
        action="Hold a joint meeting and agree on what a qualified lead is.",
        source="S1",
    )
    yield Rule(
        "prospect_more",
        "Fewer new leads than planned",
        about="new_leads",
        when="leads < leads_target",
        inputs={"leads": metric("new_leads"), "leads_target": target("new_leads")},
        meaning="The target for new leads was missed.",
        action="Spend more time on prospecting.",
        at_end=True,
        source="S3",
    )
    yield Rule(
        "few_opportunities",
        "Few new opportunities",
        about="opportunities_created",
        when="created < 0.8 * created_before",
        inputs={
            "created": metric("opportunities_created.created"),
            "created_before": earlier("opportunities_created.created", "previous"),
        },
        meaning="At least a fifth fewer opportunities were created than before.",
        action="Adjust inbound, prospecting and nurturing.",
        source="S0",
    )
    yield Rule(
        "answer_faster",
        "Leads wait longer and convert less",
        about="lead_response_time",
        when="minutes > minutes_before and conversion < conversion_before",
        inputs={
            "minutes": metric("lead_response_time.median"),
            "minutes_before": earlier("lead_response_time.median", "previous"),
            "conversion": metric("lead_conversion.in_funnel"),
            "conversion_before": earlier("lead_conversion.in_funnel", "previous"),
        },
        meaning="Leads are answered later than before, and fewer prospects are won.",
        action="Answer leads sooner: the shorter the wait, the better the conversion.",
        source="S4",
    )


def _selling() -> Iterator[Rule]:
    yield Rule(
        "pipeline_on_track",
        "The pipeline is probably on track",
        about="lead_conversion",
        when="conversion >= conversion_target",
        inputs={
            "conversion": metric("lead_conversion.cohort"),
            "conversion_target": target("lead_conversion.cohort"),
        },
        meaning="Leads convert as planned.",
        status="good",
        source="S2, S4",
    )
    yield Rule(
        "closed_too_fast",
        "Deals are closed faster, and more customers leave soon after",
        about="sales_cycle",
        when="cycle < cycle_before and churn > churn_before",
        inputs={
            "cycle": metric("sales_cycle.mean"),
            "cycle_before": earlier("sales_cycle.mean", "previous"),
            "churn": metric("post_close_churn"),
            "churn_before": earlier("post_close_churn", "previous"),
        },
        meaning="The shorter cycle is no gain: it is paid for with customers lost after closing.",
        action="Look at the deals that closed fast: were needs, price and start agreed?",
        source="S2",
    )
    yield Rule(
        "stalled_deals",
        "More deals are older than the usual cycle",
        about="stalled_opportunities",
        when="stalled > stalled_before",
        inputs={
            "stalled": metric("stalled_opportunities"),
            "stalled_before": earlier("stalled_opportunities", "previous"),
        },
        meaning="More open deals than before are older than deals take to be won.",
        action="Go through them one by one: move them on or close them.",
        status="fair",
        source="S1",
    )


def _customers() -> Iterator[Rule]:
    yield Rule(
        "growth_costs_too_much",
        "A customer costs more than it brings",
        about="cac",
        when="cac >= ltv",
        inputs={"cac": metric("cac.fully_loaded"), "ltv": metric("ltv.revenue")},
        meaning="Acquisition cost is not below lifetime value: growth cannot last.",
        action="More inbound and retention; where outbound fails try inbound, where calls and e-mails fail try"
        " external advertising.",
        source="S1, S2, S4",
    )
    yield Rule(
        "invest_in_marketing",
        "Marketing pays back five times",
        about="ltv_cac",
        when="ratio >= 5",
        inputs={"ratio": metric("ltv_cac")},
        meaning="Each 1 spent on winning a customer brings 5 or more.",
        action="Put more money into marketing.",
        status="good",
        source="S1",
    )
    yield Rule(
        "existing_customers_first",
        "Retention falls",
        about="retention_rate",
        when="retention < retention_before",
        inputs={"retention": metric("retention_rate"), "retention_before": earlier("retention_rate", "previous")},
        meaning="A smaller share of the customers stayed than in the period before.",
        action="Look at engagement again, put existing customers first, care after the sale.",
        source="S3, S4",
    )
