"""A watch over made-up tables: what writes them is a function of the test, the clock one that it moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kpicore import KpiError, Stop
from kpicore.testing import MadeUpClock
from kpicore_sheets.sync.outcome import UNCHANGED, WRITTEN, TableOutcome
from kpicore_sheets.table import KpiContent, SheetTable
from kpicore_sheets.watch import SheetWatch, WatchedTables

MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC)
"""A Monday."""


def table(name: str, *, spreadsheet: str = "funnels", **more: str) -> SheetTable:
    return SheetTable(name, spreadsheet, KpiContent(("win_rate",), "this year"), "KPIs", **more)


@dataclass
class Spreadsheet:
    """Stands for Google: each table shows the data of when it was written last; `faults` are what goes wrong next."""

    clock: MadeUpClock
    data: str = "1"
    shown: dict[str, str] = field(default_factory=dict)
    runs: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    faults: list[Exception | TableOutcome] = field(default_factory=list)
    seconds: float = 0.0

    def refresh(self, tables: Sequence[SheetTable]) -> list[TableOutcome]:
        self.runs.append((self.clock.elapsed(), tuple(table.name for table in tables)))
        filled = self.data  # read before anything is asked
        self.clock.wait(self.seconds)
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Exception):
                raise fault
            return [fault]
        return [self._written(table.name, filled) for table in tables]

    def _written(self, name: str, filled: str) -> TableOutcome:
        if self.shown.get(name) == filled:
            return TableOutcome(name, UNCHANGED, rows=12, requests=1)
        self.shown[name] = filled
        return TableOutcome(name, WRITTEN, rows=12, requests=2)


@dataclass
class Watched:
    """A watch in a folder: of the `tables` that kpi.toml describes, unless a `problem` is what it has."""

    folder: Path
    tables: tuple[SheetTable, ...]
    zone: str = "UTC"
    problem: str = ""
    lateness: float = 0.0
    clock: MadeUpClock = field(default_factory=lambda: MadeUpClock(MORNING))
    told: list[str] = field(default_factory=list)
    reads: int = 0

    def __post_init__(self) -> None:
        self.google = Spreadsheet(self.clock)
        self.write_config("")

    def write_config(self, text: str) -> None:
        (self.folder / "kpi.toml").write_text(text)

    def read(self) -> WatchedTables:
        self.reads += 1
        if self.problem:
            raise KpiError(self.problem)
        return WatchedTables(self.tables, self.zone)

    def stamp(self) -> str:
        return f"{self.google.data} {(self.folder / 'kpi.toml').read_text()}"

    def at(self, seconds: float, happens: Callable[[], object]) -> None:
        self.clock.at(seconds, happens)

    def run(self, seconds: float) -> bool:
        """Watch for so long, and return whether the last run of each table went well."""
        stop = Stop()
        watch = SheetWatch(
            self.folder,
            read=self.read,
            refresh=self.google.refresh,
            stamp=self.stamp,
            clock=self.clock,
            tell=self.told.append,
            chance=lambda: self.lateness,
        )
        self.at(self.clock.elapsed() + seconds, stop.set)
        return watch.run(stop)
