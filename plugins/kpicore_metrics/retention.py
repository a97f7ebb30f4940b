"""Customers: won, active, kept, lost, and sold more to.

Source: articles S0, S2, S3 and S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    COUNT,
    HIGHER,
    LOWER,
    SHARE,
    START,
    Example,
    Metric,
    Variant,
    count,
    distinct,
    hookimpl,
    per,
    standing,
    total,
)
from kpicore_metrics.parts import KEPT, KNOWN, OURS, WON, active, at_start, customers, new_customers

_lost = count(customers, where="at_start > 0 and at_end = 0")


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _customers()
    yield from _churn()
    yield _retention_rate()
    yield _referrals()
    yield from _selling_more()


def _customers() -> Iterator[Metric]:
    yield Metric(
        "new_customers",
        name="New customers",
        unit=COUNT,
        better=HIGHER,
        family="retention",
        meaning="Customers whose first purchase was in the period.",
        inputs={"customers": new_customers},
        guards=("cac", "churn_rate"),
        synonyms={
            "en": ("customer acquisition", "new accounts"),
            "zh": ("新客户数",),
            "ru": ("новые клиенты",),
            "hu": ("új ügyfelek",),
            "ro": ("clienți noi",),
            "pt": ("novos clientes",),
        },
        source="S2, S4",
    )
    yield Metric(
        "active_customers",
        name="Active customers",
        unit=COUNT,
        better=HIGHER,
        family="retention",
        meaning="Customers active at the end of the period, by the workspace's active rule.",
        inputs={"customers": active},
        synonyms={"zh": ("活跃客户数",), "ru": ("активные клиенты",), "hu": ("aktív ügyfelek",)},
        source="component of S3",
    )
    yield Metric(
        "lost_customers",
        name="Customers lost",
        unit=COUNT,
        better=LOWER,
        family="retention",
        meaning="Customers active at the start of the period and not at its end.",
        inputs={"lost": _lost},
        synonyms={"hu": ("elvesztett ügyfelek",), "ru": ("потерянные клиенты",), "zh": ("流失客户数",)},
        source="S2",
    )


def _churn() -> Iterator[Metric]:
    yield Metric(
        "churn_rate",
        name="Customer churn rate",
        unit=SHARE,
        better=LOWER,
        family="retention",
        meaning="Share of the customers active at the start of the period who are not at its end.",
        formula="lost / at_start",
        inputs={"lost": _lost, "at_start": at_start},
        action="As low as possible: the more are lost, the higher the cost and the lower the profit.",
        synonyms={
            "en": ("churn", "attrition rate"),
            "zh": ("客户流失率", "流失率"),
            "hu": ("lemorzsolódási arány", "lemorzsolódási árfolyamok"),
            "ru": ("отток клиентов",),
            "ro": ("rata de pierdere a clienților", "rata de churn"),
            "pt": ("taxa de cancelamento",),
        },
        examples=(Example((30, 200), 0.15, source=OURS),),
        source="S0, S2, S3, S4",
    )
    amounts = per("customer_id", standing("subscription", "monthly_amount", since="started_on", until="ended_on"))
    yield Metric(
        "revenue_churn",
        name="Revenue churn",
        unit=SHARE,
        better=LOWER,
        family="retention",
        meaning="Share of the recurring revenue at the start of the period that its customers ended or cut back;"
        " subscriptions of unknown customers are left out.",
        formula="lost / at_start",
        inputs={
            "lost": total(amounts, "at_start - at_end", where="at_start > at_end"),
            "at_start": standing(
                "subscription", "monthly_amount", since="started_on", until="ended_on", at=START, where=KNOWN
            ),
        },
        synonyms={"en": ("gross revenue churn", "MRR churn"), "zh": ("收入流失率",)},
        source="S2",
    )
    # Under inactivity a customer is lost so many days after the last purchase, never sooner.
    waits = "case when setting.active_rule = 'inactivity' then setting.inactivity_days else 0 end"
    churned = (
        "customer_lost_on is not null"
        f" and days(closed_on, customer_lost_on) between 0 and setting.post_close_days + {waits}"
    )
    known = f"days(closed_on, period.as_of) >= setting.post_close_days + {waits}"
    yield Metric(
        "post_close_churn",
        name="Churn after the deal",
        unit=SHARE,
        better=LOWER,
        family="retention",
        meaning="Share of the deals won in the period whose customer was lost soon after: within the workspace's days,"
        " or, under inactivity, bought last within them. Deals too young for that to be known are left out.",
        formula="churned / old_enough",
        variants={
            "default": Variant(
                {
                    "churned": count("opportunity", when="closed_on", where=f"{WON} and {known} and {churned}"),
                    "old_enough": count("opportunity", when="closed_on", where=f"{WON} and {known}"),
                },
                cohort=True,
            )
        },
        action="High for a rep or for short cycles: deals are closed faster than is good for the customer.",
        source="S2",
    )


def _retention_rate() -> Metric:
    return Metric(
        "retention_rate",
        name="Customer retention rate",
        unit=SHARE,
        better=HIGHER,
        family="retention",
        meaning="Customers at the end of the period less gross new ones, per customer at the start. With net new"
        " customers the formula would always give 1.",
        formula="(at_end - gross_new) / at_start",
        inputs={
            "at_end": count(customers, where="at_end > 0"),
            "gross_new": count(customers, where="at_end > 0 and at_start = 0"),
            "at_start": at_start,
        },
        action="It falls: look at engagement again, put existing customers first, care after the sale.",
        guards=("new_customers",),
        synonyms={
            "en": ("retention", "CRR"),
            "zh": ("客户保留率", "客户留存率"),
            "hu": ("ügyfélmegtartási arány",),
            "ru": ("коэффициент удержания клиентов", "удержание клиентов"),
            "ro": ("rata de retenție a clienților",),
            "pt": ("taxa de retenção de clientes",),
        },
        examples=(Example((230, 60, 200), 0.85, source=OURS),),
        source="S2, S3, S4",
    )


def _referrals() -> Metric:
    return Metric(
        "referrals",
        name="Referrals received",
        unit=COUNT,
        better=HIGHER,
        family="retention",
        meaning="Recommendations by customers and partners that came in during the period.",
        inputs={"referrals": count("referral", when="on")},
        action="Make advocates of customers: their referrals close faster and more often.",
        synonyms={"ru": ("рекомендации",), "ro": ("recomandări",), "zh": ("推荐数",), "hu": ("ajánlások",)},
        source="S3, S4",
    )


def _selling_more() -> Iterator[Metric]:
    yield Metric(
        "upsell_cross_sell",
        name="Upsell and cross-sell rate",
        unit=SHARE,
        better=HIGHER,
        family="retention",
        meaning="Share of customers who bought something dearer or something besides.",
        formula="customers / base",
        variants=_sold_more("'upsell', 'cross_sell'"),
        action="Shows that the team makes the most of each customer.",
        synonyms={"zh": ("追加销售和交叉销售率",), "en": ("expansion rate",), "pt": ("taxa de upsell e cross-sell",)},
        examples=(Example((6, 10), 0.6, source="S0"),),
        source="S0, S4",
    )
    yield Metric(
        "upsell_rate",
        name="Upsell rate",
        unit=SHARE,
        better=HIGHER,
        family="retention",
        meaning="Share of customers who bought a dearer product or an upgrade.",
        formula="customers / base",
        variants=_sold_more("'upsell'"),
        synonyms={"zh": ("追加销售率",)},
        source="S0",
    )
    yield Metric(
        "cross_sell_rate",
        name="Cross-sell rate",
        unit=SHARE,
        better=HIGHER,
        family="retention",
        meaning="Share of customers who bought a product besides.",
        formula="customers / base",
        variants=_sold_more("'cross_sell'"),
        synonyms={"zh": ("交叉销售率",)},
        source="S0",
    )


def _sold_more(line_types: str) -> dict[str, Variant]:
    bought = distinct("order_line", "customer_id", when="ordered_on", where=f"line_type in ({line_types}) and {KEPT}")
    anything = distinct("order_line", "customer_id", when="ordered_on", where=KEPT)
    return {
        "buyers": Variant(
            {"customers": bought, "base": anything}, meaning="Of the customers who bought in the period."
        ),
        "base": Variant({"customers": bought, "base": active}, meaning="Of the customers active at its end."),
    }
