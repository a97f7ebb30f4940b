"""The pipeline: opportunities created, open, and stuck.

Source: articles S0, S1, S2 and S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    COUNT,
    HIGHER,
    LOWER,
    MONEY,
    NEUTRAL,
    SCORE,
    SHARE,
    Metric,
    Variant,
    average,
    count,
    hookimpl,
    per,
    percentile,
    standing,
)
from kpicore_metrics.parts import deals_created, sqls

# The rows of opportunity_stage cover the open days of each deal once, so that the stages add up to all deals.
_open_deals = standing("opportunity_stage", since="since_on", until="until_on")
_amount = standing("opportunity_stage", "amount", since="since_on", until="until_on")
_weighted = standing("opportunity_stage", "amount * probability", since="since_on", until="until_on")


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _created()
    yield from _open()


def _created() -> Iterator[Metric]:
    yield Metric(
        "opportunities_created",
        name="Sales opportunities created",
        unit=COUNT,
        better=HIGHER,
        family="pipeline",
        meaning="Opportunities created in the period.",
        variants={
            "created": {"opportunities": deals_created},
            "sql": Variant({"opportunities": sqls}, meaning="Leads that sales qualified in the period."),
        },
        aliases=("KPI_OPPS_CREATED",),
        action="Few: adjust inbound, prospecting or nurturing.",
        guards=("opportunity_quality", "win_rate"),
        synonyms={
            "en": ("new opportunities", "new deals"),
            "zh": ("销售机会", "新增商机"),
            "pt": ("oportunidades criadas",),
            "hu": ("értékesítési lehetőségek",),
            "ro": ("oportunități de vânzare",),
        },
        source="S0, S2, S4",
    )
    yield Metric(
        "opportunity_quality",
        name="Quality of opportunities",
        unit=SHARE,
        better=HIGHER,
        family="pipeline",
        meaning="Share of the period's opportunities that reached the qualified stage of the workspace.",
        variants={
            "qualified": Variant(
                {
                    "qualified": count(
                        "opportunity",
                        when="created_on",
                        where="furthest_stage_position >= setting.qualified_stage or outcome = 'won'",
                    ),
                    "created": deals_created,
                },
                formula="qualified / created",
                cohort=True,
            ),
            "score": Variant(
                {"score": average("lead", "score", when="created_on")},
                unit=SCORE,
                meaning="Average score of the leads of the period.",
            ),
        },
        aliases=("KPI_OPP_QUALITY",),
        source="S4",
    )


def _open() -> Iterator[Metric]:
    yield Metric(
        "pipeline_count",
        name="Open opportunities",
        unit=COUNT,
        better=HIGHER,
        family="pipeline",
        meaning="Opportunities that are open at the end of the period, by the stage of that day.",
        inputs={"open": _open_deals},
        synonyms={"en": ("open deals", "pipeline"), "ro": ("conductă de vânzări",), "zh": ("未结商机数",)},
        source="S1, S4",
    )
    yield Metric(
        "pipeline_value",
        name="Pipeline value",
        unit=MONEY,
        better=HIGHER,
        family="pipeline",
        meaning="Amount of the opportunities that are open at the end of the period, by the stage of that day.",
        inputs={"amount": _amount},
        action="What may still be sold: use it to forecast and to place people.",
        guards=("stalled_opportunities",),
        synonyms={
            "en": ("open pipeline", "sales pipeline"),
            "ro": ("valoarea conductei de vânzări", "Conducta"),
            "zh": ("管道价值",),
            "ru": ("стоимость воронки продаж",),
            "pt": ("valor do pipeline",),
        },
        source="S4",
    )
    yield Metric(
        "weighted_pipeline",
        name="Weighted pipeline",
        unit=MONEY,
        better=HIGHER,
        family="pipeline",
        meaning="Amount of the open opportunities times their probability of being won, in the stage of that day.",
        inputs={"amount": _weighted},
        source="S1, S4",
    )
    open_amount = per("opportunity_id", _amount)
    open_weighted = per("opportunity_id", _weighted)
    yield Metric(
        "top_opportunities",
        name="Key opportunities",
        unit=MONEY,
        better=NEUTRAL,
        family="pipeline",
        meaning="Amount of the largest opportunity that is open at the end of the period.",
        variants={
            "amount": {"largest": percentile(open_amount, "at_end", 1.0, where="at_end > 0")},
            "weighted": Variant(
                {"largest": percentile(open_weighted, "at_end", 1.0, where="at_end > 0")},
                meaning="The largest amount times probability.",
            ),
        },
        aliases=("KPI_TOP_OPPS",),
        synonyms={"zh": ("关键商机Top10", "重点商机")},
        source="S1",
    )
    yield Metric(
        "stalled_opportunities",
        name="Stalled opportunities",
        unit=COUNT,
        better=LOWER,
        family="pipeline",
        meaning="Open opportunities that are older than deals of the same product line, or rep, take to be won.",
        inputs={
            "stalled": standing(
                "opportunity_stage",
                since="since_on",
                until="until_on",
                where="days(created_on, period.as_of) > usual_cycle_days",
            )
        },
        aliases=("KPI_STALLED_OPPS",),
        action="Look first at deals that are older than the average cycle.",
        synonyms={"en": ("stale deals", "ageing deals")},
        source="S1",
    )
