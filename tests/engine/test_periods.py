"""What a period means to an answer: every kind, in progress, over, compared, split."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from kpicore import (
    COUNT,
    MONEY,
    SHARE,
    Answer,
    BadArgument,
    BadPeriod,
    Input,
    KpiError,
    Metric,
    Workspace,
    average,
    count,
    distinct,
    earlier,
    latest,
    median,
    metric,
    standing,
    total,
)
from kpicore_crm.testing import load_tiny_company, tiny_company
from tests.engine.conftest import Ask, Opened
from tests.engine.worlds import at, config_of, load_tables, only, workspace, world
from tests.said import note_texts

CLOSED = count("opportunity", when="closed_on")
CYCLE = median("opportunity", "days(created_on, closed_on)", when="closed_on")
# closes: Jan 25, Feb 9, Feb 15, Mar 3, Mar 12, Mar 31, Apr 20, May 4, May 31, Jun 30


@pytest.mark.parametrize(
    ("period", "deals"),
    [
        ("2025", 10),
        ("2025-H1", 10),
        ("2025-Q1", 6),
        ("2025-Q2", 4),
        ("2025-02", 2),
        ("2025-W13", 0),
        ("2025-W14", 1),  # March 31 is its Monday
        ("2025-03-31", 1),
        ("FY2025-Q2", 4),
        ("FY2025-H1", 10),
        ("FY2025", 10),
        ("2025-02-09..2025-03-03", 3),
        ("2025-01..2025-02", 3),
        ("ytd", 10),
        ("last month", 1),
        ("last quarter", 4),
        ("this year", 10),
        ("trailing 45 days", 1),  # June 1 to July 15
        ("trailing 46 days", 2),  # from May 31 on
        ("trailing 3 months", 4),
        ("last half", 10),
        (2025, 10),
        (2025.0, 10),
        (date(2025, 3, 31), 1),
        (datetime(2025, 3, 31, 23, 59), 1),
        (45747, 1),  # the serial of March 31, 2025
    ],
)
def test_every_kind_of_period(ask: Ask, period: object, deals: int) -> None:
    assert ask(CLOSED, period).value == deals


@pytest.mark.parametrize(
    ("period", "days"),
    [("2025-Q1", 30), ("2025-02", 30.5), ("2025-02-09..2025-03-03", 30), ("2025-W14", 39), ("FY2025", 30.5)],
)
def test_a_median_of_every_kind_of_period(ask: Ask, period: str, days: float) -> None:
    assert ask(CYCLE, period).value == pytest.approx(days)


@pytest.mark.parametrize("period", ["01/02/2026", "2025-13", "", "all", "soon", 99999999, 12, True, "2025-02-30"])
def test_a_period_that_cannot_be_is_refused(ask: Ask, period: object) -> None:
    with pytest.raises(BadPeriod):
        ask(CLOSED, period)


def test_the_resolved_key_is_in_the_answer(ask: Ask) -> None:
    assert ask(CLOSED, "last month").question.period.key == "2025-06"
    assert ask(CLOSED, "ytd").question.period.key == "2025-01-01..2025-07-15"


def counted(id: str, given: Input) -> Metric:
    return Metric(id, name=id, unit=COUNT, inputs={"v": given})


def test_weeks_that_start_on_sunday(tmp_path: Path) -> None:
    deals = "id closed_at\nd1 2025-03-29\nd2 2025-03-30\nd3 2025-04-05\nd4 2025-04-06"
    opened = world(
        tmp_path,
        {"opportunity": deals},
        counted("n", CLOSED),
        counted("m", distinct("opportunity", "id", when="closed_on")),
        week_starts=6,
    )
    # 2025-03-30 is a Sunday: its week runs to Saturday, April 5
    week = opened.calendar.containing(opened.period("2025-W10").grain, date(2025, 3, 30))  # type: ignore[arg-type]
    assert (week.start, week.last) == (date(2025, 3, 30), date(2025, 4, 5))
    assert opened.get("n", week.key).answers[0].value == 2
    assert opened.get("m", week.key).answers[0].value == 2
    assert [answer.value for answer in opened.get("n", "2025-03-23..2025-04-12", grain="week").answers] == [1, 2, 1]


def test_fiscal_years_that_start_in_april(tmp_path: Path) -> None:
    config = config_of(tmp_path, fiscal_starts=4)
    deals = """
        id created_at closed_at
        d1 2025-03-01 2025-03-31
        d2 2025-03-05 2025-04-01
        d3 2025-04-01 2025-06-30
    """
    load_tables(config, {"opportunity": deals})
    opened = workspace(config, (counted("n", CLOSED), counted("m", CYCLE)))
    first = opened.calendar.containing(opened.period("FY2025-Q1").grain, date(2025, 4, 1))  # type: ignore[arg-type]
    assert (first.start, first.last) == (date(2025, 4, 1), date(2025, 6, 30))
    assert opened.get("n", first.key).answers[0].value == 2
    assert opened.get("m", first.key).answers[0].value == (27 + 90) / 2
    before = opened.calendar.previous(first, today=opened.engine.today)
    assert opened.get("n", before.key).answers[0].value == 1
    year = first.key.removesuffix("-Q1")
    found = opened.get("m", year, grain="fiscal_quarter").answers
    assert [each.n for each in found] == [2, 0, 0, 0]
    assert opened.get("n", "2025-Q2").answers[0].value == 2


def test_another_calendar_than_that_of_the_load_is_made_anew(tmp_path: Path) -> None:
    # the deals were closed on a Sunday and on the Monday after it
    load_tables(config_of(tmp_path), {"opportunity": "id closed_at\nd1 2025-02-02\nd2 2025-02-03"})
    deals = only(it=CLOSED)
    for changed, period, number in (
        ({}, "2025-W06", 1),
        ({"week_starts": 6}, "2025-W06", 2),
        ({"fiscal_starts": 2}, "FY2026-Q1", 2),
        ({}, "2025-W06", 1),
    ):
        with workspace(config_of(tmp_path, **changed), (deals,)) as opened:
            assert opened.get("it", period).answers[0].value == number


# --- in progress: the tiny company on May 15 -----------------------------------------------------

UNDATED = ("2 rows of opportunity have no closed_on and are in no period",)
CHANGE: dict[str, Input] = {"now": metric("revenue"), "before": earlier("revenue", "previous")}
MAY = (
    counted("n", CLOSED),
    counted("m", CYCLE),
    counted("open_deals", standing("opportunity", since="created_on", until="closed_on")),
    counted("plan", count("opportunity", when="expected_close_on")),
    Metric("revenue", name="r", unit=MONEY, inputs={"r": total("order", "amount", when="ordered_on")}),
    Metric("growth", name="g", unit=SHARE, formula="now / before - 1", inputs=CHANGE),
    Metric("monthly", name="g", unit=MONEY, formula="now - before", grains=("month",), inputs=CHANGE),
)


@pytest.fixture(scope="module")
def may(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give the tiny company as it was loaded on May 15: what lies after that day is still in its tables."""
    opened = workspace(config_of(tmp_path_factory.mktemp("may")), MAY)
    opened.load([tiny_company(opened.registry)], data_time=at("2025-05-15"))
    return opened


