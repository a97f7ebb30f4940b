"""Every KPI and variant of the catalogue is defined, stands, and says what a person needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kpicore import Aggregate, Better, Definitions, Registry, load_plugins

CATALOGUE = {
    id: tuple(variants)
    for id, *variants in map(str.split, Path(__file__).with_name("catalogue.txt").read_text().splitlines())
}
"""The contract: each id of the catalogue with its variants, the default first."""

ALIASES = {
    "KPI_COLLECTED": "collected_amount",
    "KPI_REQUIRED_OPPS": "required_opportunities",
    "KPI_FORECAST": "sales_forecast",
    "KPI_MQL": "mql_count",
    "KPI_SQL": "sql_count",
    "KPI_MQL_TO_SQL": "mql_to_sql_rate",
    "KPI_OPPS_CREATED": "opportunities_created",
    "KPI_OPP_QUALITY": "opportunity_quality",
    "KPI_LEAD_TO_OPP": "lead_to_opportunity",
    "KPI_CHANNEL_CONVERSION": "conversion_by_channel",
    "KPI_SOURCE_CONVERSION": "conversion_by_source",
    "KPI_STAGE_DWELL": "stage_dwell_time",
    "KPI_TOP_OPPS": "top_opportunities",
    "KPI_STALLED_OPPS": "stalled_opportunities",
    "KPI_ACQ_RETENTION_COST_RATIO": "acquisition_retention_cost_ratio",
    "KPI_EVENTS": "events_attended",
}

LOWER_IS_BETTER = """
    funnel_leakage lost_deals lost_amount cart_abandonment sales_cycle stage_dwell_time stalled_opportunities
    time_to_convert lead_response_time inquiry_response_time cpl cac lost_customers churn_rate revenue_churn
    post_close_churn activity_ratio acquisition_cost
"""

NEITHER_IS_BETTER = """
    required_opportunities required_leads loss_reason_share top_opportunities acquisition_retention_cost_ratio
    selling_time
