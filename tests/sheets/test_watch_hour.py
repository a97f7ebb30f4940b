"""`kpi sheets watch` beside repeated `kpi import` for an hour: real loads, real runs, a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kpicore import Cells, Stop, open_workspace
from kpicore.testing import MadeUpClock, run_kpi
from kpicore.testing.sheets import Emulator
from kpicore_sheets.google import client
from kpicore_sheets.refreshing import refresher
from kpicore_sheets.settings import sheet_tables
from kpicore_sheets.watch import SheetWatch, WatchedTables
from tests.loops import SOAK, loop
from tests.sheets.direct import DirectSpreadsheets

HOUR, LATEST = 3_600, 10
"""Seconds: how long it is watched, and how old what is shown may be."""
SALES, PLANS = "sales" * 5, "plans" * 5
TABS = ((SALES, "A"), (SALES, "B"), (PLANS, "C"))
TABLE = """
[[sheet]]
name = "{name}"
spreadsheet = "{spreadsheet}"
tab = "{tab}"
cell = "B3"
kpis = ["new_leads"]
period = "2025"
refresh = "data"
"""


class SlowSpreadsheets(DirectSpreadsheets):
    """Google, to whom each request takes a while; `asked` are the seconds at which they were sent."""

    def __init__(self, emulator: Emulator, clock: MadeUpClock, chance: Random) -> None:
        super().__init__(emulator)
        self.clock, self.chance, self.asked = clock, chance, list[float]()

    def _once(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any] | None]:
        self.asked.append(self.clock.elapsed())
        self.clock.wait(self.chance.uniform(0, 0.6))
        return super()._once(method, path, body)


@dataclass
class Office:
    """A workspace that is loaded again and again, and the spreadsheets that are to follow."""

    folder: Path
    chance: Random
    clock: MadeUpClock = field(default_factory=MadeUpClock)
    loads: list[float] = field(default_factory=list)
    late: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.emulator = Emulator()
        self.emulator.add(SALES, {"A": (20, 8), "B": (20, 8)})
        self.emulator.add(PLANS, {"C": (20, 8)})
        self.google = SlowSpreadsheets(self.emulator, self.clock, self.chance)
        tables = (TABLE.format(name=tab.lower(), spreadsheet=id, tab=tab) for id, tab in TABS)
        (self.folder / "kpi.toml").write_text("[workspace]\n" + "".join(tables))
        self.load()

    def load(self) -> None:
        """Import a file with one lead more than before."""
        leads = [f"l{number},2025-06-0{1 + number % 9},web" for number in range(len(self.loads) + 1)]
        file = self.folder / "leads.csv"
        file.write_text("\n".join(["id,created at,source", *leads]) + "\n")
        ran = run_kpi("import", str(file), "--entity", "lead", "--as-of", "2025-07-15", "--yes", "-w", str(self.folder))
        assert ran.exit_code == 0, ran.output
        self.loads.append(self.clock.elapsed())

    def shown(self, spreadsheet: str, tab: str) -> int:
        """Return the number of leads that a tab shows."""
        cells = self.emulator.spreadsheets[spreadsheet].tab(tab).cells.values()
        numbers = (cell.value for row in cells for cell in row.values())
        return int(next(number for number in numbers if isinstance(number, int | float)))

    def look(self) -> None:
        """Note which tabs do not show what was loaded a while ago."""
        due = sum(seconds <= self.clock.elapsed() - LATEST for seconds in self.loads)
        self.late += [(self.clock.elapsed(), tab) for id, tab in TABS if self.shown(id, tab) < due]

    def disturb(self) -> None:
        """Let somebody work beside a table: that is nothing for the watch."""
        spreadsheet, tab = self.chance.choice(TABS)
        user = self.emulator.user(spreadsheet)
        user.insert_rows(tab, before=1) if self.chance.random() < 0.5 else user.type(tab, "H1", "my remark")

    def watch(self) -> list[str]:
        """Watch for an hour, and return what was told."""
        stop, told = Stop(), list[str]()
        watch = SheetWatch(
            self.folder,
            read=self._tables,
            refresh=refresher(self.folder, self.clock),
            stamp=Cells(self.folder).stamp,
            clock=self.clock,
            tell=told.append,
            chance=self.chance.random,
        )
        self.clock.at(HOUR, stop.set)
        assert watch.run(stop), told
        return told

    def stamps(self) -> Iterator[str]:
        """Yield the line above each table."""
        for spreadsheet, tab in TABS:
            cells = self.emulator.spreadsheets[spreadsheet].tab(tab).cells.values()
            texts = (cell.value for row in cells for cell in row.values() if isinstance(cell.value, str))
            yield next(text for text in texts if "written" in text)

    def _tables(self) -> WatchedTables:
        with open_workspace(self.folder, may_remake=False) as workspace:
            return WatchedTables(sheet_tables(workspace.config), workspace.config.timezone)


@loop("kpi sheets watch with real runs beside real imports, an hour of made-up changes", ci=1, soak=20)
def test_what_is_loaded_is_shown_within_ten_seconds_and_nothing_is_asked_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: int, chance: Random
) -> None:
    for number in range(rounds):
        (folder := tmp_path / str(number)).mkdir()
        office = Office(folder, chance)
        monkeypatch.setattr(client, "spreadsheets", lambda config, clock, google=office.google: google)
        an_hour(office, loads=chance.randrange(40) if SOAK else 7)


def an_hour(office: Office, loads: int) -> None:
    for _ in range(loads):
        office.clock.at(office.chance.uniform(LATEST, HOUR - 2 * LATEST), office.load)
        office.clock.at(office.chance.uniform(LATEST, HOUR), office.disturb)
    for seconds in range(LATEST, HOUR, 5):
        office.clock.at(seconds, office.look)
    told = office.watch()
    assert office.late == []
    assert [office.shown(*tab) for tab in TABS] == [loads + 1] * len(TABS)
    # each request follows a load, the first of them the start
    assert [at for at in office.google.asked if not any(load <= at <= load + LATEST for load in office.loads)] == []
    last = office.clock.now() + timedelta(seconds=office.loads[-1] - office.clock.elapsed())
    written = {f"{last + timedelta(seconds=seconds):%Y-%m-%d %H:%M}" for seconds in (0, LATEST)}
    assert {stamp.rpartition("written ")[2] for stamp in office.stamps()} <= written
    assert all(": written, 1 row" in line for line in told), told
