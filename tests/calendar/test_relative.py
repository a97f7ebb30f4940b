"""Relative periods, resolved on Friday 18 September 2026 unless told otherwise."""

from datetime import date

import pytest

from kpicore import BadPeriod, Calendar, Grain

TODAY = date(2026, 9, 18)
JULY = Calendar(fiscal_starts=7)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("today", "2026-09-18"),
        ("Yesterday", "2026-09-17"),
        ("tomorrow", "2026-09-19"),
        ("this day", "2026-09-18"),
        ("this week", "2026-W38"),
        ("last week", "2026-W37"),
        ("next week", "2026-W39"),
        ("this month", "2026-09"),
        ("LAST  Month", "2026-08"),
        ("next month", "2026-10"),
        ("last quarter", "2026-Q2"),
        ("this half", "2026-H2"),
        ("last half-year", "2026-H1"),
        ("last year", "2025"),
        ("previous year", "2025"),
        ("this fiscal quarter", "FY2027-Q1"),
        ("last fiscal quarter", "FY2026-Q4"),
        ("this fiscal year", "FY2027"),
        ("last fiscal year", "FY2026"),
        ("last fiscal half", "FY2026-H2"),
        ("wtd", "2026-09-14..2026-09-18"),
        ("mtd", "2026-09-01..2026-09-18"),
        ("qtd", "2026-07-01..2026-09-18"),
        ("htd", "2026-07-01..2026-09-18"),
        ("ytd", "2026-01-01..2026-09-18"),
        ("year to date", "2026-01-01..2026-09-18"),
        ("fqtd", "2026-07-01..2026-09-18"),
        ("fytd", "2026-07-01..2026-09-18"),
        ("trailing 90 days", "2026-06-21..2026-09-18"),
        ("last 7 days", "2026-09-12..2026-09-18"),
        ("trailing 1 day", "2026-09-18..2026-09-18"),
        ("trailing 2 weeks", "2026-08-31..2026-09-13"),
        ("trailing 12 months", "2025-09-01..2026-08-31"),
        ("trailing 4 quarters", "2025-07-01..2026-06-30"),
        ("trailing 2 halves", "2025-07-01..2026-06-30"),
        ("trailing 3 years", "2023-01-01..2025-12-31"),
        ("trailing 2 fiscal years", "2024-07-01..2026-06-30"),
        ("trailing 2 fiscal halves", "2025-07-01..2026-06-30"),
        ("fhtd", "2026-07-01..2026-09-18"),
        ("fiscal half-year to date", "2026-07-01..2026-09-18"),
        ("last fiscal half year", "FY2026-H2"),
        ("2026-02-10..today", "2026-02-10..2026-09-18"),
        ("last month..this month", "2026-08-01..2026-09-30"),
    ],
)
def test_relative_words_are_resolved_to_a_canonical_key(words: str, key: str) -> None:
    assert JULY.parse(words, today=TODAY).key == key


@pytest.mark.parametrize("grain", Grain)
def test_every_grain_is_read_in_every_form_of_words(grain: Grain) -> None:
    unit, current = grain.words, JULY.containing(grain, TODAY)
    before = JULY.previous(current, today=TODAY)
    plural = unit.replace("half", "halve") + "s"
    for words in (f"this {unit}", f"current {unit}"):
        assert JULY.parse(words, today=TODAY) == current
    for words in (f"last {unit}", f"previous {unit}"):
        assert JULY.parse(words, today=TODAY) == before
    assert JULY.previous(JULY.parse(f"next {unit}", today=TODAY), today=TODAY) == current
    if grain is Grain.DAY:  # which ends with today
        first, last = before.start, TODAY
    else:
        first, last = JULY.previous(before, today=TODAY).start, before.last
        initials = "".join(word[0] for word in unit.split())
        for words in (f"{initials}td", f"{unit} to date"):
            assert JULY.parse(words, today=TODAY).to_date_of is grain
    for words in (f"trailing 2 {plural}", f"last 2 {plural}", f"Trailing 2 {unit}"):
        assert JULY.parse(words, today=TODAY).key == f"{first}..{last}"


@pytest.mark.parametrize("words", ["dtd", "day to date", "trailing 2 hal", "trailing 2 halve", "trailing 2 f"])
def test_nothing_like_a_grain_is_taken_for_one(words: str) -> None:
    with pytest.raises(BadPeriod, match="is not a period"):
        JULY.parse(words, today=TODAY)


def test_a_to_date_range_remembers_its_unit_and_a_trailing_one_has_none() -> None:
    assert JULY.parse("qtd", today=TODAY).to_date_of is Grain.QUARTER
    assert JULY.parse("trailing 90 days", today=TODAY).to_date_of is None


def test_to_date_on_the_first_day_of_the_year_is_that_day() -> None:
    assert JULY.parse("ytd", today=date(2026, 1, 1)).key == "2026-01-01..2026-01-01"


def test_last_month_in_january_is_december_of_the_year_before() -> None:
    assert JULY.parse("last month", today=date(2026, 1, 31)).key == "2025-12"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("all", r"has no first and last day\. Write a range"),
        ("trailing 0 days", "has no days"),
        ("trailing 99999 years", "lies outside the years 1 to 9998"),
        ("trailing 99999 months", "lies outside the years 1 to 9998"),
        ("trailing 90 moons", "is not a period"),
        ("lst month", "Did you mean 'last month'"),
        ("last", "is not a period"),
    ],
)
def test_other_words_are_refused(words: str, problem: str) -> None:
    with pytest.raises(BadPeriod, match=problem):
        JULY.parse(words, today=TODAY)


def test_relative_words_at_the_edge_of_the_calendar_are_refused() -> None:
    with pytest.raises(BadPeriod, match="period 'last year': lies outside the years 1 to 9998"):
        JULY.parse("last year", today=date(1, 3, 1))
    with pytest.raises(BadPeriod, match="period 'tomorrow': lies outside the years 1 to 9998"):
        JULY.parse("tomorrow", today=date.max)
    with pytest.raises(BadPeriod, match="lies outside the years 1 to 9998"):
        JULY.parse("ytd", today=date(9999, 3, 1))
