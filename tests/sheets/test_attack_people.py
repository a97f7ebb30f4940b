"""People and kpi.toml change what they like between runs: no run takes more than its own cells, and each settles."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator, GoogleRefusal
from kpicore_sheets.filling import Filled
from kpicore_sheets.sync.ids import MARK_KEY, STATE_KEY, table_ids
from kpicore_sheets.sync.outcome import WELL
from kpicore_sheets.sync.placing import marks_of
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.run import sync
from kpicore_sheets.table import SheetTable
from kpicore_xlsx.grid import Grid, GridChart, Tint
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.disturbances import ACTS, OURS, areas, texts
from tests.sheets.grids import ID, MORNING, filled, grid, sheet

NAMES = ("one", "two", "log")
CELLS = ((2, 1), (2, 4), (9, 1), (0, 0))
Place = tuple[int, int, int]


def shape(name: str, version: int, rows: int, columns: int) -> Grid:
    """Return a table with tints and a chart where it has rows."""
    header = tuple(f"{OURS}{name} {version} c{column}" for column in range(columns))
    body = [(f"{OURS}{name} {version} r{row}", *(row / 10,) * (columns - 1)) for row in range(rows)]
    last = columns - 1
    further: dict[str, Any] = {}
    if rows and columns > 1:
        further["tints"] = (Tint((1, last, max(1, rows - 1), last), "poor", below=0.3),)
        further["charts"] = (GridChart(name, "line", (0, 0, rows, 0), ((0, last, rows, last),)),)
    return grid(*body, header=header, **further)


class People(RuleBasedStateMachine):
    """A spreadsheet between runs, and what kpi.toml says of it."""

    def __init__(self) -> None:
        super().__init__()
        self.emulator = Emulator(check=False)
        self.emulator.add(ID, {"KPIs": (20, 10)})
        self.user = self.emulator.user(ID)
        for cell in ("A1", "A14", "H3", "J20", "B8"):
            self.user.type("KPIs", cell, f"mine {cell}")
        self.version = 0
        self.log: list[str] = []

    @property
    def title(self) -> str:
        return self.emulator.spreadsheets[ID].tabs[0].title

    @rule(
        names=st.sets(st.sampled_from(NAMES), min_size=1),
        places=st.permutations(CELLS),
        sizes=st.tuples(*[st.tuples(st.integers(0, 4), st.integers(1, 4))] * 3),
        is_history=st.booleans(),
    )
    def sync(self, names: set[str], places: Any, sizes: Any, is_history: bool) -> None:
        """Run some tables with new numbers, and again with the same: what one leaves may be what the next one takes."""
        self.version += 1
        tables, contents = list[SheetTable](), dict[str, Grid]()
        for name, cell, size in zip(NAMES, places[:3], sizes, strict=True):
            if name in names:
                mode = "history" if name == "log" and is_history else "replace"
                tables.append(sheet(name, cell, self.title, mode))
                contents[name] = shape(name, self.version, *size)
        for _ in range(len(NAMES)):
            self.run_once(tables, contents)
        self.run_once(tables, contents, settled=True)

    @rule(act=st.sampled_from(ACTS), seed=st.integers(0, 10_000))
    def act(self, act: Any, seed: int) -> None:
        """Let people do something in the tab."""
        try:
            act(self.user, Random(seed), self.title)
        except GoogleRefusal:
            return

    @rule(kind=st.sampled_from(("guard", "rules", "charts", "copy", "hide", "color", "filter", "names", "new tab")))
    def change(self, kind: str) -> None:
        """Let people change what stands on the tab."""
        model = self.emulator.spreadsheets[ID]
        tab = model.tabs[0]
        try:
            if kind == "guard" and tab.protected:
                self.user.do("deleteProtectedRange", protectedRangeId=tab.protected[0]["protectedRangeId"])
            elif kind == "rules" and tab.rules:
                self.user.do("deleteConditionalFormatRule", sheetId=tab.sheet_id, index=0)
            elif kind == "charts" and tab.charts:
                self.user.delete_chart(tab.charts[0]["chartId"])
            elif kind == "copy":
                self.user.do("duplicateSheet", sourceSheetId=tab.sheet_id, insertSheetIndex=len(model.tabs))
            elif kind == "color":
                self.user.color(tab.title, "A1:H12", 1, 1, 0)
            elif kind == "filter":
                self.user.filter(tab.title, "A4:E9")
            elif kind == "names" and model.named_ranges:
                named = {"namedRangeId": model.named_ranges[0]["namedRangeId"], "name": f"mine_{self.version}"}
                self.user.do("updateNamedRange", namedRange=named, fields="name")
            elif kind == "new tab":
                self.user.add_tab(f"New {len(model.tabs)}", 5, 5)
        except GoogleRefusal:
            return

    def run_once(self, tables: list[SheetTable], contents: dict[str, Grid], *, settled: bool = False) -> None:
        before, stood, outside = self.cells(), areas(self.emulator, NAMES), self.outside()
        self.emulator.log.clear()

        def fill(table: SheetTable) -> Filled:
            return filled(contents[table.name], MORNING + timedelta(days=self.version), str(self.version))

        outcomes = sync(
            tables, fill, DirectSpreadsheets(self.emulator), MadeUpClock(), run_id=f"{self.version}x{settled}"
        )
        after, stands = self.cells(), areas(self.emulator, NAMES)
        own = [*stood.values(), *stands.values()]
        for place, cell in before.items():
            if "mine" in str(cell) and not any(_in(part, place) for part in own):
                assert after.get(place) == cell, (place, cell, outcomes)
        assert set(self.outside()) <= set(outside), (set(self.outside()) - set(outside), outcomes)
        if settled:
            assert [entry.method for entry in self.emulator.log if entry.method == "POST"] == [], outcomes
            assert len(self.emulator.log) <= 8, outcomes
        for table, outcome in zip(tables, outcomes, strict=True):
            assert "\n" not in outcome.error
            assert "Google does not take" not in outcome.error, outcome
            if outcome.status in WELL:
                self.check(table, contents[table.name])

    def cells(self) -> dict[Place, object]:
        return {
            (tab.sheet_id, row, column): (cell.value, cell.note)
            for tab in self.emulator.spreadsheets[ID].tabs
            for row, cells in tab.cells.items()
            for column, cell in cells.items()
            if cell.value is not None or cell.note
        }

    def outside(self) -> list[tuple[Place, str]]:
        stand = areas(self.emulator, NAMES)
        return [
            ((tab, row, column), text)
            for tab, row, column, text in texts(self.emulator)
            if text.startswith((OURS, "Data of", "Not refreshed"))
            and not any(_in(part, (tab, row, column)) for part in stand.values())
        ]

    def check(self, table: SheetTable, content: Grid) -> None:
        ids, model = table_ids(table.name), self.emulator.spreadsheets[ID]
        area = areas(self.emulator, NAMES)[table.name]
        tab = model.tab_of(area.tab)
        rows = [[tab.cell(row, c).value for c in range(area.left, area.right)] for row in range(area.top, area.bottom)]
        if table.mode == "replace":
            assert rows[1:] == [list(row.values) for row in content.rows]
        else:
            shown = [row[1 : 1 + content.width] for row in rows]
            for row in content.rows[1:]:
                assert shown.count(list(row.values)) == 1, (shown, row.values)
        fences = [item for item in model.named_ranges if ids.generation(item["namedRangeId"]) is not None]
        assert [_rectangle(item["range"]) for item in fences] == [area]
        marks = {
            (item["metadataId"], lines["dimension"], lines["startIndex"])
            for item in model.metadata
            if (lines := item["location"].get("dimensionRange")) and item["metadataId"] in ids.marks
        }
        assert marks == set(marks_of(ids, area))
        keys = [item["metadataKey"] for item in model.metadata]
        assert keys.count(STATE_KEY) <= len(NAMES)
        assert keys.count(MARK_KEY) <= 4 * len(NAMES)
        assert set(keys) <= {STATE_KEY, MARK_KEY}


def _in(area: Rectangle, place: Place) -> bool:
    tab, row, column = place
    return area.tab == tab and area.top <= row < area.bottom and area.left <= column < area.right


def _rectangle(given: dict[str, int]) -> Rectangle:
    return Rectangle(
        given.get("sheetId", 0),
        given.get("startRowIndex", 0),
        given.get("startColumnIndex", 0),
        given["endRowIndex"],
        given["endColumnIndex"],
    )


TestPeople = People.TestCase
TestPeople.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
