"""What each input of a question came to, and how it adds up: for those who compute the formula elsewhere."""

from __future__ import annotations

import pytest

from kpicore import AddsUp, Question, Workspace, adds_up, open_workspace
from kpicore_crm.testing import load_tiny_company


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workings")
    load_tiny_company(folder)
    with open_workspace(folder) as found:
        yield found


def kinds(workspace: Workspace, ref: str, *by: str) -> dict[str, AddsUp]:
    definition = workspace.definitions.get(*workspace.definitions.named(ref))
    return {each.name: adds_up(each, by) for each in definition.inputs}


def question(workspace: Workspace, ref: str, period: str, **cuts: str) -> Question:
    cut = tuple((name, (member,)) for name, member in cuts.items())
    return Question(*workspace.definitions.named(ref), workspace.period(period), cut)


def test_counts_totals_and_averages_add_up_over_time_and_cuts(tiny):
    assert kinds(tiny, "win_rate") == {"won": AddsUp.TIME_AND_CUTS, "base": AddsUp.TIME_AND_CUTS}
    assert kinds(tiny, "total_sales", "rep") == {"sales": AddsUp.TIME_AND_CUTS}
    assert kinds(tiny, "sales_cycle") == {"days": AddsUp.TIME_AND_CUTS}


def test_what_stands_at_an_instant_adds_up_over_cuts_only(tiny):
    assert kinds(tiny, "pipeline_value") == {"amount": AddsUp.CUTS}
    assert kinds(tiny, "win_rate.funnel")["base"] is AddsUp.CUTS


def test_medians_states_of_customers_and_other_metrics_do_not_add_up(tiny):
    assert kinds(tiny, "sales_cycle.median") == {"days": AddsUp.NOT}
    assert set(kinds(tiny, "churn_rate").values()) == {AddsUp.NOT}
    assert set(kinds(tiny, "ltv_cac").values()) == {AddsUp.NOT}
    assert set(kinds(tiny, "quota_attainment", "rep").values()) == {AddsUp.NOT}


def test_an_input_that_ignores_a_cut_does_not_add_up_by_it(tiny):
    assert kinds(tiny, "selling_time.share", "rep")["all_hours"] is AddsUp.TIME_AND_CUTS
    assert kinds(tiny, "selling_time.share", "rep", "time_category")["all_hours"] is AddsUp.NOT


def test_an_average_comes_with_the_sum_that_adds_up(tiny):
    whole, ann = tiny.workings(
        [question(tiny, "sales_cycle", "2025-Q1"), question(tiny, "sales_cycle", "2025-Q1", rep="Ann Lee [u1]")]
    )
    # Days from first contact to close, by hand: 24 and 35 of Ann [u1], 30 of Bob; Ann [u3] had no first contact.
    assert [(each.total, each.n) for each in (*whole.inputs, *ann.inputs)] == [(89, 3), (59, 2)]
    assert whole.inputs[0].value == pytest.approx(89 / 3, rel=1e-12)


def test_anything_else_comes_with_its_value_and_rows(tiny):
    [found] = tiny.workings([question(tiny, "win_rate", "2025-Q1")])
    assert [(each.name, each.value, each.total, each.n) for each in found.inputs] == [
        ("won", 4, 4, 4),
        ("base", 6, 6, 6),
    ]
    assert (found.fixed["period.days"], found.question.period.key) == (90, "2025-Q1")


def test_an_input_without_a_value_comes_with_the_reason(tiny):
    late, never = tiny.workings(
        [question(tiny, "win_rate", "2025-Q4"), question(tiny, "sales_cycle", "2025-01", rep="Bob Ray")]
    )
    assert {each.reason for each in late.inputs} == {"not_started"}
    assert [(each.value, each.total, each.reason) for each in never.inputs] == [(None, None, "no_rows")]


def test_a_part_of_a_period_is_given_though_its_kpi_is_not_asked_for_it_alone(tiny):
    found = tiny.workings([question(tiny, "win_rate", "2025-01-25..2025-01-25")])
    assert [each.value for each in found[0].inputs] == [1, 1]
