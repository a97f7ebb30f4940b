"""Earlier periods and periods in progress."""

from datetime import date

import pytest

from kpicore import BadPeriod, Calendar, Grain, Period
from kpicore.calendar import progress

TODAY = date(2026, 9, 18)
APRIL = Calendar(fiscal_starts=4)


def read(text: str, today: date = TODAY) -> Period:
    return APRIL.parse(text, today=today)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026", "2025"),
        ("2026-H1", "2025-H2"),
        ("2026-Q1", "2025-Q4"),
        ("2026-01", "2025-12"),
        ("2026-W01", "2025-W52"),
        ("2027-W01", "2026-W53"),
        ("2024-03-01", "2024-02-29"),
        ("FY2026-Q1", "FY2025-Q4"),
        ("2026-01-10..2026-02-09", "2025-12-10..2026-01-09"),
        ("2026-01..2026-03", "2025-Q4"),
        ("2026-04..2026-06", "2026-Q1"),
        ("2026-02-01..2026-02-28", "2026-01"),
        ("2026-01..2026-02", "2025-11-01..2025-12-31"),
        ("2026-02..2026-06", "2025-09-01..2026-01-31"),
        ("2025..2026", "2023-01-01..2024-12-31"),
        ("2026-W01..2026-W03", "2025-12-08..2025-12-28"),
        ("2026-03-01..2026-03-30", "2026-01-30..2026-02-28"),
        ("trailing 3 months", "2026-03-01..2026-05-31"),
        ("trailing 7 days", "2026-09-05..2026-09-11"),
        ("ytd", "2025-01-01..2025-09-18"),
        ("htd", "2026-01-01..2026-03-18"),
        ("qtd", "2026-04-01..2026-06-18"),
        ("mtd", "2026-08-01..2026-08-18"),
        ("wtd", "2026-09-07..2026-09-11"),
        ("fytd", "2025-04-01..2025-09-18"),
    ],
)
def test_the_previous_period(text: str, before: str) -> None:
    assert APRIL.previous(read(text), today=TODAY).key == before


@pytest.mark.parametrize(
    ("words", "today", "before"),
    [
        ("ytd", date(2024, 2, 29), "2023-01-01..2023-02-28"),
        ("mtd", date(2026, 3, 30), "2026-02-01..2026-02-28"),
        ("qtd", date(2026, 5, 31), "2026-01-01..2026-02-28"),
        ("ytd", date(2025, 3, 1), "2024-01-01..2024-03-01"),
    ],
)
def test_the_span_before_a_to_date_range_ends_on_the_same_date_or_on_the_last_day_there_is(
    words: str, today: date, before: str
) -> None:
    assert APRIL.previous(read(words, today), today=today).key == before


@pytest.mark.parametrize(
    ("text", "months", "before"),
    [
        ("2026-03", 1, "2026-02"),
        ("2026-Q2", 3, "2026-Q1"),
        ("2026-Q2", 1, "2026-03-01..2026-05-31"),
        ("2026-H1", 18, "2024-H2"),
        ("FY2026-Q1", 6, "FY2025-Q3"),
        ("2026-03-31", 1, "2026-02-28..2026-02-28"),
        ("2026", 0, "2026"),
        ("qtd", 3, "2026-04-01..2026-06-18"),
        ("2026-W09", 3, "2025-11-23..2025-11-29"),  # 7 days, though March 1 less 3 months is December 1
        ("2026-05-29..2026-05-31", 3, "2026-02-28..2026-03-02"),
    ],
)
def test_a_period_some_months_before_is_as_long_in_months(text: str, months: int, before: str) -> None:
    assert APRIL.months_before(read(text), months).key == before


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
def test_weeks_and_ranges_some_months_before_have_as_many_days(months: int) -> None:
    for day in range(1, 29):
        for text in (f"2026-02-{day:02d}..2026-03-{day + 3:02d}", f"2024-02-{day:02d}..2024-02-29"):
            period = read(text)
            assert APRIL.months_before(period, months).days == period.days or period.grain is not None, text