def one(opened: Workspace, kpi: str, period: object) -> Answer:
    return opened.get(kpi, period).answers[0]  # type: ignore[arg-type]


def test_a_period_in_progress_counts_up_to_the_day_of_the_data(may: Workspace) -> None:
    answer = one(may, "n", "2025-Q2")
    assert answer.value == 2  # Apr 20 and May 4; May 31 and Jun 30 are still to come
    assert note_texts(answer.notes)[0] == "to date, 45 of 91 days"
    assert one(may, "m", "2025-Q2").value == 50
    assert one(may, "n", "2025").value == 8
    assert one(may, "n", "2025-05-01..2025-12-31").value == 1
    assert one(may, "m", "2025-05-01..2025-12-31").value == 50
    assert one(may, "open_deals", "2025-Q2").value == 2  # o10, o11; o9 is won, though its close of May 31 is to come


def test_the_last_day_of_a_period_ends_it(may: Workspace) -> None:
    assert note_texts(one(may, "n", "2025-05-01..2025-05-15").notes) == UNDATED
    assert note_texts(one(may, "n", "2025-05-01..2025-05-16").notes)[0] == "to date, 15 of 16 days"


def test_what_is_in_progress_is_compared_with_the_same_part_of_the_earlier_period(may: Workspace) -> None:
    # April 1 to May 15 (revenue 400 + 500 + 50 cancelled) against January 1 to February 15 (100 + 200)
    found = may.get("revenue", "2025-Q2", compare="previous")
    assert (found.answers[0].value, found.compared[0].value) == (950, 300)
    assert found.compared[0].question.period.key == "2025-01-01..2025-02-15"
    assert one(may, "growth", "2025-Q2").value == pytest.approx(950 / 300 - 1, rel=1e-12)
    assert one(may, "growth", "2025-Q2").inputs == {"now": 950, "before": 300}


