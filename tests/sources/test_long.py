"""Long cells, names and lines: read in no time to speak of, or told."""

from __future__ import annotations

import pytest

from kpicore_sources.files import dates, numbers
from kpicore_sources.files.known_words import plain

LONG = 30_000


@pytest.mark.parametrize(
    "value",
    [
        f"1{' ' * LONG}a",
        " " * LONG + "1" + " " * LONG + "%",
        "1" * LONG,
        "1" + " 111" * LONG,
        "1,111" * LONG,
        "1.1.1" * LONG,
        "(" * LONG,
        "-" * LONG + "1",
        f"2025-01-01{' ' * LONG}x",
        "1-" * LONG,
        f"1{' ' * LONG}- 2{' ' * LONG}- 2025",
        "January " * LONG,
        "." * LONG,
        f"10 - {'x' * LONG}",
    ],
)
def test_a_long_cell_is_neither_a_number_nor_a_date(desk, value):
    assert not numbers.is_number(value) and dates.format_of(value, dates.DAY_FIRST) is None
    rows = "".join(f'D{n},Won,1.50,2026-01-13,"{value}"\n' for n in range(300))
    text = f'deal_id,stage,amount,created,note\n{rows}E1,Won,"{value}","{value}",x\n'
    told = desk.take(desk.put("deals.csv", text))
    assert (told["rows"][0]["read"], told["rows"][0]["loaded"]) == (301, 301)
    assert {each["column"] for each in told["quarantine"]} <= {"amount", "created"}


@pytest.mark.parametrize("name", ["amount " * LONG, "aB" * LONG, "(" * 10 * LONG, "[" * LONG + "]", "é" * 10 * LONG])
def test_a_long_name_of_a_column_is_a_name(desk, name):
    told = desk.take(desk.put("deals.csv", f"deal_id,stage,{name}\nD1,Won,x\n"), "--entity", "opportunity")
    assert told["rows"][0]["loaded"] == 1
    assert plain(name) or name.startswith(("(", "["))


def test_a_line_that_is_too_long_is_told_and_the_others_are_read(desk):
    long = "y" * 3_000_000
    told = desk.take(desk.put("deals.csv", f"deal_id,stage,note\nD1,Won,a\nD2,Won,{long}\nD3,Won,b\n"))
    assert (told["rows"][0]["loaded"], told["rows"][0]["quarantined"]) == (2, 1)
    assert told["quarantine"][0]["line"] == 3
    only = desk.put("only.csv", f"deal_id,stage,note\nD1,Won,{long}\n")
    line = desk.refusal(only, "--entity", "opportunity", "--yes")
    assert "has no row that can be read: in line 2 the line is longer than 2 MB" in line


def test_a_cell_of_more_than_128_kib_hides_no_line_of_the_quarantine(desk):
    text = f"deal_id,stage,amount,note\nD1,Won,1,{'y' * 200_000}\nD2,Won,x,b\nD3,Won,2.5,c\n"
    told = desk.take(desk.put("deals.csv", text))
    assert [(each["line"], each["raw"]) for each in told["quarantine"]] == [(3, "x")]


def test_a_long_word_is_told_without_all_its_letters(desk):
    text = f"deal_id,stage\nD1,{'Won ' * LONG}\nD2,Lost\n"
    told = desk.run(desk.put("deals.csv", text), "--entity", "opportunity", "--yes").output
    assert "1 row of opportunity whose outcome is a long text is left out" in " ".join(told.split())
    assert len(told) < 4_000
