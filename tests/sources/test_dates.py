"""Dates as people write them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore_sources.files.dates import (
    COMPACT,
    DAY_FIRST,
    MONTH_FIRST,
    YEAR_FIRST,
    Parts,
    decide,
    format_of,
    month_words,
    with_month_numbers,
)


def parts(*texts: str, count: int = 1) -> list[Parts]:
    split = [text.replace("/", "-").replace(".", "-").split("-") for text in texts]
    return [Parts(*each, count, row, texts[row]) for row, each in enumerate(split)]


@cache
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def read(text: str, reading: str) -> datetime | None:
    found = format_of(text, reading)
    if found is None:
        return None
    numbered = with_month_numbers("given", month_words(text))
    sql = f"SELECT CAST(try_strptime({numbered}, ?) AS TIMESTAMP) FROM (SELECT ? AS given)"
    ((value,),) = database().execute(sql, [found.text, text]).fetchall()
    return value


@pytest.mark.parametrize(
    ("texts", "reading", "proof"),
    [
        (["20-10-16", "25-10-16"], DAY_FIRST, "'20-10-16': there is no month 20"),
        (["01/02/2026", "02/13/2026"], MONTH_FIRST, "'02/13/2026': there is no month 13"),
        (["2026-01-02"], YEAR_FIRST, "'2026-01-02' has its year first"),
        (["02.02.2026"], DAY_FIRST, "every order gives the same dates"),
    ],
)
def test_the_values_prove_the_order(texts, reading, proof):
    found = decide(parts(*texts))
    assert (found.reading, found.evidence) == (reading, proof)


def test_the_proof_may_stand_in_any_line():
    texts = [f"{day:02}/0{month}/2026" for month in (1, 2, 3) for day in range(1, 13) if day != month]
    assert decide(parts(*texts)).ambiguous
    assert decide(parts(*texts, "13/04/2026")).reading == DAY_FIRST


def test_an_order_that_nothing_proves_is_never_guessed():
    found = decide(parts("03/04/2026", "05/06/2026"))
    assert [(choice.reading, choice.shown) for choice in found.choices] == [
        (DAY_FIRST, "03/04/2026 is 2026-04-03"),
        (MONTH_FIRST, "03/04/2026 is 2026-03-04"),
    ]


def test_values_that_prove_two_orders_are_asked_about():
    assert decide(parts("13/02/2026", "02/14/2026")).ambiguous


def test_a_rare_slip_does_not_hide_the_proof():
    many = parts(*[f"{day}/01/2026" for day in range(13, 29)], count=100)
    assert decide([*many, *parts("01/25/2026")]).reading == DAY_FIRST


def test_two_digit_years_that_could_stand_first_are_asked_about():
    assert decide(parts("17-01-05", "17-02-20", "17-03-31")).ambiguous


@pytest.mark.parametrize(
    ("text", "reading", "value"),
    [
        ("20-10-16", DAY_FIRST, datetime(2016, 10, 20)),
        ("31-12-99", DAY_FIRST, datetime(1999, 12, 31)),
        ("12/1/10 8:26", MONTH_FIRST, datetime(2010, 12, 1, 8, 26)),
        ("20170131", COMPACT, datetime(2017, 1, 31)),
        ("2017-01-31T10:00:00.250Z", YEAR_FIRST, datetime(2017, 1, 31, 10, 0, 0, 250000)),
        ("2017-01-31 10:00+02:00", YEAR_FIRST, datetime(2017, 1, 31, 8)),
        ("1/31/2017 1:05 PM", MONTH_FIRST, datetime(2017, 1, 31, 13, 5)),
        ("31 Jan 2017", DAY_FIRST, datetime(2017, 1, 31)),
        ("Jan 31, 2017", MONTH_FIRST, datetime(2017, 1, 31)),
        ("12 März 2017", DAY_FIRST, datetime(2017, 3, 12)),
        ("5 de março de 2017", DAY_FIRST, datetime(2017, 3, 5)),
        ("2017. márc. 5.", YEAR_FIRST, datetime(2017, 3, 5)),
        ("2017年3月12日", YEAR_FIRST, datetime(2017, 3, 12)),
        ("5 мая 2017", DAY_FIRST, datetime(2017, 5, 5)),
    ],
)
def test_a_date_is_read(text, reading, value):
    assert read(text, reading) == value


@pytest.mark.parametrize("text", ["31-02-2026", "2026-13-01", "soon", "1/2", "12/1/10 25:00"])
def test_what_is_no_date_stays_unread(text):
    assert read(text, DAY_FIRST) is None


PATTERNS = {
    "%d.%m.%Y": DAY_FIRST,
    "%d/%m/%y": DAY_FIRST,
    "%m/%d/%Y": MONTH_FIRST,
    "%Y-%m-%d": YEAR_FIRST,
    "%Y/%m/%d": YEAR_FIRST,
    "%Y%m%d": COMPACT,
    "%d %b %Y": DAY_FIRST,
}


@settings(deadline=None)
@given(
    st.dates(date(1970, 1, 1), date(2068, 12, 31)),
    st.sampled_from(sorted(PATTERNS)),
    st.sampled_from(["", " %H:%M", "T%H:%M:%S"]),
)
def test_a_date_written_in_any_style_reads_back_equal(day, pattern, clock):
    moment = datetime(day.year, day.month, day.day, 17, 45, 9)
    expected = (
        moment if "%S" in clock else moment.replace(second=0) if clock else datetime(day.year, day.month, day.day)
    )
    assert read(moment.strftime(pattern + clock), PATTERNS[pattern]) == expected


def test_a_day_that_no_month_has_proves_no_order_and_contradicts_none():
    assert decide(parts("25.01.2025", "09.02.2025", "31.06.2025")).reading == DAY_FIRST
    assert decide(parts("25.01.2025", "02.13.2025", "31.06.2025")).conflict
