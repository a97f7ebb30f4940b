"""Tables of any size: no request is larger than Google advises, and there are as many as the bytes need and two."""

from __future__ import annotations

import json
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.testing.sheets import Emulator
from kpicore_sheets import limits
from kpicore_sheets.sync import aim, batch, writing
from kpicore_sheets.sync.cells import row_data
from kpicore_sheets.sync.content import table_content
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.sync.reading import LastRun, last_run
from kpicore_xlsx.grid import Grid, GridRow, Look
from tests.sheets.grids import HEAD, ID, MORNING, NAME, SHARE, emulated, filled, run, sheet, shown

NOON = MORNING.replace(hour=12)


def numbers(rows: int, columns: int, *, of: float = 0.0) -> Grid:
    """Return a table of numbers."""
    head = GridRow(("rep", *(f"kpi {column}" for column in range(1, columns))), (HEAD,) * columns)
    looks = (NAME, *(SHARE,) * (columns - 1))
    body = (GridRow((f"Rep {row}", *(of + row + at / 4 for at in range(1, columns))), looks) for row in range(rows))
    return Grid((head, *body))


def texts(rows: int, columns: int, length: int, *, of: str = "x") -> Grid:
    """Return a table of long texts, each another one."""
    looks = (NAME,) * columns
    body = (GridRow(tuple(f"{row} {at} {of * length}" for at in range(columns)), looks) for row in range(rows))
    return Grid((GridRow(tuple(f"c{at}" for at in range(columns)), (HEAD,) * columns), *body))


def bytes_in_one(grid: Grid) -> int:
    """Return how many bytes the cells of a table take in one request, each with its type."""
    content = table_content(filled(grid), NOON)
    cells = row_data(content.cells(0, content.height))
    return len(json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode())


def written(emulator: Emulator, grid: Grid, last: dict[str, LastRun]) -> tuple[TableOutcome, int]:
    """Write a table, and return what came of it and how many requests it took; none is too large."""
    emulator.log.clear()
    (outcome,) = run(emulator, (sheet(), grid), last=last)
    assert max(len(entry.body) for entry in emulator.log) <= limits.MOST_BYTES
    kept = last_run(outcome)
    assert kept is not None, outcome
    last["funnel"] = kept
    return outcome, len(emulator.log)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (numbers(100, 12), numbers(100, 12, of=1)),
        (numbers(3_400, 12), numbers(3_500, 12)),
        (numbers(4_100, 12), numbers(4_100, 12, of=1)),
        (numbers(10_000, 12), numbers(10_000, 12, of=1)),
        (numbers(10_000, 12), numbers(10_400, 12)),
        (numbers(15_000, 12), numbers(2_000, 12)),
        (texts(60, 3, 10_000), texts(60, 3, 10_001)),
        (texts(60, 3, 20_000), texts(70, 3, 20_000)),
        (texts(60, 3, 40_000), texts(60, 2, 40_000)),
        (texts(300, 2, 5_000, of="ж"), texts(310, 2, 5_000, of="ж")),
    ],
    ids=lambda grid: f"{len(grid.rows)}x{grid.width}",
)
def test_a_table_takes_as_many_requests_as_its_bytes_need_and_two_more(first, second):
    emulator, last = emulated(1_000, 70), dict[str, LastRun]()
    for grid in (first, second):
        outcome, requests = written(emulator, grid, last)
        assert (outcome.status, requests <= ceil(bytes_in_one(grid) / limits.MOST_BYTES) + 2) == ("written", True)
    assert written(emulator, second, last) == (last_outcome(outcome), 1)
    values = shown(emulator)
    assert (values["B4"], len(values)) == (second.rows[0].values[0], 1 + sum(len(row.values) for row in second.rows))
    assert [tab.title for tab in emulator.spreadsheets[ID].tabs] == ["KPIs"]


def test_a_row_that_is_more_than_a_request_goes_in_parts():
    emulator, last = emulated(1_000, 70), dict[str, LastRun]()
    for rows in (3, 4):
        grid = texts(rows, 60, 20_000, of="字")
        assert written(emulator, grid, last)[0].status == "written"
        assert [cell for cell in shown(emulator).values()][1:] == [value for row in grid.rows for value in row.values]


def last_outcome(outcome: TableOutcome) -> TableOutcome:
    """Return what comes of a table that has not changed."""
    from dataclasses import replace

    return replace(outcome, status="unchanged", requests=1)


def empty(rows: int, columns: int, reason: str = "No deals were lost.") -> Grid:
    """Return a table without numbers, whose cells say why."""
    grid = numbers(rows, columns)
    bare = (GridRow((row.values[0], *(None,) * (columns - 1)), row.looks) for row in grid.rows[1:])
    notes = {(row, at): reason.format(row=row, at=at) for row in range(1, rows + 1) for at in range(1, columns)}
    return Grid((grid.rows[0], *bare), notes)


