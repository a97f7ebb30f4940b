"""Every word that counts rows of a period, on the tiny company; each number is worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import (
    COUNT,
    Answer,
    BadDefinition,
    Metric,
    average,
    count,
    distinct,
    earliest,
    latest,
    median,
    per,
    percentile,
    total,
)
from tests.engine.conftest import Ask
from tests.engine.worlds import only, world
from tests.said import note_texts, note_words

WON = "outcome = 'won'"
CLOSED = "outcome in ('won', 'lost')"
KEPT = "status <> 'cancelled'"
CYCLE = "days(created_on, closed_on)"


def told(answer: Answer) -> tuple[float | None, int]:
    assert answer.reason is None, note_words(answer.detail)
    return answer.value, answer.n


def test_a_count_counts_the_rows_whose_date_falls_into_the_period(ask: Ask) -> None:
    assert told(ask(count("opportunity", when="created_on"), "2025-Q1")) == (8, 8)
    assert told(ask(count("opportunity", when="closed_on", where=WON), "2025-Q1")) == (4, 4)
    assert told(ask(count("opportunity", when="closed_on", where=WON), "2025-Q2")) == (3, 3)


def test_the_first_and_the_last_day_of_a_period_belong_to_it(ask: Ask) -> None:
    closed = count("opportunity", when="closed_on")
    assert told(ask(closed, "2025-01-25..2025-02-09")) == (2, 2)
    assert told(ask(closed, "2025-01-26..2025-02-08")) == (0, 0)


def test_a_total_sums_a_field_and_n_is_how_many_rows_it_has(ask: Ask) -> None:
    amount = total("opportunity", "amount", when="closed_on", where=WON)
    assert told(ask(amount, "2025-Q1")) == (1000, 4)
    assert told(ask(amount, "2025-Q2")) == (1220, 3)


def test_a_total_sums_an_expression_too(ask: Ask) -> None:
    margin = total("order", "amount - coalesce(cost_of_goods, 0)", when="ordered_on", where=KEPT)
    assert told(ask(margin, "2025-Q1")) == (600 - 230, 3)
    assert told(ask(margin, "2025-Q2")) == (1620 - 560, 4)


def test_a_total_over_rows_partly_without_a_value_says_how_many_it_left_out(ask: Ask) -> None:
    answer = ask(total("order", "cost_of_goods", when="ordered_on", where=KEPT), "2025-Q2")
    assert told(answer) == (560, 3)
    assert note_texts(answer.notes) == ("1 of 4 rows of order left out: no cost_of_goods",)


def test_distinct_counts_each_value_once_and_no_value_never(ask: Ask) -> None:
    buyers = distinct("opportunity", "customer_id", when="created_on")
    assert told(ask(buyers, "2025-Q1")) == (5, 8)
    in_may = ask(buyers, "2025-05")
    assert (in_may.value, in_may.n) == (0, 0)
    assert note_texts(in_may.notes) == ("1 of 1 row of opportunity left out: no customer_id",)


def test_distinct_of_two_quarters_is_not_the_sum_of_each(ask: Ask) -> None:
    buyers = distinct("order", "customer_id", when="ordered_on", where=KEPT)
    assert ask(buyers, "2025-Q1").value == 2
    assert ask(buyers, "2025-Q2").value == 3
    assert ask(buyers, "2025-H1").value == 3


def test_an_average_is_over_the_rows_that_have_a_value(ask: Ask) -> None:
    contact = average("opportunity", "days(first_contact_on, closed_on)", when="closed_on", where=WON)
    answer = ask(contact, "2025-H1")
    assert told(answer) == ((24 + 35 + 30) / 3, 3)
    assert note_texts(answer.notes) == ("4 of 7 rows of opportunity left out: no first_contact_on",)


def test_an_average_over_months_is_of_all_rows_not_of_the_averages(ask: Ask) -> None:
    cycle = average("opportunity", CYCLE, when="closed_on", where=WON)
    assert ask(cycle, "2025-01").value == 20
    assert ask(cycle, "2025-02").value == 30
    assert ask(cycle, "2025-03").value == (30 + 39) / 2
    assert ask(cycle, "2025-Q1").value == (20 + 30 + 30 + 39) / 4


def test_a_median_of_an_even_number_of_rows_lies_between_two(ask: Ask) -> None:
    cycle = median("opportunity", CYCLE, when="closed_on", where=WON)
    assert told(ask(cycle, "2025-Q1")) == (30, 4)
    assert told(ask(cycle, "2025-Q2")) == (50, 3)
    assert told(ask(cycle, "2025-03")) == (34.5, 2)


def test_a_median_over_several_members_is_of_their_rows_together(ask: Ask) -> None:
    cycle = median("opportunity", CYCLE, when="closed_on", where=WON)
    assert ask(cycle, "2025-H1", rep="u1").value == 30  # 20, 30, 50
    assert ask(cycle, "2025-H1", rep="u3").value == 49.5  # 39, 60
    assert told(ask(cycle, "2025-H1", rep=["u1", "u3"])) == (39, 5)  # 20, 30, 39, 50, 60


def test_a_percentile_is_interpolated(ask: Ask) -> None:
    # 20, 30, 30, 39: nine tenths of the way are 0.9 * 3 = 2.7 steps, from 30 on 0.7 of the way to 39
    p90 = percentile("opportunity", CYCLE, 0.9, when="closed_on", where=WON)
    assert ask(p90, "2025-Q1").value == pytest.approx(36.3, rel=1e-12)


@pytest.mark.parametrize(("share", "value"), [(0.0, 20), (1.0, 39)])
def test_percentiles_at_the_ends_are_the_least_and_the_greatest(ask: Ask, share: float, value: float) -> None:
    assert ask(percentile("opportunity", CYCLE, share, when="closed_on", where=WON), "2025-Q1").value == value


def test_latest_and_earliest_take_the_value_of_the_last_and_the_first_row(ask: Ask) -> None:
    amount = ("order", "amount")
    assert told(ask(latest(*amount, when="ordered_on"), "2025-Q2")) == (120, 5)
    assert told(ask(earliest(*amount, when="ordered_on"), "2025-Q2")) == (400, 5)
    assert ask(latest(*amount, when="ordered_on", where="status = 'cancelled'"), "2025-Q2").value == 50
    assert ask(latest(*amount, when="ordered_on"), "2025-Q1", customer=["Acme", "Blue"]).value == 300


def test_latest_of_what_is_no_number_is_refused(ask: Ask) -> None:
    with pytest.raises(BadDefinition, match=r"input 'it': 'latest' of 'status' is not a number"):
        ask(latest("order", "status", when="ordered_on"), "2025-Q1")


def test_numbers_are_plain_floats(ask: Ask) -> None:
    for given in (
        total("order", "amount", when="ordered_on"),
        latest("order", "amount", when="ordered_on"),
        percentile("order", "amount", 0.5, when="ordered_on"),
        distinct("order", "amount", when="ordered_on"),
        average("order", "amount", when="ordered_on"),
    ):
        answer = ask(given, "2025-Q1")
        assert {type(each) for each in answer.inputs.values()} | {type(answer.value)} <= {float, int}


def test_a_total_may_be_zero_over_rows_that_are_there(ask: Ask) -> None:
    answer = ask(total("opportunity", "amount - 100", when="closed_on", where=WON), "2025-01")
    assert answer.value == 0
    assert answer.n == 1


def test_a_condition_may_use_the_end_of_the_period(ask: Ask) -> None:
    # won within 30 days after the quarter began: o1 on Jan 25 only
    early = count("opportunity", when="closed_on", where=f"{WON} and days(period.start, closed_on) <= 30")
    assert told(ask(early, "2025-Q1")) == (1, 1)
    assert told(ask(early, "2025-Q2")) == (1, 1)  # o7 on Apr 20
    # in half a year nothing is nearer to its begin than in its first quarter
    assert told(ask(early, "2025-H1")) == (1, 1)


def test_the_as_of_day_of_what_happened_is_the_day_of_the_data(ask: Ask) -> None:
    age = total("opportunity", "days(created_on, period.as_of)", when="created_on")
    assert ask(age, "2025-05").value == 71  # o11: May 5 to July 15
    assert ask(age, "2025-05-01..2025-12-31").value == 71 + 44  # o11 and o12


def test_the_latest_of_a_day_is_the_latest_by_the_clock_then_by_id(tmp_path: Path) -> None:
    answers = """
        id customer_id type score answered_at
        n1 c1          nps  10    2025-03-01T18:00
        n2 c1          nps  3     2025-03-01T09:00
        n3 c2          nps  6     2025-03-01T09:00
        n4 c2          nps  8     2025-03-01T09:00
    """
    score = ("survey_response", "score")
    each = per("customer_id", latest(*score, when="answered_on"))
    inputs = {"all_": latest(*score, when="answered_on"), "first": earliest(*score, when="answered_on")}
    metrics = [Metric(name, name=name, unit=COUNT, inputs={"v": given}) for name, given in inputs.items()]
    opened = world(tmp_path, {"survey_response": answers}, *metrics, only(it=total(each, "value")))
    assert opened.get(["all_", "first", "it"], "2025-03").values() == [10, 3, 10 + 8]
