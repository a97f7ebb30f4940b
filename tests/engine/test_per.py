"""One row per customer, deal or rep first, then one more aggregate: repeat buyers, churn, latest answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import (
    COUNT,
    MEAN,
    SHARE,
    Aggregate,
    BadDefinition,
    Metric,
    Standing,
    average,
    count,
    distinct,
    latest,
    median,
    per,
    percentile,
    standing,
    total,
)
from tests.engine.conftest import Ask, Opened
from tests.engine.worlds import at, world
from tests.said import note_texts

KEPT = "status <> 'cancelled'"
orders = per("customer_id", count("order", when="ordered_on", where=KEPT))
spent = per("customer_id", total("order", "amount", when="ordered_on", where=KEPT))
answered = per("customer_id", latest("survey_response", "score", when="answered_on", where="type = 'nps'"))
pays = per("customer_id", standing("subscription", "monthly_amount", since="started_on", until="ended_on"))
subscribes = per("customer_id", standing("subscription", since="started_on", until="ended_on"))


def test_repeat_buyers_are_customers_with_more_than_one_order(ask: Ask) -> None:
    # first half-year: Acme 3 orders, Blue 2, Echo 2; first quarter: Acme 2, Blue 1
    assert ask(count(orders, where="value > 1"), "2025-H1").value == 3
    assert ask(count(orders, where="value > 1"), "2025-Q1").value == 1
    assert ask(count(orders), "2025-Q1").value == 2
    assert ask(count(orders, where="value > 2"), "2025-H1").n == 1


def test_what_customers_spent_is_in_plain_money(ask: Ask) -> None:
    # first half-year: Acme 520, Blue 600, Echo 1,100
    assert ask(average(spent, "value"), "2025-H1").value == pytest.approx(2220 / 3, rel=1e-12)
    assert ask(median(spent, "value"), "2025-H1").value == 600
    assert ask(total(spent, "value"), "2025-H1").value == 2220
    assert ask(count(spent, where="value >= 600"), "2025-H1").value == 2
    assert ask(total(spent, "value", where="value < 600"), "2025-H1").value == 520
    assert ask(percentile(spent, "value", 1.0), "2025-H1").value == 1100


def test_an_average_per_customer_is_an_average_of_averages(ask: Ask) -> None:
    each = per("customer_id", average("order", "amount", when="ordered_on", where=KEPT))
    found = ask(average(each, "value"), "2025-H1").value
    assert found == pytest.approx((520 / 3 + 600 / 2 + 1100 / 2) / 3, abs=1e-9)


def test_products_per_customer(ask: Ask) -> None:
    each = per("customer_id", distinct("order", "product_id", when="ordered_on", where=KEPT))
    # Acme p1, p2, p3; Blue p2; Echo p1, p2
    assert ask(average(each, "value"), "2025-H1").value == 2
    assert ask(distinct(each, "value"), "2025-H1").value == 3


def test_only_the_latest_answer_of_a_customer_counts(ask: Ask) -> None:
    # Acme 10, Blue 9, Coco 3 in the first quarter
    assert ask(count(answered), "2025-Q1").value == 3
    assert ask(count(answered, where="value >= 9"), "2025-Q1").value == 2
    assert ask(count(answered, where="value <= 6"), "2025-Q1").value == 1
    assert ask(total(answered, "value"), "2025-H1").value == 10 + 9 + 3 + 8


def test_rows_without_the_key_belong_to_nobody(ask: Ask) -> None:
    deals = per("customer_id", count("opportunity", when="created_on"))
    # o11 of May has no customer
    assert ask(total(deals, "value"), "2025-Q2").value == 3
    assert ask(count(deals), "2025-05").value == 0


def test_who_was_there_at_the_start_and_not_at_the_end_is_lost(ask: Ask) -> None:
    assert ask(count(subscribes, where="at_start > 0"), "2025-Q2").value == 2
    assert ask(count(subscribes, where="at_start > 0 and at_end = 0"), "2025-Q2").value == 1  # Blue
    assert ask(count(subscribes, where="at_start = 0 and at_end > 0"), "2025-Q2").value == 1  # Echo
    assert ask(count(subscribes, where="at_start > 0 and at_end = 0"), "2025-05").value == 1
    assert ask(count(subscribes, where="at_start > 0 and at_end = 0"), "2025-06").value == 0


def test_a_subscription_that_ends_on_the_first_day_of_may_is_alive_at_the_end_of_april(ask: Ask) -> None:
    assert ask(count(subscribes, where="at_end > 0"), "2025-04").value == 3
    assert ask(count(subscribes, where="at_start > 0"), "2025-05").value == 3
    assert ask(count(subscribes, where="at_end > 0"), "2025-05").value == 2


def test_amounts_at_both_ends(ask: Ask) -> None:
    assert ask(total(pays, "at_start"), "2025-Q2").value == 150
    assert ask(total(pays, "at_end"), "2025-Q2").value == 170
    assert ask(total(pays, "greatest(at_start - at_end, 0)"), "2025-Q2").value == 50
    # net revenue retention looks at those of the start only
    assert ask(total(pays, "at_end", where="at_start > 0"), "2025-Q2").value == 100


def test_a_period_in_progress_ends_today(ask: Ask) -> None:
    assert ask(count(subscribes, where="at_end > 0"), "2025").value == 2
    assert ask(count(orders), "2025").value == 3


def test_groups_can_be_cut_and_a_customer_under_two_reps_counts_once_over_both(ask: Ask) -> None:
    # Acme bought through u1 (100, and 120 of a deal without a rep: the customer's is u1) and u2 (300),
    # Blue through u1 (200) and u3 (400), Echo through u1 (500) and u3 (600)
    assert ask(count(spent), "2025-H1", rep="u1").value == 3
    assert ask(total(spent, "value"), "2025-H1", rep="u1").value == 220 + 200 + 500
    assert ask(count(spent), "2025-H1", rep=["u1", "u3"]).value == 3
    assert ask(average(spent, "value"), "2025-H1", rep=["u1", "u3"]).value == pytest.approx(
        (220 + 600 + 1100) / 3, rel=1e-12
    )
    assert ask(count(spent, where="value >= 600"), "2025-H1", rep=["u1", "u3"]).value == 2
    assert ask(count(spent), "2025-H1", segment="small").value == 1


def test_nobody_there_gives_zero_for_a_count_and_no_rows_for_an_average(ask: Ask) -> None:
    assert ask(count(orders), "2025-02", segment="medium").value == 0
    answer = ask(average(spent, "value"), "2025-02", segment="medium")
    assert (answer.value, answer.reason, answer.n) == (None, "no_rows", 0)


def test_churn_of_two_months_is_not_the_sum_of_each(tiny: Opened) -> None:
    metric = Metric(
        "churn_rate",
        name="Churn",
        unit=SHARE,
        formula="lost / at_start",
        inputs={
            "lost": count(subscribes, where="at_start > 0 and at_end = 0"),
            "at_start": count(subscribes, where="at_start > 0"),
        },
    )
    found = tiny(metric).get("churn_rate", "2025-H1", grain="month").answers
    assert [each.value for each in found] == [None, 0, 0, 0, 1 / 3, 0]
    assert found[0].reason == "zero_denominator"
    [quarter] = tiny(metric).get("churn_rate", "2025-Q2").answers
    assert (quarter.value, quarter.n) == (0.5, 2)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (per("custmer_id", count("order", when="ordered_on")), "no field named 'custmer_id'"),
        (per("customer_id", count("order", when="ordered")), "no field named 'ordered'"),
        (per("customer_id", latest("order", "status", when="ordered_on")), "'latest' of 'status' is not a number"),
    ],
)
def test_groups_that_cannot_be_are_refused(ask: Ask, given: object, problem: str) -> None:
    with pytest.raises(Exception, match="it") as refused:
        ask(Aggregate("count", given), "2025-Q1")  # type: ignore[arg-type]
    assert problem in str(refused.value)
    assert "metric 'it', input 'it'" in str(refused.value)


def test_what_stands_over_groups_may_not_look_at_the_period(ask: Ask) -> None:
    with pytest.raises(BadDefinition, match="may not use the period"):
        ask(count(spent, where="value > days(period.start, period.end)"), "2025-Q1")


def test_the_groups_behind_an_answer_are_listed(tiny: Opened) -> None:
    from tests.engine.worlds import only

    [told] = tiny(only(it=count(spent, where="value >= 600"))).explain("it", "2025-H1").inputs
    assert told.rows().columns == ("customer_id", "value")
    assert {(key, float(str(value))) for key, value in told.rows().rows} == {("c2", 600.0), ("c5", 1100.0)}


def test_a_mean_cannot_stand_below_groups_unnoticed(ask: Ask) -> None:
    # groups see both ends of the period whatever the inner input says of its instant
    mean = per(
        "customer_id",
        Standing("subscription", "started_on", "ended_on", "monthly_amount", MEAN),
    )
    assert ask(total(mean, "at_end"), "2025-Q2").value == 170


def test_rows_without_the_key_are_left_out_and_counted_for_the_period_and_the_cuts(ask: Ask) -> None:
    deals = per("customer_id", count("opportunity", when="created_on"))
    # o11 of May has no customer
    assert "1 row of opportunity left out: no customer_id" in note_texts(ask(total(deals, "value"), "2025-Q2").notes)
    assert "1 row of opportunity left out: no customer_id" in note_texts(ask(count(deals), "2025-05").notes)
    assert not any("customer_id" in text for text in note_texts(ask(count(deals), "2025-Q1").notes))
    won = per("customer_id", count("opportunity", when="created_on", where="outcome = 'won'"))
    assert not any("customer_id" in text for text in note_texts(ask(count(won), "2025-Q2").notes))


@pytest.mark.parametrize(("period", "days"), [("2026-01", 40), ("2026-01", 45), ("2026", 20), ("2026-03", 1)])
def test_the_day_of_an_answer_is_the_same_in_groups_in_their_list_and_without_groups(
    tmp_path: Path, period: str, days: int
) -> None:
    # of today, March 1: the deals are 49, 45 and 40 days old, and one of a day
    deals = """
        id owner_id created_at amount
        1  u        2026-01-11 1
        2  u        2026-01-15 2
        3  v        2026-01-20 3
        4  v        2026-02-28 4
    """
    old = count("opportunity", when="created_on", where=f"days(created_on, period.as_of) >= {days}")
    metrics = [Metric(id, name=id, unit=COUNT, inputs={"n": given}) for id, given in (
        ("plain", old), ("groups", count(per("owner_id", old))), ("rows", total(per("owner_id", old), "value")),
    )]  # fmt: skip
    expected = {("2026-01", 40): 3, ("2026-01", 45): 2, ("2026", 20): 3, ("2026-03", 1): 0}[period, days]
    with world(tmp_path, {"opportunity": deals}, *metrics, at=at("2026-03-01")) as of:
        values = {metric.id: of.get(metric.id, period).answers[0].value for metric in metrics}
        listed = of.explain("groups", period).inputs[0].rows()
        assert (values["plain"], values["rows"]) == (expected, expected)
        assert values["groups"] == listed.total
        assert sum(int(str(number)) for _, number in listed.rows) == expected
