"""What holds for every calendar and every period."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import BadPeriod, Calendar, Config, Grain, Period

calendars = st.builds(
    Calendar,
    week_starts=st.integers(0, 6),
    fiscal_starts=st.integers(1, 12),
    pattern=st.sampled_from(["", "4-4-5", "4-5-4", "5-4-4"]),
    first_week=st.sampled_from(["nearest", "first", "last", "after_last"]),
    fiscal_named=st.sampled_from(["end", "start"]),
)
dates = st.dates(date(3, 1, 1), date(9996, 12, 31))
grains = st.sampled_from(Grain)


@given(calendars, grains, dates)
def test_a_unit_holds_its_day_and_is_found_by_its_id_and_by_its_key(
    calendar: Calendar, grain: Grain, day: date
) -> None:
    period = calendar.containing(grain, day)
    assert period.start <= day < period.end
    assert calendar.by_id(grain, period.id or 0) == period
    assert calendar.parse(period.key.lower(), today=day) == period


@given(calendars, dates, st.integers(1, 4000))
def test_a_range_is_found_by_its_key(calendar: Calendar, first: date, length: int) -> None:
    key = f"{first}..{first + timedelta(days=length - 1)}"
    period = calendar.parse(key, today=first)
    assert (period.start, period.days) == (first, length)
    assert period.grain is not None or period.key == key
    assert calendar.parse(period.key, today=first) == period


@given(calendars, grains, dates)
def test_units_follow_each_other_without_gap(calendar: Calendar, grain: Grain, day: date) -> None:
    period = calendar.containing(grain, day)
    after = calendar.containing(grain, period.end)
    assert after.id == (period.id or 0) + 1
    assert calendar.previous(after, today=day) == period


@given(calendars, grains, grains, dates)
def test_a_split_covers_the_period_exactly(calendar: Calendar, grain: Grain, finer: Grain, day: date) -> None:
    period = calendar.containing(grain, day)
    if calendar.tiles(period, finer) is None:
        return
    parts = calendar.split(period, finer)
    assert (parts[0].start, parts[-1].end) == (period.start, period.end)
    assert all(one.end == other.start for one, other in pairwise(parts))


@given(calendars, grains, dates)
def test_every_period_is_made_of_days_and_every_unit_of_itself(calendar: Calendar, grain: Grain, day: date) -> None:
    period = calendar.containing(grain, day)
    assert len(calendar.tiles(period, Grain.DAY) or ()) == period.days
    assert calendar.tiles(period, grain) == range(period.id or 0, (period.id or 0) + 1)


@given(calendars, dates, st.integers(1, 1000))
def test_the_range_before_has_as_many_days_and_ends_where_the_range_begins(
    calendar: Calendar, first: date, length: int
) -> None:
    period = calendar.parse(f"{first}..{first + timedelta(days=length - 1)}", today=first)
    if first < date(6, 1, 1):
        return
    before = calendar.previous(period, today=first)
    assert before.end == period.start
    assert before.days == length or period.grain is not None or period.months is not None


@given(calendars, st.dates(date(3, 1, 1), date(9990, 1, 1)), st.integers(0, 800))
@settings(max_examples=30, deadline=None)
def test_the_calendar_table_agrees_with_the_units(calendar: Calendar, first: date, length: int) -> None:
    rows = list(calendar.rows(first, first + timedelta(days=length)))
    assert [row[0] for row in rows] == [first + timedelta(days=each) for each in range(length + 1)]
    for row in rows[:: max(1, length // 40)]:
        day = row[0]
        assert isinstance(day, date)
        assert row[1:] == tuple(calendar.containing(grain, day).id for grain in Grain)


@given(dates)
def test_weeks_from_monday_are_those_of_iso_8601(day: date) -> None:
    year, week, _ = day.isocalendar()
    assert Calendar().containing(Grain.WEEK, day).key == f"{year:04d}-W{week:02d}"


@given(calendars, dates)
def test_most_days_of_a_week_lie_in_the_year_it_belongs_to(calendar: Calendar, day: date) -> None:
    week = calendar.containing(Grain.WEEK, day)
    assert sum((week.start + timedelta(days=each)).year == int(week.key[:4]) for each in range(7)) >= 4


@given(calendars, dates, st.sampled_from(["wtd", "mtd", "qtd", "htd", "ytd", "fmtd", "fqtd", "fytd"]))
def test_a_span_to_date_is_compared_with_one_inside_the_unit_before(calendar: Calendar, day: date, words: str) -> None:
    period = calendar.parse(words, today=day)
    assert period.to_date_of is not None
    unit = calendar.containing(period.to_date_of, day)
    before = calendar.previous(period, today=day)
    unit_before = calendar.previous(unit, today=day)
    assert period.last == day
    assert before.start == unit_before.start
    assert before.end <= unit_before.end


@given(calendars, grains, dates, st.integers(0, 400))
def test_what_has_elapsed_is_a_beginning_of_the_period(calendar: Calendar, grain: Grain, day: date, later: int) -> None:
    period, today = calendar.containing(grain, day), day + timedelta(days=later)
    part = calendar.to_date(period, today)
    assert part.start == period.start
    assert part.end == min(period.end, today + timedelta(days=1))


@given(calendars, st.text(max_size=30), dates)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_period_or_refused_in_one_line(calendar: Calendar, text: str, day: date) -> None:
    try:
        found = calendar.parse(text, today=day)
    except BadPeriod as problem:
        assert len(str(problem).splitlines()) == 1
    else:
        assert isinstance(found, Period)


pieces = st.sampled_from([*"0123456789-/. QWHMPFYqt年月", "2026", "..", "FY", "ytd", "last ", "III ", "Mar ", "9999"])


@given(calendars, st.lists(pieces, max_size=8).map("".join), st.sampled_from([date(1, 1, 1), date(9999, 12, 31)]))
@settings(max_examples=500, deadline=None)
def test_text_made_of_pieces_of_periods_is_one_or_refused(calendar: Calendar, text: str, day: date) -> None:
    try:
        found = calendar.parse(text, today=day)
    except BadPeriod:
        return
    assert found.start < found.end


@given(calendars, st.one_of(st.integers(), st.floats()), st.none() | grains)
def test_any_number_is_a_period_or_refused(calendar: Calendar, number: float, grain: Grain | None) -> None:
    try:
        found = calendar.parse(number, today=date(2026, 9, 18), grain=grain)
    except BadPeriod:
        return
    assert date(1899, 12, 31) < found.start < date(2201, 1, 1)


ends = st.one_of(st.dates(date.min, date(2, 3, 1)), st.dates(date(9997, 12, 1), date.max), st.just(date.max))
END_WORDS = (
    "ytd",
    "fqtd",
    "last year",
    "next fiscal half",
    "tomorrow",
    "trailing 400 days",
    "trailing 2 weeks",
    "today",
)


@given(calendars, grains, ends, ends, st.sampled_from(END_WORDS))
def test_at_the_ends_of_the_calendar_all_is_answered_or_refused(
    calendar: Calendar, grain: Grain, one: date, other: date, words: str
) -> None:
    def asked(period: Callable[[], object]) -> object:
        try:
            return period()
        except BadPeriod:
            return None

    first, last = sorted((one, other))
    periods = [
        asked(lambda: calendar.parse(words, today=one)),
        asked(lambda: calendar.parse(f"{first}..{last}", today=one)),
        asked(lambda: calendar.between(first, last)),
        asked(lambda: calendar.parse(one, grain=grain, today=other)),
        asked(lambda: calendar.containing(grain, one)),
    ]
    for period in filter(None, periods):
        assert isinstance(period, Period)
        assert period.start <= period.last < date.max
        asked(partial(calendar.previous, period, today=one))
        asked(partial(calendar.year_ago, period, today=one))
        asked(partial(calendar.months_before, period, 5))
        asked(partial(calendar.to_date, period, one))
        assert calendar.years(period, 1) > 0


def test_the_working_days_of_the_last_period_are_over_on_the_last_day() -> None:
    period = Calendar().parse("9999-11", today=date.max)
    assert Config(Path(), "Acme").working().elapsed(period, date.max) == 22
