"""The reports that the articles describe, as data."""

from __future__ import annotations

from kpicore import Breakdown, Figures, Report, Trend
from kpicore_reports.shared_sections import ACTIVITY, BEHAVIOUR, DID, LOSSES, LOST, STAGES, STALLED, TOP, TOP_WEIGHTED

REPORTS = (
    Report(
        "sales_brief",
        "Sales brief",
        (
            Figures(
                "What is new",
                (
                    *("new_customers", "new_leads", "opportunities_created", "opportunities_moved"),
                    *("customers_visited", "visits", "sales_records"),
                ),
            ),
            Figures("What came of it", ("won_deals", "total_sales", "lost_deals", "pipeline_value")),
        ),
        meaning="What happened in the period, at a glance.",
        source="S1",
    ),
    Report(
        "funnel",
        "Sales funnel",
        (
            STAGES,
            Figures(
                "The funnel as a whole",
                {
                    "Opportunities created": "opportunities_created",
                    "Win rate": "win_rate",
                    "Win rate of those created": "win_rate.created",
                    "Sales cycle": "sales_cycle",
                    "Deals lost": "lost_deals",
                    "Amount lost": "lost_amount",
                    "Open opportunities": "pipeline_count",
                    "Pipeline value": "pipeline_value",
                },
            ),
            LOSSES,
        ),
        meaning="How many deals enter each stage, how many go on, how long they stay, what is lost.",
        source="S1",
    ),
    Report(
        "whole_process",
        "Whole-process view",
        (
            Figures(
                "Target",
                {
                    "Total sales": "total_sales",
                    "Target attainment": "target_attainment",
                    "Weighted pipeline": "weighted_pipeline",
                },
            ),
            Figures(
                "Forecast of the whole period",
                {
                    "Sales forecast": "sales_forecast",
                    "Forecast, committed": "sales_forecast.commit",
                    "Opportunities needed": "required_opportunities",
                },
                compared=False,
            ),
            Trend("Sales by month", ("total_sales",)),
            TOP,
            STALLED,
            Figures("Follow-up", ("follow_ups", "lead_response_time", "stage_task_completion", "opportunities_moved")),
            Breakdown("Sales behaviour", DID),
            BEHAVIOUR,
        ),
        meaning="From target to follow-up: attainment, forecast, deals, follow-ups, behaviour.",
        by=("rep",),
        source="S1",
    ),
    Report(
        "performance",
        "Performance and collections",
        (
            Breakdown(
                "Performance and payments collected",
                {
                    "Sold": "total_sales",
                    "Of quota": "quota_attainment",
                    "Deals won": "won_deals",
                    "Win rate": "win_rate",
                    "Collected": "collected_amount",
                    "Of contracts": "collection_rate",
                },
                chart="bars",
            ),
            Figures("All together", ("total_sales", "target_attainment", "collected_amount", "collection_rate")),
        ),
        meaning="What was sold and what of it was paid, in one table.",
        by=("rep",),
        source="S1",
    ),
    Report(
        "three_dimensions",
        "Three-dimensional view",
        (
            Figures(
                "Performance",
                (
                    *("revenue", "sales_growth", "target_attainment", "new_customers", "avg_deal_size"),
                    *("win_rate", "retention_rate", "cac", "ltv"),
                ),
            ),
            Figures("Activity", (*ACTIVITY, "events_attended", "social_engagement", "selling_time")),
            Figures(
                "Productivity",
                {
                    "Sales per rep": "sales_per_rep",
                    "Deals won per rep": "sales_per_rep.count",
                    "Lead conversion": "lead_conversion",
                    "Lead response time": "lead_response_time",
                    "Sales cycle": "sales_cycle",
                    "Time to convert a lead": "time_to_convert",
                    "Activities per deal won": "activity_ratio",
                    "Pipeline value": "pipeline_value",
                    "Upsell and cross-sell": "upsell_cross_sell",
                },
            ),
            Breakdown(
                "The three side by side",
                {
                    "Sold": "total_sales",
                    "Of quota": "quota_attainment",
                    "Win rate": "win_rate",
                    "Records": "sales_records",
                    "Activities per deal": "activity_ratio",
                    "Sales cycle": "sales_cycle",
                },
            ),
        ),
        meaning="Performance, activity and productivity side by side.",
        by=("rep",),
        source="S4",
    ),
    Report(
        "weekly_meeting",
        "Weekly sales meeting",
        (
            Figures(
                "Results",
                ("total_sales", "target_attainment", "won_deals", "win_rate", "avg_deal_size"),
            ),
            Figures("Forecast of the whole period", ("sales_forecast",), compared=False),
            Figures(
                "Pipeline",
                (
                    *("opportunities_created", "pipeline_value", "weighted_pipeline", "sales_cycle"),
                    *("stalled_opportunities", "opportunities_moved"),
                ),
            ),
            Figures("Leads and activity", ("new_leads", "mql_count", "mql_to_sql_rate", "calls_emails", "meetings")),
            Figures("Customers", ("new_customers", "churn_rate", "nps", "collected_amount")),
            Trend("Sales by month", ("total_sales",)),
            TOP,
            STALLED,
            LOSSES,
        ),
        meaning="The health of the sales KPIs, and the deals to talk about.",
        source="S1",
    ),
    Report(
        "top_opportunities",
        "Top 10 opportunities",
        (Figures("The pipeline", ("pipeline_count", "pipeline_value", "weighted_pipeline")), TOP, TOP_WEIGHTED),
        meaning="The open deals that matter most, by amount and by amount times probability.",
        source="S1",
    ),
    Report(
        "loss_reasons",
        "Loss reasons",
        (
            Figures(
                "Lost",
                {
                    "Deals lost": "lost_deals",
                    "Amount lost": "lost_amount",
                    "Win rate": "win_rate",
                    "Lost for no known reason": "loss_reason_share.unknown",
                },
            ),
            LOSSES,
            Breakdown(
                "Against whom",
                {"Deals lost": "lost_deals", "Amount lost": "lost_amount", "Win rate": "competitor_win_rate"},
                by=("competitor",),
            ),
            LOST,
        ),
        meaning="Why deals are lost, to whom, and which.",
        source="S1",
    ),
    Report(
        "stalled_deals",
        "Stalled deals",
        (
            Figures(
                "Open deals",
                {
                    "Stalled opportunities": "stalled_opportunities",
                    "Open opportunities": "pipeline_count",
                    "Days from creation to winning": "sales_cycle.opportunity_created_mean",
                },
            ),
            Breakdown(
                "Where they are",
                {"Stalled": "stalled_opportunities", "Open": "pipeline_count", "Amount open": "pipeline_value"},
                chart="bars",
            ),
            STALLED,
        ),
        meaning="Deals that are open longer than deals like them take.",
        by=("rep",),
        source="S1",
    ),
    Report(
        "rep_scorecard",
        "Rep scorecard",
        (
            Breakdown(
                "Results",
                {
                    "Sold": "total_sales",
                    "Of quota": "quota_attainment",
                    "Deals won": "won_deals",
                    "Win rate": "win_rate",
                    "Deal size": "avg_deal_size",
                    "Sales cycle": "sales_cycle",
                },
            ),
            Breakdown(
                "Pipeline",
                {
                    "Leads": "new_leads",
                    "Deals created": "opportunities_created",
                    "Amount open": "pipeline_value",
                    "Stalled": "stalled_opportunities",
                },
            ),
            Breakdown("Activity", DID),
        ),
        meaning="A rep's results, pipeline and activity. In the order of names; --me shows one rep and the median.",
        by=("rep",),
        source="S1, S2, S4",
    ),
)
