"""Fiscal months: of whole weeks, and as an organisation lists them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import BadConfig, BadPeriod, Calendar, Grain, Period, read_listed_months

FIRST_WEEKS = ["nearest", "first", "last", "after_last"]

TODAY = date(2026, 11, 22)
# The calendar of American retail: 4-5-4 weeks from the Sunday nearest to 1 February, named by its start.
RETAIL = Calendar(6, 2, pattern="4-5-4", fiscal_named="start")
# A maker of telephones: years end on the last Saturday of September.
PHONES = Calendar(6, 10, pattern="5-4-4", first_week="after_last")


def days(calendar: Calendar, text: str) -> tuple[str, str, int]:
    period = calendar.parse(text, today=TODAY)
    return str(period.start), str(period.last), period.days


@pytest.mark.parametrize(
    ("text", "first", "last", "weeks"),
    [
        ("FY2022", "2022-01-30", "2023-01-28", 52),
        ("FY2023", "2023-01-29", "2024-02-03", 53),
        ("FY2024", "2024-02-04", "2025-02-01", 52),
        ("FY2023-M01", "2023-01-29", "2023-02-25", 4),
        ("FY2023-M02", "2023-02-26", "2023-04-01", 5),
        ("FY2023-M12", "2023-12-31", "2024-02-03", 5),  # the 53rd week is its last
        ("FY2023-Q4", "2023-10-29", "2024-02-03", 14),
        ("FY2024-H1", "2024-02-04", "2024-08-03", 26),
    ],
)
def test_the_calendar_of_american_retail(text: str, first: str, last: str, weeks: int) -> None:
    assert days(RETAIL, text) == (first, last, weeks * 7)


def test_a_year_that_begins_after_the_last_saturday_of_a_month() -> None:
    assert days(PHONES, "FY2023") == ("2022-09-25", "2023-09-30", 371)
    assert days(PHONES, "FY2024") == ("2023-10-01", "2024-09-28", 364)
    assert days(PHONES, "FY2024-Q1") == ("2023-10-01", "2023-12-30", 91)
    assert days(PHONES, "FY2024-M01")[2] == 35


@pytest.mark.parametrize(
    ("first_week", "start"),
    # January 2026 begins on a Thursday
    [("nearest", "2025-12-29"), ("first", "2026-01-05"), ("last", "2025-12-29"), ("after_last", "2025-12-29")],
)
def test_where_the_first_week_begins(first_week: str, start: str) -> None:
    assert days(Calendar(pattern="4-4-5", first_week=first_week), "FY2026")[0] == start


def test_the_last_monday_of_a_month_is_never_the_first_of_the_next() -> None:
    # 1 January 2024 is a Monday
    starts = {each: days(Calendar(pattern="4-4-5", first_week=each), "FY2024")[0] for each in FIRST_WEEKS}
    assert starts == {
        "nearest": "2024-01-01", "first": "2024-01-01", "last": "2023-12-25", "after_last": "2024-01-01",
    }  # fmt: skip


def test_a_fiscal_year_of_calendar_months_may_be_named_by_its_start() -> None:
    assert days(Calendar(fiscal_starts=4), "FY2026-M01")[:2] == ("2025-04-01", "2025-04-30")
    assert days(Calendar(fiscal_starts=4, fiscal_named="start"), "FY2026-M01")[:2] == ("2026-04-01", "2026-04-30")
    assert days(Calendar(fiscal_named="start"), "FY2026-M01")[:2] == ("2026-01-01", "2026-01-31")


def test_fiscal_months_are_read_in_every_way_people_write_them() -> None:
    for text in ("FY2025-M03", "fy2025-m3", "FY2025-P3", "FY2025-P03", "fiscal month 3 2025", "2025财年3月"):
        assert RETAIL.parse(text, today=TODAY).key == "FY2025-M03", text
    assert RETAIL.parse("last fiscal month", today=TODAY).key == "FY2026-M09"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("FY2026-03", "Write FY2026-M03 for a fiscal month"),
        ("FY2026-M13", "2026 has no fiscal month 13"),
        ("FY2026-M00", "2026 has no fiscal month 0"),
        ("2026-M03", "Write 2026-03 for a month, FY2026-M03 for a fiscal one"),
        ("2026-P3", "Write 2026-03 for a month, FY2026-M03 for a fiscal one"),
    ],
)
def test_what_is_no_fiscal_month_is_refused_with_what_to_write(text: str, problem: str) -> None:
    with pytest.raises(BadPeriod, match=problem):
        RETAIL.parse(text, today=TODAY)


def test_earlier_fiscal_periods_are_those_with_the_number_before_and_of_a_year_ago() -> None:
    def both(text: str) -> tuple[str, str]:
        period = RETAIL.parse(text, today=TODAY)
        return RETAIL.previous(period, today=TODAY).key, RETAIL.year_ago(period, today=TODAY).key

    assert both("FY2024-M01") == ("FY2023-M12", "FY2023-M01")
    assert both("FY2024-Q4") == ("FY2024-Q3", "FY2023-Q4")
    assert both("FY2024") == ("FY2023", "FY2023")
    # 22 days of the tenth month of FY2026, which began on 1 November: as many of the month before
    assert both("fmtd") == ("2026-10-04..2026-10-25", "2025-11-02..2025-11-23")
    # 295 days of the year; a year ago it began a day later
    assert both("fytd") == ("2025-02-02..2025-11-23", "2025-02-02..2025-11-23")
    # a range of whole fiscal months stays one
    assert both("FY2024-M01..FY2024-M02")[1] == "2023-01-29..2023-04-01"
    assert both("2024-02-05..2024-02-10")[1] == "2023-02-05..2023-02-10"


def test_the_quarters_of_whole_weeks_are_made_of_fiscal_months_and_of_no_calendar_months() -> None:
    quarter = RETAIL.parse("FY2024-Q2", today=TODAY)
    assert [each.key for each in RETAIL.split(quarter, Grain.FISCAL_MONTH)] == [
        "FY2024-M04", "FY2024-M05", "FY2024-M06",
    ]  # fmt: skip
    assert RETAIL.tiles(quarter, Grain.MONTH) is None
    weeks = RETAIL.parse(f"{quarter.start}..{quarter.last}", today=TODAY)
    assert len(RETAIL.split(weeks, Grain.WEEK)) == 13


@given(
    st.builds(
        Calendar,
        week_starts=st.integers(0, 6),
        fiscal_starts=st.integers(1, 12),
        pattern=st.sampled_from(["4-4-5", "4-5-4", "5-4-4"]),
        first_week=st.sampled_from(FIRST_WEEKS),
        fiscal_named=st.sampled_from(["end", "start"]),
    ),
    st.dates(date(3, 1, 1), date(9990, 1, 1)),
)
def test_every_fiscal_year_has_52_or_53_weeks_in_its_pattern_and_begins_near_its_month(
    calendar: Calendar, day: date
) -> None:
    year = calendar.containing(Grain.FISCAL_YEAR, day)
    assert year.days in (364, 371)
    assert year.start.weekday() == calendar.week_starts
    # a week later it is in the month, or the month is the next: the 1st is at most 7 days away
    assert calendar.fiscal_starts in {(year.start + timedelta(days=each)).month for each in (0, 7)}
    weeks = [each.days // 7 for each in calendar.split(year, Grain.FISCAL_MONTH)]
    pattern = [int(each) for each in calendar.pattern.split("-")]
    assert weeks == [*pattern * 3, *pattern[:2], pattern[2] + (year.days == 371)]
    assert calendar.containing(Grain.FISCAL_MONTH, day).start <= day < calendar.containing(Grain.FISCAL_MONTH, day).end


@given(st.dates(date(3, 1, 1), date(9990, 1, 1)))
def test_from_the_monday_nearest_to_january_the_years_are_those_of_iso_8601(day: date) -> None:
    assert Calendar(pattern="4-4-5").containing(Grain.FISCAL_YEAR, day).id == day.isocalendar().year


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"pattern": "4-4-4"}, "pattern: '4-4-4' is none of 4-4-5, 4-5-4, 5-4-4"),
        ({"first_week": "second"}, "first_week: 'second' is none of nearest, first, last, after_last"),
        ({"fiscal_named": "middle"}, "fiscal_named: 'middle' is none of end, start"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(given: dict[str, str], problem: str) -> None:
    with pytest.raises(BadConfig, match=problem):
        Calendar(**given)  # type: ignore[arg-type]


LISTED = """month,first_day,last_day
FY2026-M01,2025-12-29,2026-01-25
FY2026-M02,2026-01-26,2026-02-22
FY2026-M03,2026-02-23,2026-03-31
FY2026-P4,2026-04-01,2026-04-30
"""


def listed(folder: Path, text: str = LISTED) -> Calendar:
    file = folder / "fiscal.csv"
    file.write_text(text, encoding="utf-8")
    return Calendar(listed=read_listed_months(file))


def test_fiscal_months_may_be_listed(tmp_path: Path) -> None:
    calendar = listed(tmp_path)
    assert days(calendar, "FY2026-Q1") == ("2025-12-29", "2026-03-31", 93)
    assert days(calendar, "FY2026-M04")[:2] == ("2026-04-01", "2026-04-30")
    assert calendar.tiles(calendar.parse("FY2026-Q1", today=TODAY), Grain.FISCAL_MONTH) is not None
    assert calendar.tiles(calendar.parse("2026", today=TODAY), Grain.FISCAL_MONTH) is None


def test_what_lies_outside_the_list_is_refused_and_is_empty_in_the_calendar_table(tmp_path: Path) -> None:
    calendar = listed(tmp_path)
    for text in ("FY2026", "FY2026-Q2", "FY2025-M12", "FY2026-M05"):
        with pytest.raises(BadPeriod, match="outside the fiscal months listed, 2025-12-29 to 2026-04-30"):
            calendar.parse(text, today=TODAY)
    first = calendar.parse("FY2026-M01", today=TODAY)
    with pytest.raises(BadPeriod, match="outside the fiscal months listed"):
        calendar.previous(first, today=TODAY)
    at = Calendar.COLUMNS.index("fiscal_month")
    rows = {str(row[0]): row[at] for row in calendar.rows(date(2025, 12, 28), date(2026, 5, 1))}
    assert (rows["2025-12-28"], rows["2025-12-29"], rows["2026-04-30"], rows["2026-05-01"]) == (
        None, 24312, 24315, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("2026-01-26,", "2026-01-28,", "line 3: FY2026-M01 ends on 2026-01-25, FY2026-M02 begins on 2026-01-28: "
         "between them lie 2 days of no month"),
        ("2026-01-26,", "2026-01-25,", "line 3: FY2026-M01 ends on 2026-01-25, FY2026-M02 begins on 2026-01-25: "
         "they share 1 day"),
        ("FY2026-M03", "FY2026-M04", "line 4: FY2026-M04 follows FY2026-M02, where FY2026-M03 ought to"),
        ("2026-03-31", "2026-02-01", "line 4: FY2026-M03 ends on 2026-02-01, before it begins"),
        ("2026-04-30", "9999-12-31", "line 5: FY2026-P4 ends on 9999-12-31, after which there is no day"),
        ("2026-03-31", "31/03/2026", "line 4: '31/03/2026' is no day. Write 2026-01-31."),
        ("FY2026-P4", "April", "line 5: 'April' is no fiscal month. Write FY2026-M01 to FY2026-M12."),
        ("first_day", "start", "its first line names other columns. Write month,first_day,last_day."),
    ],
)  # fmt: skip
def test_a_list_with_a_gap_an_overlap_or_a_slip_is_refused_by_line(
    tmp_path: Path, was: str, now: str, problem: str
) -> None:
    with pytest.raises(BadConfig) as caught:
        listed(tmp_path, LISTED.replace(was, now, 1))
    assert problem in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_list_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"fiscal\.csv: No such file"):
        read_listed_months(tmp_path / "fiscal.csv")
    with pytest.raises(BadConfig, match="it lists no fiscal month"):
        listed(tmp_path, "month,first_day,last_day\n")
    (tmp_path / "fiscal.csv").write_bytes(b"month,first_day,last_day\n\xff\xfe")
    with pytest.raises(BadConfig, match="not CSV in UTF-8"):
        read_listed_months(tmp_path / "fiscal.csv")


def test_a_line_that_is_too_short_or_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="line 3: it has more than three cells"):
        listed(tmp_path, LISTED.replace("2026-02-22", "2026-02-22,new"))
    with pytest.raises(BadConfig, match="line 3: '' is no day"):
        listed(tmp_path, LISTED.replace("2026-01-26,2026-02-22", "2026-01-26"))


def read(text: str) -> Period:
    return RETAIL.parse(text, today=TODAY)


def test_a_period_to_date_splits_into_units_and_what_is_left_of_the_last() -> None:
    assert [each.key for each in RETAIL.split(read("qtd"), Grain.MONTH)] == ["2026-10", "2026-11-01..2026-11-22"]
    with pytest.raises(BadPeriod, match="not made of whole month units"):
        RETAIL.split(read("2026-10-01..2026-11-22"), Grain.MONTH)


def test_a_series_to_date_runs_from_the_start_each_time() -> None:
    assert [each.key for each in RETAIL.running(read("2026-Q1"), Grain.MONTH)] == [
        "2026-01-01..2026-01-31", "2026-01-01..2026-02-28", "2026-Q1",
    ]  # fmt: skip
    assert [each.key for each in RETAIL.running(read("qtd"), Grain.MONTH)][-1] == "2026-10-01..2026-11-22"
