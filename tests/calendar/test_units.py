"""One span of days is one period, however it is written; a rolling one never is a unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import BadPeriod, Calendar, Grain, ListedMonths, Period
from tests.calendar.spellings import spellings
from tests.calendar.test_invariants import calendars, grains

TODAY = date(2026, 9, 18)
ISO, APRIL = Calendar(), Calendar(fiscal_starts=4)
WEEKS = Calendar(pattern="4-4-5")
DATES = st.dates(date(1990, 1, 1), date(2100, 12, 31))
ROLLING = ("wtd", "mtd", "qtd", "htd", "ytd", "fmtd", "fqtd", "fytd", "year to date")
TRAILING = ("days", "weeks", "months", "quarters", "halves", "years", "fiscal months", "fiscal years")


def key(text: str, calendar: Calendar = ISO, today: date = TODAY) -> str:
    return calendar.parse(text, today=today).key


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("2026-01-01..2026-12-31", "2026"),
        ("2026-01..2026-12", "2026"),
        ("2026-Q1..2026-Q4", "2026"),
        ("2026..2026", "2026"),
        ("2026-H1..2026-12-31", "2026"),
        ("2026-01..2026-06", "2026-H1"),
        ("2026-04..2026-06", "2026-Q2"),
        ("2026-04-01..2026-06-30", "2026-Q2"),
        ("2026-03-01..2026-03-31", "2026-03"),
        ("2024-02-01..2024-02-29", "2024-02"),
        ("2026-03-16..2026-03-22", "2026-W12"),
        ("2026-W12..2026-W12", "2026-W12"),
        ("2026-03-14..2026-03-14", "2026-03-14"),
        ("2027-W05..2027-W08", "2027-02"),  # four weeks from Monday, 1 February 2027
        ("март 2026..март 2026", "2026-03"),
        ("2026年4月..2026年6月", "2026-Q2"),
        ("T1 2026..2. negyedév 2026", "2026-H1"),
        ("2026-03-01..2026-03-30", "2026-03-01..2026-03-30"),
        ("2025..2026", "2025-01-01..2026-12-31"),
        ("2026-02..2026-04", "2026-02-01..2026-04-30"),
    ],
)
def test_a_range_that_is_exactly_a_unit_is_that_unit(text: str, unit: str) -> None:
    assert key(text) == unit
    assert ISO.parse(text, today=TODAY) == ISO.parse(unit, today=TODAY)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("2025-04..2026-03", "FY2026"),
        ("2025-04-01..2025-09-30", "FY2026-H1"),
        ("2026-04-01..2026-06-30", "2026-Q2"),  # also FY2027-Q1: calendar before fiscal
        ("FY2027-Q1", "FY2027-Q1"),  # unless it is written as fiscal
        ("FY2027-M01..FY2027-M03", "FY2027-Q1"),
        ("FY2027-M01..2026-06", "2026-Q2"),
        ("FY2027-M01..FY2027-M01", "FY2027-M01"),
        ("2026-04..2026-04", "2026-04"),
    ],
)
def test_calendar_units_come_before_fiscal_ones_that_are_not_written_so(text: str, unit: str) -> None:
    assert key(text, APRIL) == unit


def test_months_of_whole_weeks_are_units_of_ranges_of_days_and_of_weeks() -> None:
    assert key("2025-12-29..2026-01-25", WEEKS) == "FY2026-M01"
    assert key("2026-W01..2026-W04", WEEKS) == "FY2026-M01"
    assert key("2026-W01..2026-W13", WEEKS) == "FY2026-Q1"
    assert key("2026-W01..2026-W53", WEEKS) == key("2025-12-29..2027-01-03", WEEKS) == "FY2026"
    assert key("2026-W01..2026-W05", WEEKS) == "2025-12-29..2026-02-01"


def test_listed_months_are_units_too() -> None:
    starts = (date(2026, 1, 26), date(2026, 2, 26), date(2026, 3, 26), date(2026, 4, 26), date(2026, 5, 1))
    listed = Calendar(listed=ListedMonths(2026 * 12 + 1, starts))
    assert key("2026-01-26..2026-02-25", listed) == "FY2026-M02"
    assert key("2026-02-26..2026-04-25", listed) == "2026-02-26..2026-04-25"
    assert listed.parse("2026-02-26..2026-04-25", today=TODAY).months is Grain.FISCAL_MONTH
    assert key("2026-04-26..2026-04-30", listed) == "FY2026-M05"
    assert key("2026-05-01..2026-05-31", listed) == "2026-05"


@given(calendars, grains, DATES)
@settings(derandomize=True, max_examples=200)
def test_every_way_to_write_a_unit_is_one_period(calendar: Calendar, grain: Grain, day: date) -> None:
    unit = calendar.containing(grain, day)
    one = calendar.between(unit.start, unit.last)
    for text in spellings(calendar, unit):
        found = calendar.parse(text, today=TODAY)
        assert (found.start, found.end) == (unit.start, unit.end), text
        if not (isinstance(text, str) and "fy" in text.casefold()):
            assert found == one, text
            assert calendar.previous(found, today=TODAY) == calendar.previous(one, today=TODAY)
        elif calendar.grid.fiscal.are_calendar_months:
            assert days(calendar.previous(found, today=TODAY)) == days(calendar.previous(one, today=TODAY)), text
            assert calendar.grains_of(found) == calendar.grains_of(one), text
        assert calendar.years(found, found.days) == calendar.years(one, one.days) or "fy" in str(text).casefold()


def days(period: Period) -> tuple[date, date]:
    return period.start, period.end


@given(calendars, DATES, st.sampled_from(ROLLING))
@settings(derandomize=True)
def test_a_span_to_date_is_never_a_unit_not_even_on_the_last_day(calendar: Calendar, day: date, words: str) -> None:
    unit = calendar.parse(words, today=day).whole
    assert unit is not None
    for today in (day, unit.last):
        found = calendar.parse(words, today=today)
        assert (found.grain, found.id, found.to_date_of) == (None, None, unit.grain)
        assert found.last == today
        before = calendar.previous(found, today=today)
        assert before.grain is None
        assert before.start == calendar.previous(unit, today=today).start


@given(calendars, DATES, st.sampled_from(TRAILING), st.integers(1, 40))
@settings(derandomize=True)
def test_a_trailing_range_is_never_a_unit(calendar: Calendar, day: date, unit: str, number: int) -> None:
    for today in (day, date(2026, 12, 31), date(2026, 9, 30), date(2027, 1, 3)):
        found = calendar.parse(f"trailing {number} {unit}", today=today)
        assert (found.grain, found.id, found.whole) == (None, None, None)
        assert calendar.grains_of(found) == frozenset()
        before = calendar.previous(found, today=today)
        assert before.grain is None
        assert before.end == found.start
        if unit in ("days", "weeks"):
            assert before.days == found.days


def test_trailing_30_days_that_are_september_are_compared_with_30_days_and_september_with_august() -> None:
    today = date(2026, 9, 30)
    trailing, september = (ISO.parse(each, today=today) for each in ("trailing 30 days", "2026-09-01..2026-09-30"))
    assert trailing.key == "2026-09-01..2026-09-30"
    assert ISO.previous(trailing, today=today).key == "2026-08-02..2026-08-31"
    assert ISO.previous(september, today=today).key == "2026-08"
    assert ISO.previous(ISO.parse("trailing 1 month", today=today), today=today).key == "2026-07-01..2026-07-31"


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2026-09-01..today", None),  # it happens to be September on that day
        ("2026-01..today", None),
        ("2026-01..this month", Grain.MONTH),
        ("last month..this month", Grain.MONTH),
        ("trailing 12 months", Grain.MONTH),
        ("trailing 61 days", None),
        ("2026-01-01..ytd", None),
    ],
)
def test_a_range_that_moves_with_the_day_is_no_unit(text: str, months: Grain | None) -> None:
    found = ISO.parse(text, today=date(2026, 9, 30))
    assert (found.grain, found.months) == (None, months)


@given(calendars, DATES, st.integers(1, 30))
@settings(derandomize=True)
def test_a_range_of_whole_months_is_compared_with_as_many_before(calendar: Calendar, day: date, number: int) -> None:
    for grain in (Grain.FISCAL_MONTH, Grain.MONTH):
        first = calendar.containing(grain, day)
        last = calendar.by_id(grain, (first.id or 0) + number - 1)
        found = calendar.parse(f"{first}..{last}", today=TODAY)
        before = calendar.previous(found, today=TODAY)
        assert before.end == found.start
        assert len(calendar.tiles(before, grain) or ()) == number


@pytest.mark.parametrize(
    ("text", "today", "before", "year"),
    [
        # three months and a half of five: as many days, to the same day of the month, of the five before
        ("2026-02..2026-06", date(2026, 5, 15), "2025-09-01..2025-12-15", "2025-02-01..2025-05-15"),
        # 9 of 21 days: the first 9 of the 21 days before
        ("2026-09-10..2026-09-30", TODAY, "2026-08-20..2026-08-28", "2025-09-10..2025-09-18"),
        ("2026-07..2026-09", TODAY, "2026-04-01..2026-06-18", "2025-07-01..2025-09-18"),
        ("2026-W38", TODAY, "2026-09-07..2026-09-11", "2025-09-15..2025-09-19"),
    ],
)
def test_a_range_in_progress_is_compared_with_the_same_part(text: str, today: date, before: str, year: str) -> None:
    part = ISO.to_date(ISO.parse(text, today=today), today)
    assert ISO.previous(part, today=today).key == before
    assert ISO.year_ago(part, today=today).key == year


def test_a_period_says_its_days_beside_its_key() -> None:
    said = [ISO.parse(each, today=TODAY).with_days for each in ("2026-Q1", "2026-01-02..2026-01-03", "2026-01-02")]
    assert said == ["2026-Q1 (2026-01-01..2026-03-31)", "2026-01-02..2026-01-03", "2026-01-02"]


def test_the_grains_of_a_period_are_all_that_it_is_a_unit_of() -> None:
    def names(text: str) -> set[str]:
        return {each.value for each in APRIL.grains_of(APRIL.parse(text, today=TODAY))}

    assert names("FY2027-M01") == names("2026-04") == names("2026-04-01..2026-04-30") == {"month", "fiscal_month"}
    assert names("2026-07..2026-12") == {"half"}
    assert names("qtd") == {"quarter", "fiscal_quarter"}
    assert names("2026-04..2026-05") == names("trailing 1 month") == set()


def pieces() -> Iterator[str]:
    yield from ("2026", "0001", "9998", "9999", "FY2026", "-", "-W53", "-Q4", "-12", "-31", "..", " ", "trailing ")
    yield from (
        "99999",
        " days",
        " years",
        "today",
        "ytd",
        "9" * 30,
        "0",
        "\x00",
        "\n",
        "٣",
        "²",
        "今",
        "..FY0001",
        "-M12",
    )


@given(calendars, st.lists(st.sampled_from(list(pieces())), max_size=6).map("".join), st.sampled_from(list(Grain)))
@settings(derandomize=True, max_examples=500)
def test_no_text_raises_anything_but_a_bad_period(calendar: Calendar, text: str, grain: Grain) -> None:
    try:
        found = calendar.parse(text, today=TODAY)
        assert found.start < found.end
        for derived in (calendar.previous, calendar.year_ago):
            assert_answers(lambda derived=derived: derived(found, today=TODAY))  # type: ignore[misc]
        assert calendar.years(found, found.days) > 0
        assert_answers(lambda: calendar.series(found, grain))
        assert_answers(lambda: calendar.running(found, grain))
    except BadPeriod as problem:
        assert len(str(problem).splitlines()) == 1


def assert_answers(call: object) -> None:
    assert callable(call)
    try:
        call()
    except BadPeriod as problem:
        assert len(str(problem).splitlines()) == 1


@pytest.mark.parametrize(
    "number", [10**400, -(10**400), 10**5000, 2**64, 10**300], ids=lambda n: f"{n.bit_length()} bits"
)
def test_a_number_of_hundreds_of_digits_is_refused_in_one_line(number: int) -> None:
    with pytest.raises(BadPeriod) as caught:
        ISO.parse(number, today=TODAY)
    assert len(str(caught.value)) < 250


def test_an_instant_at_the_edge_of_the_calendar_is_refused() -> None:
    from datetime import UTC, datetime

    with pytest.raises(BadPeriod, match="lies outside the years 1 to 9998"):
        Calendar(timezone="America/New_York").parse(datetime(1, 1, 1, tzinfo=UTC), today=TODAY)


def test_a_series_of_more_parts_than_anyone_reads_is_refused_at_once() -> None:
    with pytest.raises(BadPeriod, match=r"is made of 3,651,694 day units\. At most 40,000: ask for a shorter period"):
        ISO.series(ISO.parse("0001..9998", today=TODAY), Grain.DAY)
    assert len(ISO.series(ISO.parse("1950..2050", today=TODAY), Grain.DAY)) == 36890
    assert timedelta(days=36890) == date(2051, 1, 1) - date(1950, 1, 1)
