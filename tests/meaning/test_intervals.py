"""Wilson intervals at 95 %, against numbers worked out by hand from z = 1.959964 (z² = 3.841459)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Definitions
from kpicore.insight.intervals import NO_VALUE, NOT_A_PART, NOT_A_SHARE, NOT_COUNTS, interval, wilson
from tests.crm import SETTINGS


@pytest.mark.parametrize(
    ("hits", "rows", "low", "high"),
    [
        (4, 7, 0.250459, 0.841781),  # centre 0.846... / 1.548780 = 0.546120, margin 0.295661
        (100, 500, 0.167285, 0.237289),  # centre 0.202287, margin 0.035002
        (4, 6, 0.299994, 0.903230),  # centre 0.601612, margin 0.301618
        (0, 10, 0, 0.277533),  # z² / (10 + z²) = 3.841459 / 13.841459
        (10, 10, 0.722467, 1),  # 10 / (10 + z²)
        (1, 2, 0.094531, 0.905469),
    ],
)
def test_the_interval_of_a_share_is_that_of_wilson(hits, rows, low, high):
    assert wilson(hits, rows) == pytest.approx((low, high), abs=2e-6)


def test_none_of_ten_begins_at_exactly_0_and_all_of_ten_ends_at_exactly_1():
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1


@given(st.integers(1, 10_000).flatmap(lambda rows: st.tuples(st.integers(0, rows), st.just(rows))))
def test_an_interval_holds_its_share_lies_within_0_and_1_and_mirrors(given):
    hits, rows = given
    low, high = wilson(hits, rows)
    assert 0 <= low <= hits / rows + 1e-12 and hits / rows - 1e-12 <= high <= 1
    assert wilson(rows - hits, rows) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(st.integers(0, 50))
def test_ten_times_the_rows_make_a_narrower_interval(hits):
    (low, high), (lower, higher) = wilson(hits, 50), wilson(10 * hits, 500)
    assert higher - lower < high - low


@pytest.mark.parametrize(("hits", "rows"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(hits, rows):
    with pytest.raises(ValueError, match="is no share"):
        wilson(hits, rows)


PROPORTIONS = (
    *("win_rate.closed", "win_rate.created", "win_rate.funnel", "competitor_win_rate", "lead_conversion.cohort"),
    *("mql_to_sql_rate.cohort", "churn_rate", "retention_rate", "promoter_share", "csat.satisfied"),
    *("cart_abandonment", "email_open_rate.sent", "upsell_cross_sell.buyers", "stage_conversion.next"),
    *("stage_conversion.cumulative", "loss_reason_share.known", "stage_task_completion", "post_close_churn"),
)
OTHERS = {
    "win_rate.amount": NOT_COUNTS,
    "roi.sales": NOT_COUNTS,
    "sales_growth.previous": NOT_COUNTS,
    "target_attainment.money": NOT_COUNTS,
    "revenue_churn": NOT_COUNTS,
    "mql_to_sql_rate.flow": NOT_A_PART,  # the SQLs of a period may be MQLs of an earlier one
    "lead_to_opportunity": NOT_A_PART,
    "cac": NOT_A_SHARE,
    "nps": NOT_A_SHARE,
}


@pytest.mark.parametrize("ref", [*PROPORTIONS, *OTHERS])
def test_only_a_count_of_a_part_over_the_count_of_its_whole_has_an_interval(registry, answer, ref):
    definitions = Definitions(registry, SETTINGS)
    definition = definitions.get(*definitions.named(ref))
    found = answer(definition.metric, 0.25, variant=definition.variant)
    told = interval(found, definition)
    assert told.reason == OTHERS.get(ref, NO_VALUE)  # the made-up answer has no rows
    assert told.bounds is None


def test_the_interval_of_4_won_of_6_closed_deals_stands_in_the_record(run_json):
    (found,) = run_json("get", "win_rate", "--period", "2025-Q1", "--interval")
    assert found["interval"] == pytest.approx([0.299994, 0.903230], abs=2e-6)
    assert found["interval_reason"] is None


def test_a_share_of_amounts_has_no_interval_and_says_why(run_json):
    (found,) = run_json("get", "win_rate.amount", "--period", "2025-Q1", "--interval")
    assert (found["interval"], found["interval_reason"]) == (None, "not a count over a count")


def test_a_record_has_no_interval_unless_it_is_asked_for(run_json):
    (found,) = run_json("get", "win_rate", "--period", "2025-Q1")
    assert "interval" not in found


def test_python_tells_the_interval_of_an_answer_and_the_frame_has_both_ends(opened):
    found = opened.get("win_rate", "2025-Q1", intervals=True)
    assert opened.interval(found.answers[0]).bounds == pytest.approx([0.299994, 0.903230], abs=2e-6)
    assert list(found.frame()[["interval_low", "interval_high"]].iloc[0]) == pytest.approx([0.3, 0.9032], abs=1e-4)


def test_on_screen_the_interval_stands_beside_n(run):
    shown = run("get", "win_rate", "cac", "--period", "2025-Q1", "--interval").stdout
    assert "30.0% to 90.3%" in shown
    assert "– not a share" in shown
