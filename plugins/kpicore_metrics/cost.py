"""What leads and customers cost, and what comes back: CPL, CAC, ROI.

Source: articles S0, S1, S2 and S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    HIGHER,
    LOWER,
    MONEY,
    NEUTRAL,
    RATIO,
    SHARE,
    Band,
    Calculator,
    Example,
    Metric,
    Variant,
    count,
    earlier,
    hookimpl,
    metric,
    total,
)
from kpicore_metrics.parts import KEPT, OURS, customers, leads, mqls, new_customers, order_amount

ACQUISITION_COSTS = (
    "salaries",
    "training",
    "benefits",
    "commissions",
    "tools_software",
    "marketing",
    "advertising",
    "sales_expense",
    "hidden_other",
)
"""The cost categories without which an acquisition cost is not the whole of it."""

_acquisition = total(
    "cost",
    "amount",
    when="booked_on",
    where="category is null or category <> 'retention'",
    expects={"category": ACQUISITION_COSTS},
)
_lead_generation = total("cost", "amount", when="booked_on", where="category in ('marketing', 'advertising')")


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _costs()
    yield from _returns()


def _costs() -> Iterator[Metric]:
    yield Metric(
        "cpl",
        name="Cost per lead",
        unit=MONEY,
        better=LOWER,
        family="value",
        meaning="Marketing and advertising cost per lead.",
        formula="cost / leads",
        variants={
            "all": {"cost": _lead_generation, "leads": leads},
            "mql": Variant(
                {"cost": _lead_generation, "leads": mqls},
                meaning="Marketing and advertising cost per marketing-qualified lead.",
            ),
        },
        action="High: content and advertisements do not attract; improve them.",
        guards=("lead_conversion",),
        synonyms={
            "en": ("CPL",),
            "zh": ("每条线索成本", "单个潜在客户成本"),
            "pt": ("custo por lead",),
            "ru": ("стоимость лида",),
            "ro": ("cost per lead",),
        },
        examples=(Example((5000, 100), 50, source="S0"),),
        source="S0",
    )
    yield Metric(
        "acquisition_cost",
        name="Acquisition cost",
        unit=MONEY,
        better=LOWER,
        family="value",
        meaning="All sales and marketing cost of the period, retention left out; what has no category is no retention.",
        inputs={"cost": _acquisition},
        source="component of S0",
    )
    yield Metric(
        "cac",
        name="Customer acquisition cost",
        unit=MONEY,
        better=LOWER,
        family="value",
        meaning="Sales and marketing cost per new customer.",
        formula="cost / new_customers",
        variants={
            "fully_loaded": Variant(
                {"cost": _acquisition, "new_customers": new_customers},
                meaning="All sales and marketing cost of the period per new customer.",
            ),
            "paid": Variant(
                {
                    "cost": total("cost", "amount", when="booked_on", where="category = 'advertising'"),
                    "new_customers": new_customers,
                },
                meaning="Advertising only, per new customer.",
            ),
            "lag": Variant(
                {"cost": earlier("acquisition_cost", "setting.cac_lag_months months"), "new_customers": new_customers},
                meaning="All cost of as long a time some months before, per new customer of the period: winning a"
                " customer takes time.",
            ),
        },
        action="Too high: more inbound and retention, expense rules by deal size; where outbound fails try inbound,"
        " where calls and e-mails fail try external advertising.",
        guards=("ltv_cac", "retention_rate"),
        synonyms={
            "en": ("CAC",),
            "zh": ("客户获取成本", "获客成本"),
            "hu": ("ügyfélszerzési költség", "ügyfélszerzés költsége"),
            "ro": ("costul de achiziție a clienților",),
            "pt": ("custo de aquisição de clientes",),
            "ru": ("стоимость привлечения клиента",),
        },
        examples=(Example((10_000, 20), 500, source=OURS),),
        source="S0, S1, S2, S4",
    )


def _returns() -> Iterator[Metric]:
    costs = total("cost", "amount", when="booked_on")
    margin = total("order", "amount - cost_of_goods", when="ordered_on", where=KEPT)
    yield Metric(
        "roi",
        name="Return on investment",
        unit=SHARE,
        better=HIGHER,
        family="value",
        meaning="What came back beyond the money put into sales and marketing, as a share of it.",
        variants={
            "sales": Variant(
                {"sales": order_amount, "investment": costs},
                formula="(sales - investment) / investment",
                meaning="By the amount of the orders of the period.",
            ),
            "margin": Variant(
                {"margin": margin, "investment": costs},
                formula="(margin - investment) / investment",
                meaning="By the margin of the orders of the period.",
            ),
        },
        action="Shows what the money does: keep it, raise it, or put it elsewhere.",
        synonyms={
            "en": ("ROI", "return on marketing investment"),
            "zh": ("投资回报率",),
            "pt": ("retorno sobre investimento",),
            "ro": ("rentabilitatea investiției",),
            "ru": ("окупаемость инвестиций",),
            "hu": ("befektetés megtérülése",),
        },
        examples=(Example((40_000, 10_000), 3, source="S0"),),
        source="S0",
    )
    yield Metric(
        "acquisition_retention_cost_ratio",
        name="Cost of a new customer against a kept one",
        unit=RATIO,
        better=NEUTRAL,
        family="value",
        meaning="Acquisition cost per new customer, divided by retention cost per customer kept.",
        formula="cac / (retention_cost / kept)",
        inputs={
            "cac": metric("cac.fully_loaded"),
            "retention_cost": total("cost", "amount", when="booked_on", where="category = 'retention'"),
            "kept": count(customers, where="at_start > 0 and at_end > 0"),
        },
        calculator=Calculator(("cac", "retention_cost_per_customer"), "cac / retention_cost_per_customer"),
        bands=(
            Band("A new customer costs less than 5 times a kept one.", below=5, status="good"),
            Band(
                "As usual: 5 to 7 times (Kotler).",
                above=5,
                below=7,
                action="Keep churn as low as possible.",
                status="fair",
            ),
            Band(
                "A new customer costs 7 times a kept one, or more.",
                above=7,
                action="Put more into keeping them.",
                status="poor",
            ),
        ),
        aliases=("KPI_ACQ_RETENTION_COST_RATIO",),
        examples=(Example((600, 100), 6, source=OURS),),
        source="S0",
    )
