"""The numbers of the articles, through the calculators: numbers in, number out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Aggregate, BadArgument, Definitions, Registry, Workspace, calculator


@pytest.mark.parametrize(
    ("ref", "numbers", "value"),
    [
        ("ltv", (150, 250, 450, 350), 1200),
        ("cpl", (5000, 100), 50),
        ("required_opportunities", (100, 100 / 500), 500),
        ("win_rate", (100, 500), 0.20),
        ("cart_abandonment", (40, 100), 0.40),
        ("upsell_cross_sell", (6, 10), 0.60),
        ("roi", (40000, 10000), 3.00),
        ("promoter_share", (70, 100), 0.70),
        ("ltv_cac", (5, 1), 5),
        ("ltv_cac", (3, 1), 3),
        ("ltv_cac", (1, 1), 1),
        ("lead_conversion", (4, 7), 0.5714285714285714),
        ("win_rate.funnel", (4, 7), 0.5714285714285714),
        ("required_leads", (4, 4 / 7), 7),
        ("retention_rate", (230, 60, 200), 0.85),
        ("ltv.formula", (100, 4, 3), 1200),
        ("lead_to_opportunity", (25, 100), 0.25),
        ("avg_sales_per_customer", (120000, 100), 1200),
        ("sales_equation", (500, 0.2, 1200), 120000),
        ("sales_growth", (120, 100), 0.20),
        ("monthly_sales_growth", (120, 100), 20),
        ("monthly_sales_growth.percent", (120, 100), 0.20),
        ("collection_rate", (80, 100), 0.80),
        ("target_attainment", (90, 120), 0.75),
        ("quota_attainment", (90, 120), 0.75),
        ("goal_progress", (2, 3), 0),
        ("goal_progress", (3, 3), 1),
        ("goal_progress.mean", (1, 1, 0), 0.6666666666666666),
        ("sales_forecast", (100, 105), 205),
        ("mql_to_sql_rate", (30, 120), 0.25),
        ("churn_rate", (30, 200), 0.15),
        ("cac", (10000, 20), 500),
        ("sales_cycle", (10, 20, 60), 30),
        ("sales_cycle.median", (10, 20, 60), 20),
        ("nps", (70, 0, 100), 70),
        ("nps", (70, 30, 100), 40),
        ("acquisition_retention_cost_ratio", (600, 100), 6),
    ],
)
def test_a_calculator_gives_the_number_of_the_article(
    calculators: Workspace, ref: str, numbers: tuple[float, ...], value: float
) -> None:
    assert calculators.calc(ref, *numbers) == pytest.approx(value, rel=1e-12, abs=1e-9)


def test_every_worked_example_in_the_packs_holds(registry: Registry, calculators: Workspace) -> None:
    for metric in registry.metrics.values():
        for example in metric.examples:
            ref = f"{metric.id}.{example.variant or metric.default}"
            assert calculators.calc(ref, *example.arguments) == pytest.approx(example.value), ref


def test_the_text_formula_of_retention_with_net_new_customers_always_gives_1_which_is_the_trap(
    calculators: Workspace,
) -> None:
    # 200 at the start, 60 gained, 30 lost, so 230 at the end and 30 net new.
    assert calculators.calc("retention_rate", 230, 30, 200) == 1.00
    assert calculators.calc("retention_rate", 230, 60, 200) == 0.85


@given(start=st.integers(1, 10_000), lost=st.integers(0, 10_000), new=st.integers(0, 10_000))
def test_retention_and_churn_of_the_same_customers_are_1_together(
    calculators: Workspace, start: int, lost: int, new: int
) -> None:
    lost = min(lost, start)
    kept = calculators.calc("retention_rate", start - lost + new, new, start)
    assert kept + calculators.calc("churn_rate", lost, start) == pytest.approx(1, abs=1e-12)


def test_a_rate_over_nothing_has_no_value(calculators: Workspace) -> None:
    for ref, numbers in (("win_rate", (0, 0)), ("nps", (0, 0, 0)), ("goal_progress", (0, 0))):
        with pytest.raises(BadArgument, match="denominator is 0"):
            calculators.calc(ref, *numbers)


def test_growth_on_a_negative_base_has_no_value(calculators: Workspace) -> None:
    for ref in ("sales_growth", "sales_growth.yoy", "monthly_sales_growth.percent"):
        with pytest.raises(BadArgument):
            calculators.calc(ref, 120, -100)


def test_a_share_above_1_is_refused_with_the_way_to_write_it(calculators: Workspace) -> None:
    with pytest.raises(BadArgument, match=r"'win_rate'.*cannot be 20.*Write 0\.2"):
        calculators.calc("required_opportunities", 100, 20)


def test_plain_counts_and_totals_have_no_calculator(registry: Registry, definitions: Definitions) -> None:
    for id in ("revenue", "new_leads", "lost_deals", "pipeline_count", "calls", "collected_amount"):
        assert calculator(definitions.get(id, registry.metric(id).default)) is None


def test_rates_and_averages_have_a_calculator(registry: Registry, definitions: Definitions) -> None:
    for metric in registry.metrics.values():
        for name in metric.variant_names:
            compiled = definitions.get(metric.id, name)
            only = compiled.inputs[0].given
            folds = isinstance(only, Aggregate) and only.word in ("average", "percentile")
            if len(compiled.inputs) > 1 or folds:
                assert calculator(compiled) is not None, f"{metric.id}.{name}"
