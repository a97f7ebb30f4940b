"""Columns of a new table become wide enough; those of people stay as they are."""

from __future__ import annotations

from kpicore.testing.sheets import Emulator
from kpicore_sheets.sync.widths import wanted_pixels
from kpicore_xlsx.grid import GridRow, Look
from kpicore_xlsx.styles import HEADER
from tests.sheets.grids import ID, emulated, grid, run, sheet

LONG = grid(("Marketing-qualified opportunities", 0.41))


def pixels(emulator: Emulator) -> dict[int, int]:
    """Return the widths that were set, by column from 0."""
    lines = emulator.spreadsheets[ID].tab("KPIs").lines["COLUMNS"]
    return {column: line["pixelSize"] for column, line in lines.items() if "pixelSize" in line}


def set_width(emulator: Emulator, column: int, pixels: int) -> None:
    place = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    size = {"properties": {"pixelSize": pixels}, "fields": "pixelSize"}
    emulator.user(ID).do("updateDimensionProperties", range=place, **size)


def test_the_columns_of_a_new_table_become_as_wide_as_its_texts_and_no_other_one():
    emulator = emulated()
    run(emulator, (sheet(), LONG))
    assert list(pixels(emulator)) == [1] and 200 < pixels(emulator)[1] < 320


def test_a_width_that_somebody_chose_stays():
    emulator = emulated()
    set_width(emulator, 1, 70)
    run(emulator, (sheet(), LONG))
    assert pixels(emulator) == {1: 70}


def test_once_a_table_stands_its_widths_are_peoples():
    emulator = emulated()
    run(emulator, (sheet(), LONG))
    set_width(emulator, 1, 100)
    run(emulator, (sheet(), grid(("Marketing-qualified opportunities", 0.42), ("Won ones", 0.2))))
    assert pixels(emulator) == {1: 100}


def test_columns_beyond_the_end_of_a_tab_become_wide_too():
    emulator = emulated(columns=1)
    run(emulator, (sheet(), LONG))
    assert list(pixels(emulator)) == [1]


def test_a_line_that_stands_alone_in_its_row_makes_no_column_wide():
    alone = GridRow(("A title that is longer than any cell below it", None), (Look(), Look()))
    head = GridRow(("Long heads break between their words", "Not" + "unbreakable" * 2), (Look(HEADER), Look(HEADER)))
    assert wanted_pixels([alone, head]) == [142, 210]


def test_no_column_becomes_wider_than_reasonable():
    assert wanted_pixels([GridRow(("x" * 5_000, 1), (Look(), Look()))])[0] == 320
