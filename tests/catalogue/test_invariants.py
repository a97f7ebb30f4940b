"""What must hold whatever the data: on companies made by dice, under each active rule."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from kpicore import SHARE, Answer, BadCut, Definition, Workspace, calculator, load_plugins
from tests.catalogue.companies import company
from tests.catalogue.random_company import random_company

WHOLE = "2024-01-01..2025-06-30"
RULES = ("inactivity", "contract", "subscription")
NOT_A_PART = """
    sales_growth.previous sales_growth.yoy monthly_sales_growth.percent roi.sales roi.margin
    collection_rate.contracted collection_rate.of_due mql_to_sql_rate.flow lead_to_opportunity
    target_attainment.money target_attainment.volume target_attainment.new_accounts quota_attainment
    goal_progress.weighted goal_progress.mean goal_progress.sum
    upsell_cross_sell.base upsell_rate.base cross_sell_rate.base
"""
"""Shares whose numerator is no part of the denominator: growth, returns, what is paid or reached beyond the plan,
SQLs of leads that were MQL before, and buyers who are no longer active at the end."""

few = settings(
    max_examples=2,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed has nothing to shrink
    suppress_health_check=[HealthCheck.too_slow],
)


@contextmanager
def founded(tables: Mapping[str, str], rule: str, days: int) -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / "random"
        with company(at, load_plugins(()), tables, active_rule=rule, inactivity_days=days, qualified_stage=2) as of:
            yield of


@pytest.fixture(scope="module", params=["1 inactivity", "2 subscription"])
def of(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A company made by dice, with rows of every entity."""
    seed, rule = request.param.split()
    with founded(random_company(int(seed)), rule, 120) as opened:
        yield opened


def near(number: float) -> object:
    return pytest.approx(number, rel=1e-9, abs=1e-9)


def variants(of: Workspace) -> Iterator[tuple[str, Definition]]:
    for id, metric in of.registry.metrics.items():
        for name in metric.variant_names:
            yield f"{id}.{name}" if metric.variants else id, of.definitions.get(id, name)


@few
@given(seed=st.integers(0, 10**6), rule=st.sampled_from(RULES), days=st.integers(1, 400))
@example(seed=1, rule="inactivity", days=365)
@example(seed=2, rule="contract", days=1)
@example(seed=3, rule="subscription", days=1)
def test_retention_and_churn_are_1_together_for_the_same_arguments(seed: int, rule: str, days: int) -> None:
    tables = random_company(seed)
    asked = 0
    with founded({name: tables[name] for name in ("customer", "order", "contract", "subscription")}, rule, days) as of:
        for grain in ("week", "month", "quarter", "year", None):
            period = {"week": "2024-01-01..2025-06-29", "year": "2024"}.get(str(grain), WHOLE)
            for by in ((), "segment"):
                kept = of.get("retention_rate", period, grain=grain, by=by).answers
                lost = of.get("churn_rate", period, grain=grain, by=by).answers
                of_the_same = {(each.question.period, each.question.cuts): each.value for each in lost}
                for each in kept:
                    other = of_the_same.get((each.question.period, each.question.cuts))
                    assert (each.value is None) == (other is None), each.question
                    if each.value is not None and other is not None:
                        assert each.value + other == near(1), each.question
                        asked += 1
    assert asked


def test_the_parts_of_every_additive_kpi_add_up_by_every_dimension_and_over_time(of: Workspace) -> None:
    by_entity: dict[str, list[str]] = {}
    flows = []
    for ref, definition in variants(of):
        measure = definition.inputs[0].measure
        if additive(definition) and measure is not None:
            by_entity.setdefault(measure.entity, []).append(ref)
            flows += [ref] if measure.adds_over_time else []
    refs = [ref for some in by_entity.values() for ref in some]
    wholes = dict(zip(refs, of.get(refs, WHOLE).values(), strict=True))
    assert len([whole for whole in wholes.values() if whole]) >= 35
    parts = 0
    for entity, some in by_entity.items():
        for dimension in of.registry.dimensions_of(entity):
            try:
                found = of.get(some, WHOLE, by=dimension).answers
            except BadCut:  # no row has a value of this dimension
                continue
            parts += len(some)
            for ref in some:
                assert total(found, ref, of) == near(wholes[ref] or 0), (ref, dimension)
    assert parts >= 300
    months = of.get(flows, WHOLE, grain="month").answers
    for ref in flows:
        assert total(months, ref, of) == near(wholes[ref] or 0), ref


