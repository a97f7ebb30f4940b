"""Rows alive at an instant or during a period, on the tiny company and on dates at the edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import DURING, END, MEAN, MONEY, START, At, Metric, Question, Standing, Workspace, standing
from tests.engine.conftest import Ask, Opened
from tests.engine.worlds import only, world


def deals(at: At = END, value: str = "", where: str = "") -> Standing:
    return standing("opportunity", value, since="created_on", until="closed_on", at=at, where=where)


def mrr(at: At, value: str = "monthly_amount") -> Standing:
    return standing("subscription", value, since="started_on", until="ended_on", at=at)


def test_deals_open_at_the_end_are_those_created_and_not_yet_closed(ask: Ask) -> None:
    # o7 and o8 at the end of March; o6 closed on March 31, so it is open no more
    assert ask(deals(END), "2025-Q1").value == 2
    assert ask(deals(END), "2025-03-30").value == 3
    assert ask(deals(END), "2025-Q2").value == 2


def test_deals_open_at_the_start_are_those_of_the_evening_before(ask: Ask) -> None:
    assert ask(deals(START), "2025-Q2").value == 2
    assert ask(deals(START), "2025-02").value == 2  # o2, o3; o1 was won on Jan 25
    assert ask(deals(START), "2025-Q1").value == 0


def test_deals_open_during_a_period_were_there_before_or_came_in_it(ask: Ask) -> None:
    assert ask(deals(DURING), "2025-Q1").value == 8
    assert ask(deals(DURING), "2025-Q2").value == 2 + 4
    assert ask(deals(DURING), "2025-02").value == 2 + 3
    answer = ask(deals(DURING), "2025-Q2")
    assert answer.n == 6


def test_a_deal_that_closes_on_the_first_day_was_there_during_the_period(ask: Ask) -> None:
    assert ask(deals(DURING), "2025-04-20").value == 4  # o7 closes that day; o8, o9, o10
    assert ask(deals(END), "2025-04-20").value == 3


def test_monthly_amounts_at_both_ends(ask: Ask) -> None:
    assert ask(mrr(END), "2025-Q1").value == 150
    assert ask(mrr(START), "2025-Q2").value == 150
    assert ask(mrr(END), "2025-Q2").value == 170
    assert (ask(mrr(END), "2025-Q2").n, ask(mrr(END), "2025-04").n) == (2, 3)


def test_a_mean_weighs_each_amount_by_its_days(ask: Ask) -> None:
    # Acme all 91 days, Blue until May 1 (30 days), Echo all
    assert ask(mrr(MEAN), "2025-Q2").value == pytest.approx(100 + 70 + 50 * 30 / 91, rel=1e-12)
    # how many ran on average
    assert ask(mrr(MEAN, ""), "2025-Q2").value == pytest.approx(2 + 30 / 91, rel=1e-12)


def test_a_mean_of_a_period_in_progress_is_over_its_days_so_far(ask: Ask) -> None:
    assert ask(mrr(MEAN), "2025-07").value == 170
    assert ask(mrr(END), "2025-07").value == 170


def test_a_mean_before_anything_began_is_zero(ask: Ask) -> None:
    assert ask(mrr(MEAN), "2024-12-01..2025-01-31").value == pytest.approx(150 * 31 / 62, rel=1e-12)


def test_standing_inputs_can_be_cut(ask: Ask) -> None:
    assert ask(deals(END), "2025-Q2", rep="u1").value == 1
    assert ask(deals(END), "2025-Q2", customer="(none)").value == 1
    assert ask(deals(DURING), "2025-Q1", rep=["u1", "u3"]).value == 5
    assert ask(mrr(MEAN), "2025-Q2", customer="Blue").value == pytest.approx(50 * 30 / 91, rel=1e-12)


def test_a_condition_keeps_rows_by_what_does_not_change(ask: Ask) -> None:
    big = deals(DURING, where="channel = 'web'")
    assert ask(big, "2025-Q1").value == 5  # o2, o3, o6, o7, o8
    old = deals(where="days(created_on, period.as_of) > 30")
    assert ask(old, "2025-Q1").value == 0  # o7 is 30 days old on March 31
    assert ask(old, "2025-04-01").value == 1
    assert ask(old, "2025-07").value == 2


def test_an_open_deal_stays_after_the_last_date_of_the_data(ask: Ask) -> None:
    assert ask(deals(END), "2025-07").value == 2
    assert ask(deals(START), "2025-07").value == 2


EDGES = """
    id customer_id started_on ended_on   monthly_amount
    m1 c1          1850-01-01 -          100
    m2 c2          2025-01-01 9999-12-31 10
    m3 c3          0001-01-01 2300-01-01 1
    m4 c4          2025-03-01 2025-02-01 1000
    m5 c5          2025-04-10 2025-04-10 5000
