"""Sales and revenue: how much was sold and collected, and how it grows.

Source: articles S1, S2 and S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    COUNT,
    HIGHER,
    MEAN,
    MONEY,
    MONEY_PER_MONTH,
    SHARE,
    Example,
    Metric,
    Variant,
    earlier,
    hookimpl,
    metric,
    standing,
    total,
)
from kpicore_metrics.parts import (
    DUE,
    OURS,
    closed_deals,
    order_amount,
    won_amount,
    won_deals,
)

_payments = total("payment", "amount", when="received_on")
_PAID_SO_FAR = "case when collected_amount is null then 0 else collected_amount end"
"""Of what nobody paid yet 0 is paid; where no payment was loaded at all it is not known."""
_WORTH_KNOWN = "amount is not null"
"""Of what is of unknown amount no share is paid, so that what was paid of it is left out too."""


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _sales()
    yield from _growth()
    yield from _collections()


def _sales() -> Iterator[Metric]:
    yield Metric(
        "total_sales",
        name="Total sales",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Amount sold in the period: won deals by the day they closed, or orders, or payments.",
        variants={
            "booked": Variant({"sales": won_amount}, meaning="Amount of the deals won in the period."),
            "recognized": Variant({"sales": order_amount}, meaning="Amount of the orders placed in the period."),
            "collected": Variant({"sales": _payments}, meaning="Payments received in the period."),
        },
        guards=("collection_rate", "post_close_churn"),
        synonyms={
            "en": ("bookings", "won amount", "closed-won amount"),
            "zh": ("销售总额", "总销售额"),
            "ro": ("vânzări totale",),
            "pt": ("vendas totais",),
            "ru": ("общий объём продаж",),
            "hu": ("összes értékesítés",),
        },
        source="S1, S4",
    )
    yield Metric(
        "won_deals",
        name="Deals won",
        unit=COUNT,
        better=HIGHER,
        family="revenue",
        meaning="Number of deals won in the period, by the day they closed.",
        inputs={"won": won_deals},
        synonyms={"en": ("sales volume", "closed-won deals")},
        source="component of S1, S2",
    )
    yield Metric(
        "sales_equation",
        name="Total sales by the driver equation",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Sales as the product of their drivers, to see which of them moved.",
        formula="opportunities * win_rate * amount_each",
        variants={
            "literal": Variant(
                {
                    "opportunities": metric("opportunities_created"),
                    "win_rate": metric("win_rate.created"),
                    "amount_each": metric("avg_sales_per_customer.buyers"),
                },
                meaning="Opportunities created x their win rate x sales per customer. It is the total only"
                " where each customer has one won deal and every deal closes in the period it was created.",
            ),
            "exact": Variant(
                {
                    "opportunities": closed_deals,
                    "win_rate": metric("win_rate.closed"),
                    "amount_each": metric("avg_deal_size"),
                },
                meaning="Opportunities closed x their win rate x average deal size: the total, where every"
                " deal won has an amount.",
            ),
            "residual": Variant(
                {"total": metric("total_sales.booked"), "equation": metric("sales_equation.literal")},
                formula="total - equation",
                meaning="Total sales less the literal equation: how far its assumptions are off.",
            ),
        },
        examples=(Example((500, 0.2, 1200), 120_000, source=OURS),),
        source="S1",
    )
    yield Metric(
        "revenue",
        name="Revenue",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Amount of the orders placed in the period, returns deducted and cancelled orders left out.",
        inputs={"revenue": order_amount},
        synonyms={
            "en": ("turnover", "sales revenue"),
            "zh": ("收入", "营业收入"),
            "hu": ("árbevétel", "bevétel"),
            "ru": ("выручка",),
            "ro": ("venituri",),
            "pt": ("receita", "faturamento"),
        },
        source="S2, S4",
    )


def _growth() -> Iterator[Metric]:
    now, before = metric("revenue"), earlier("revenue", "previous")
    growth = "(now - before) / greatest(before, 0)"  # growth on a negative base would have the wrong sign
    yield Metric(
        "sales_growth",
        name="Sales growth",
        unit=SHARE,
        better=HIGHER,
        family="revenue",
        meaning="Change of revenue as a share of the earlier period's; no value where that was zero or negative.",
        formula=growth,
        variants={
            "previous": Variant({"now": now, "before": before}, meaning="Against the period before."),
            "yoy": Variant({"now": now, "before": earlier("revenue", "year")}, meaning="Against the year before."),
        },
        action="One of the four KPIs that matter most to a small firm; read it beside costs and retention.",
        synonyms={
            "en": ("revenue growth", "year over year growth"),
            "zh": ("销售增长率",),
            "hu": ("értékesítési növekedés",),
            "ru": ("рост продаж",),
            "ro": ("creșterea vânzărilor",),
            "pt": ("crescimento de vendas",),
        },
        examples=(Example((120, 100), 0.2, source=OURS),),
        source="S4",
    )
    yield Metric(
        "monthly_sales_growth",
        name="Monthly sales growth",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Revenue of the month less that of the month before.",
        grains=("month",),
        variants={
            "absolute": Variant({"now": now, "before": before}, formula="now - before"),
            "percent": Variant(
                {"now": now, "before": before},
                formula=growth,
                unit=SHARE,
                meaning="The same as a share of the month before.",
            ),
        },
        action="Give each rep a monthly goal that can be attained.",
        synonyms={"hu": ("havi értékesítési növekedés",)},
        examples=(Example((120, 100), 20, source=OURS), Example((120, 100), 0.2, "percent", OURS)),
        source="S2",
    )
    running = standing("subscription", "monthly_amount", since="started_on", until="ended_on")
    on_average = standing("subscription", "monthly_amount", since="started_on", until="ended_on", at=MEAN)
    yield Metric(
        "mrr",
        name="Monthly recurring revenue",
        unit=MONEY_PER_MONTH,
        better=HIGHER,
        family="revenue",
        meaning="Monthly amounts of the subscriptions that run.",
        variants={
            "end": Variant({"mrr": running}, meaning="At the end of the period."),
            "average": Variant(
                {"mrr": on_average},
                meaning="On average over the days of the period.",
            ),
        },
        action="Use it to forecast growth and cash flow and to decide what is worth keeping.",
        guards=("revenue_churn",),
        synonyms={
            "en": ("recurring revenue",),
            "zh": ("月度经常性收入",),
            "ro": ("venit lunar recurent",),
            "pt": ("receita recorrente mensal",),
            "ru": ("ежемесячный регулярный доход",),
        },
        source="S4",
    )


def _collections() -> Iterator[Metric]:
    yield Metric(
        "collected_amount",
        name="Payments collected",
        unit=MONEY,
        better=HIGHER,
        family="revenue",
        meaning="Payments received in the period.",
        inputs={"collected": _payments},
        aliases=("KPI_COLLECTED",),
        synonyms={"zh": ("回款", "回款金额"), "en": ("cash collected",)},
        source="S1",
    )
    yield Metric(
        "collection_rate",
        name="Collection rate",
        unit=SHARE,
        better=HIGHER,
        family="revenue",
        meaning="Share of what was contracted or billed that has been paid so far.",
        formula="collected / owed",
        variants={
            "contracted": Variant(
                {
                    "collected": total("contract", _PAID_SO_FAR, when="ordered_on", where=_WORTH_KNOWN),
                    "owed": total("contract", "amount", when="ordered_on"),
                },
                meaning="Of the contracts signed in the period.",
                cohort=True,
            ),
            "of_due": Variant(
                {
                    "collected": total("invoice", _PAID_SO_FAR, when="due_on", where=f"{DUE} and {_WORTH_KNOWN}"),
                    "owed": total("invoice", "amount", when="due_on", where=DUE),
                },
                meaning="Of the invoices that fell due in the period so far.",
            ),
        },
        synonyms={"zh": ("回款率",)},
        examples=(Example((80, 100), 0.8, source=OURS),),
        source="S1",
    )
