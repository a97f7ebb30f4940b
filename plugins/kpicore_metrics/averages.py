"""How much one order, deal, customer or rep brings.

Source: articles S0, S1, S2 and S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    DURING,
    HIGHER,
    MEAN_COUNT,
    MONEY,
    Example,
    Metric,
    Variant,
    distinct,
    hookimpl,
    standing,
    total,
)
from kpicore_metrics.parts import (
    KEPT,
    KNOWN,
    OURS,
    WON,
    active,
    order_amount,
    priced_buyers,
    priced_orders,
    won_amount,
    won_deals,
    worth_known,
)

_reps = standing("user", since="active_from", until="active_to", at=DURING)


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield Metric(
        "avg_ticket",
        name="Average ticket",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Order amount per customer who bought in the period; orders of unknown customers or"
        " amounts are left out.",
        formula="sales / customers",
        inputs={
            "sales": total("order", "amount", when="ordered_on", where=f"{KEPT} and {KNOWN}"),
            "customers": priced_buyers,
        },
        action="Raise it by upselling, cross-selling and complete solutions; learn from the best rep.",
        synonyms={
            "zh": ("平均票数", "平均客单价"),
            "pt": ("ticket médio",),
            "ru": ("средний чек",),
            "hu": ("átlagos kosárérték",),
            "en": ("average purchase",),
        },
        source="S0",
    )
    yield Metric(
        "avg_sales_per_customer",
        name="Average sales per customer",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Won amount per customer; deals of unknown customers or amounts are left out.",
        formula="sales / customers",
        variants={
            "buyers": Variant(
                {
                    "sales": total("opportunity", "amount", when="closed_on", where=f"{WON} and {KNOWN}"),
                    "customers": distinct(
                        "opportunity", "customer_id", when="closed_on", where=f"{WON} and amount is not null"
                    ),
                },
                meaning="Per customer who bought in the period.",
            ),
            "all_active": Variant(
                {"sales": won_amount, "customers": active}, meaning="Per customer active at the end of the period."
            ),
        },
        action="Develop accounts with care so that they buy more, and put account managers on large companies.",
        synonyms={"zh": ("客单价",), "en": ("revenue per customer",)},
        examples=(Example((120_000, 100), 1200, source=OURS),),
        source="S1",
    )
    yield Metric(
        "aov",
        name="Average order value",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Amount per order whose amount is known.",
        formula="sales / orders",
        inputs={"sales": order_amount, "orders": priced_orders},
        action="Look for products to sell up to and to sell beside.",
        synonyms={
            "en": ("basket value",),
            "zh": ("平均订单价值",),
            "ro": ("valoarea medie a comenzii",),
            "ru": ("средняя стоимость заказа",),
            "pt": ("valor médio do pedido",),
            "hu": ("átlagos rendelési érték",),
        },
        source="S4",
    )
    yield Metric(
        "avg_deal_size",
        name="Average deal size",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Amount per deal won whose amount is known.",
        formula="amount / won",
        inputs={"amount": won_amount, "won": worth_known},
        synonyms={
            "en": ("average revenue per sale", "average contract value"),
            "ro": ("dimensiunea medie a ofertei", "venitul mediu"),
            "zh": ("平均交易规模",),
            "ru": ("средний размер сделки",),
        },
        source="S4",
    )
    yield Metric(
        "avg_ticket_per_rep",
        name="Average ticket of a team member",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Order amount of a rep per sale closed whose amount is known.",
        formula="sales / closed_sales",
        needs_cut=("rep",),
        inputs={"sales": order_amount, "closed_sales": priced_orders},
        action="Use the best rep as an example for the others.",
        source="S0",
    )
    yield Metric(
        "sales_per_rep",
        name="Sales per rep",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="What a rep sold, on average over the reps active in the period; cut by rep, what that rep sold.",
        variants={
            "amount": Variant({"sales": won_amount, "reps": _reps}, formula="sales / reps"),
            "count": Variant(
                {"won": won_deals, "reps": _reps},
                formula="won / reps",
                unit=MEAN_COUNT,
                meaning="Deals won per rep active in the period.",
            ),
        },
        action="Ask the best rep what they do and teach it; a ranking must not turn the team against itself.",
        guards=("post_close_churn",),
        synonyms={
            "en": ("revenue per salesperson",),
            "zh": ("人均销售额",),
            "ro": ("vânzări pe reprezentant",),
            "ru": ("продажи на одного менеджера",),
        },
        source="S1, S2, S4",
    )