"""
RUNNING = Metric(
    "it",
    name="It",
    unit=MONEY,
    variants={each.value: {"v": mrr(each)} for each in (END, START, DURING, MEAN)},
)


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return world(tmp_path_factory.mktemp("edges"), {"subscription": EDGES}, RUNNING)


def test_many_instants_count_what_began_before_the_calendar(edges: Workspace) -> None:
    found = edges.get("it.end", "2025-H1", grain="month").answers
    assert [each.value for each in found] == [111, 111, 111, 111, 111, 111]


def test_a_row_that_ends_before_it_begins_is_left_out(edges: Workspace) -> None:
    # m4 would add 1,000
    for variant in ("end", "start", "during", "mean"):
        [answer] = edges.get(f"it.{variant}", "2025-02-01..2025-03-31").answers
        assert answer.value == 111, variant


@pytest.mark.parametrize("period", ["2025-04-10", "2025-04"])
def test_a_row_whose_end_is_the_day_it_begins_was_never_there(edges: Workspace, period: str) -> None:
    # the end is the first day without it, so m5 has no day at all
    answers = {name: edges.get(f"it.{name}", period).answers[0] for name in ("start", "end", "mean", "during")}
    assert {name: each.value for name, each in answers.items()} == dict.fromkeys(answers, 111)
    assert {name: each.n for name, each in answers.items()} == dict.fromkeys(answers, 3)


def test_a_row_that_ends_on_the_first_day_of_a_period_was_not_there_during_it(ask: Ask) -> None:
    # Blue's subscription ends on May 1: its last day is April 30; Acme's and Echo's run on
    assert ask(mrr(DURING), "2025-05").value == 100 + 70
    assert ask(mrr(DURING), "2025-05-01").value == 100 + 70
    assert ask(mrr(DURING), "2025-04-30").value == 100 + 70 + 50
    assert ask(mrr(DURING), "2025-Q2").value == 100 + 70 + 50


AT = (START, END, DURING)
WINDOW = [date(2025, 3, 30) + timedelta(n) for n in range(5)]  # around the end of a month
PAIRS = [(since, until) for since in WINDOW for until in (*WINDOW, None)]


def every_pair(header: str) -> str:
    """Return a row for each pair of a first day and an end, its amount a power of 2 that tells which it is."""
    states = {True: "won", False: "open"}
    rows = (f"r{n} {since} {until or '-'} {2**n} {states[bool(until)]}" for n, (since, until) in enumerate(PAIRS))
    return "\n".join([header, *rows])


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    deal = {"since": "created_on", "until": "closed_on"}
    variants = {f"bare_{each.value}": {"v": mrr(each)} for each in (START, END, DURING)}
    variants |= {f"moment_{each.value}": {"v": standing("opportunity", "amount", at=each, **deal)} for each in AT}
    tables = {
        "subscription": every_pair("id started_on ended_on monthly_amount customer_id"),
        "opportunity": every_pair("id created_at closed_at amount outcome"),
    }
    return world(tmp_path_factory.mktemp("pairs"), tables, Metric("it", name="It", unit=MONEY, variants=variants))


def is_there(kind: str, since: date, until: date | None, first: date, last: date) -> bool:
    """Whether a row is there by the rules of the page: at the close of a day, or on any day from first to last."""
    end = until or date.max
    if kind == "bare_during":
        return any(since <= day < end for day in WINDOW if first <= day <= last)
    if kind == "moment_during":
        return any(since <= day <= end for day in WINDOW if first <= day <= last)
    day = last if kind.endswith("end") else first - timedelta(1)
    return since <= day < end


def test_every_pair_of_days_is_there_by_the_same_rule_in_every_period(pairs: Workspace) -> None:
    spans = [(first, last) for first in WINDOW for last in WINDOW if first <= last]
    for kind in (f"{one}_{each.value}" for one in ("bare", "moment") for each in AT):
        found = [pairs.get(f"it.{kind}", f"{first}..{last}").answers[0] for first, last in spans]
        for (first, last), answer in zip(spans, found, strict=True):
            there = [n for n, (since, until) in enumerate(PAIRS) if is_there(kind, since, until, first, last)]
            assert (answer.value, answer.n) == (sum(2**n for n in there), len(there)), (kind, first, last)
            [told] = pairs.explain(f"it.{kind}", f"{first}..{last}").inputs
            assert {row[0] for row in told.rows().rows} == {f"r{n}" for n in there}, (kind, first, last)


DAYS = st.dates(date(2025, 1, 1), date(2025, 7, 15))


STANDING = Metric(
    "it",
    name="It",
    unit=MONEY,
    variants={
        "amount": {"v": deals(value="amount")},
        "web": {"v": deals(where="channel = 'web'")},
        "count": {"v": deals()},
    },
)
CUTS = {"rep": ("Bob Ray", "Ann Lee [u1]", "(none)"), "channel": ("web", "phone")}


@given(st.lists(DAYS, min_size=4, max_size=10, unique=True), st.sampled_from(["rep", "channel", ""]))
@settings(max_examples=10, deadline=None)
def test_many_instants_give_what_each_gives_alone(tiny: Opened, days: list[date], by: str) -> None:
    cuts = [((by, (each,)),) for each in CUTS[by]] if by else [()]
    together = tiny(STANDING)
    questions = [
        Question("it", variant, together.period(day.isoformat()), cut)
        for variant in STANDING.variant_names
        for day in days
        for cut in cuts
    ]
    many = together.engine.answer(questions)
    assert len(days) > 3  # up to three are read one by one
    for day in days:
        apart = tiny(STANDING)
        some = [each for each in questions if each.period.start == day]
        for question, answer in zip(some, apart.engine.answer(some), strict=True):
            found = many[questions.index(question)]
            assert (found.value, found.n) == (answer.value, answer.n), question


def test_the_ids_of_the_rows_listed_are_those_that_were_counted(tiny: Opened) -> None:
    [told] = tiny(only(it=deals(DURING))).explain("it", "2025-Q2").inputs
    assert {row[0] for row in told.rows().rows} == {"o7", "o8", "o9", "o10", "o11", "o12"}
    assert told.rows().total == told.value == 6


def test_the_as_of_day_of_a_standing_input_is_the_day_it_looks_at(tiny: Opened) -> None:
    old = deals(where="days(created_on, period.as_of) > 20")
    for period, ids in {"2025-Q1": {"o7"}, "2025-Q2": {"o10", "o11"}, "2025-07": {"o10", "o11"}}.items():
        [told] = tiny(only(it=old)).explain("it", period).inputs
        assert told.value == len(ids)
        assert {row[0] for row in told.rows().rows} == ids