def test_the_whole_earlier_period_can_be_asked_for(may: Workspace) -> None:
    found = may.get("revenue", "2025-Q2", compare="previous-full")
    assert (found.answers[0].value, found.compared[0].value) == (950, 600)
    assert found.compared[0].question.period.key == "2025-Q1"


def test_a_month_that_is_over_is_compared_with_the_whole_month_before(may: Workspace) -> None:
    found = may.get("revenue", "2025-03", compare="previous")
    assert (found.answers[0].value, found.compared[0].value) == (300, 200)


def test_a_kpi_of_months_may_be_compared_while_its_month_is_in_progress(may: Workspace) -> None:
    found = may.get("monthly", "2025-05", compare="previous")
    assert found.answers[0].value == 50 - 400  # April 1 to 15 has the order of April 2
    assert found.compared[0].question.period.key == "2025-04-01..2025-04-15"
    assert found.compared[0].value == 400 - 300
    with pytest.raises(BadArgument, match="is asked by month, not for 2025-Q1"):
        may.get("monthly", "2025-Q1")


def test_to_date_goes_back_by_one_unit(may: Workspace) -> None:
    found = may.get("revenue", "qtd", compare="previous")
    assert found.answers[0].question.period.key == "2025-04-01..2025-05-15"
    assert found.compared[0].question.period.key == "2025-01-01..2025-02-15"
    assert found.compared[0].value == 300


def test_a_range_goes_back_by_its_own_length(may: Workspace) -> None:
    found = may.get("revenue", "2025-03-01..2025-03-10", compare="previous")
    assert found.compared[0].question.period.key == "2025-02-19..2025-02-28"


def test_a_year_ago_there_was_nothing(may: Workspace) -> None:
    found = may.get("revenue", "2025-Q1", compare="year")
    assert (found.compared[0].question.period.key, found.compared[0].reason) == ("2024-Q1", "no_data")


def test_planned_dates_are_not_cut_off_today(may: Workspace) -> None:
    assert one(may, "plan", "2025-05").value == 1
    assert one(may, "plan", "2025-08").value == 1


def test_a_step_that_is_none_is_refused(may: Workspace) -> None:
    with pytest.raises(BadArgument, match="cannot compare with 'last'"):
        may.get("revenue", "2025-Q1", compare="last")


# --- split and shown by ---------------------------------------------------------------------------


def test_a_period_splits_into_a_grain(tiny: Opened) -> None:
    opened = tiny(only(it=CLOSED))
    found = opened.get("it", "2025", grain="quarter").answers
    assert [each.question.period.key for each in found] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert [(each.value, each.reason) for each in found] == [
        (6, None),
        (4, None),
        (0, None),
        (None, "not_started"),
    ]
    assert [answer.value for answer in opened.get("it", "2025-Q1", grain="month").answers] == [1, 2, 3]
    assert len(opened.get("it", "2025-02", grain="day").answers) == 28


def test_a_period_that_does_not_split_is_refused(tiny: Opened) -> None:
    with pytest.raises(BadPeriod, match=r"2025-W06': is not made of whole month units"):
        tiny(only(it=CLOSED)).get("it", "2025-W06", grain="month")
    with pytest.raises(KpiError, match=r"no grain named 'monht'.*Did you mean 'month'"):
        tiny(only(it=CLOSED)).get("it", "2025-02", grain="monht")


def test_by_gives_one_answer_for_each_member_with_rows(tiny: Opened) -> None:
    opened = tiny(only(it=CLOSED))
    found = opened.get("it", "2025-H1", by="rep").answers
    assert [(dict(each.question.cuts)["rep"], each.value) for each in found] == [
        (("(none)",), 1),
        (("Ann Lee [u1]",), 3),
        (("Ann Lee [u3]",), 3),
        (("Bob Ray",), 3),
    ]


