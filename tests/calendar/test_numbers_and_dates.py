"""Numbers and dates of cells and of Python, read as periods."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from kpicore import BadConfig, BadPeriod, Calendar, Grain
from kpicore.calendar import local_date

TODAY = date(2026, 9, 18)
BUDAPEST = Calendar(timezone="Europe/Budapest")


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (2026, "2026"),
        (2026.0, "2026"),
        (1900, "1900"),
        (2200, "2200"),
        (32874, "1990-01-01"),
        (45000, "2023-03-15"),
        (45000.75, "2023-03-15"),
        (46283, "2026-09-18"),
        (73415, "2100-12-31"),
    ],
)
def test_a_number_is_a_year_or_the_serial_of_a_day(number: float, key: str) -> None:
    assert BUDAPEST.parse(number, today=TODAY).key == key


@pytest.mark.parametrize(
    "number", [0, -1, 1899, 2201, 2026.5, 32873, 32873.99, 73416, 1e300, float("nan"), float("inf"), True]
)
def test_any_other_number_is_refused(number: float) -> None:
    with pytest.raises(BadPeriod, match=r"^period '"):
        BUDAPEST.parse(number, today=TODAY)


def test_a_grain_turns_a_serial_into_its_unit_and_leaves_a_year_alone() -> None:
    assert BUDAPEST.parse(45000, today=TODAY, grain=Grain.MONTH).key == "2023-03"
    assert BUDAPEST.parse(45000.5, today=TODAY, grain=Grain.WEEK).key == "2023-W11"
    assert BUDAPEST.parse(2026, today=TODAY, grain=Grain.MONTH).key == "2026"


def test_a_date_is_a_day_or_the_unit_that_holds_it() -> None:
    assert BUDAPEST.parse(date(2026, 3, 14), today=TODAY).key == "2026-03-14"
    assert BUDAPEST.parse(date(2026, 3, 14), today=TODAY, grain=Grain.QUARTER).key == "2026-Q1"
    assert BUDAPEST.parse(datetime(2026, 3, 14, 23, 59), today=TODAY).key == "2026-03-14"


def test_an_instant_falls_on_the_day_of_the_organisation() -> None:
    late = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)  # half past midnight in Budapest
    assert BUDAPEST.parse(late, today=TODAY).key == "2026-03-15"
    assert local_date(late, "Europe/Budapest") == date(2026, 3, 15)
    assert local_date(late, "America/New_York") == date(2026, 3, 14)


def test_an_instant_without_a_zone_is_in_utc_and_the_summer_hour_counts() -> None:
    assert local_date(datetime(2026, 1, 14, 22, 30), "Europe/Budapest") == date(2026, 1, 14)
    assert local_date(datetime(2026, 7, 14, 22, 30), "Europe/Budapest") == date(2026, 7, 15)
    east = datetime(2026, 7, 15, 1, 0, tzinfo=timezone(timedelta(hours=9)))
    assert local_date(east, "UTC") == date(2026, 7, 14)


def test_numbers_and_missing_moments_of_pandas_are_understood() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    series = pandas.Series([2026, 45000])
    assert [BUDAPEST.parse(each, today=TODAY).key for each in series.to_numpy()] == ["2026", "2023-03-15"]
    assert BUDAPEST.parse(pandas.Timestamp("2026-03-14 10:00"), today=TODAY).key == "2026-03-14"
    with pytest.raises(BadPeriod, match="is empty"):
        BUDAPEST.parse(pandas.NaT, today=TODAY)


@pytest.mark.parametrize("given", [None, [2026], Decimal("2026"), b"2026"])
def test_anything_else_is_not_a_period(given: object) -> None:
    with pytest.raises(BadPeriod, match="is not a period"):
        BUDAPEST.parse(given, today=TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["Europe/Budapst", "", "../../etc/passwd", "America", "/etc/localtime", "Europe/\0", "x" * 300]
)
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(BadConfig, match="no time zone named"):
        Calendar(timezone=name)


def test_a_misspelt_time_zone_is_told_the_right_one() -> None:
    with pytest.raises(BadConfig, match="Did you mean 'Europe/Budapest'"):
        Calendar(timezone="Europe/Budapst")


def test_weeks_and_fiscal_years_start_on_a_day_and_in_a_month_that_exist() -> None:
    with pytest.raises(BadConfig, match="week_starts: '7' is not a weekday"):
        Calendar(week_starts=7)
    with pytest.raises(BadConfig, match="fiscal_starts: '0' is not a month"):
        Calendar(fiscal_starts=0)
