"""The KPIs that people look at first, by family, in the order of a sales meeting.

The overview shows these; every other KPI, also a plugin's, stands on the sheet of its family.
"""

from __future__ import annotations

HEADLINES = (
    *("revenue", "total_sales", "sales_growth", "aov", "avg_deal_size", "mrr", "collected_amount"),
    *("opportunities_created", "win_rate", "lost_deals", "pipeline_value", "weighted_pipeline", "sales_cycle"),
    *("new_leads", "mql_to_sql_rate", "lead_conversion", "lead_response_time"),
    *("cpl", "cac", "ltv", "ltv_cac", "roi"),
    *("new_customers", "active_customers", "churn_rate", "retention_rate", "upsell_cross_sell", "referrals"),
    *("nps", "csat", "cart_abandonment"),
    *("calls", "meetings", "demos", "proposals"),
    "sales_forecast",
)
CARDS = ("revenue", "total_sales", "win_rate", "new_customers", "pipeline_value", "nps")
_PLACES = {id: place for place, id in enumerate(HEADLINES)}


def place_of(id: str) -> int:
    """Return where a KPI stands among the headlines; behind all of them when it is none."""
    return _PLACES.get(id, len(HEADLINES))
