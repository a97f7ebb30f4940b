"""Whatever people do to rows: marks stay on their row, a range keeps its rows, nothing is lost or doubled."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.testing.sheets import Emulator
from tests.sheets.asked import batch, cells, mark, marks, name, range_of, refused, values

ROWS = 12
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "move"]), st.integers(0, ROWS), st.integers(1, 3), st.integers(0, ROWS)
    ),
    max_size=8,
)


def edited(emulator: Emulator, kind: str, at: int, count: int, to: int) -> None:
    """Do one edit, as far as there are rows for it."""
    user = emulator.user("x")
    rows = emulator.spreadsheets["x"].tabs[0].rows
    at, count = min(at, rows - 1), min(count, rows - min(at, rows - 1))
    if kind == "insert":
        user.insert_rows("KPIs", at + 1, count)
    elif kind == "delete" and count < rows:
        user.delete_rows("KPIs", at + 1, count)
    elif kind == "move" and not at < to < at + count and to <= rows:
        user.move_rows("KPIs", at + 1, count, to + 1)


def numbered() -> Emulator:
    """Return a tab in which each row is numbered and marked, from 1."""
    emulator = Emulator()
    emulator.add("x", {"KPIs": (ROWS, 2)})
    numbers = cells(*([number] for number in range(1, ROWS + 1)))
    write = {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": numbers}}
    batch(emulator, write, *(mark(number, "ROWS", number - 1) for number in range(1, ROWS + 1)))
    return emulator


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_a_mark_is_always_on_its_row(edits):
    emulator = numbered()
    for edit in edits:
        edited(emulator, *edit)
    there = {row[0]: index for index, row in enumerate(values(emulator)) if row}
    assert {id: index for id, (_, index) in marks(emulator).items()} == there


@settings(max_examples=60, deadline=None)
@given(EDITS, st.integers(0, 8), st.integers(1, 4))
def test_without_moves_a_range_has_its_rows_that_are_left_and_no_others(edits, top, height):
    emulator = numbered()
    batch(emulator, name("table", {"startRowIndex": top, "endRowIndex": top + height}))
    for edit in edits:
        if edit[0] != "move":
            edited(emulator, *edit)
    there, left = range_of(emulator, "table"), values(emulator)
    rows = left[there["startRowIndex"] : there["endRowIndex"]] if there else []
    kept = {row[0] for row in left if row} & set(range(top + 1, top + height + 1))
    assert {row[0] for row in rows if row} == kept


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_a_batch_that_is_refused_changes_nothing(edits):
    emulator = numbered()
    for edit in edits:
        edited(emulator, *edit)
    before = values(emulator), marks(emulator), emulator.spreadsheets["x"].tabs[0].rows
    line = {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    write = {"updateCells": {"start": {}, "fields": "*", "rows": cells(["new", "new"])}}
    refused(emulator, write, {"insertDimension": {"range": line}}, write, {"deleteSheet": {"sheetId": 5}})
    assert before == (values(emulator), marks(emulator), emulator.spreadsheets["x"].tabs[0].rows)
