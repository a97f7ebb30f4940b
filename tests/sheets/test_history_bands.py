"""The bands of a history judge the rows of all its blocks, in the columns that stand behind the data's time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kpicore.testing.sheets import Emulator
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_xlsx.grid import Tint
from tests.sheets.grids import ID, MORNING, emulated, filled, grid, run, sheet

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
        (rule["booleanRule"]["condition"]["type"], *(area[end] for end in ends))
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


def test_a_history_without_bands_gets_them_with_its_next_block_and_loses_them_again():
    emulator = emulated()
    two = ("Ann", 0.2), ("Ben", 0.4)
    written(emulator, 0, *two, tints=())
    assert bands(emulator) == []
    written(emulator, 1, *two)
    assert bands(emulator) == [(kind, 4, 8, 3, 4) for kind in ("BLANK", "NUMBER_GREATER_THAN_EQ", "NUMBER_LESS")]
    written(emulator, 2, *two, tints=())
    assert bands(emulator) == []


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
