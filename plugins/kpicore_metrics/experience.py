"""What customers experience: surveys, replies, carts.

Source: articles S0 and S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    HIGHER,
    LOWER,
    MINUTES,
    POINTS,
    SCORE,
    SHARE,
    Band,
    Calculator,
    Example,
    Metric,
    Variant,
    average,
    count,
    distinct,
    hookimpl,
)
from kpicore_metrics.parts import OURS, passed


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield from _loyalty()
    yield _satisfaction()
    yield _replies()
    yield _carts()


def _loyalty() -> Iterator[Metric]:
    on_the_scale = "type = 'nps' and scale_max = 10"
    answers = count("survey_response", when="answered_on", where=f"{on_the_scale} and score between 0 and 10")
    promoters = count("survey_response", when="answered_on", where=f"{on_the_scale} and score between 9 and 10")
    detractors = count("survey_response", when="answered_on", where=f"{on_the_scale} and score between 0 and 6")
    yield Metric(
        "nps",
        name="Net promoter score",
        unit=POINTS,
        better=HIGHER,
        family="experience",
        meaning="Per cent of answers of 9 or 10 less per cent of answers of 0 to 6, from -100 to 100.",
        formula="100 * (promoters - detractors) / answers",
        inputs={"promoters": promoters, "detractors": detractors, "answers": answers},
        action="Promoters are loyal, recommend us and open new opportunities; ask detractors why.",
        synonyms={"en": ("NPS",), "zh": ("净推荐值",), "ru": ("индекс потребительской лояльности",)},
        examples=(Example((70, 0, 100), 70, source=OURS), Example((70, 30, 100), 40, source=OURS)),
        source="S0",
    )
    yield Metric(
        "promoter_share",
        name="Promoter share",
        unit=SHARE,
        better=HIGHER,
        family="experience",
        meaning="Share of answers of 9 or 10 to how likely a customer is to recommend us.",
        formula="promoters / answers",
        inputs={"promoters": promoters, "answers": answers},
        bands=(
            Band("Below expectations.", below=0.7),
            Band("The company meets or exceeds expectations.", above=0.7),
        ),
        action="Ask those who gave less than 9 what was lacking.",
        guards=("nps",),
        synonyms={"zh": ("推荐者比例",)},
        examples=(Example((70, 100), 0.7, source="S0"),),
        source="S0",
    )


def _satisfaction() -> Metric:
    on_scale = "type = 'csat' and score between 0 and scale_max"
    return Metric(
        "csat",
        name="Customer satisfaction",
        unit=SHARE,
        better=HIGHER,
        family="experience",
        meaning="Share of answers in one of the two best boxes of the scale.",
        variants={
            "satisfied": Variant(
                {
                    "satisfied": count(
                        "survey_response", when="answered_on", where=f"{on_scale} and score >= scale_max - 1"
                    ),
                    "answers": count(
                        "survey_response",
                        when="answered_on",
                        where=on_scale,
                    ),
                },
                formula="satisfied / answers",
            ),
            "mean": Variant(
                {
                    "score": average("survey_response", "score", when="answered_on", where=on_scale),
                    "scales": distinct("survey_response", "scale_max", when="answered_on", where=on_scale),
                },
                formula="score / (case when scales = 1 then 1 else 0 end)",
                unit=SCORE,
                meaning="Average answer; none where the answers are on several scales, as 4 of 5 and 9 of 10 have no"
                " average.",
                calculator=Calculator(fold="average"),
            ),
        },
        synonyms={
            "en": ("CSAT",),
            "ro": ("satisfacția clienților",),
            "zh": ("客户满意度",),
            "ru": ("удовлетворённость клиентов",),
            "hu": ("ügyfél-elégedettség",),
            "pt": ("satisfação do cliente",),
        },
        source="S4",
    )


def _replies() -> Metric:
    return Metric(
        "inquiry_response_time",
        name="Inquiry response time",
        unit=MINUTES,
        better=LOWER,
        family="experience",
        meaning="Average minutes from an inquiry to its first reply, over inquiries of the period that were answered.",
        inputs={"minutes": average("inquiry", passed("minutes", "received_at", "first_reply_at"), when="received_on")},
        synonyms={"en": ("first response time",), "ro": ("timpul de răspuns la solicitări",)},
        source="S4",
    )


def _carts() -> Metric:
    return Metric(
        "cart_abandonment",
        name="Cart abandonment",
        unit=SHARE,
        better=LOWER,
        family="experience",
        meaning="Share of the carts with a product in them that did not become an order.",
        formula="abandoned / carts",
        inputs={
            "abandoned": count("cart", when="created_on", where="ordered_at is null"),
            "carts": count("cart", when="created_on"),
        },
        action="Adjust the checkout; look at payment terms and at the security certificate.",
        synonyms={
            "en": ("cart abandonment rate",),
            "zh": ("购物车放弃率",),
            "pt": ("abandono de carrinho",),
            "hu": ("kosárelhagyás",),
            "ru": ("брошенные корзины",),
        },
        examples=(Example((40, 100), 0.4, source="S0"),),
        source="S0",
    )