def additive(definition: Definition) -> bool:
    """Whether the parts of a KPI make the whole: one count or total of rows."""
    first, *others = definition.inputs
    if others or first.measure is None or definition.spec.grains or definition.spec.needs_cut:
        return False
    return first.measure.adds_over_cuts and first.measure.word != "average"


def total(answers: Iterable[Answer], ref: str, of: Workspace) -> float:
    asked = of.definitions.named(ref)
    return sum(answer.value or 0 for answer in answers if (answer.question.metric, answer.question.variant) == asked)


def test_a_share_is_between_0_and_1_where_its_numerator_is_part_of_its_denominator(of: Workspace) -> None:
    answered = set()
    for ref, definition in variants(of):
        if definition.unit != SHARE or ref in NOT_A_PART.split():
            continue
        for answers in asked_every_way(of, ref, definition):
            for answer in answers:
                if answer.value is not None:
                    assert -1e-12 <= answer.value <= 1 + 1e-12, (ref, answer.question, dict(answer.inputs))
                    answered.add(ref)
    assert len(answered) >= 28


def asked_every_way(of: Workspace, ref: str, definition: Definition) -> Iterator[list[Answer]]:
    needed = definition.spec.needs_cut
    for period, grain in ((WHOLE, None), (WHOLE, "quarter"), (WHOLE, "month")):
        yield list(of.get(ref, period, grain=grain, by=needed).answers)


def test_the_shares_that_may_leave_0_to_1_are_shares_of_the_catalogue(calculators: Workspace) -> None:
    units = {ref: definition.unit for ref, definition in variants(calculators)}
    assert [each for each in NOT_A_PART.split() if units.get(each) != SHARE] == []


def test_the_closed_win_rate_is_at_least_the_created_one_of_the_same_deals(of: Workspace) -> None:
    # All deals are created in the whole period, and closed in it if at all.
    for by in ((), "rep", "segment", "competitor"):
        closed = of.get("win_rate.closed", WHOLE, by=by).answers
        created = {answer.question.cuts: answer for answer in of.get("win_rate.created", WHOLE, by=by).answers}
        for each in closed:
            other = created[each.question.cuts]
            if each.value is not None and other.value is not None:
                assert each.value >= other.value, each.question
                assert each.inputs["won"] == other.inputs["won"]


def test_cumulative_stage_conversion_never_rises_from_stage_to_stage(of: Workspace) -> None:
    falls = 0
    for grain in (None, "quarter", "month"):
        periods: dict[str, dict[str, float]] = {}
        for answer in of.get("stage_conversion.cumulative", WHOLE, grain=grain, by="stage").answers:
            if answer.value is not None:
                [(_, (stage,))] = answer.question.cuts
                periods.setdefault(answer.question.period.key, {})[stage] = answer.value
        for found in periods.values():
            reached = [found.get(stage, 0) for stage in ("Qualify", "Offer", "Sign")]
            # Deals that were lost in no stage that is known are in none.
            assert reached[0] <= 1 and reached == sorted(reached, reverse=True), periods
            falls += reached[-1] < 1
    assert falls


def test_a_calculator_gives_what_the_data_gives_for_the_same_inputs(of: Workspace) -> None:
    agreed = set()
    for ref, definition in variants(of):
        takes = calculator(definition)
        if takes is None or takes.fold or set(takes.arguments) - {each.name for each in definition.inputs}:
            continue
        period = "2025-03" if definition.spec.grains else "2025-Q1"
        for answer in of.get(ref, period, by=definition.spec.needs_cut).answers:
            inputs = {name: number for name, number in answer.inputs.items() if number is not None}
            if answer.value is not None and set(inputs) == set(takes.arguments):
                assert of.calc(ref, **inputs) == pytest.approx(answer.value, rel=1e-12), ref
                agreed.add(ref)
    assert len(agreed) >= 40


def test_the_rate_of_the_whole_is_that_of_the_sums_and_not_the_mean_of_the_rates(tiny: Workspace) -> None:
    # Ann [u1] won 3 of 3, Bob 1 of 3, Ann [u3] 2 of 3, nobody 1 of 1: 7 of 10, and 75 % on average.
    parts = tiny.get("win_rate", "2025-H1", by="rep").answers
    won, base = (sum(part.inputs[name] or 0 for part in parts) for name in ("won", "base"))
    [whole] = tiny.get("win_rate", "2025-H1").values()
    assert whole == near(won / base) == near(0.7)
    assert sum(part.value or 0 for part in parts) / len(parts) == near(0.75)
