"""Values and texts at the edges of what a spreadsheet keeps: written as they are or told, and then left alone."""

from __future__ import annotations

import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore_sheets.limits import MOST_CHARACTERS
from kpicore_sheets.sync.cells import shown_value
from tests.sheets.grids import ID, emulated, grid, run, sheet, shown

NUMBERS = (-0.0, 1e308, 5e-324, 1e-320, 2**53 + 1, -(2**63), 2**1023, 0.1 + 0.2, True, False)
DAYS = (date(1900, 1, 1), date(1899, 12, 31), date(9999, 12, 31), datetime(2026, 3, 1, 23, 59, 59, 999_999))
TEXTS = (
    *("", " ", "'", "=1+1", "'=1+1", "+1", "\t=1", "\ufeff=1", "1e3", "TRUE", "#REF!"),
    *("\x00", "a\x00b", "\ud800", "a\udfffb", "a\rb", "a\r\nb", "\n", "\u202ea\u202c", "\u2028", "😀" * 25_001),
)


@pytest.mark.parametrize("value", [*NUMBERS, *DAYS, *TEXTS])
@pytest.mark.parametrize("strict", [False, True])
def test_what_was_written_is_not_written_again(value, strict):
    emulator = emulated()
    emulator.strict_deletes = strict
    content = grid((value, value), notes={(1, 0): f"why {value}", (1, 1): "a\r\nb"})
    assert run(emulator, (sheet(), content))[0].status == "written"
    outcome = run(emulator, (sheet(), content))[0]
    assert (outcome.status, outcome.requests, outcome.message) == ("unchanged", 1, "")


@given(text=st.text(st.characters(exclude_categories=()), max_size=8))
def test_a_text_of_any_characters_is_a_text_and_settles(text):
    emulator = emulated()
    for status in ("written", "unchanged"):
        assert run(emulator, (sheet(), grid((text, 0.5), notes={(1, 1): text})))[0].status == status
    assert type(shown(emulator).get("B5")) in (str, type(None))


@given(number=st.integers() | st.floats())
def test_a_number_is_the_number_that_a_double_holds_or_no_number(number):
    emulator = emulated()
    run(emulator, (sheet(), grid(("Ann", number))))
    value = shown(emulator).get("C5")
    assert (value is None and not math.isfinite(number)) or float(value) == float(number)


@pytest.mark.parametrize("number", [10**400, -(10**400)])
def test_a_number_that_no_spreadsheet_holds_is_an_empty_cell_with_a_note(number):
    emulator = emulated()
    run(emulator, (sheet(), grid(("Ann", number))))
    cell = emulator.spreadsheets[ID].tab("KPIs").cell(4, 2)
    assert (cell.value, cell.note) == (None, "This is no number: infinite.")


def test_a_text_is_cut_where_google_counts_it_as_too_long():
    cut = shown_value("😀" * 25_001)
    assert isinstance(cut, str)
    assert (cut[-1], len(cut.encode("utf-16-le")) // 2) == ("…", MOST_CHARACTERS - 1)
    assert shown_value("😀" * 25_000) == "😀" * 25_000


def test_a_note_of_an_earlier_run_is_gone_with_what_it_told():
    emulator = emulated()
    run(emulator, (sheet(), grid(("Ann", None), notes={(1, 1): "No deal.", (0, 0): "Reps"})))
    run(emulator, (sheet(), grid(("Ann", 0.5))))
    tab = emulator.spreadsheets[ID].tab("KPIs")
    assert [cell.note for cells in tab.cells.values() for cell in cells.values() if cell.note] == []
