"""The bands of a history judge the rows of all its blocks, in the columns that stand behind the data's time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kpicore.testing.sheets import Emulator
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_xlsx.grid import Tint
from tests.sheets.grids import ID, MORNING, NAME, emulated, filled, grid, run, sheet, shown

LOG = sheet(mode="history")  # from B3: stamp, header, rows; the time of its data, rep, win rate
LOW, HIGH = Tint((1, 1, 2, 1), "poor", below=0.3), Tint((1, 1, 2, 1), "good", above=0.3)


def written(
    emulator: Emulator, day: int, *rows: tuple[str, float], tints: tuple[Tint, ...] = (LOW, HIGH)
) -> TableOutcome:
    """Let a run add the block of a day."""
    content = filled(grid(*rows, tints=tints), MORNING + timedelta(days=day), str(day))
    (outcome,) = run(emulator, (LOG, content))
    return outcome


def bands(emulator: Emulator) -> list[tuple[str, int, int, int, int]]:
    """Return the rules: kind, first row and end, first column and end."""
    ends = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    return [
        (rule["booleanRule"]["condition"]["type"], *(area.get(end, 0) for end in ends))
        for rule in emulator.spreadsheets[ID].tab("KPIs").rules
        for area in rule["ranges"]
    ]


def test_each_run_lets_the_rules_grow_with_the_history():
    emulator = emulated()
    for day, end in ((0, 6), (1, 8), (2, 9)):
        rows = [("Ann", 0.2), ("Ben", 0.4)][: 1 if day == 2 else 2]
        assert written(emulator, day, *rows).status == "written"
        kinds = ("BLANK", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS")
        assert bands(emulator) == [(kind, 4, end, 3, 4) for kind in kinds]
    assert written(emulator, 2, ("Ann", 0.2)).status == "unchanged"


def test_a_history_has_the_bands_from_the_block_on_that_has_them_and_no_longer_than_these_do():
    emulator = emulated()
    two = ("Ann", 0.2), ("Ben", 0.4)
    written(emulator, 0, *two, tints=())
    assert bands(emulator) == []
    for day, end in ((1, 8), (2, 10)):
        written(emulator, day, *two)
        assert bands(emulator) == [(kind, 6, end, 3, 4) for kind in ("BLANK", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS")]
    written(emulator, 3, *two, tints=())
    assert bands(emulator) == [(kind, 6, 10, 3, 4) for kind in ("BLANK", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS")]


def test_blocks_before_other_bands_or_columns_stay_judged_as_they_were():
    emulator = emulated()
    written(emulator, 0, ("Ann", 0.2), ("Ben", 0.4))
    higher = (replace(LOW, below=0.35), replace(HIGH, above=0.35))
    written(emulator, 1, ("Ann", 0.2), tints=higher)
    kinds = ("BLANK", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS")
    assert bands(emulator) == [(kind, 6, 7, 3, 4) for kind in kinds] + [(kind, 4, 6, 3, 4) for kind in kinds]
    other = grid(("x", "Ann", 0.2), header=("team", "rep", "win rate"), tints=[replace(LOW, area=(1, 2, 1, 2))])
    run(emulator, (LOG, filled(other, MORNING + timedelta(days=2), "2")))
    assert bands(emulator)[:2] == [(kind, 8, 9, 4, 5) for kind in ("BLANK", "NUMBER_LESS")]  # it has a head of its own
    assert bands(emulator)[2:] == [(kind, 6, 7, 3, 4) for kind in kinds] + [(kind, 4, 6, 3, 4) for kind in kinds]


@pytest.mark.parametrize(
    "other",
    [{"tints": (LOW,)}, {"notes": {(0, 1): "What it means"}}, {"looks": (NAME, NAME)}],
    ids=["bands", "notes", "looks"],
)
def test_what_a_history_shows_otherwise_makes_no_second_block_of_the_same_data(other):
    emulator = emulated()
    written(emulator, 0, ("Ann", 0.2))
    looks = other.pop("looks", None)
    again = grid(("Ann", 0.2), **{"tints": (LOW, HIGH), **other})
    if looks:
        again = replace(again, rows=tuple(replace(row, looks=looks) for row in again.rows))
    assert run(emulator, (LOG, filled(again, MORNING, "0")))[0].status == "unchanged"
    assert [value for value in shown(emulator).values() if value == "Ann"] == ["Ann"]
    written(emulator, 1, ("Ann", 0.2), tints=(LOW,))  # with new data they are there
    assert bands(emulator)[:2] == [(kind, 5, 6, 3, 4) for kind in ("BLANK", "NUMBER_LESS")]


@pytest.mark.parametrize("when", [1, 2, 3])
@pytest.mark.parametrize("index", [0, 1, 3])
def test_a_rule_that_people_add_meanwhile_stays_and_each_band_has_one(when, index):
    emulator = emulated()
    written(emulator, 0, ("Ann", 0.2), ("Ben", 0.4))
    mine = {
        "ranges": [{"sheetId": 0, "endRowIndex": 1}],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {}},
    }
    left = [when]

    def act() -> None:
        left[0] -= 1
        if left[0] == 0:
            emulator.user(ID).do("addConditionalFormatRule", index=index, rule=mine)

    emulator.before_write = act
    assert written(emulator, 1, ("Ann", 0.2)).status == "written"
    emulator.before_write = None
    assert written(emulator, 2, ("Ann", 0.2)).status == "written"
    kinds = ("BLANK", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS")
    assert [band for band in bands(emulator) if band[0] != "NOT_BLANK"] == [(kind, 4, 8, 3, 4) for kind in kinds]


@pytest.mark.parametrize("when", [1, 2])
def test_rows_that_people_insert_into_a_history_meanwhile_leave_one_rule_for_each_band(when):
    emulator = emulated()
    two = ("Ann", 0.2), ("Ben", 0.4)
    written(emulator, 0, *two)
    left = [when]

    def act() -> None:
        left[0] -= 1
        if left[0] == 0:
            emulator.user(ID).insert_rows("KPIs", before=6)

    emulator.before_write = act
    assert written(emulator, 1, *two).status == "written"
    emulator.before_write = None
    assert written(emulator, 2, *two).status == "written"
    assert bands(emulator) == [(kind, 4, 11, 3, 4) for kind in ("BLANK", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS")]


def test_a_rule_that_people_colored_keeps_its_color():
    emulator = emulated()
    written(emulator, 0, ("Ann", 0.2), ("Ben", 0.4))
    rules = emulator.spreadsheets[ID].tab("KPIs").rules
    mine = {"backgroundColorStyle": {"rgbColor": {"blue": 1}}}
    rule = {**rules[1], "booleanRule": {**rules[1]["booleanRule"], "format": mine}}
    emulator.user(ID).do("updateConditionalFormatRule", index=1, rule=rule)
    written(emulator, 1, ("Ann", 0.2))
    changed = emulator.spreadsheets[ID].tab("KPIs").rules[1]
    assert changed["booleanRule"]["format"]["backgroundColorStyle"] == {"rgbColor": {"blue": 1}}
    assert [band[2] for band in bands(emulator)] == [7, 7, 7]
