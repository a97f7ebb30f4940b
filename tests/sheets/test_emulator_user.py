"""What people do by hand is done, and nothing else moves."""

from __future__ import annotations

import pytest

from kpicore.testing.sheets import SheetUser
from tests.sheets.asked import batch, cells, mark, marks, place, range_of, read, values

FILL = {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells(["a", "b", "c"], [1, 2, 3])}}


@pytest.fixture
def user(emulator) -> SheetUser:
    batch(emulator, FILL)
    return emulator.user(next(iter(emulator.spreadsheets)))


def test_what_is_typed_is_read_as_google_reads_it(emulator, user):
    for cell, text in (("D1", "=1+1"), ("E1", "12.5"), ("F1", "2026-01-02"), ("A1", "")):
        user.type("KPIs", cell, text)
    assert values(emulator)[0] == ["", "b", "c", 2, 12.5, 46024]
    assert (user.value("KPIs", "D1"), user.value("KPIs", "A1"), user.value("KPIs", "B1")) == ("=1+1", None, "b")


@pytest.mark.parametrize("title", ["It's", "''", "a'!B2", "A!B", "'KPIs'!A1", "100%", "$A$1"])
def test_a_tab_may_be_called_whatever_people_call_it(user, title):
    user.add_tab(title)
    user.type(title, "B2", "7")
    user.cut_paste(title, "B2", "C3")
    user.name_range("mine", title, "C3:C4")
    assert (user.value(title, "B2"), user.value(title, "C3"), user.value("KPIs", "B2")) == (None, 7, 2)


def test_columns_are_inserted_moved_and_deleted(emulator, user):
    batch(emulator, mark(1, "COLUMNS", 2))
    user.insert_columns("KPIs", before=2)
    assert (values(emulator)[0], marks(emulator)) == (["a", "", "b", "c"], {1: ("COLUMNS", 3)})
    user.move_columns("KPIs", first=4, count=1, before=1)
    assert (values(emulator)[0], marks(emulator)) == (["c", "a", "", "b"], {1: ("COLUMNS", 0)})
    user.delete_columns("KPIs", first=1, count=2)
    assert (values(emulator)[0], marks(emulator)) == (["", "b"], {})


def test_names_tabs_and_charts_come_and_go(emulator, user):
    user.name_range("mine", "KPIs", "A1:B2")
    user.add_tab("Other")
    user.rename_tab("KPIs", "It's")
    assert range_of(emulator, "mine") == place(0, 2, 0, 2)
    assert values(emulator, "'It''s'!A1:A2") == [["a"], [1]]
    user.delete_tab("It's")
    assert range_of(emulator, "mine") is None
    user.remove_named_range("mine")
    assert read(emulator, "namedRanges,sheets.properties.title") == {"sheets": [{"properties": {"title": "Other"}}]}


def test_pressing_delete_leaves_colors(emulator, user):
    user.color("KPIs", "A1:B1", 1, 0, 0)
    user.clear("KPIs", "A1:C1")
    assert values(emulator) == [[], [1, 2, 3]]
    data = read(emulator, "sheets.data.rowData.values.userEnteredFormat.backgroundColor", "KPIs!A1:C1")
    (row,) = data["sheets"][0]["data"][0]["rowData"]
    assert row["values"] == [{"userEnteredFormat": {"backgroundColor": {"red": 1}}}] * 2


def test_an_inserted_row_looks_as_the_one_below(emulator, user):
    user.color("KPIs", "A2", 0, 1, 0)
    user.insert_rows("KPIs", before=2)
    tab = emulator.spreadsheets[next(iter(emulator.spreadsheets))].tab("KPIs")
    assert (tab.cell(1, 0).format, tab.cell(1, 0).value) == (tab.cell(2, 0).format, None)
    assert tab.cell(2, 0).value == 1


def test_anything_else_is_done_as_a_request(emulator, user):
    reply = user.do("addSheet", properties={"title": "New", "sheetId": 9})
    assert reply["addSheet"]["properties"]["sheetId"] == 9
    user.do("mergeCells", range=place(0, 1, 0, 2), mergeType="MERGE_ALL")
    assert read(emulator, "sheets.merges", "KPIs")["sheets"][0]["merges"] == [place(0, 1, 0, 2)]


def test_what_people_do_is_not_in_the_log_and_meets_no_faults(emulator, user):
    emulator.faults.append("503_before")
    before = len(emulator.log)
    user.type("KPIs", "A1", "x")
    assert (len(emulator.log), len(emulator.faults)) == (before, 1)
