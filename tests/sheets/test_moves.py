"""A table that kpi.toml gives another cell: whoever works in the spreadsheet meanwhile loses nothing."""

from __future__ import annotations

import pytest

from kpicore.testing.sheets import SheetUser
from kpicore_sheets.sync.ids import table_ids
from tests.sheets.grids import ID, TWO, emulated, run, sheet, shown

HERE, THERE = (2, 1), (2, 6)
ROWS_AND_COLUMNS = {
    "a row above": lambda user: user.insert_rows("KPIs", 2),
    "rows above": lambda user: user.insert_rows("KPIs", 1, 2),
    "a row less above": lambda user: user.delete_rows("KPIs", 1),
    "a column on its left": lambda user: user.insert_columns("KPIs", 1),
    "a row inside": lambda user: user.insert_rows("KPIs", 5),
}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("act", ROWS_AND_COLUMNS.values(), ids=ROWS_AND_COLUMNS)
@pytest.mark.parametrize("write", [1, 2, 3])
def test_rows_and_columns_that_come_while_a_table_moves_cost_nobody_a_cell(act, write, strict):
    emulator = emulated()
    emulator.strict_deletes = strict
    user = emulator.user(ID)
    run(emulator, (sheet(cell=HERE), TWO))
    for cell in ("B2", "B7", "A4"):
        user.type("KPIs", cell, f"mine {cell}")
    act_before(emulator, write, lambda: act(user))
    assert run(emulator, (sheet(cell=THERE), TWO))[0].status == "written"
    assert run(emulator, (sheet(cell=THERE), TWO))[0].status == "unchanged"
    stands = [value for value in shown(emulator).values() if not str(value).startswith("Data of")]
    assert sorted(map(str, stands)) == sorted(
        ["mine B2", "mine B7", "mine A4", "rep", "win rate", "Ann", "0.41", "Ben", "0.25"]
    )


def test_marks_of_which_nothing_else_is_left_lock_no_table_out():
    emulator = emulated()
    user = emulator.user(ID)
    run(emulator, (sheet(cell=HERE), TWO))
    remove_by_hand(user)
    state = {"developerMetadataLookup": {"metadataId": table_ids("funnel").state}}
    user.do("deleteDeveloperMetadata", dataFilter=state)
    assert run(emulator, (sheet(cell=THERE), TWO))[0].status == "written"
    assert run(emulator, (sheet(cell=THERE), TWO))[0].status == "unchanged"
    assert {item["location"]["dimensionRange"]["startIndex"] for item in marks(emulator)} == {2, 5, 6, 7}


def act_before(emulator, write: int, act) -> None:
    """Let somebody act right before one of the writes."""
    writes = iter(range(1, 100))
    emulator.before_write = lambda: act() if next(writes) == write else None


def marks(emulator) -> list[dict]:
    ids = table_ids("funnel").marks
    return [item for item in emulator.spreadsheets[ID].metadata if item["metadataId"] in ids]


def remove_by_hand(user: SheetUser, cells: str = "B3:E10") -> None:
    """Take a table away as the README says."""
    spreadsheet = user._spreadsheet
    user.clear("KPIs", cells)
    for item in list(spreadsheet.named_ranges):
        user.remove_named_range(item["name"])
    for guard in list(spreadsheet.tabs[0].protected):
        user.do("deleteProtectedRange", protectedRangeId=guard["protectedRangeId"])
