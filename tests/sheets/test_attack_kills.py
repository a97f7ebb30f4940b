"""A run that ends anywhere: the next one finds its way, and nothing of the first is left over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync import aim
from kpicore_sheets.sync.ids import MARK_KEY, STATE_KEY, table_ids
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.run import sync
from kpicore_sheets.table import SheetTable
from kpicore_xlsx.grid import Grid, GridChart, Tint
from tests.sheets.disturbances import areas
from tests.sheets.grids import ID, MORNING, filled, grid, shown
from tests.sheets.grids import sheet as table_at
from tests.sheets.killed import Killed, KilledSpreadsheets

Change = tuple[Sequence[tuple[SheetTable, Grid]], Sequence[tuple[SheetTable, Grid]]]
LOOKS = {
    "tints": (Tint((1, 1, 2, 1), "poor", below=0.3),),
    "charts": (GridChart("Share", "line", (0, 0, 2, 0), ((0, 1, 2, 1),)),),
}
SMALL, WIDE = grid(("Ann", 0.2), ("Ben", 0.4), **LOOKS), grid(("Ann", 0.2, 0.3), header=("rep", "a", "b"))
LONG = grid(*((f"Rep {number}", number / 10) for number in range(9)))
LOG = table_at("log", (2, 6), mode="history")
HERE, THERE = table_at(), table_at(cell=(12, 2))
CHANGES: dict[str, Change] = {
    "first": ((), ((HERE, SMALL), (LOG, SMALL))),
    "longer": (((HERE, SMALL), (LOG, SMALL)), ((HERE, LONG), (LOG, LONG))),
    "shorter": (((HERE, LONG),), ((HERE, SMALL), (LOG, SMALL))),
    "only a header": (((HERE, LONG),), ((HERE, grid()),)),
    "wider": (((HERE, SMALL), (LOG, SMALL)), ((HERE, WIDE), (LOG, WIDE))),
    "moved": (((HERE, SMALL),), ((THERE, LONG),)),
    "moved upon itself": (((HERE, LONG),), ((table_at(cell=(4, 2)), LONG),)),
    "to a history": (((HERE, SMALL),), ((table_at(mode="history"), SMALL),)),
}


def written(
    emulator: Emulator, tables: Sequence[tuple[SheetTable, Grid]], day: int, google: KilledSpreadsheets | None = None
) -> int:
    """Bring tables up to date; return how many requests that took, or all that were sent when it was killed."""
    contents = {table.name: content for table, content in tables}

    def fill(table: SheetTable) -> Filled:
        return filled(contents[table.name], MORNING + timedelta(days=day), str(day))

    google = google or KilledSpreadsheets(emulator)
    try:
        outcomes = sync([table for table, _ in tables], fill, google, MadeUpClock(), run_id=f"day{day}")
    except Killed:
        return google.requests
    assert [(outcome.status in ("written", "unchanged"), outcome.error) for outcome in outcomes] == [
        (True, "") for _ in outcomes
    ]
    return google.requests


def spreadsheet(*, strict: bool) -> Emulator:
    """Return a spreadsheet with cells of a person all around."""
    emulator = Emulator(strict_deletes=strict)
    emulator.add(ID, {"KPIs": (14, 9)})
    for cell in ("A1", "B2", "A14", "F3"):
        emulator.user(ID).type("KPIs", cell, "mine")
    return emulator


def look(emulator: Emulator) -> object:
    """Return all that stands in a spreadsheet, but when it was written and how often."""
    model = emulator.spreadsheets[ID]
    tab = model.tabs[0]
    named = sorted((item["name"].rstrip("0123456789"), str(item["range"])) for item in model.named_ranges)
    marks = sorted((item["metadataKey"], str(item["location"])) for item in model.metadata)
    others = [tab.rules, [chart["spec"] for chart in tab.charts], [item["range"] for item in tab.protected]]
    return [len(model.tabs), shown(emulator), named, marks, others]


def check_left(emulator: Emulator, names: Sequence[str]) -> None:
    """Assert that each table has one fence on its area, four marks and one state, and nothing else is there."""
    model = emulator.spreadsheets[ID]
    places = areas(emulator, tuple(names))
    keys = [item["metadataKey"] for item in model.metadata]
    assert (keys.count(MARK_KEY), keys.count(STATE_KEY), len(keys)) == (4 * len(names), len(names), 5 * len(names))
    fences = [
        table_ids(name)
        for name in names
        for item in model.named_ranges
        if table_ids(name).generation(item["namedRangeId"])
    ]
    assert (len(fences), len(model.named_ranges), set(places)) == (len(names), 2 * len(names), set(names))
    assert all(isinstance(place, Rectangle) for place in places.values())


@pytest.fixture(params=[False, True], ids=["lenient", "strict"])
def strict(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=[False, True], ids=["small", "staged"])
def staged(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param:
        monkeypatch.setattr(aim, "MOST_IN_ONE", 50)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.usefixtures("staged")
def test_a_run_that_is_killed_at_any_request_leaves_what_the_next_one_completes(name, after, strict):
    before, change = CHANGES[name]

    def begun() -> Emulator:
        emulator = spreadsheet(strict=strict)
        written(emulator, before, 0)
        return emulator

    whole = begun()
    count = written(whole, change, 1)
    for number in range(1, count + 1):
        emulator = begun()
        written(emulator, change, 1, KilledSpreadsheets(emulator, dies_at=number, dies_after=after))
        written(emulator, change, 1)
        assert look(emulator) == look(whole), f"killed at request {number} of {count}"
        check_left(emulator, [table.name for table, _ in change])
        assert written(emulator, change, 1) <= 3


@pytest.mark.parametrize("name", CHANGES)
def test_a_fault_at_any_request_leaves_what_an_undisturbed_run_leaves(name, strict):
    before, change = CHANGES[name]
    whole = spreadsheet(strict=strict)
    written(whole, before, 0)
    count = written(whole, change, 1)
    for fault in ("503_after", "drop_after", "cut_body", "503_before", "html_502_after"):
        for number in range(count):
            emulator = spreadsheet(strict=strict)
            written(emulator, before, 0)
            emulator.faults.extend([*[""] * number, fault])
            written(emulator, change, 1)
            assert look(emulator) == look(whole), f"{fault} at request {number + 1} of {count}"
