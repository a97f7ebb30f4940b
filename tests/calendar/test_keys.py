"""Keys of periods, read and written."""

import re
from datetime import date

import pytest

from kpicore import BadPeriod, Calendar, Grain, Period

TODAY = date(2026, 9, 18)
ISO = Calendar()
APRIL = Calendar(fiscal_starts=4)


def days(text: str, calendar: Calendar = ISO) -> tuple[str, str]:
    """Return the first day and the last one."""
    period = calendar.parse(text, today=TODAY)
    return period.start.isoformat(), period.last.isoformat()


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-H1", "2026-01-01", "2026-06-30"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-W12", "2026-03-16", "2026-03-22"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2026-03-14", "2026-03-14", "2026-03-14"),
        ("FY2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-01-10..2026-02-09", "2026-01-10", "2026-02-09"),
        ("2026-01..2026-03", "2026-01-01", "2026-03-31"),
        ("2026-Q1..2026-Q2", "2026-01-01", "2026-06-30"),
        ("2026-W01..2026-02-09", "2025-12-29", "2026-02-09"),
        ("0001-W01", "0001-01-01", "0001-01-07"),
        ("9998", "9998-01-01", "9998-12-31"),
    ],
)
def test_a_key_means_its_first_and_last_day(key: str, first: str, last: str) -> None:
    assert days(key) == (first, last)


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("FY2026", "2025-04-01", "2026-03-31"),
        ("FY2026-H1", "2025-04-01", "2025-09-30"),
        ("FY2026-Q4", "2026-01-01", "2026-03-31"),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(key: str, first: str, last: str) -> None:
    assert days(key, APRIL) == (first, last)


def test_a_fiscal_year_that_starts_in_january_is_the_calendar_year() -> None:
    assert days("FY2026") == days("2026")


def test_a_fiscal_year_that_starts_in_december_ends_in_november_of_its_name() -> None:
    assert days("FY2026", Calendar(fiscal_starts=12)) == ("2025-12-01", "2026-11-30")


def test_a_week_from_sunday_belongs_to_the_year_with_most_of_its_days() -> None:
    sunday = Calendar(week_starts=6)
    # 2026-01-01 is a Thursday: Sunday 2025-12-28 to Saturday 2026-01-03 has 4 days in 2025.
    assert sunday.containing(Grain.WEEK, date(2026, 1, 1)).key == "2025-W53"
    assert days("2026-W01", sunday) == ("2026-01-04", "2026-01-10")


def test_a_key_is_read_in_any_case_and_written_in_one() -> None:
    assert [ISO.parse(each, today=TODAY).key for each in (" 2026-q3 ", "fy2026-h1", "2026-w3")] == [
        "2026-Q3",
        "FY2026-H1",
        "2026-W03",
    ]


def test_a_range_is_written_in_days_and_one_of_whole_months_remembers_it() -> None:
    assert ISO.parse("2026-01-10 .. 2026-03", today=TODAY) == Period(
        "2026-01-10..2026-03-31", date(2026, 1, 10), date(2026, 4, 1)
    )
    assert ISO.parse("2026-01..2026-02", today=TODAY) == Period(
        "2026-01-01..2026-02-28", date(2026, 1, 1), date(2026, 3, 1), months=Grain.MONTH
    )


def test_units_that_follow_each_other_have_ids_that_do() -> None:
    ids = [ISO.parse(each, today=TODAY).id for each in ("2025-12", "2026-01", "2026-W53", "2027-W01", "2025-Q4")]
    assert ids[:2] == [24311, 24312]
    assert ids[3] == ids[2] + 1  # type: ignore[operator]
    assert ids[4] == 8103


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-13", "2026 has no month 13"),
        ("2026-00", "2026 has no month 0"),
        ("2026-Q5", "2026 has no quarter 5"),
        ("2026-H3", "2026 has no half 3"),
        ("2025-W53", "2025 has no week 53"),
        ("2026-W00", "2026 has no week 0"),
        ("2025-02-29", "there is no such day"),
        ("FY2026-03", "a fiscal year has halves, quarters and months"),
        ("FY2026-W12", "a fiscal year has halves, quarters and months"),
        ("FY2026-03-14", "a fiscal year has halves, quarters and months"),
        ("0000", "lies outside the years 1 to 9998"),
        ("9999", "lies outside the years 1 to 9998"),
        ("9999-12-31", "lies outside the years 1 to 9998"),
        ("2026-02..2026-01", "ends before it begins"),
        ("2026-01..", "a range has a first and a last period"),
        ("2026..2027..2028", "a range has a first and a last period"),
        ("", "is empty"),
        ("26", "is a number written as text"),
        ("45000", "is a number written as text"),
        ("2026.5", "is a number written as text"),
        ("2026-3", "is not a period"),
        ("-2026", "is not a period"),
        ("2026-01-01'; drop table x", "is not a period"),
        ("x" * 5000, "is not a period"),
    ],
)
def test_an_impossible_key_is_refused_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        ISO.parse(text, today=TODAY)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("text", ["01/02/2026", "1.2.2026", "01-02-2026", "1/2/26", "25/12/2026", "1 2 2026"])
def test_a_date_with_the_day_or_the_month_first_is_always_ambiguous(text: str) -> None:
    with pytest.raises(BadPeriod, match="is ambiguous: day first or month first"):
        ISO.parse(text, today=TODAY)


def test_the_refusal_of_an_ambiguous_date_tells_both_ways_to_write_it() -> None:
    with pytest.raises(BadPeriod, match=r"Write 2026-01-02 or 2026-02-01\.$"):
        ISO.parse("01/02/2026", today=TODAY)


@pytest.mark.parametrize("text", ["32/1/2026", "0/5/2026", "31.02.2026", "29/2/26", "13/13/2026", "1/1/0000"])
def test_a_day_that_is_none_in_either_order_is_no_day(text: str) -> None:
    with pytest.raises(BadPeriod, match="there is no such day"):
        ISO.parse(text, today=TODAY)


def test_no_refusal_tells_to_write_what_is_refused() -> None:
    dates = [f"{a}{sign}{b}{sign}{year}" for a in range(34) for b in range(34) for sign in "/." for year in (2026, 24)]
    keys = [f"{year}-{mark}{number}" for year in ("2026", "FY2026") for mark in "MPW" for number in range(15)]
    months = [f"FY2026-{number:02d}" for number in range(15)]
    written = 0
    for text in dates + keys + months:
        try:
            ISO.parse(text, today=TODAY)
        except BadPeriod as refused:
            for key in re.findall(r"(?:FY)?20[0-9]{2}-[M0-9]{2}[-0-9]*", str(refused).partition(" Write ")[2]):
                ISO.parse(key, today=TODAY)
                written += 1
    assert written > 2000


def test_an_early_fiscal_year_that_would_begin_before_year_1_is_refused() -> None:
    with pytest.raises(BadPeriod, match="lies outside the years 1 to 9998"):
        APRIL.parse("FY0001", today=TODAY)


def test_a_period_of_three_lines_is_refused_in_one() -> None:
    with pytest.raises(BadPeriod) as caught:
        ISO.parse("last\nlast\nmonth", today=TODAY)
    assert "\n" not in str(caught.value)