def test_months_before_the_year_1_are_refused() -> None:
    with pytest.raises(BadPeriod):
        APRIL.months_before(read("0001-02"), 2)


def test_the_span_before_a_to_date_range_is_one_too() -> None:
    before = APRIL.previous(read("mtd"), today=TODAY)
    assert before.to_date_of is Grain.MONTH
    assert APRIL.previous(before, today=TODAY).key == "2026-07-01..2026-07-18"


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026", "2025"),
        ("2026-Q3", "2025-Q3"),
        ("2026-03", "2025-03"),
        ("2026-W12", "2025-W12"),
        ("FY2026-H2", "FY2025-H2"),
        ("2024-02-29", "2023-02-28"),
        ("2026-01-10..2026-02-09", "2025-01-10..2025-02-09"),
        ("2023-12-15..2024-02-29", "2022-12-15..2023-02-28"),
        ("2025-01..2025-02", "2024-01-01..2024-02-29"),
        ("ytd", "2025-01-01..2025-09-18"),
        ("mtd", "2025-09-01..2025-09-18"),
        ("wtd", "2025-09-15..2025-09-19"),
        ("fytd", "2025-04-01..2025-09-18"),
    ],
)
def test_the_same_period_a_year_ago(text: str, before: str) -> None:
    assert APRIL.year_ago(read(text), today=TODAY).key == before


def test_week_53_has_no_counterpart_in_a_year_of_52() -> None:
    with pytest.raises(BadPeriod, match="2025 has no week 53 to compare with"):
        APRIL.year_ago(read("2026-W53"), today=TODAY)


@pytest.mark.parametrize("text", ["0001", "0001-01", "0001-01-01", "0001-01-01..0001-01-05", "0001-W01"])
def test_there_is_nothing_before_the_year_1(text: str) -> None:
    with pytest.raises(BadPeriod):
        APRIL.previous(read(text), today=TODAY)
    with pytest.raises(BadPeriod):
        APRIL.year_ago(read(text), today=TODAY)


def test_a_month_in_progress_counts_today() -> None:
    april, today = read("2026-04"), date(2026, 4, 11)
    assert APRIL.to_date(april, today).key == "2026-04-01..2026-04-11"
    assert APRIL.to_date(april, today).days == 11
    assert progress(april, today) == 11


def test_the_part_of_a_month_so_far_is_the_month_to_date() -> None:
    assert APRIL.to_date(read("2026-09"), TODAY) == read("mtd")


@pytest.mark.parametrize("text", ["2026-08", "2026-09-18", "2026-09-01..2026-09-18"])
def test_a_period_that_is_over_today_is_whole(text: str) -> None:
    assert APRIL.to_date(read(text), TODAY) == read(text)
    assert progress(read(text), TODAY) == 0


def test_a_period_that_has_not_started_has_no_part_to_date() -> None:
    with pytest.raises(BadPeriod, match="has not started by 2026-09-18"):
        APRIL.to_date(read("2026-10"), TODAY)
    assert progress(read("2026-10"), TODAY) == 0


def test_a_month_in_progress_is_compared_with_as_many_days_of_the_month_before() -> None:
    august = APRIL.same_elapsed(read("2026-08"), read("2026-09"), TODAY)
    assert (august.key, august.days) == ("2026-08-01..2026-08-18", 18)


def test_the_30_first_days_of_march_are_compared_with_all_of_february() -> None:
    assert APRIL.same_elapsed(read("2026-02"), read("2026-03"), date(2026, 3, 30)).key == "2026-02"


def test_a_month_that_is_over_is_compared_with_all_of_a_longer_one() -> None:
    assert APRIL.same_elapsed(read("2026-03"), read("2026-04"), date(2026, 4, 30)).key == "2026-03"
