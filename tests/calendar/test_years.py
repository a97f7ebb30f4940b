"""How many years a period is."""

from datetime import date

import pytest

from kpicore import Calendar, ListedMonths

TODAY = date(2026, 9, 18)
ISO, APRIL = Calendar(), Calendar(fiscal_starts=4)
WEEKS = Calendar(pattern="4-4-5")  # FY2026 has 53 weeks, FY2025 has 52
RETAIL = Calendar(6, 2, pattern="4-5-4", fiscal_named="start")


@pytest.mark.parametrize(
    ("calendar", "text", "years"),
    [
        (ISO, "2025", 1),
        (ISO, "2024", 1),
        (ISO, "2025-H1", 0.5),
        (ISO, "2025-Q1", 0.25),
        (ISO, "2025-Q3", 0.25),
        (ISO, "2025-02", 1 / 12),
        (ISO, "2025-01..2025-02", 2 / 12),
        (ISO, "2024..2026", 3),
        (ISO, "2024-02-01..2025-01-31", 1),
        (ISO, "trailing 12 months", 1),
        (ISO, "trailing 5 months", 5 / 12),
        (APRIL, "FY2026", 1),
        (APRIL, "FY2026-Q2", 0.25),
        (APRIL, "FY2026-M01..FY2026-M02", 2 / 12),
        (ISO, "2025-W10", 7 / 365.25),
        (ISO, "2025-03-14", 1 / 365.25),
        (ISO, "2025-01-01..2025-03-30", 89 / 365.25),
        (ISO, "trailing 90 days", 90 / 365.25),
        (ISO, "trailing 52 weeks", 364 / 365.25),
        (WEEKS, "FY2025", 1),
        (WEEKS, "FY2025-Q1", 13 / 52),
        (WEEKS, "FY2025-M03", 5 / 52),
        (WEEKS, "FY2026", 1),
        (WEEKS, "FY2026-Q1", 13 / 53),
        (WEEKS, "FY2026-Q4", 14 / 53),
        (WEEKS, "FY2025-Q4..FY2026-Q1", 13 / 52 + 13 / 53),
        (WEEKS, "2025-W01..2025-W13", 13 / 52),
        (WEEKS, "2026-Q1", 0.25),
        (RETAIL, "FY2023-M12", 5 / 53),
        (RETAIL, "FY2023..FY2024", 2),
    ],
)
def test_whole_months_are_twelfths_weeks_and_days_are_parts_of_365_25(
    calendar: Calendar, text: str, years: float
) -> None:
    period = calendar.parse(text, today=TODAY)
    assert calendar.years(period, period.days) == pytest.approx(years, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "today", "years"),
    [
        ("2026", date(2026, 4, 10), 100 / 365),
        ("2025-Q1", date(2025, 2, 14), 0.25 * 45 / 90),
        ("2026-09", TODAY, 18 / 30 / 12),
        ("2026-08..2026-09", TODAY, 2 / 12 * 49 / 61),
        ("2026-W38", TODAY, 5 / 365.25),
    ],
)
def test_a_period_in_progress_is_its_elapsed_share(text: str, today: date, years: float) -> None:
    period = ISO.parse(text, today=today)
    part = ISO.to_date(period, today)
    assert ISO.years(period, part.days) == pytest.approx(years, rel=1e-15)
    assert ISO.years(part, part.days) == pytest.approx(years, rel=1e-15)


def test_a_year_to_date_is_its_share_of_the_year() -> None:
    assert ISO.years(ISO.parse("ytd", today=TODAY), 261) == 261 / 365
    assert ISO.years(ISO.parse("ytd", today=date(2026, 12, 31)), 365) == 1
    assert ISO.years(ISO.parse("qtd", today=date(2025, 2, 14)), 45) == 0.125


def test_listed_months_are_twelfths_unless_they_are_whole_weeks() -> None:
    odd = Calendar(listed=ListedMonths(2026 * 12, (date(2026, 1, 26), date(2026, 2, 26), date(2026, 3, 26))))
    assert odd.years(odd.parse("FY2026-M01", today=TODAY), 31) == 1 / 12
    weeks = Calendar(listed=ListedMonths(2026 * 12, (date(2025, 12, 29), date(2026, 1, 26), date(2026, 3, 2))))
    # not all months of the year are listed, so that it is taken to have 52 weeks
    assert weeks.years(weeks.parse("FY2026-M02", today=TODAY), 35) == 5 / 52