def test_reasons_that_are_the_same_go_together_and_are_all_there():
    emulator = emulated(1_000, 26)
    (outcome,) = run(emulator, (sheet(), empty(10_000, 11)))
    assert (outcome.status, sum(len(entry.body) for entry in emulator.log) < 2_000_000) == ("written", True)
    tab = emulator.spreadsheets[ID].tab("KPIs")
    assert {tab.cell(row, column).note for row in range(4, 10_004) for column in range(2, 12)} == {
        "No deals were lost."
    }
    assert run(emulator, (sheet(), empty(10_000, 11)))[0].status == "unchanged"


def test_reasons_that_are_all_others_follow_in_batches_of_their_own_and_none_is_too_large():
    emulator, last = emulated(1_000, 26), dict[str, LastRun]()
    content = empty(4_000, 11, f"Row {{row}}, column {{at}}: no deals were lost {'at all ' * 20}")
    assert written(emulator, content, last)[0].status == "written"
    tab = emulator.spreadsheets[ID].tab("KPIs")
    assert [tab.cell(4 + row, 2).note[:17] for row in (0, 3_999)] == ["Row 1, column 1: ", "Row 4000, column "]
    assert sum(bool(tab.cell(row, column).note) for row in range(4_100) for column in range(13)) == 40_000
    # what takes the notes away takes as few requests as it would without them
    assert written(emulator, numbers(4_000, 11), last)[1] <= 4
    tab = emulator.spreadsheets[ID].tab("KPIs")
    assert not any(tab.cell(row, column).note for row in range(4_100) for column in range(13))


def test_notes_that_a_killed_run_had_no_time_for_are_brought_by_the_next_one():
    emulator = emulated(1_000, 26)
    content = empty(4_000, 11, f"Row {{row}}, column {{at}}: no deals were lost {'at all ' * 20}")
    emulator.faults.extend([*[""] * 6, *["drop"] * 40])
    assert run(emulator, (sheet(), content))[0].status == "failed"
    emulator.faults.clear()
    tab = emulator.spreadsheets[ID].tab("KPIs")
    assert (tab.cell(4, 1).value, tab.cell(4_003, 11).note) == ("Rep 0", "")
    assert run(emulator, (sheet(), content))[0].status == "written"
    tab = emulator.spreadsheets[ID].tab("KPIs")
    assert tab.cell(4_003, 11).note.startswith("Row 4000, column 10: ")
    assert run(emulator, (sheet(), content))[0].status == "unchanged"


LOOKS = st.sampled_from([HEAD, NAME, SHARE, Look({"bold": True}), Look({"italic": True}, "0")])
VALUES = st.one_of(st.none(), st.integers(-9, 9), st.sampled_from(["", "a", "ж" * 90, "x" * 300, "=1+1"]))
NOTES = st.sampled_from(["", "", "why", "because", "ж" * 60])


@st.composite
def grids(draw) -> Grid:
    """Give small tables with all sorts of values, looks and notes."""
    width = draw(st.integers(1, 4))
    rows = [
        GridRow(tuple(draw(VALUES) for _ in range(width)), tuple(draw(LOOKS) for _ in range(width)))
        for _ in range(draw(st.integers(1, 12)))
    ]
    kinds = {(row, column): draw(NOTES) for row in range(len(rows)) for column in range(width)}
    return Grid(tuple(rows), {place: note for place, note in kinds.items() if note})


@settings(max_examples=60, deadline=None)
@given(first=grids(), second=grids(), mode=st.sampled_from(["replace", "history"]))
def test_no_request_for_any_table_is_too_large_and_each_cell_has_its_note_and_look(first, second, mode):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(limits, "MOST_BYTES", 9_000)  # the frame of a table takes 4,000
        patched.setattr(aim, "MOST_IN_ONE", 1_500)
        for module in (batch, writing):
            patched.setattr(module, "_SHARE", 0.8)
        small, large = emulated(60, 12), emulated(60, 12)
        for grid in (first, second):
            assert {outcome.status for outcome in run(small, (sheet(mode=mode), grid))} <= {"written", "unchanged"}
        assert max(len(entry.body) for entry in small.log) <= 9_000
    for grid in (first, second):
        run(large, (sheet(mode=mode), grid))
    assert cells(small) == cells(large)


def cells(emulator: Emulator) -> dict[tuple[int, int], object]:
    """Return what stands in the tab: values, notes and formats."""
    return {
        (row, column): (cell.value, cell.note, cell.format)
        for row, line in emulator.spreadsheets[ID].tab("KPIs").cells.items()
        for column, cell in line.items()
    }