"""

COMPONENTS = {"won_deals", "acquisition_cost"}
"""Metrics beyond the catalogue, which others are made of."""

REPORTED = set(
    "visits customers_visited sales_records opportunities_moved stage_entries stage_losses stage_lost_amount".split()
)
"""Figures beyond the catalogue, which the reports show."""

FURTHER = {
    "required_opportunities": ("remaining",),
    "required_leads": ("remaining",),
    "sales_forecast": ("history", "run_rate"),
}
"""Variants beyond the catalogue: what is still needed, what history and pace promise."""


def test_the_catalogue_has_84_ids_and_138_variants() -> None:
    assert (len(CATALOGUE), sum(len(each) for each in CATALOGUE.values())) == (84, 138)


def test_every_id_of_the_catalogue_is_defined_and_nothing_else_but_components_and_figures(registry: Registry) -> None:
    assert set(registry.metrics) == set(CATALOGUE) | COMPONENTS | REPORTED
    assert registry.problems == ()


@pytest.mark.parametrize("id", CATALOGUE)
def test_a_kpi_has_the_variants_of_the_catalogue_the_default_first(registry: Registry, id: str) -> None:
    further = FURTHER.get(id, ())
    assert tuple(name for name in registry.metric(id).variant_names if name not in further) == CATALOGUE[id]


@pytest.mark.parametrize("id", [*CATALOGUE, *sorted(COMPONENTS | REPORTED)])
def test_every_variant_parses_and_names_only_fields_dimensions_and_metrics_that_exist(
    definitions: Definitions, id: str
) -> None:
    for variant in definitions.registry.metric(id).variant_names:
        assert definitions.get(id, variant).inputs


@pytest.mark.parametrize("alias", ALIASES)
def test_the_excel_name_of_the_catalogue_finds_the_kpi(registry: Registry, alias: str) -> None:
    assert alias in registry.metric(ALIASES[alias]).aliases
    assert registry.metric(alias.removeprefix("KPI_")).id == ALIASES[alias]


def test_no_alias_is_the_id_of_another_kpi_or_given_twice(registry: Registry) -> None:
    names = [alias.removeprefix("KPI_").casefold() for one in registry.metrics.values() for alias in one.aliases]
    others = [name for name in names if name in registry.metrics]
    assert (others, len(names)) == ([], len(set(names)))


def test_each_kpi_says_whether_more_is_better_as_the_catalogue_does(registry: Registry) -> None:
    lower = {id for id, each in registry.metrics.items() if each.better is Better.LOWER} - REPORTED
    neither = {id for id, each in registry.metrics.items() if each.better is Better.NEUTRAL} - REPORTED
    assert lower == set(LOWER_IS_BETTER.split())
    assert neither == set(NEITHER_IS_BETTER.split())


def test_every_kpi_says_what_it_means_where_it_comes_from_and_which_family_it_is_of(registry: Registry) -> None:
    families = {"revenue", "targets", "acquisition", "pipeline", "value", "retention", "experience", "activity"}
    for metric in registry.metrics.values():
        assert re.fullmatch(r"[A-Z].*[a-z1].*\.", metric.meaning), metric.id
        assert metric.source and metric.family in families, metric.id
        assert not metric.name.isupper(), metric.id


def test_the_variants_of_a_kpi_can_be_told_apart_by_their_meaning(registry: Registry) -> None:
    for metric in registry.metrics.values():
        meanings = [metric.variant(name).meaning for name in metric.variant_names]
        assert len(set(meanings)) == len(meanings), metric.id


def test_guards_are_kpis_that_exist_and_not_the_kpi_itself(registry: Registry) -> None:
    for metric in registry.metrics.values():
        assert set(metric.guards) <= set(registry.metrics) - {metric.id}, metric.id


def test_names_that_articles_use_find_their_kpi(registry: Registry) -> None:
    known = {
        (language, word.casefold()): id
        for id, each in registry.metrics.items()
        for language, words in each.synonyms.items()
        for word in words
    }
    assert known["ru", "жизненный цикл клиента"] == "ltv"
    assert known["zh", "平均票数"] == "avg_ticket"
    assert known["zh", "客单价"] == "avg_sales_per_customer"
    assert known["zh", "回款"] == "collected_amount"
    assert known["ro", "conducta"] == "pipeline_value"
    assert known["pt", "ticket médio"] == "avg_ticket"
    assert known["hu", "ügyfélszerzési költség"] == "cac"
    assert known["en", "clv"] == "ltv"


def test_synonyms_are_in_the_six_languages_and_name_one_kpi_each(registry: Registry) -> None:
    given = [
        (language, word.casefold())
        for metric in registry.metrics.values()
        for language, words in metric.synonyms.items()
        for word in words
    ]
    assert {language for language, _ in given} == {"en", "zh", "hu", "ru", "ro", "pt"}
    assert len(set(given)) == len(given)


def test_bands_of_a_kpi_follow_each_other_without_gap_or_overlap(registry: Registry) -> None:
    for metric in registry.metrics.values():
        for lower, upper in zip(metric.bands, metric.bands[1:], strict=False):
            assert lower.below == upper.above is not None, metric.id


@pytest.mark.parametrize(
    ("id", "value", "says"),
    [
        ("ltv_cac", 5.0, "Excellent"),
        ("ltv_cac", 3.0, "industry standard"),
        ("ltv_cac", 1.0, "no profit"),
        ("promoter_share", 0.70, "meets or exceeds"),
        ("acquisition_retention_cost_ratio", 5.0, "Kotler"),
        ("acquisition_retention_cost_ratio", 6.9, "Kotler"),
    ],
)
def test_a_benchmark_of_the_articles_says_what_a_value_means(
    registry: Registry, id: str, value: float, says: str
) -> None:
    [band] = [
        each
        for each in registry.metric(id).bands
        if (each.above is None or each.above <= value) and (each.below is None or value < each.below)
    ]
    assert says in band.meaning


def test_acquisition_cost_expects_all_categories_of_the_articles(registry: Registry) -> None:
    cost = registry.metric("cac").variant("fully_loaded").inputs["cost"]
    assert isinstance(cost, Aggregate)
    [(field, categories)] = cost.expects
    assert field == "category"
    assert {"salaries", "training", "benefits", "commissions", "tools_software"} <= set(categories)
    assert "retention" not in categories


def test_every_pack_is_registered_and_works() -> None:
    packs = {report.name: report.status for report in load_plugins(()).reports if report.name in _modules()}
    assert packs == dict.fromkeys(_modules(), "ok")


def _modules() -> set[str]:
    import kpicore_metrics

    folder = Path(str(kpicore_metrics.__file__)).parent
    named = {each.stem for each in folder.glob("*.py")} - {"__init__", "parts"}
    return {each for each in named if not each.startswith("words_")}  # one language each, all given by `words`
