"""Why there is no number: each reason, what it is about, and n = 0 beside a zero."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import (
    COUNT,
    RATIO,
    SHARE,
    Answer,
    Metric,
    average,
    count,
    distinct,
    latest,
    median,
    per,
    standing,
    target,
    total,
)
from tests.engine.conftest import Ask, Opened
from tests.engine.worlds import at, only, world
from tests.said import note_texts, note_words

AMOUNT = ("opportunity", "amount")
WHEN = "closed_on"


def told(answer: Answer) -> tuple[float | None, str | None, int]:
    return answer.value, answer.reason, answer.n


@pytest.mark.parametrize(
    "given",
    [
        count("opportunity", when=WHEN),
        total(*AMOUNT, when=WHEN),
        distinct(*AMOUNT, when=WHEN),
        count(per("customer_id", count("opportunity", when=WHEN))),
        standing("opportunity", since="created_on", until="closed_on", where="channel = 'fax'"),
    ],
)
def test_over_no_rows_counts_and_totals_are_zero(ask: Ask, given: object) -> None:
    assert told(ask(given, "2025-06-01..2025-06-10")) == (0, None, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        average(*AMOUNT, when=WHEN),
        median(*AMOUNT, when=WHEN),
        latest(*AMOUNT, when=WHEN),
        average(per("customer_id", count("opportunity", when=WHEN)), "value"),
    ],
)
def test_over_no_rows_there_is_no_average_median_or_latest(ask: Ask, given: object) -> None:
    answer = ask(given, "2025-06-01..2025-06-10")  # type: ignore[arg-type]
    assert told(answer) == (None, "no_rows", 0)
    assert "it" in note_words(answer.detail)


def test_over_rows_that_all_lack_the_value_there_is_no_average(ask: Ask) -> None:
    # o5 and o6 have no first contact
    answer = ask(average("opportunity", "days(first_contact_on, closed_on)", when=WHEN), "2025-03-10..2025-03-31")
    assert told(answer) == (None, "no_rows", 0)
    assert "2 of 2 rows of opportunity left out: no first_contact_on" in note_texts(answer.notes)


def test_a_ratio_over_zero_names_what_is_zero(tiny: Opened) -> None:
    metric = Metric(
        "win_rate",
        name="Win rate",
        unit=SHARE,
        formula="won / base",
        inputs={
            "won": count("opportunity", when=WHEN, where="outcome = 'won'"),
            "base": count("opportunity", when=WHEN),
        },
    )
    [answer] = tiny(metric).get("win_rate", "2025-06-01..2025-06-10").answers
    assert told(answer) == (None, "zero_denominator", 0)
    assert note_words(answer.detail) == "base is 0"
    assert answer.inputs == {"won": 0, "base": 0}


@pytest.mark.parametrize("period", ["2024", "2024-12", "2020-01-01..2024-12-31", "FY2024"])
def test_before_the_loaded_dates_there_is_no_data(ask: Ask, period: str) -> None:
    answer = ask(count("opportunity", when=WHEN), period)
    assert told(answer) == (None, "no_data", 0)
    assert "opportunity was loaded for 2025-01-01 to" in note_words(answer.detail)


def test_two_quiet_weeks_before_the_day_of_the_data_are_quiet(ask: Ask) -> None:
    # the last order is of June 30, the data of July 15
    assert told(ask(count("order", when="ordered_on"), "2025-07")) == (0, None, 0)


def test_a_quiet_year_before_the_day_of_the_data_is_the_end_of_an_export(tmp_path: Path) -> None:
    deal = "id created_at closed_at outcome\nd1 2024-01-05 2024-02-01 won"
    opened = world(tmp_path, {"opportunity": deal}, only(it=count("opportunity", when=WHEN)))
    answer = opened.get("it", "2025-03").answers[0]
    assert told(answer) == (None, "no_data", 0)
    assert "opportunity was loaded for 2024-01-05 to 2024-02-01" in note_words(answer.detail)


def test_a_period_that_the_data_covers_in_part_says_so(ask: Ask) -> None:
    early = ask(count("order", when="ordered_on"), "2024-06-01..2025-01-26")
    assert told(early) == (1, None, 1)
    assert note_texts(early.notes) == (
        "only 2025-01-26 to 2025-06-30 of order was loaded, a part of 2024-06-01..2025-01-26",
    )
    running = ask(count("order", when="ordered_on"), "2025-06-30..2025-12-31")
    assert told(running) == (1, None, 1)
    assert note_texts(running.notes) == ("to date, 16 of 185 days",)


@pytest.mark.parametrize("period", ["2025-Q4", "2025-07-16", "2026", "tomorrow", "next month"])
def test_a_period_in_the_future_has_not_started(ask: Ask, period: str) -> None:
    for given in (count("opportunity", when=WHEN), standing("opportunity", since="created_on", until="closed_on")):
        answer = ask(given, period)
        assert told(answer) == (None, "not_started", 0)
        assert "2025-07-15, the day of the data" in note_words(answer.detail)


def test_what_is_planned_lies_in_the_future(ask: Ask) -> None:
    expected = total(*AMOUNT, when="expected_close_on", where="outcome = 'open'")
    assert told(ask(expected, "2025-08")) == (700, None, 1)
    assert told(ask(expected, "2025-Q3")) == (780, None, 2)
    assert told(ask(expected, "2025-Q4")) == (0, None, 0)


def test_an_entity_that_was_never_loaded_is_named(ask: Ask) -> None:
    answer = ask(total("payment", "amount", when="received_on"), "2025")
    assert told(answer) == (None, "not_loaded", 0)
    assert note_words(answer.detail) == "no payment was loaded"


def test_a_field_that_was_never_loaded_is_named(ask: Ask) -> None:
    answer = ask(count("opportunity", when=WHEN, where="competitor_id is not null"), "2025")
    assert told(answer) == (None, "not_loaded", 0)
    assert "competitor_id" in note_words(answer.detail)
    assert "opportunity" in note_words(answer.detail)


def test_an_end_that_is_always_open_is_no_missing_field(tmp_path: Path) -> None:
    opened = world(
        tmp_path,
        {"subscription": "id customer_id started_on monthly_amount\nm1 c1 2025-01-01 100"},
        only(it=standing("subscription", "monthly_amount", since="started_on", until="ended_on")),
    )
    assert told(opened.get("it", "2025-Q1").answers[0]) == (100, None, 1)


def test_a_field_inside_coalesce_may_be_missing(ask: Ask) -> None:
    answer = ask(count("opportunity", when=WHEN, where="coalesce(competitor_id, '') = ''"), "2025-Q1")
    assert told(answer) == (6, None, 6)


def test_without_a_target_there_is_no_target(tiny: Opened) -> None:
    metric = Metric("total_sales", name="Sales", unit=COUNT, inputs={"sales": count("opportunity", when=WHEN)})
    wanted = Metric("wanted", name="Wanted", unit=COUNT, inputs={"wanted": target("total_sales")})
    [answer] = tiny(metric, wanted).get("wanted", "2025-03").answers
    assert told(answer) == (None, "no_target", 0)
    assert note_words(answer.detail) == "no target for total_sales in 2025-03 with these cuts"


def test_a_formula_without_a_finite_value_is_undefined(tiny: Opened) -> None:
    metric = Metric(
        "huge",
        name="Huge",
        unit=RATIO,
        formula=" * ".join(["deals", *["999999999999999"] * 22]),
        inputs={"deals": count("opportunity", when=WHEN)},
    )
    [answer] = tiny(metric).get("huge", "2025-Q1").answers
    assert told(answer)[:2] == (None, "undefined")


def test_an_input_that_the_formula_does_not_reach_may_lack_its_value(tiny: Opened) -> None:
    metric = Metric(
        "guarded",
        name="Guarded",
        unit=RATIO,
        formula="case when deals = 0 then 0 else cycle end",
        inputs={"deals": count("opportunity", when=WHEN), "cycle": average(*AMOUNT, when=WHEN)},
    )
    found = {period: tiny(metric).get("guarded", period).answers[0] for period in ("2025-06-01..2025-06-10", "2025-01")}
    assert found["2025-06-01..2025-06-10"].value == 0
    assert found["2025-06-01..2025-06-10"].inputs == {"deals": 0, "cycle": None}
    assert found["2025-01"].value == 100


def test_the_first_input_that_is_needed_gives_the_reason(tiny: Opened) -> None:
    metric = Metric(
        "both",
        name="Both",
        unit=RATIO,
        formula="paid / deals",
        inputs={
            "paid": total("payment", "amount", when="received_on"),
            "deals": count("opportunity", when=WHEN),
        },
    )
    [answer] = tiny(metric).get("both", "2025-Q1").answers
    assert (answer.reason, note_words(answer.detail)) == ("not_loaded", "no payment was loaded")
    assert answer.inputs == {"paid": None, "deals": 6}


def test_an_empty_workspace_says_not_loaded_for_everything(tmp_path: Path) -> None:
    opened = world(tmp_path, {"region": "id name\nr1 Europe"}, only(it=count("opportunity", when=WHEN)))
    assert opened.get("it", "2025").answers[0].reason == "not_loaded"
    assert opened.coverage()[0].lacks == ("no opportunity was loaded",)


def test_coverage_names_what_each_variant_lacks(tiny: Opened) -> None:
    deals = count("opportunity", when=WHEN)
    metric = Metric(
        "it",
        name="It",
        unit=COUNT,
        variants={
            "fine": {"v": deals},
            "field": {"v": count("opportunity", when=WHEN, where="competitor_id = 'x' and partner_id = 'y'")},
            "entity": {"v": count("payment", when="received_on")},
            "broken": {"v": count("opportunity", when="closed")},
        },
    )
    found = {each.variant: each for each in tiny(metric).coverage()}
    assert found["fine"].computable
    assert found["field"].lacks == ("no opportunity has a value in competitor_id or partner_id",)
    assert found["entity"].lacks == ("no payment was loaded",)
    assert "no field named 'closed'" in found["broken"].lacks[0]


def test_before_the_first_dates_everything_of_today_is_still_told(tmp_path: Path) -> None:
    opened = world(
        tmp_path,
        {"opportunity": "id created_at\nd1 2025-03-10"},
        only(it=count("opportunity", when="created_on")),
        at=at("2025-03-10"),
    )
    assert told(opened.get("it", "2025-03-10").answers[0]) == (1, None, 1)
    assert told(opened.get("it", "2025-03").answers[0]) == (1, None, 1)
    assert told(opened.get("it", "2025-03-11").answers[0]) == (None, "not_started", 0)
