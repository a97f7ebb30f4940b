"""Inputs that refer: other metrics, earlier periods, targets; and denominators that ignore a cut."""

from __future__ import annotations

import pytest

from kpicore import (
    COUNT,
    MONEY,
    SHARE,
    Answer,
    Metric,
    average,
    count,
    earlier,
    median,
    metric,
    standing,
    target,
    total,
)
from tests.engine.conftest import Opened
from tests.said import note_words

REVENUE = total("order", "amount", when="ordered_on", where="status <> 'cancelled'")
LOST = count("opportunity", when="closed_on", where="outcome = 'lost'")
WON = total("opportunity", "amount", when="closed_on", where="outcome = 'won'")
GROWTH = "(now - before) / before"

METRICS = (
    Metric("revenue", name="Revenue", unit=MONEY, inputs={"revenue": REVENUE}),
    Metric(
        "growth",
        name="Growth",
        unit=SHARE,
        formula=GROWTH,
        variants={
            "previous": {"now": metric("revenue"), "before": earlier("revenue", "previous")},
            "year": {"now": metric("revenue"), "before": earlier("revenue", "year")},
        },
    ),
    Metric("total_sales", name="Sales", unit=MONEY, inputs={"sales": WON}),
    Metric(
        "reached",
        name="Reached",
        unit=SHARE,
        formula="actual / wanted",
        inputs={"actual": metric("total_sales"), "wanted": target("total_sales")},
    ),
    Metric("wanted", name="Wanted", unit=MONEY, inputs={"wanted": target("total_sales")}),
    Metric(
        "loss_share",
        name="Share of a loss reason",
        unit=SHARE,
        formula="lost / base",
        inputs={
            "lost": LOST,
            "base": count(
                "opportunity", when="closed_on", where="outcome = 'lost'", regardless_of=("loss_reason", "stage")
            ),
        },
    ),
    Metric(
        "stage_share",
        name="Share of open deals in a stage",
        unit=SHARE,
        formula="here / all_of_them",
        inputs={
            "here": standing("opportunity", since="created_on", until="closed_on"),
            "all_of_them": standing("opportunity", since="created_on", until="closed_on", regardless_of="stage"),
        },
    ),
    Metric(
        "against_median",
        name="Average against the median of all reps",
        unit=SHARE,
        formula="own / everybody",
        inputs={
            "own": average("opportunity", "amount", when="closed_on"),
            "everybody": median("opportunity", "amount", when="closed_on", regardless_of="rep"),
        },
    ),
    Metric(
        "ratio",
        name="Ratio of a ratio",
        unit=SHARE,
        formula="growth / deals",
        inputs={"growth": metric("growth.previous"), "deals": count("opportunity", when="closed_on")},
    ),
    Metric("deals", name="Deals", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")}),
)


def got(tiny: Opened, kpi: str, period: str, **cuts: object) -> Answer:
    [answer] = tiny(*METRICS).get(kpi, period, where=cuts).answers
    return answer


def test_another_metric_is_taken_for_the_same_question(tiny: Opened) -> None:
    answer = got(tiny, "growth", "2025-Q2")
    assert answer.value == pytest.approx((1620 - 600) / 600, rel=1e-12)
    assert answer.inputs == {"now": 1620, "before": 600}
    # u1 sold 100 + 200 in the first quarter, 500 and 120 in the second (Acme is a customer of u1)
    assert got(tiny, "growth", "2025-Q2", rep="u1").value == pytest.approx((620 - 300) / 300, rel=1e-12)


def test_n_of_a_change_is_that_of_what_it_is_measured_against(tiny: Opened) -> None:
    assert got(tiny, "growth", "2025-Q2").n == 3


def test_what_was_never_loaded_before_gives_its_reason(tiny: Opened) -> None:
    first = got(tiny, "growth", "2025-Q1")
    assert (first.value, first.reason) == (None, "no_data")
    assert "2025-01" in note_words(first.detail)
    assert got(tiny, "growth.year", "2025-Q2").reason == "no_data"


def test_a_reason_comes_up_from_a_metric_below_a_metric(tiny: Opened) -> None:
    assert got(tiny, "ratio", "2025-Q1").reason == "no_data"
    assert got(tiny, "ratio", "2025-Q2").value == pytest.approx(1.7 / 4, rel=1e-12)


def test_growth_on_nothing_has_a_zero_denominator(tiny: Opened) -> None:
    # Echo bought nothing in the first quarter
    answer = got(tiny, "growth", "2025-Q2", customer="Echo")
    assert (answer.value, answer.reason, note_words(answer.detail)) == (None, "zero_denominator", "before is 0")


def test_a_target_is_that_of_exactly_the_period_and_the_cuts(tiny: Opened) -> None:
    assert got(tiny, "wanted", "2025-Q1").value == 1250
    assert got(tiny, "wanted", "2025-Q1", rep="u1").value == 400
    assert got(tiny, "wanted", "2025-Q1", rep="Ann Lee [u1]").value == 400
    for period, cuts in (
        ("2025-Q1", {"rep": "u2"}),
        ("2025-Q1", {"rep": ["u1", "u2"]}),
        ("2025-Q1", {"rep": "u1", "segment": "small"}),
        ("2025-01", {}),
        ("2025", {}),
        ("2025-01-01..2025-03-30", {}),
    ):
        answer = got(tiny, "wanted", period, **cuts)
        assert (answer.value, answer.reason) == (None, "no_target"), (period, cuts)


def test_an_attainment_is_of_its_target_and_says_how_many_deals_stand_behind_it(tiny: Opened) -> None:
    answer = got(tiny, "reached", "2025-Q1")
    assert (answer.value, answer.n) == (1000 / 1250, 4)
    assert got(tiny, "reached", "2025-Q2").value == 1
    assert got(tiny, "reached", "2025-Q1", rep="u1").value == 300 / 400
    assert "2025-Q1" in note_words(got(tiny, "reached", "2025-Q1", rep="u2").detail)


def test_a_denominator_may_ignore_a_cut(tiny: Opened) -> None:
    # lost in the half-year: o3 and o8 for the price, o5 for the timing
    assert got(tiny, "loss_share", "2025-H1", loss_reason="Price").value == pytest.approx(2 / 3, rel=1e-12)
    assert got(tiny, "loss_share", "2025-H1", loss_reason="timing").value == pytest.approx(1 / 3, rel=1e-12)
    assert got(tiny, "loss_share", "2025-H1", loss_reason=["Price", "Timing"]).value == 1
    # other cuts hold for both: Bob lost two, both for the price
    assert got(tiny, "loss_share", "2025-H1", loss_reason="Price", rep="u2").value == 1


def test_the_members_by_which_such_a_share_is_shown_are_those_of_its_numerator(tiny: Opened) -> None:
    found = tiny(*METRICS).get("loss_share", "2025-H1", by="loss_reason").answers
    shares = {dict(each.question.cuts)["loss_reason"][0]: each.value for each in found}
    assert shares == {"Price": pytest.approx(2 / 3), "Timing": pytest.approx(1 / 3)}


def test_standing_inputs_may_ignore_a_cut_too(tiny: Opened) -> None:
    # open on July 15: o10 in Offer, o11 in Qualify
    assert got(tiny, "stage_share", "2025-07", stage="Offer").value == 0.5
    assert got(tiny, "stage_share", "2025-07", stage="Won").value == 0


def test_a_median_may_ignore_a_list_of_members(tiny: Opened) -> None:
    # amounts closed in the first quarter: 50, 100, 150, 200, 300, 400: the median is 175
    answer = got(tiny, "against_median", "2025-Q1", rep=["u1", "u2"])
    assert answer.inputs == {"own": (100 + 200 + 150 + 300) / 4, "everybody": 175}
    by_rep = tiny(*METRICS).get("against_median", "2025-Q1", by="rep").answers
    assert {each.inputs["everybody"] for each in by_rep} == {175}


def test_rows_are_listed_without_the_cut_that_is_ignored(tiny: Opened) -> None:
    lost, base = tiny(*METRICS).explain("loss_share", "2025-H1", {"loss_reason": "Price"}).inputs
    assert {row[0] for row in lost.rows().rows} == {"o3", "o8"}
    assert {row[0] for row in base.rows().rows} == {"o3", "o5", "o8"}


def test_the_target_of_an_earlier_period_is_that_of_the_earlier_period(tiny: Opened) -> None:
    change = Metric(
        "change",
        name="Change of the attainment",
        unit=SHARE,
        formula="now - before",
        inputs={"now": metric("reached"), "before": earlier("reached", "previous")},
    )
    [answer] = tiny(*METRICS, change).get("change", "2025-Q2").answers
    assert answer.inputs == {"now": 1220 / 1220, "before": 1000 / 1250}


def test_numbers_of_a_table_are_those_of_its_answers(tiny: Opened) -> None:
    opened = tiny(*METRICS)
    for kpi in ("growth", "reached", "loss_share", "against_median", "deals", "ratio"):
        for period in ("2025-H1", "2025"):
            found = opened.get(kpi, period, by="rep", grain="quarter")
            assert found.values() == [answer.value for answer in found.answers]
            alone = [opened.engine.answer([answer.question])[0] for answer in found.answers]
            assert [(each.value, each.reason, each.n) for each in alone] == [
                (answer.value, answer.reason, answer.n) for answer in found.answers
            ]
