"""Which grains a period is made of."""

from datetime import date

import pytest

from kpicore import BadPeriod, Calendar, Grain, Period

TODAY = date(2026, 9, 18)
APRIL = Calendar(fiscal_starts=4)


def read(text: str) -> Period:
    return APRIL.parse(text, today=TODAY)


def test_a_quarter_is_three_months() -> None:
    assert [each.key for each in APRIL.split(read("2026-Q3"), Grain.MONTH)] == ["2026-07", "2026-08", "2026-09"]


def test_a_fiscal_year_from_april_is_four_calendar_quarters_but_no_calendar_year() -> None:
    assert [each.key for each in APRIL.split(read("FY2026"), Grain.QUARTER)] == [
        "2025-Q2",
        "2025-Q3",
        "2025-Q4",
        "2026-Q1",
    ]
    assert APRIL.tiles(read("FY2026"), Grain.YEAR) is None


def test_a_range_that_equals_units_is_made_of_them() -> None:
    assert APRIL.tiles(read("2026-01-01..2026-02-28"), Grain.MONTH) == range(24312, 24314)
    assert APRIL.tiles(read("2026-01-01..2026-02-27"), Grain.MONTH) is None
    assert APRIL.tiles(read("2026-01-02..2026-02-28"), Grain.MONTH) is None


def test_a_february_of_four_weeks_is_made_of_them_however_it_is_written() -> None:
    assert read("2027-02").start.weekday() == 0  # Monday, and 28 days
    for text in ("2027-02", "2027-02-01..2027-02-28", "2027-W05..2027-W08"):
        assert [each.key for each in APRIL.split(read(text), Grain.WEEK)] == [
            "2027-W05", "2027-W06", "2027-W07", "2027-W08",
        ]  # fmt: skip


def test_a_week_is_made_of_days_and_of_no_month() -> None:
    assert len(APRIL.split(read("2026-W12"), Grain.DAY)) == 7
    assert APRIL.tiles(read("2026-W12"), Grain.MONTH) is None


def test_the_first_days_of_the_calendar_are_in_no_fiscal_year_that_began_before() -> None:
    assert APRIL.tiles(read("0001-01-01"), Grain.FISCAL_YEAR) is None
    assert len(APRIL.tiles(read("0001-01-01"), Grain.DAY) or ()) == 1


def test_a_split_that_does_not_fit_is_refused_with_one_that_does() -> None:
    with pytest.raises(BadPeriod, match=r"not made of whole week units\. Ask for 2026-W36\.\.2026-W40"):
        APRIL.split(read("2026-09"), Grain.WEEK)
    assert len(APRIL.split(read("2026-W36..2026-W40"), Grain.WEEK)) == 5


@pytest.mark.parametrize(
    ("text", "grain", "units"),
    [
        ("2026", Grain.YEAR, 1),
        ("2026-01..2026-06", Grain.HALF, 1),
        ("2026-04..2027-03", Grain.FISCAL_YEAR, 1),
        ("2026-04..2027-03", Grain.YEAR, 0),
        ("2026-02..2026-03", Grain.MONTH, 2),
        ("2026-02..2026-03", Grain.QUARTER, 0),
        ("2026-W02..2026-W03", Grain.WEEK, 2),
        ("2026-01-10..2026-02-09", Grain.DAY, 31),
        ("2026-01-10..2026-02-09", Grain.MONTH, 0),
    ],
)
def test_a_grain_covers_a_period_exactly_or_not_at_all(text: str, grain: Grain, units: int) -> None:
    assert len(APRIL.tiles(read(text), grain) or ()) == units


def test_the_calendar_table_holds_the_date_and_an_id_per_grain() -> None:
    names = "date day week month quarter half year fiscal_month fiscal_quarter fiscal_half fiscal_year"
    assert " ".join(Calendar.COLUMNS) == names
    rows = list(APRIL.rows(date(2026, 3, 31), date(2026, 4, 1)))
    # ordinal 739706; Monday 2026-03-30 is day 739705, week 105672 from 0001-01-01
    assert rows == [
        (date(2026, 3, 31), 739706, 105672, 24314, 8104, 4052, 2026, 24323, 8107, 4053, 2026),
        (date(2026, 4, 1), 739707, 105672, 24315, 8105, 4052, 2026, 24324, 8108, 4054, 2027),
    ]


def test_the_calendar_table_of_no_days_is_empty() -> None:
    assert list(APRIL.rows(date(2026, 4, 1), date(2026, 3, 31))) == []
