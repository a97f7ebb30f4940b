"""Targets and forecast: what is to be reached, and what it takes.

Source: articles S0 to S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    COUNT,
    HIGHER,
    MONEY,
    NEUTRAL,
    SHARE,
    Band,
    Calculator,
    Example,
    Metric,
    Variant,
    count,
    distinct,
    earlier,
    hookimpl,
    metric,
    target,
    total,
)
from kpicore_metrics.parts import OPEN, OURS, WON

_ATTAINED = (Band("Below the target.", below=1), Band("Target reached.", above=1))


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _attainment()
    yield _goal_progress()
    yield from _requirements()
    yield _sales_forecast()


def _attainment() -> Iterator[Metric]:
    yield Metric(
        "target_attainment",
        name="Target attainment",
        unit=SHARE,
        better=HIGHER,
        family="targets",
        meaning="What was reached as a share of the target set for exactly this period and these cuts.",
        formula="actual / target",
        variants={
            "money": Variant(
                {"actual": metric("total_sales.booked"), "target": target("total_sales")}, meaning="Of the amount sold."
            ),
            "volume": Variant(
                {"actual": metric("won_deals"), "target": target("won_deals")}, meaning="Of the number of deals won."
            ),
            "new_accounts": Variant(
                {"actual": metric("new_customers"), "target": target("new_customers")},
                meaning="Of the number of new customers.",
            ),
        },
        bands=_ATTAINED,
        action="Let the whole team see the goal, and correct course early. A high win rate with sales below target"
        " at the end of the quarter points at marketing: add leads.",
        synonyms={
            "en": ("performance against target", "goal attainment"),
            "zh": ("目标完成率", "目标达成率"),
            "hu": ("célteljesítés",),
            "ro": ("atingerea obiectivelor",),
            "ru": ("выполнение плана",),
        },
        examples=(Example((90, 120), 0.75, source=OURS),),
        source="S1, S2, S4",
    )
    yield Metric(
        "quota_attainment",
        name="Quota attainment",
        unit=SHARE,
        better=HIGHER,
        family="targets",
        meaning="What a rep sold as a share of the rep's own quota.",
        formula="actual / quota",
        needs_cut=("rep",),
        inputs={"actual": metric("total_sales.booked"), "quota": target("total_sales")},
        bands=_ATTAINED,
        synonyms={"ro": ("îndeplinirea cotei",), "zh": ("配额完成率",)},
        examples=(Example((90, 120), 0.75, source=OURS),),
        source="S4",
    )


def _goal_progress() -> Metric:
    part = "parent_target_id is not null"
    parts = count("target", when="period_start", where=part)
    known = count("target", when="period_start", where=f"{part} and progress is not null")
    units = distinct("target", "coalesce(unit, '')", when="period_start", where=part)
    done = count("target", when="period_start", where=f"{part} and progress >= 1")
    every = "case when known = parts then {} else 0 end"
    return Metric(
        "goal_progress",
        name="Goal progress",
        unit=SHARE,
        better=HIGHER,
        family="targets",
        meaning="How far the parts of the goals of the period are: by the attainment of their KPIs, at most 1 each, by"
        " their own parts, or as given. No value where that is not known of every part.",
        variants={
            "all": Variant(
                {"reached": done, "parts": parts, "known": known},
                formula=f"case when reached = parts then parts else 0 end / ({every.format('parts')})",
                meaning="1 when every part is reached, else 0.",
                calculator=Calculator(("reached", "parts"), "case when reached = parts then parts else 0 end / parts"),
            ),
            "mean": Variant(
                {
                    "progress": total("target", "progress", when="period_start", where=part),
                    "parts": parts,
                    "known": known,
                },
                formula=f"progress / ({every.format('parts')})",
                meaning="Average progress of the parts.",
                calculator=Calculator(fold="average"),
            ),
            "weighted": Variant(
                {
                    "progress": total("target", "weight * progress", when="period_start", where=part),
                    "weight": total("target", "weight", when="period_start", where=part),
                    "parts": parts,
                    "known": known,
                },
                formula=f"progress / ({every.format('weight')})",
                meaning="Average progress of the parts by their weights.",
                calculator=Calculator(("progress", "weight"), "progress / weight"),
            ),
            "sum": Variant(
                {
                    "reached": total("target", "reached", when="period_start", where=part),
                    "value": total("target", "value", when="period_start", where=part),
                    "parts": parts,
                    "known": known,
                    "units": units,
                },
                formula="reached / (case when known = parts and units = 1 then value else 0 end)",
                meaning="What the parts reached together, as a share of their sum; none for parts in several units.",
                calculator=Calculator(("reached", "value"), "reached / value"),
            ),
        },
        action="Every finished part moves the goal; make it visible to everyone.",
        examples=(Example((2, 3), 0, source=OURS), Example((1, 1, 0), 2 / 3, "mean", OURS)),
        source="S2",
    )


def _requirements() -> Iterator[Metric]:
    deals, won = target("won_deals"), metric("won_deals")
    rate, conversion = earlier("win_rate.created", "previous"), earlier("lead_conversion.cohort", "previous")
    yield Metric(
        "required_opportunities",
        name="Opportunities needed for the sales target",
        unit=COUNT,
        better=NEUTRAL,
        family="targets",
        meaning="Deals to be won by the target, divided by the win rate of the period before.",
        variants={
            "default": Variant({"target": deals, "win_rate": rate}, formula="target / win_rate"),
            "remaining": Variant(
                {"target": deals, "won": won, "win_rate": rate},
                formula="greatest(target - won, 0) / win_rate",
                meaning="For what the target still lacks: target less deals won so far; 0 when it is reached.",
            ),
        },
        aliases=("KPI_REQUIRED_OPPS",),
        examples=(Example((100, 0.2), 500, source="S0"), Example((100, 60, 0.2), 200, "remaining", OURS)),
        source="S0, S3",
    )
    yield Metric(
        "required_leads",
        name="Prospects needed for the target",
        unit=COUNT,
        better=NEUTRAL,
        family="targets",
        meaning="Deals to be won by the target, divided by the lead conversion of the period before.",
        variants={
            "default": Variant({"target": deals, "conversion": conversion}, formula="target / conversion"),
            "remaining": Variant(
                {"target": deals, "won": won, "conversion": conversion},
                formula="greatest(target - won, 0) / conversion",
                meaning="For what the target still lacks: target less deals won so far; 0 when it is reached.",
            ),
        },
        examples=(Example((4, 4 / 7), 7, source="S3"), Example((4, 2, 0.5), 4, "remaining", OURS)),
        source="S3",
    )


def _sales_forecast() -> Metric:
    expected = {
        name: Variant(
            {"amount": total("opportunity", "amount", when="expected_close_on", where=f"{OPEN} and {category}")},
            meaning=f"Amount of the open deals in the forecast category '{name}', by expected close.",
        )
        for name, category in (
            (category, f"forecast_category = '{category}'") for category in ("commit", "best", "pipeline")
        )
    }
    # One date for both: the forecast of a quarter to come has nothing won, and that is no missing data.
    won = total("opportunity", "amount", when="forecast_on", where=WON)
    weighted = total("opportunity", "amount * probability", when="forecast_on", where=OPEN)
    learned = total("opportunity", "amount * stage_win_share", when="forecast_on", where=OPEN)
    both = Calculator(("won", "weighted_open"), "won + weighted_open")
    return Metric(
        "sales_forecast",
        name="Sales forecast",
        unit=MONEY,
        better=HIGHER,
        family="targets",
        meaning="Sales to expect of the period: what is won, and open deals by probability and expected close.",
        variants={
            "weighted": Variant(
                {"won": won, "weighted_open": weighted},
                formula="won + weighted_open",
                calculator=both,
            ),
            "history": Variant(
                {"won": won, "weighted_open": learned},
                formula="won + weighted_open",
                meaning="Open deals by what became of earlier ones: the share won of all closed deals that passed"
                " the stage they are in.",
                calculator=both,
            ),
            "run_rate": Variant(
                {"won": metric("total_sales.booked")},
                formula="won / period.working_days_elapsed * period.working_days",
                meaning="What is won so far, gone on with at the same pace over all working days of the period.",
                calculator=Calculator(("won", "elapsed", "working_days"), "won / elapsed * working_days"),
            ),
            **expected,
        },
        aliases=("KPI_FORECAST",),
        synonyms={
            "zh": ("销售预测",),
            "ro": ("prognoza vânzărilor",),
            "ru": ("прогноз продаж",),
            "hu": ("értékesítési előrejelzés",),
        },
        examples=(
            Example((100, 105), 205, source=OURS),
            Example((510, 51, 66), 660, "run_rate", OURS),
        ),
        source="S1, S4",
    )
