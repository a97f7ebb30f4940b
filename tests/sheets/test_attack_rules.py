"""People who change rules, charts and protections just before a batch: theirs stay, and those of tables are right."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, permutations, product
from typing import Any

import pytest

from kpicore.testing.sheets import Emulator, SheetUser
from kpicore_sheets.sync.ids import table_ids
from kpicore_xlsx.grid import GridChart, Tint
from tests.sheets.grids import ID, emulated, grid, run, sheet

Rule = dict[str, Any]
LOOK = {"backgroundColorStyle": {"rgbColor": {"blue": 1}}}
CELLS = {"sheetId": 0, "startRowIndex": 4, "endRowIndex": 7, "startColumnIndex": 0, "endColumnIndex": 8}
MINE: Rule = {"ranges": [CELLS], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": LOOK}}
TINTS = {
    "the same": (Tint((1, 1, 2, 1), "poor", below=0.3), Tint((1, 1, 2, 1), "good", above=0.3)),
    "longer": (Tint((1, 1, 3, 1), "poor", below=0.3), Tint((1, 1, 3, 1), "good", above=0.3)),
    "elsewhere": (Tint((1, 0, 3, 0), "good", above=0.3),),
    "none": (),
}


def add(user: SheetUser) -> None:
    user.do("addConditionalFormatRule", rule=MINE, index=0)


def add_last(user: SheetUser) -> None:
    user.do("addConditionalFormatRule", rule=MINE, index=2)


def swap(user: SheetUser) -> None:
    user.do("updateConditionalFormatRule", sheetId=0, index=0, newIndex=1)


def remove(user: SheetUser) -> None:
    user.do("deleteConditionalFormatRule", sheetId=0, index=0)


def replace(user: SheetUser) -> None:
    for act in (remove, remove, add, add):
        act(user)


def rules(emulator: Emulator, *, of_people: bool) -> list[Rule]:
    """Return the rules of people or those of the bands."""
    kinds = [(rule, rule["booleanRule"]["condition"]["type"]) for rule in emulator.spreadsheets[ID].tab("KPIs").rules]
    return [rule for rule, kind in kinds if kind != "BLANK" and (kind == "NOT_BLANK") == of_people]


def disturb(emulator: Emulator, when: int, act: Callable[[SheetUser], None]) -> None:
    """Let people act before one of the next batches."""
    numbers = count(1)
    emulator.before_write = lambda: act(emulator.user(ID)) if next(numbers) == when else None


@pytest.mark.parametrize("when", [1, 2])
@pytest.mark.parametrize("name", TINTS)
@pytest.mark.parametrize("act", [add, add_last, swap, remove, replace])
def test_rules_of_people_stay_and_those_of_bands_judge_their_cells(when, name, act):
    emulator = emulated()
    three, tints = [("Ann", 0.25)] * 3, TINTS[name]
    run(emulator, (sheet(), grid(*three[:2], tints=TINTS["the same"])))
    disturb(emulator, when, act)
    assert run(emulator, (sheet(), grid(*three, tints=tints)))[0].status == "written"
    added = {add: 1, add_last: 1, replace: 2}.get(act, 0)
    assert [rule["booleanRule"]["format"].keys() >= LOOK.keys() for rule in rules(emulator, of_people=True)] == [
        True
    ] * added
    if act not in (remove, replace):  # what people remove may stay away
        areas = [rule["ranges"][0] for rule in rules(emulator, of_people=False)]
        stand = sorted((area["startRowIndex"], area["endRowIndex"], area["startColumnIndex"]) for area in areas)
        assert stand == sorted((tint.area[0] + 3, tint.area[2] + 4, tint.area[1] + 1) for tint in tints)


@pytest.mark.parametrize("order", [*permutations("abc")])
@pytest.mark.parametrize("names", [*product(("longer", "elsewhere", "none"), repeat=3)])
def test_tables_of_one_tab_change_their_rules_in_one_batch(order, names):
    emulator, columns = emulated(), {"a": 1, "b": 4, "c": 7}
    three = [("Ann", 0.25)] * 3
    for name in order:
        run(emulator, (sheet(name, (2, columns[name])), grid(*three[:2], tints=TINTS["the same"])))
    kinds = dict(zip("abc", names, strict=True))
    changed = [(sheet(name, (2, columns[name])), grid(*three, tints=TINTS[kind])) for name, kind in kinds.items()]
    assert [(outcome.status, outcome.message) for outcome in run(emulator, *changed)] == [("written", "")] * 3
    areas = [area for rule in rules(emulator, of_people=False) for area in rule["ranges"]]
    assert sorted((area["endRowIndex"], area["startColumnIndex"]) for area in areas) == sorted(
        (tint.area[2] + 4, tint.area[1] + columns[name]) for name, kind in kinds.items() for tint in TINTS[kind]
    )


@pytest.mark.parametrize("when", [1, 2, 3])
@pytest.mark.parametrize("kind", ["chart", "guard", "name"])
def test_what_people_remove_just_before_a_batch_keeps_no_table_from_being_written(when, kind):
    emulator = emulated()
    chart = GridChart("Share", "line", (0, 0, 2, 0), ((0, 1, 2, 1),))
    run(emulator, (sheet(), grid(("Ann", 0.5), ("Ben", 0.5), charts=(chart,))))
    ids = table_ids("funnel")
    acts: dict[str, Callable[[SheetUser], object]] = {
        "chart": lambda user: user.delete_chart(ids.chart(0)),
        "guard": lambda user: user.do("deleteProtectedRange", protectedRangeId=ids.guard),
        "name": lambda user: user.remove_named_range("kpi_funnel"),
    }
    disturb(emulator, when, acts[kind])  # type: ignore[arg-type]
    content = grid(("Ann", 0.6), ("Ben", 0.6), ("Cy", 0.6), charts=(chart,))
    assert run(emulator, (sheet(), content))[0].status == "written"
    emulator.before_write = None
    assert run(emulator, (sheet(), content))[0].error == ""
    assert run(emulator, (sheet(), content))[0].status == "unchanged"
