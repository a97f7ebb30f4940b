"""Leads: how many come in, how good they are, how many become customers, and how fast.

Source: articles S0 to S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    COUNT,
    DAYS,
    HIGHER,
    LOWER,
    MINUTES,
    SHARE,
    Example,
    Metric,
    Variant,
    average,
    count,
    hookimpl,
    median,
)
from kpicore_metrics.parts import OURS, deals_created, in_funnel, leads, mqls, passed, sqls, won_in_funnel

_CONVERTED = {"converted": count("lead", when="created_on", where="became_customer"), "leads": leads}


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _leads()
    yield from _conversions()
    yield from _times()


def _leads() -> Iterator[Metric]:
    yield Metric(
        "new_leads",
        name="New leads",
        unit=COUNT,
        better=HIGHER,
        family="acquisition",
        meaning="Leads that came in during the period.",
        inputs={"leads": leads},
        action="Below target: spend more time on prospecting.",
        guards=("lead_conversion",),
        synonyms={
            "en": ("new prospects", "leads created"),
            "ru": ("новые лиды", "новые потенциальные клиенты"),
            "zh": ("新增线索",),
            "hu": ("új leadek",),
            "ro": ("lead-uri noi",),
            "pt": ("novos leads",),
        },
        source="S2, S3",
    )
    yield Metric(
        "mql_count",
        name="Marketing-qualified leads",
        unit=COUNT,
        better=HIGHER,
        family="acquisition",
        meaning="Leads that marketing qualified in the period.",
        inputs={"mqls": mqls},
        aliases=("KPI_MQL",),
        action="Low shortly before a quarter is a red alarm for its target: win more of them before it begins.",
        guards=("mql_to_sql_rate",),
        synonyms={"en": ("MQL",), "zh": ("市场合格线索", "市场认可线索")},
        source="S1",
    )
    yield Metric(
        "sql_count",
        name="Sales-qualified leads",
        unit=COUNT,
        better=HIGHER,
        family="acquisition",
        meaning="Leads that sales qualified in the period.",
        inputs={"sqls": sqls},
        aliases=("KPI_SQL",),
        synonyms={"en": ("SQL",), "zh": ("销售合格线索", "销售认可线索")},
        source="S1",
    )


def _conversions() -> Iterator[Metric]:
    yield Metric(
        "mql_to_sql_rate",
        name="MQL to SQL conversion",
        unit=SHARE,
        better=HIGHER,
        family="acquisition",
        meaning="Share of marketing's qualified leads that sales qualified too.",
        formula="sqls / mqls",
        variants={
            "cohort": Variant(
                {"sqls": count("lead", when="mql_on", where="mql_on is not null and sql_on is not null"), "mqls": mqls},
                meaning="MQLs of the period that became SQL, whenever that was, per MQL.",
                cohort=True,
            ),
            "flow": Variant({"sqls": sqls, "mqls": mqls}, meaning="SQLs of the period per MQL of the period."),
        },
        aliases=("KPI_MQL_TO_SQL",),
        action="Very low: sales and marketing disagree on what qualified means; let them meet and settle it.",
        synonyms={"zh": ("MQL到SQL转化率",)},
        examples=(Example((30, 120), 0.25, source=OURS),),
        source="S1",
    )
    yield Metric(
        "lead_to_opportunity",
        name="Lead-to-opportunity ratio",
        unit=SHARE,
        better=HIGHER,
        family="acquisition",
        meaning="Opportunities created in the period per lead that came in.",
        formula="opportunities / leads",
        inputs={"opportunities": deals_created, "leads": leads},
        aliases=("KPI_LEAD_TO_OPP",),
        synonyms={"hu": ("lead–lehetőség arány",)},
        examples=(Example((25, 100), 0.25, source=OURS),),
        source="S2",
    )
    yield Metric(
        "lead_conversion",
        name="Lead conversion rate",
        unit=SHARE,
        better=HIGHER,
        family="acquisition",
        meaning="Share of leads that became paying customers.",
        formula="converted / leads",
        variants={
            "cohort": Variant(
                _CONVERTED,
                meaning="Leads of the period that became paying customers, whenever that was, per lead.",
                cohort=True,
            ),
            "in_funnel": Variant(
                {"converted": won_in_funnel, "leads": in_funnel},
                meaning="Deals won in the period per prospect that was in the funnel during it; those that were"
                " created on no known day, or after their close, are in neither.",
            ),
        },
        action="On target, the pipeline is probably on track; below it, look at qualification and follow-up.",
        guards=("new_leads",),
        synonyms={
            "en": ("conversion rate", "customer conversion rate"),
            "ru": ("конверсия лидов", "коэффициент конверсии"),
            "zh": ("线索转化率", "转化率"),
            "ro": ("rata de conversie",),
            "hu": ("konverziós ráta", "konverziós arány"),
            "pt": ("taxa de conversão",),
        },
        examples=(Example((4, 7), 4 / 7, source="S3"), Example((4, 7), 4 / 7, "in_funnel", "S3")),
        source="S2, S3, S4",
    )
    yield Metric(
        "conversion_by_channel",
        name="Conversion per channel",
        unit=SHARE,
        better=HIGHER,
        family="acquisition",
        meaning="Lead conversion of a channel.",
        formula="converted / leads",
        variants={"cohort": Variant(_CONVERTED, cohort=True)},
        needs_cut=("channel",),
        aliases=("KPI_CHANNEL_CONVERSION",),
        action="Invest more where it is high; improve or pause the weak channels.",
        source="S0",
    )
    yield Metric(
        "conversion_by_source",
        name="Conversion by lead source",
        unit=SHARE,
        better=HIGHER,
        family="acquisition",
        meaning="Lead conversion of a source.",
        formula="converted / leads",
        variants={"cohort": Variant(_CONVERTED, cohort=True)},
        needs_cut=("source",),
        aliases=("KPI_SOURCE_CONVERSION",),
        source="S4",
    )


def _times() -> Iterator[Metric]:
    yield Metric(
        "time_to_convert",
        name="Time to convert a lead",
        unit=DAYS,
        better=LOWER,
        family="acquisition",
        meaning="Average days from a lead's coming in to its first purchase, over leads converted in the period.",
        inputs={
            "days": average(
                "lead",
                passed("days", "created_on", "converted_on"),
                when="converted_on",
                where="converted_on is not null and became_customer",
            )
        },
        synonyms={"en": ("conversion time",), "ro": ("timpul mediu de conversie",)},
        source="S2, S4",
    )
    answered = passed("minutes", "created_at", "first_response_at")
    yield Metric(
        "lead_response_time",
        name="Lead response time",
        unit=MINUTES,
        better=LOWER,
        family="acquisition",
        meaning="Minutes from a lead's coming in to its first answer, over leads of the period that were answered.",
        variants={
            "mean": {"minutes": average("lead", answered, when="created_on")},
            "median": Variant({"minutes": median("lead", answered, when="created_on")}, meaning="The median of it."),
            "business_hours": Variant(
                {"minutes": average("lead", "first_response_business_minutes", when="created_on")},
                meaning="Average of working minutes only.",
            ),
        },
        action="The shorter, the better the conversion.",
        synonyms={"en": ("speed to lead",), "ro": ("timpul de răspuns la lead-uri",), "zh": ("线索响应时间",)},
        source="S4",
    )
