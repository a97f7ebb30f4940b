"""What customers are worth: LTV, its parts, and LTV against CAC.

Source: articles S0 to S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    HIGHER,
    MONEY,
    PER_YEAR,
    RATIO,
    YEARS,
    Band,
    Calculator,
    Example,
    Metric,
    Variant,
    average,
    count,
    hookimpl,
    metric,
    total,
)
from kpicore_metrics.parts import BOUGHT, KEPT, OURS, buyers, order_amount, passed, priced_orders


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield _ltv()
    yield from _ltv_parts()
    yield _ltv_cac()


def _ltv() -> Metric:
    return Metric(
        "ltv",
        name="Customer lifetime value",
        unit=MONEY,
        better=HIGHER,
        family="value",
        meaning="What a customer brings over time, on average over the customers who first bought in the period.",
        formula="value / customers",
        variants={
            "revenue": Variant(
                {
                    "value": total("customer", "lifetime_revenue", when="first_purchase_on", where=BOUGHT),
                    "customers": count(
                        "customer", when="first_purchase_on", where=f"{BOUGHT} and lifetime_revenue is not null"
                    ),
                },
                meaning="All purchases of a customer so far, upsell and cross-sell included, over customers whose"
                " purchases are known.",
                cohort=True,
                calculator=Calculator(fold="total"),
            ),
            "profit": Variant(
                {
                    "value": total("customer", "lifetime_margin", when="first_purchase_on", where=BOUGHT),
                    "customers": count(
                        "customer", when="first_purchase_on", where=f"{BOUGHT} and lifetime_margin is not null"
                    ),
                },
                meaning="All margin of a customer so far, over customers whose costs are known.",
                cohort=True,
            ),
            "formula": Variant(
                {
                    "purchase_value": metric("avg_purchase_value"),
                    "purchases_per_year": metric("purchase_frequency"),
                    "years": metric("customer_lifespan.observed"),
                },
                formula="purchase_value * purchases_per_year * years",
                meaning="Value of a purchase x purchases a year x years as a customer.",
            ),
            "expected": Variant(
                {
                    "value": total("customer", "expected_value", when="first_purchase_on", where=BOUGHT),
                    "customers": count(
                        "customer", when="first_purchase_on", where=f"{BOUGHT} and expected_value is not null"
                    ),
                },
                meaning="Future revenue that a model expects of a customer.",
            ),
        },
        action="Tells whether winning customers pays back, and how much to spend on winning and keeping them.",
        guards=("cac", "churn_rate"),
        synonyms={
            "en": ("LTV", "CLV", "CLTV", "customer lifetime value"),
            "zh": ("客户终身价值", "客户生命周期价值"),
            "ru": ("Жизненный цикл клиента", "пожизненная ценность клиента"),
            "hu": ("ügyfél élettartam-érték", "ügyfélélettartam-érték"),
            "ro": ("valoarea pe viață a clientului",),
            "pt": ("valor do tempo de vida do cliente",),
        },
        examples=(Example((150, 250, 450, 350), 1200, source="S0"), Example((100, 4, 3), 1200, "formula", OURS)),
        source="S0, S1, S2, S3, S4",
    )


def _ltv_parts() -> Iterator[Metric]:
    yield Metric(
        "avg_purchase_value",
        name="Average purchase value",
        unit=MONEY,
        better=HIGHER,
        family="value",
        meaning="Amount per purchase whose amount is known; not per year: that would count the frequency twice.",
        formula="sales / purchases",
        inputs={"sales": order_amount, "purchases": priced_orders},
        synonyms={"ru": ("средняя стоимость покупки",)},
        source="S3",
    )
    yield Metric(
        "purchase_frequency",
        name="Purchases per customer per year",
        unit=PER_YEAR,
        better=HIGHER,
        family="value",
        meaning="Orders per customer who bought in the period, brought to one year.",
        formula="orders / customers / period.years",
        inputs={
            "orders": count("order", when="ordered_on", where=f"{KEPT} and customer_id is not null"),
            "customers": buyers,
        },
        calculator=Calculator(("orders", "customers", "years"), "orders / customers / years"),
        examples=(Example((800, 100, 2), 4, source=OURS),),
        synonyms={"en": ("purchase rate",), "ru": ("частота покупок",)},
        source="S3",
    )
    yield Metric(
        "customer_lifespan",
        name="Average customer lifetime",
        unit=YEARS,
        better=HIGHER,
        family="value",
        meaning="Years from first to last purchase, on average over the customers who first bought in the period; those"
        " of whom all known purchases are before the first that was given are left out and counted.",
        variants={
            "observed": Variant(
                {
                    "days": average(
                        "customer",
                        passed("days", "first_purchase_on", "last_purchase_on"),
                        when="first_purchase_on",
                        where=BOUGHT,
                    )
                },
                formula="days / 365.25",
                cohort=True,
                calculator=Calculator(fold="average"),
            ),
            "from_churn": Variant(
                {"churn": metric("churn_rate")},
                formula="period.years / churn",
                meaning="Years that a customer stays at the period's churn rate; counts customers who are still there.",
                calculator=Calculator(("churn_rate_per_year",), "1 / churn_rate_per_year"),
            ),
        },
        synonyms={"ru": ("средняя продолжительность жизни клиента",), "en": ("customer lifespan",)},
        source="S3",
    )


def _ltv_cac() -> Metric:
    return Metric(
        "ltv_cac",
        name="LTV to CAC ratio",
        unit=RATIO,
        better=HIGHER,
        family="value",
        meaning="What a customer brings for each 1 spent on winning one.",
        formula="ltv / cac",
        inputs={"ltv": metric("ltv.revenue"), "cac": metric("cac.fully_loaded")},
        bands=(
            Band("A customer costs more than it brings.", below=1, status="poor"),
            Band(
                "Probably no profit.",
                above=1,
                below=2,
                action="Lower the acquisition cost or raise the value.",
                status="poor",
            ),
            Band("Below the industry standard.", above=2, below=3, status="fair"),
            Band("The industry standard for SaaS.", above=3, below=5, status="good"),
            Band("Excellent.", above=5, action="Invest more in marketing.", status="good"),
        ),
        action="1 means no profit, 3 is the standard, from 5 on invest more. Keep CAC below LTV.",
        synonyms={"en": ("LTV:CAC", "CLV to CAC"), "zh": ("LTV/CAC比率",)},
        examples=(Example((5, 1), 5, source="S1"), Example((3, 1), 3, source="S1"), Example((1, 1), 1, source="S1")),
        source="S1, S4",
    )
