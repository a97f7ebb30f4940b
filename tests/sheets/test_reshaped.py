"""People insert and delete rows and columns of a table: the next run leaves it as if it had been written there anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kpicore.testing.sheets import Emulator, SheetUser
from kpicore_sheets.sync import aim
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_xlsx.addresses import cell_address
from kpicore_xlsx.grid import Grid, GridChart, Tint
from tests.sheets.disturbances import areas
from tests.sheets.grids import ID, MORNING, emulated, filled, grid, run, sheet, shown

ROWS = {"stamp": 3, "head": 4, "first": 5, "second": 6, "last": 8}
"""Of a table that begins in B3, as the tab numbers them."""
COLUMNS = {"first": 2, "second": 3, "last": 4}
BELOW = "mine below"


def charted(share: float) -> Grid:
    """Return four rows with notes, bands and a chart."""
    rows = [(name, share + number / 10, 12) for number, name in enumerate(("Ann", "Ben", "Cy", "Di"))]
    tints = (Tint((1, 1, 4, 1), "good", above=0.4), Tint((1, 1, 4, 1), "poor", below=0.2))
    charts = (GridChart("win rate", "line", (0, 0, 4, 0), ((0, 1, 4, 1), (0, 2, 4, 2))),)
    header = ("rep", "win rate", "won deals")
    return grid(*rows, header=header, notes={(0, 1): "of all closed", (2, 2): "few"}, tints=tints, charts=charts)


def stands(emulator: Emulator) -> dict[str, Any]:
    """Return all that a table has, as if it began in A1."""
    tab = emulator.spreadsheets[ID].tab("KPIs")
    area = areas(emulator, ("funnel",))["funnel"]
    cells = {
        (row - area.top, column - area.left): (cell.value, cell.note, cell.format)
        for row, line in tab.cells.items()
        for column, cell in line.items()
        if area.top <= row and area.left <= column and cell.value != BELOW and not cell.is_empty
    }
    return {
        "size": (area.height, area.width),
        "cells": cells,
        "rules": [(_moved(rule["ranges"], area), rule["booleanRule"]) for rule in tab.rules],
        "charts": [_moved(chart["spec"], area) for chart in tab.charts],
        "guard": [_moved(item["range"], area) for item in tab.protected],
        "marks": len(emulator.spreadsheets[ID].metadata),
    }


def _moved(part: Any, area: Rectangle) -> Any:
    """Return something with ranges, as seen from the first cell of the table."""
    if isinstance(part, list):
        return [_moved(item, area) for item in part]
    if not isinstance(part, dict):
        return part
    offsets = {"Row": area.top, "Column": area.left}
    places = {f"{end}{line}Index": by for line, by in offsets.items() for end in ("start", "end")}
    return {key: item - places[key] if key in places else _moved(item, area) for key, item in part.items()}


def disturbed(act: Callable[[SheetUser], None], share: float) -> tuple[Emulator, Emulator]:
    """Return a spreadsheet whose table was disturbed and written again, and one where it was not."""
    there, fresh = emulated(), emulated()
    run(there, (sheet(), charted(0.1)))
    there.user(ID).type("KPIs", "B20", BELOW)
    act(there.user(ID))
    assert run(there, (sheet(), charted(share)))[0].status == "written"
    for content in (charted(0.1), charted(share)):
        run(fresh, (sheet(), content))
    assert run(there, (sheet(), charted(share)))[0].status == "unchanged"
    return there, fresh


@pytest.fixture(params=[2_000_000, 50], ids=["in one", "staged"], autouse=True)
def most(request, monkeypatch):
    monkeypatch.setattr(aim, "MOST_IN_ONE", request.param)


@pytest.mark.parametrize("share", [0.1, 0.3], ids=["same", "new numbers"])
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("row", ROWS)
def test_rows_that_are_deleted_or_inserted_leave_nothing_one_row_off(row, count, share):
    for act in ("delete_rows", "insert_rows"):
        if (act, row, share) == ("insert_rows", "stamp", 0.1):
            continue  # it has moved down as a whole
        there, fresh = disturbed(lambda user, act=act: getattr(user, act)("KPIs", ROWS[row], count), share)
        assert stands(there) == stands(fresh)
        assert BELOW in shown(there).values()


@pytest.mark.parametrize("column", COLUMNS)
def test_columns_that_are_deleted_or_inserted_leave_nothing_one_column_off(column):
    for act in ("delete_columns", "insert_columns"):
        there, fresh = disturbed(lambda user, act=act: getattr(user, act)("KPIs", COLUMNS[column], 1), 0.3)
        assert stands(there) == stands(fresh)


def test_what_people_made_of_looks_and_charts_stays_when_rows_shift():
    there = emulated()
    run(there, (sheet(), charted(0.1)))
    user = there.user(ID)
    user.color("KPIs", "B7:D8", 1, 0, 0)
    (chart,) = there.spreadsheets[ID].tab("KPIs").charts
    series = [{**item, "color": {"red": 1}} for item in chart["spec"]["basicChart"]["series"]]
    user.edit_chart(chart["chartId"], title="Ours", basicChart={**chart["spec"]["basicChart"], "series": series})
    user.delete_rows("KPIs", ROWS["stamp"])
    run(there, (sheet(), charted(0.3)))
    (chart,) = there.spreadsheets[ID].tab("KPIs").charts
    assert (chart["spec"]["title"], [item["color"] for item in chart["spec"]["basicChart"]["series"]]) == (
        "Ours",
        [{"red": 1}] * 2,
    )
    tab = there.spreadsheets[ID].tab("KPIs")
    assert (tab.cell(6, 1).format or {})["backgroundColor"] == {"red": 1}


@pytest.mark.parametrize(("row", "kept"), [("stamp", "Data of"), ("head", "Data of 2026"), ("first", "Data of 2026")])
def test_a_history_goes_on_whatever_row_of_it_is_deleted_and_overwrites_none(row, kept):
    there = emulated()
    log = sheet(mode="history")
    for day in range(3):
        run(there, (log, filled(grid((f"Ann {day}", 0.1)), MORNING + timedelta(days=day), str(day))))
    there.user(ID).delete_rows("KPIs", ROWS[row])
    for day in range(3, 5):
        outcome = run(there, (log, filled(grid((f"Ann {day}", 0.1)), MORNING + timedelta(days=day), str(day))))[0]
        assert outcome.status == "written"
    values = shown(there)
    names = [value for value in values.values() if str(value).startswith("Ann")]
    assert names == [f"Ann {day}" for day in range(1 if row == "first" else 0, 5)]
    assert str(values[cell_address(2, 1)]).startswith(kept)
    assert list(values.values()).count("rep") == (0 if row == "head" else 1)
