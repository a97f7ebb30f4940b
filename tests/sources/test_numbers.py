"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore_sources.files.numbers import COMMA, POINT, decide, is_number, number_sql
from kpicore_sources.files.reading import ValueShape


def shapes(*texts: str) -> list[ValueShape]:
    return [ValueShape(text, 1, row) for row, text in enumerate(texts)]


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def read(text: str, reading: str, percent: bool = False) -> Decimal | None:
    sql = number_sql("given", reading, "DECIMAL(18,4)", percent=percent)
    ((found,),) = database().execute(f"SELECT {sql} FROM (SELECT ? AS given)", [text]).fetchall()
    return found


@pytest.mark.parametrize(
    ("text", "reading", "value"),
    [
        ("1234.5", POINT, "1234.5"),
        ("1,234.50", POINT, "1234.5"),
        ("(1,234.50)", POINT, "-1234.5"),
        ("12,34,567.89", POINT, "1234567.89"),
        ("1'234.50", POINT, "1234.5"),
        ("US$ 99.00", POINT, "99"),
        ("-$5.00", POINT, "-5"),
        ("1e3", POINT, "1000"),
        (".5", POINT, "0.5"),
        ("12.5%", POINT, "0.125"),
        ("1.234,50 €", COMMA, "1234.5"),
        ("1 234,50 zł", COMMA, "1234.5"),
        ("1\u202f234,5", COMMA, "1234.5"),
        ("R$ 1.234,00", COMMA, "1234"),
        ("5,00-", COMMA, "-5"),
        ("−7,25", COMMA, "-7.25"),
        ("EUR 12", COMMA, "12"),
    ],
)
def test_a_number_is_read_exactly(text, reading, value):
    assert read(text, reading) == Decimal(value)
    assert is_number(text)


@pytest.mark.parametrize("text", ["1,23,4", "1_000", "0x1F", "abc", "12a", "1.2.3", "--5", "1e400", "inf", "0,123", ""])
def test_what_is_no_number_stays_unread(text):
    assert read(text, POINT) is None


def test_a_share_without_a_sign_is_divided_and_one_with_it_not_twice():
    assert read("50", POINT, percent=True) == Decimal("0.5")
    assert read("50%", POINT, percent=True) == Decimal("0.5")


def test_a_share_is_exact_in_its_last_digit_and_one_that_is_too_large_stays_unread():
    assert read("0.015", POINT, percent=True) == Decimal("0.0002")  # half a unit of the last digit goes up
    for text in ("9" * 20, "9" * 20 + "%"):
        assert read(text, POINT, percent=True) is None


@given(st.decimals(0, 10**12, places=6))
@settings(max_examples=200)
def test_a_share_with_its_sign_is_the_same_as_one_without(share):
    assert read(f"{share:f}", POINT, percent=True) == read(f"{share:f}%", POINT, percent=True) is not None


@pytest.mark.parametrize(
    ("texts", "reading"),
    [
        (["1,234.50", "7"], POINT),
        (["1.234,50"], COMMA),
        (["1.234", "5,5"], COMMA),
        (["1.234", "12.25"], POINT),
        (["1.234.567"], COMMA),
        (["1 234,5"], COMMA),
        (["0.125"], POINT),
        (["12", "7"], POINT),
    ],
)
def test_the_values_prove_the_decimal_mark(texts, reading):
    assert decide(shapes(*texts)).reading == reading


def test_a_mark_that_may_be_either_is_never_guessed():
    found = decide(shapes("1.234", "12.500"))
    assert found.ambiguous
    assert [choice.shown for choice in found.choices] == ["1.234 is 1.234", "1.234 is 1234"]


def test_whole_numbers_can_have_no_decimals():
    assert decide(shapes("1.234"), whole=True).reading == COMMA


def test_two_marks_that_contradict_each_other_are_asked_about_but_a_rare_slip_is_not():
    assert decide([ValueShape("12.50", 50, 0), ValueShape("12,50", 50, 1)]).ambiguous
    assert decide([ValueShape("12.50", 995, 0), ValueShape("12,50", 5, 1)]).reading == POINT


STYLES = {
    "plain": (POINT, "", "."),
    "english": (POINT, ",", "."),
    "german": (COMMA, ".", ","),
    "french": (COMMA, "\u202f", ","),
    "swiss": (POINT, "'", "."),
    "polish": (COMMA, " ", ","),
}


@settings(deadline=None)
@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=4),
    st.sampled_from(sorted(STYLES)),
    st.sampled_from(["{}", "{} €", "$ {}", "USD {}", "{} kr"]),
    st.sampled_from(["minus", "after", "brackets"]),
)
def test_a_number_written_in_any_style_reads_back_equal(value, style, currency, negative):
    reading, thousands, mark = STYLES[style]
    digits = f"{abs(value):,.4f}".replace(",", "\x00").replace(".", mark).replace("\x00", thousands)
    text = currency.format(digits)
    if value < 0:
        text = {"minus": f"-{text}", "after": f"{text}-", "brackets": f"({text})"}[negative]
    assert read(text, reading) == value
