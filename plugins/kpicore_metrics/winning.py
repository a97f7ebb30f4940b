"""Winning and losing: how many deals are won, against whom, why not, and how long it takes.

Source: articles S0 to S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    COUNT,
    DAYS,
    HIGHER,
    LOWER,
    MONEY,
    NEUTRAL,
    SHARE,
    Example,
    Metric,
    Variant,
    average,
    count,
    hookimpl,
    median,
    percentile,
    total,
)
from kpicore_metrics.parts import (
    CLOSED,
    LOST,
    OURS,
    WON,
    closed_deals,
    deals_created,
    in_funnel,
    passed,
    won_amount,
    won_deals,
    won_in_funnel,
)


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _win_rates()
    yield from _losses()
    yield _sales_cycle()


def _win_rates() -> Iterator[Metric]:
    yield Metric(
        "win_rate",
        name="Win rate",
        unit=SHARE,
        better=HIGHER,
        family="pipeline",
        meaning="Share of opportunities that were won.",
        formula="won / base",
        variants={
            "closed": Variant(
                {"won": won_deals, "base": closed_deals}, meaning="Deals won per deal closed in the period."
            ),
            "created": Variant(
                {"won": count("opportunity", when="created_on", where=WON), "base": deals_created},
                meaning="Share of the deals created in the period that are won by now.",
                cohort=True,
            ),
            "funnel": Variant(
                {"won": won_in_funnel, "base": in_funnel},
                meaning="Deals won in the period per deal that was in the funnel during it; those that were"
                " created on no known day, or after their close, are in neither.",
            ),
            "amount": Variant(
                {"won": won_amount, "base": total("opportunity", "amount", when="closed_on", where=CLOSED)},
                meaning="Amount won per amount closed in the period.",
            ),
        },
        action="Low: train skills, or check whether the right buyers are addressed; improve process and tools."
        " Review it at least every month or quarter.",
        guards=("opportunities_created", "target_attainment"),
        synonyms={
            "en": ("opportunity conversion", "close rate", "closing ratio"),
            "zh": ("赢单率", "机会转化率"),
            "ru": ("процент выигранных сделок", "коэффициент выигранных сделок"),
            "ro": ("rata de câștig",),
            "pt": ("taxa de conversão de oportunidades",),
            "hu": ("nyerési arány",),
        },
        examples=(
            Example((100, 500), 0.2, source="S0"),
            Example((100, 500), 0.2, "created", "S0"),
            Example((4, 7), 4 / 7, "funnel", "S3"),
        ),
        source="S0, S1, S3, S4",
    )
    yield Metric(
        "competitor_win_rate",
        name="Win rate against a competitor",
        unit=SHARE,
        better=HIGHER,
        family="pipeline",
        meaning="Share of the opportunities closed in the period against a competitor that were won.",
        formula="won / base",
        inputs={"won": won_deals, "base": closed_deals},
        needs_cut=("competitor",),
        action="Look at it by product line and by region.",
        synonyms={"zh": ("对竞争对手的赢单率",)},
        source="S1",
    )


def _losses() -> Iterator[Metric]:
    lost = count("opportunity", when="closed_on", where=LOST)
    reasoned = f"{LOST} and loss_reason_id is not null"
    yield Metric(
        "lost_deals",
        name="Lost opportunities",
        unit=COUNT,
        better=LOWER,
        family="pipeline",
        meaning="Deals lost in the period.",
        inputs={"lost": lost},
        synonyms={"en": ("deals lost", "closed-lost deals"), "zh": ("输单数", "丢单数")},
        source="S1",
    )
    yield Metric(
        "lost_amount",
        name="Lost amount",
        unit=MONEY,
        better=LOWER,
        family="pipeline",
        meaning="Amount of the deals lost in the period.",
        inputs={"amount": total("opportunity", "amount", when="closed_on", where=LOST)},
        synonyms={"zh": ("输单金额", "丢单金额")},
        source="S1",
    )
    yield Metric(
        "loss_reason_share",
        name="Share of a loss reason",
        unit=SHARE,
        better=NEUTRAL,
        family="pipeline",
        meaning="Share of a reason among the deals lost in the period whose reason is known.",
        formula="lost / base",
        variants={
            "known": Variant(
                {
                    "lost": count("opportunity", when="closed_on", where=reasoned),
                    "base": count("opportunity", when="closed_on", where=reasoned, regardless_of="loss_reason"),
                },
                needs_cut=("loss_reason",),
            ),
            "unknown": Variant(
                {
                    "lost": count("opportunity", when="closed_on", where=f"{LOST} and loss_reason_id is null"),
                    "base": lost,
                },
                meaning="Share of the deals lost in the period whose reason is not known.",
            ),
        },
        action="Review and classify the reasons, so that the same one does not cost the next deal.",
        synonyms={"zh": ("丢单原因", "输单原因"), "en": ("loss reasons",)},
        source="S1",
    )


def _sales_cycle() -> Metric:
    starts = {
        "": ("first_contact_on", "the first contact"),
        "opportunity_created_": ("created_on", "the deal's creation"),
        "lead_created_": ("lead_created_on", "the lead's coming in"),
    }
    variants: dict[str, Variant] = {}
    for prefix, (start, words) in starts.items():
        length = passed("days", start, "closed_on")
        where = {"when": "closed_on", "where": WON}
        variants |= {
            f"{prefix}mean": Variant(
                {"days": average("opportunity", length, **where)},
                meaning=f"Average days from {words} to winning, over deals won in the period.",
            ),
            f"{prefix}median": Variant(
                {"days": median("opportunity", length, **where)},
                meaning=f"Median days from {words} to winning, over deals won in the period.",
            ),
            f"{prefix}p90": Variant(
                {"days": percentile("opportunity", length, 0.9, **where)},
                meaning=f"Nine of ten deals won in the period took at most so many days from {words}.",
            ),
        }
    return Metric(
        "sales_cycle",
        name="Sales cycle length",
        unit=DAYS,
        better=LOWER,
        family="pipeline",
        meaning="Days from the first contact to winning; deals without a first contact, or with one after their"
        " close, are left out and counted.",
        variants=variants,
        action="Too long: look for a stage that holds deals up; B2B takes longer than B2C. Shorter is not always"
        " better: check churn after closing.",
        guards=("post_close_churn",),
        synonyms={
            "en": ("win cycle", "average closing time", "time to close"),
            "zh": ("销售周期", "赢单周期"),
            "hu": ("értékesítési ciklus", "értékesítési ciklus hossza"),
            "ro": ("durata ciclului de vânzare", "ciclul de vânzări"),
            "ru": ("цикл продаж", "длина цикла сделки"),
            "pt": ("ciclo de vendas", "ciclo médio de vendas"),
        },
        examples=(Example((10, 20, 60), 30, source=OURS), Example((10, 20, 60), 20, "median", OURS)),
        source="S0, S1, S2, S4",
    )
