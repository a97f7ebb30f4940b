"""Periods cut into a series, by weeks too."""

from datetime import date
from itertools import pairwise

import pytest

from kpicore import BadPeriod, Calendar, Grain

TODAY = date(2026, 9, 18)
ISO, APRIL, SUNDAY = Calendar(), Calendar(fiscal_starts=4), Calendar(week_starts=6)


@pytest.mark.parametrize(
    ("calendar", "text", "first", "last", "number"),
    [
        (ISO, "2026", "2026-W01", "2026-W53", 53),
        (ISO, "2025", "2025-W01", "2025-W52", 52),
        (ISO, "2025-01-01..2025-12-31", "2025-W01", "2025-W52", 52),
        (ISO, "2024..2026", "2024-W01", "2026-W53", 157),
        (ISO, "FY2026", "2026-W01", "2026-W53", 53),
        (SUNDAY, "2026", "2026-W01", "2026-W52", 52),
        (APRIL, "FY2026", "2025-W14", "2026-W13", 52),  # Monday 2025-03-31 to Sunday 2026-03-29
        (APRIL, "FY2025..FY2026", "2024-W14", "2026-W13", 104),
        (ISO, "2026-Q1", "2026-W02", "2026-W14", 13),  # those that begin in it
        (ISO, "2026-02", "2026-W06", "2026-W09", 4),
        (ISO, "2026-H1", "2026-W02", "2026-W27", 26),
        (ISO, "2026-W10..2026-W12", "2026-W10", "2026-W12", 3),
        (ISO, "2026-03-10..2026-03-25", "2026-W12", "2026-W13", 2),
        (ISO, "trailing 3 years", "2023-W01", "2025-W52", 156),
    ],
)
def test_a_year_has_the_weeks_of_its_key_and_another_period_those_that_begin_in_it(
    calendar: Calendar, text: str, first: str, last: str, number: int
) -> None:
    weeks = calendar.series(calendar.parse(text, today=TODAY), Grain.WEEK)
    assert (weeks[0].key, weeks[-1].key, len(weeks)) == (first, last, number)
    assert all(one.end == other.start for one, other in pairwise(weeks))


def test_the_last_week_of_a_year_to_date_ends_with_it() -> None:
    weeks = ISO.series(ISO.parse("ytd", today=TODAY), Grain.WEEK)
    assert [each.key for each in (weeks[0], *weeks[-2:])] == ["2026-W01", "2026-W37", "2026-09-14..2026-09-18"]
    assert weeks[-1].to_date_of is Grain.WEEK


@pytest.mark.parametrize("text", ["2026-03-10..2026-03-12", "2026-03-14"])
def test_a_few_days_in_which_no_week_begins_are_refused(text: str) -> None:
    with pytest.raises(BadPeriod, match=r"has no week that begins in it\. Ask for a smaller grain"):
        ISO.series(ISO.parse(text, today=TODAY), Grain.WEEK)


def test_only_weeks_may_cover_other_days_than_the_period() -> None:
    with pytest.raises(BadPeriod, match="is not made of whole month units"):
        ISO.series(ISO.parse("2026-W10..2026-W12", today=TODAY), Grain.MONTH)


def test_a_series_to_date_by_weeks_runs_from_the_first_of_them() -> None:
    parts = ISO.running(ISO.parse("2026-02", today=TODAY), Grain.WEEK)
    assert [part.key for part in parts] == [
        "2026-02-02..2026-02-08", "2026-02-02..2026-02-15", "2026-02-02..2026-02-22", "2026-02-02..2026-03-01",
    ]  # fmt: skip
    # a part is compared with the same part of the four weeks before
    assert ISO.previous(parts[0], today=TODAY).key == "2026-01-05..2026-01-11"
