"""Cells that are inserted, deleted, cut or sorted take along what lies wholly among them, and nothing else."""

from __future__ import annotations

import pytest

from kpicore.testing.sheets import SheetUser
from tests.sheets.asked import batch, cells, mark, marks, name, place, range_of, read, refused, values

FILL = {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells(["a", 1], ["b", 2], ["c", 3])}}
TABLE = place(4, 8, 1, 3)


@pytest.fixture
def user(emulator) -> SheetUser:
    return emulator.user(next(iter(emulator.spreadsheets)))


def test_inserted_cells_push_down_only_their_columns(emulator, user):
    batch(emulator, FILL)
    user.insert_cells("KPIs", "A2:A2")
    assert values(emulator) == [["a", 1], ["", 2], ["b", 3], ["c"]]
    user.insert_cells("KPIs", "A1:B1", shift="COLUMNS")
    assert values(emulator)[0] == ["", "", "a", 1]


def test_deleted_cells_let_those_below_come_up(emulator, user):
    batch(emulator, FILL)
    user.delete_cells("KPIs", "B1:B2")
    assert values(emulator) == [["a", 3], ["b"], ["c"]]


def test_no_row_is_lost_when_cells_are_pushed_down(emulator, user):
    user.type("KPIs", "A20", "last")
    user.insert_cells("KPIs", "A5:A6")
    assert values(emulator)[-1] == ["last"]
    assert emulator.spreadsheets[next(iter(emulator.spreadsheets))].tab("KPIs").rows == 22


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        ("B1:C2", (6, 10)),
        ("A1:D1", (5, 9)),
        ("B6:C6", (4, 9)),
        ("B1:B2", (4, 8)),
        ("C1:D1", (4, 8)),
        ("B10:C10", (4, 8)),
    ],
)
def test_a_named_range_is_shifted_only_when_all_its_columns_are(emulator, user, cells, rows):
    batch(emulator, name("table", TABLE))
    user.insert_cells("KPIs", cells)
    assert range_of(emulator, "table") == place(*rows, 1, 3)


@pytest.mark.parametrize(
    ("cells", "rows"), [("B1:C2", (2, 6)), ("B6:C7", (4, 6)), ("A1:B2", (4, 8)), ("A3:H5", (2, 5)), ("B5:C8", None)]
)
def test_a_named_range_comes_up_with_deleted_cells(emulator, user, cells, rows):
    batch(emulator, name("table", TABLE))
    user.delete_cells("KPIs", cells)
    assert range_of(emulator, "table") == (rows and place(*rows, 1, 3))


def test_marks_stay_when_only_cells_are_shifted(emulator, user):
    batch(emulator, mark(1, "ROWS", 4), mark(2, "COLUMNS", 1))
    user.insert_cells("KPIs", "A1:H3")
    user.delete_cells("KPIs", "A1:B9", shift="COLUMNS")
    assert marks(emulator) == {1: ("ROWS", 4), 2: ("COLUMNS", 1)}


def test_a_named_range_within_what_is_cut_goes_along(emulator, user):
    batch(emulator, FILL, name("inside", place(0, 2, 0, 2)), name("partly", place(1, 5, 0, 2)))
    user.cut_paste("KPIs", "A1:B3", "D10")
    assert range_of(emulator, "inside") == place(9, 11, 3, 5)
    assert range_of(emulator, "partly") == place(1, 5, 0, 2)
    assert values(emulator, "KPIs!D10:E12") == [["a", 1], ["b", 2], ["c", 3]]
    assert values(emulator, "KPIs!A1:B3") == []


def test_cells_can_be_cut_into_another_tab(emulator, user):
    batch(emulator, FILL, name("inside", place(0, 2, 0, 2)))
    user.add_tab("Other", 10, 4)
    user.cut_paste("KPIs", "A1:B3", "B2", "Other")
    assert values(emulator, "Other!B2:C4") == [["a", 1], ["b", 2], ["c", 3]]
    other = emulator.spreadsheets[next(iter(emulator.spreadsheets))].tab("Other").sheet_id
    assert range_of(emulator, "inside") == {"sheetId": other, **place(1, 3, 1, 3)}


def test_cells_are_not_shifted_over_a_merge_that_reaches_out(emulator, user):
    user.merge("KPIs", "A5:C5")
    request = {"insertRange": {"range": place(1, 2, 0, 1), "shiftDimension": "ROWS"}}
    assert "merge" in refused(emulator, request)


def test_rows_are_sorted_by_a_column_with_empty_cells_last(emulator, user):
    rows = cells(["b", 2], ["a", None], ["c", 10], ["d", "x"])
    batch(emulator, {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": rows}})
    user.sort("KPIs", "A1:B4", "B")
    assert values(emulator) == [["b", 2], ["c", 10], ["d", "x"], ["a"]]
    user.sort("KPIs", "A1:B4", "A", descending=True)
    assert [row[0] for row in values(emulator)] == ["d", "c", "b", "a"]


def test_a_merge_keeps_its_first_value_only(emulator, user):
    batch(emulator, FILL)
    user.merge("KPIs", "A1:B2")
    assert values(emulator) == [["a"], [], ["c", 3]]
    assert read(emulator, "sheets.merges")["sheets"][0]["merges"] == [place(0, 2, 0, 2)]
