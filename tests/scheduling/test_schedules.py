"""What people write as a schedule, and the times that it gives: in both nights of summer time, in leap years."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import BadArgument, MissingDependency, Schedule, schedule_given
from tests.loops import loop

BERLIN, NEW_YORK, SANTIAGO, LORD_HOWE = "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe"
ZONES = (BERLIN, NEW_YORK, SANTIAGO, LORD_HOWE, "UTC", "Asia/Kolkata", "America/Havana", "Pacific/Auckland")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def times(cron: str, zone: str, since: str, count: int) -> list[str]:
    """Return the first times of a cron, as clocks in its zone show them."""
    schedule, moment, shown = schedule_given(cron=cron, zone=zone), at(since), []
    for _ in range(count):
        moment = schedule.next_after(moment)
        shown.append(moment.astimezone(ZoneInfo(zone)).strftime("%d. %H:%M %Z"))
    return shown


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15 min", 900),
        ("2 h", 7_200),
        ("1 day", 86_400),
        ("90 s", 90),
        ("10s", 10),
        (" 1 Week ", 604_800),
        ("3d", 259_200),
    ],
)
def test_every_is_a_number_and_a_unit(text, seconds):
    start = at("2026-03-02T08:00:00+01:00")
    assert schedule_given(every=text).next_after(start) == start + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "15",
        "min",
        "-5 min",
        "1.5 h",
        "15 min 3 s",
        "٣ min",
        "9 s",
        "0 s",
        "53 weeks",
        "9" * 8 + " weeks",
        "9" * 999,
    ],
)
def test_every_that_is_unreadable_too_short_or_too_long_is_refused_with_what_to_write(text):
    with pytest.raises(BadArgument, match="Write a number and s, min, h, day or week") as refused:
        schedule_given(every=text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["8 am", "0 8 * *", "0 0 8 * * mon", "@daily", "61 * * * *", "0 8 * * fun", "*/0 * * * *", "5-1 * * * *",
     "1,,2 * * * *", "0 0 30 2 *", "0 0 * 2 mon#9", "1" * 5_000 + " * * * *",
     f"*/{'9' * 150} ! * * *", "0 8 * * mon;rm", "\n"],
)  # fmt: skip
def test_a_cron_that_is_unreadable_or_never_comes_is_refused_with_what_to_write(text):
    with pytest.raises(BadArgument, match="Write five fields, minute, hour, day, month and weekday") as refused:
        schedule_given(cron=text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("both", [{}, {"every": "1 h", "cron": "0 8 * * *"}])
def test_a_schedule_is_one_of_both(both):
    with pytest.raises(BadArgument, match="either every or cron"):
        schedule_given(**both)


def test_without_cronsim_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cronsim", None)
    assert schedule_given(every="1 h").every == timedelta(hours=1)
    with pytest.raises(MissingDependency, match=r"pip install 'kpicore\[sheets\]'"):
        schedule_given(cron="0 8 * * *")


def test_a_cron_is_one_of_the_organisations_zone():
    assert times("0 8 * * mon", BERLIN, "2026-07-01T00:00+00:00", 1) == ["06. 08:00 CEST"]
    assert times("0 8 * * mon", NEW_YORK, "2026-07-01T00:00+00:00", 1) == ["06. 08:00 EDT"]


def test_in_the_autumn_night_a_job_at_half_past_two_runs_once():
    assert times("30 2 * * *", BERLIN, "2026-10-24T12:00+00:00", 2) == ["25. 02:30 CEST", "26. 02:30 CET"]
    # 02:10 for the second time: its time was 40 minutes ago
    assert times("30 2 * * *", BERLIN, "2026-10-25T01:10+00:00", 1) == ["26. 02:30 CET"]
    assert times("30 1 * * *", NEW_YORK, "2026-11-01T00:00+00:00", 2) == ["01. 01:30 EDT", "02. 01:30 EST"]


def test_in_the_spring_night_a_job_at_half_past_two_runs_as_soon_as_there_is_a_time():
    assert times("30 2 * * *", BERLIN, "2026-03-28T12:00+00:00", 2) == ["29. 03:00 CEST", "30. 02:30 CEST"]
    # two times that both do not exist are one run
    assert times("15,45 2 * * *", BERLIN, "2026-03-28T12:00+00:00", 2) == ["29. 03:00 CEST", "30. 02:15 CEST"]
    # here there is no midnight
    assert times("0 0 * * *", SANTIAGO, "2026-09-05T12:00+00:00", 2) == ["06. 01:00 -03", "07. 00:00 -03"]


def test_each_half_hour_goes_on_as_time_does_in_both_nights():
    autumn = ["25. 02:00 CEST", "25. 02:30 CEST", "25. 02:00 CET", "25. 02:30 CET", "25. 03:00 CET"]
    assert times("*/30 * * * *", BERLIN, "2026-10-24T23:45+00:00", 5) == autumn
    assert times("*/30 * * * *", BERLIN, "2026-03-29T00:15+00:00", 2) == ["29. 01:30 CET", "29. 03:00 CEST"]


def test_the_29th_of_february_is_waited_for():
    schedule = schedule_given(cron="0 12 29 2 *")
    assert schedule.next_after(at("2026-03-01T00:00+00:00")) == at("2028-02-29T12:00+00:00")
    assert schedule.next_after(at("2096-03-01T00:00+00:00")) == at("2104-02-29T12:00+00:00")  # 2100 has none


def field(least: int, most: int) -> st.SearchStrategy[str]:
    number = st.integers(least, most)
    steps = st.integers(1, most).map(lambda step: f"*/{step}")
    ranges = st.tuples(number, number).map(lambda ends: f"{min(ends)}-{max(ends)}")
    return st.one_of(
        st.just("*"),
        number.map(str),
        steps,
        ranges,
        st.lists(number, min_size=2, max_size=9).map(lambda some: ",".join(map(str, some))),
    )


CRONS = st.tuples(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7)).map(" ".join)
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@loop("crons of any fields, in zones with odd nights", ci=300, soak=10_000)
@given(CRONS, st.sampled_from(ZONES), MOMENTS)
def test_the_next_time_is_always_later_and_the_first_one(cron, zone, moment):
    schedule = schedule_given(cron=cron, zone=zone)
    first = schedule.next_after(moment)
    second = schedule.next_after(first)
    assert moment < first < second
    # asked in between, it is the same
    assert schedule.next_after(moment + (first - moment) / 2) == first


@loop("crons of any text", ci=200, soak=20_000)
@given(st.text("0123456789*/-,#Lmonfrijan ", max_size=30))
def test_no_text_makes_a_schedule_stumble(text):
    try:
        assert isinstance(schedule_given(cron=text, zone=BERLIN), Schedule)
    except BadArgument as refused:
        assert "\n" not in str(refused)
