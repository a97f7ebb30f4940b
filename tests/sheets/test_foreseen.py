"""What a dry run says of each table is what the run that follows does, whatever people have done before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

import pytest

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.sync import aim, differences
from kpicore_sheets.sync.changed_cells import SAME, ChangedCell
from kpicore_sheets.sync.differences import TableDifferences
from kpicore_sheets.sync.run import would_change
from kpicore_sheets.table import SheetTable
from kpicore_xlsx.grid import Grid
from tests.loops import loop
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.disturbances import ACTS
from tests.sheets.grids import ID, TWO, emulated, filled, grid, run, sheet

Cells = dict[tuple[str, int, int], tuple[object, str]]
Tables = list[tuple[SheetTable, Grid]]
CELLS = ((2, 1), (4, 2), (12, 1), (14, 0), (2, 7), (20, 5))
LONG = grid(*[(f"n{number}", 0.5) for number in range(8)])


@loop("dry runs and the runs that follow, after people and kpi.toml have changed what they like", ci=60, soak=1_000)
def test_a_dry_run_says_what_the_next_run_does(rounds, chance):
    for _ in range(rounds):
        dice = Random(chance.random())
        emulator, mode = emulated(60, 20), dice.choice(["replace", "history"])
        places = {"one": (2, 1), "two": (12, 1), "log": (2, 8)}
        contents = {name: _grid(dice) for name in places}
        for _ in range(6):
            for name in places:
                contents[name] = _grid(dice) if dice.random() < 0.6 else contents[name]
                places[name] = dice.choice(CELLS) if dice.random() < 0.15 else places[name]
            for _ in range(dice.randrange(3)):
                _act(emulator, dice)
            tables = [
                (sheet(name, cell, mode=mode if name == "log" else "replace"), contents[name])
                for name, cell in places.items()
            ]
            told_and_done(emulator, tables)


@pytest.mark.parametrize("cells", ["B3", "B4:D4", "B5:D5", "B3:D6"])
@pytest.mark.parametrize("mode", ["replace", "history"])
@pytest.mark.parametrize("large", [40_000, 3])
def test_a_dry_run_tells_of_cells_that_are_put_back_and_of_no_others(cells, mode, large, monkeypatch):
    monkeypatch.setattr(aim, "LARGE", large)
    emulator, tables = emulated(), [(sheet(mode=mode), TWO)]
    run(emulator, *tables)
    emulator.user(ID).clear("KPIs", cells)
    told_and_done(emulator, tables)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([((2, 1), TWO), ((8, 1), TWO)], [((2, 1), LONG), ((20, 6), TWO)]),
        ([((2, 1), TWO), ((8, 1), LONG)], [((14, 1), TWO), ((8, 1), TWO)]),
        ([((2, 1), TWO), ((12, 1), TWO)], [((17, 1), TWO), ((12, 1), LONG)]),
        ([((2, 1), TWO), ((2, 4), TWO)], [((2, 4), TWO), ((2, 1), TWO)]),
    ],
    ids=["one leaves", "one shrinks", "one goes where the other grows", "they change places"],
)
def test_a_dry_run_knows_which_cells_tables_leave_for_each_other(before, after, order):
    emulator = emulated()
    run(emulator, *_tables(before))
    told_and_done(emulator, [_tables(after)[number] for number in order])


def told_and_done(emulator: Emulator, tables: Tables) -> None:
    """Compare what a dry run says with what a run does; after that a dry run says that nothing changes."""
    before, places = _cells(emulator), Counter[tuple[str, int, int]]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "change_lines", lambda cells: places.update(_changed(cells)) or ())
        told = _told(emulator, tables)
    assert _cells(emulator) == before
    done = run(emulator, *tables)
    assert [item.error for item in told] == [item.error for item in done]
    for said, came in zip(told, done, strict=True):
        assert came.error or (said.words == "nothing changes") == (came.status == "unchanged"), (said, came)
    if any(item.error for item in done):
        return
    after = _cells(emulator)
    changed = {at for at in {*before, *after} if before.get(at) != after.get(at) and not _is_stamp(before, after, at)}
    assert changed <= {*places}
    # a cell that one table leaves and another takes is told of both, and may show the same as before
    assert all(places[at] > 1 or _is_stamp(before, after, at) for at in {*places} - changed)
    assert [item.words for item in _told(emulator, tables)] == ["nothing changes"] * len(tables)


def _told(emulator: Emulator, tables: Tables) -> list[TableDifferences]:
    contents = {table.name: content for table, content in tables}
    google = DirectSpreadsheets(emulator)
    return would_change([table for table, _ in tables], lambda it: filled(contents[it.name]), google, MadeUpClock())


def _changed(cells: Iterable[ChangedCell]) -> Iterator[tuple[str, int, int]]:
    return ((cell.tab, cell.row, cell.column) for cell in cells if cell.kind != SAME)


def _cells(emulator: Emulator) -> Cells:
    return {
        (tab.title, row, column): (cell.value, cell.note)
        for tab in emulator.spreadsheets[ID].tabs
        for row, cells in tab.cells.items()
        for column, cell in cells.items()
        if cell.value not in (None, "") or cell.note
    }


def _is_stamp(before: Cells, after: Cells, at: tuple[str, int, int]) -> bool:
    """Return whether a cell tells when a table was written, before and after."""
    texts = [str(cells.get(at, ("", ""))[0]) for cells in (before, after)]
    return all(text.startswith(("Data of 2", "Not refreshed")) for text in texts)


def _grid(dice: Random) -> Grid:
    columns = 2 + dice.randrange(2)
    header = [f"c{number}" for number in range(columns)]
    return grid(*[(f"n{row}", *[dice.randrange(3)] * (columns - 1)) for row in range(dice.randrange(6))], header=header)


def _act(emulator: Emulator, dice: Random) -> None:
    try:
        dice.choice(ACTS)(emulator.user(ID), dice, "KPIs")
    except Exception as refused:
        if type(refused).__name__ != "GoogleRefusal":  # what is not possible did not happen
            raise
    title = emulator.spreadsheets[ID].tabs[0].title
    if title != "KPIs":
        emulator.user(ID).rename_tab(title, "KPIs")


def _tables(given: list[tuple[tuple[int, int], Grid]]) -> Tables:
    return [(sheet(name, cell), content) for name, (cell, content) in zip(("one", "two"), given, strict=True)]