@pytest.mark.parametrize("word", ["total", "average", "median", "distinct", "latest"])
def test_by_shows_who_has_rows_without_a_value_as_a_cut_says_it(tmp_path: Path, word: str) -> None:
    deals = "id owner_id created_at amount\no1 u1 2025-01-05 100\no2 u2 2025-01-06 -\no3 u3 2024-01-06 -"
    given = {"total": total, "average": average, "median": median, "distinct": distinct, "latest": latest}[word]
    names = {"user": "id name\nu1 Ann\nu2 Bob\nu3 Cho", "opportunity": deals}
    with world(tmp_path, names, only(it=given("opportunity", "amount", when="created_on"))) as opened:
        shown = opened.get("it", "2025-Q1", by="rep").answers
        assert [dict(answer.question.cuts)["rep"] for answer in shown] == [("Ann",), ("Bob",)]
        [cut] = opened.get("it", "2025-Q1", where={"rep": "Bob"}).answers
        assert (shown[1].value, shown[1].reason, shown[1].notes) == (cut.value, cut.reason, cut.notes)
        assert any(note.kind == "empty" for note in cut.notes)


def test_by_and_grain_and_a_cut_and_a_comparison_together(tiny: Opened) -> None:
    opened = tiny(only(it=CLOSED))
    found = opened.get("it", "2025-H1", by=["rep"], grain="quarter", where={"rep": ["u1", "u2"]}, compare="previous")
    shown = [
        (dict(each.question.cuts)["rep"][0], each.question.period.key, each.value, before.value)
        for each, before in zip(found.answers, found.compared, strict=True)
    ]
    assert shown == [
        ("Ann Lee [u1]", "2025-Q1", 2, None),
        ("Ann Lee [u1]", "2025-Q2", 1, 2),
        ("Bob Ray", "2025-Q1", 2, None),
        ("Bob Ray", "2025-Q2", 1, 2),
    ]


def test_by_two_dimensions_in_any_order_gives_pairs_with_rows(tiny: Opened) -> None:
    opened = tiny(only(it=CLOSED))
    found = {
        (dict(answer.question.cuts)["rep"][0], dict(answer.question.cuts)["channel"][0]): answer.value
        for answer in opened.get("it", "2025-Q1", by=["rep", "channel"]).answers
    }
    assert found == {
        ("Ann Lee [u1]", "phone"): 1,
        ("Ann Lee [u1]", "web"): 1,
        ("Ann Lee [u3]", "phone"): 1,
        ("Ann Lee [u3]", "web"): 1,
        ("Bob Ray", "phone"): 1,
        ("Bob Ray", "web"): 1,
    }
    assert opened.get("it", "2025-Q1", by=["channel", "rep"]).by == ("channel", "rep")


def test_medians_and_groups_are_shown_by_members_too(tiny: Opened) -> None:
    opened = tiny(only(it=CYCLE))
    found = {
        dict(answer.question.cuts)["rep"][0]: answer.value for answer in opened.get("it", "2025-H1", by="rep").answers
    }
    # u1: 20, 30, 50; u2: 31, 30, 50; u3: 30, 39, 60; nobody: 29
    assert found == {"Ann Lee [u1]": 30, "Bob Ray": 31, "Ann Lee [u3]": 39, "(none)": 29}
    cut = opened.get("it", "2025-H1", by="rep", where={"channel": ["web"]}).answers
    assert {dict(each.question.cuts)["rep"][0]: each.value for each in cut} == {
        "Ann Lee [u1]": 40,
        "Bob Ray": 40.5,
        "Ann Lee [u3]": 49.5,
    }


# --- time zones -----------------------------------------------------------------------------------


def test_the_day_of_an_instant_is_that_of_the_organisation(tmp_path: Path) -> None:
    # o6 was won on March 31 at 23:30 UTC, which is April 1 in Berlin
    load_tiny_company(tmp_path, timezone="Europe/Berlin")
    won = total("opportunity", "amount", when="closed_on", where="outcome = 'won'")
    opened = workspace(config_of(tmp_path, timezone="Europe/Berlin"), (only(it=won),))
    assert [answer.value for answer in opened.get("it", "2025-H1", grain="quarter").answers] == [600, 1620]


def test_today_is_the_day_of_the_data_in_the_organisations_zone(tmp_path: Path) -> None:
    deals = {"opportunity": "id closed_at\nd1 2025-05-14T23:30\nd2 2025-05-15T03:00"}
    for zone, time, today, number in (
        ("UTC", "2025-05-14T23:45", "2025-05-14", 1),
        ("Asia/Tokyo", "2025-05-14T23:45", "2025-05-15", 2),
        ("America/New_York", "2025-05-15T03:30", "2025-05-14", 2),
    ):
        config = config_of(tmp_path / zone.replace("/", "_"), timezone=zone)
        load_tables(config, deals, at=at(time))
        opened = workspace(config, (only(it=CLOSED),))
        assert str(opened.engine.today) == today
        assert opened.get("it", "2025-05-14..2025-05-15").answers[0].value == number, zone
