"""A round of the loop: some runs over one spreadsheet, with faults on the way and people at work, watched all along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.filling import Filled
from kpicore_sheets.refreshing import begun
from kpicore_sheets.sync.ids import MARK_KEY, STATE_KEY, moving_name, table_ids
from kpicore_sheets.sync.outcome import REFUSED, WELL, TableOutcome
from kpicore_sheets.sync.placing import marks_of
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.run import sync
from kpicore_sheets.sync.status_file import StatusFile
from kpicore_sheets.table import SheetTable
from kpicore_xlsx.grid import Grid
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.disturbances import OURS, SHIFTS, Act, areas, fences, held, texts
from tests.sheets.grids import ID, filled, grid, sheet
from tests.sheets.killed import FAULTS, Killed, KilledSpreadsheets

NAMES = ("funnel", "log")
MOVERS = ("funnel", "deals")
"""Tables that kpi.toml gives another place now and then. What one leaves may be what the other one takes."""
SLOTS = ((2, 1), (4, 2), (12, 1), (14, 1), (20, 0), (22, 2), (30, 1))


class Wrong(BaseException):
    """The spreadsheet is not as it has to be. It is no Exception: raised below a run it is no defect of that run."""


@dataclass(slots=True)
class Round:
    """One spreadsheet with cells of a person, and beside each other a table that is replaced and a history.

    With `moving` there is one more table, and kpi.toml gives the two other places so often.
    """

    dice: Random
    acts: Sequence[Act] = ()
    often: float = 0.0
    faulty: float = 0.0
    second_writer: float = 0.0
    moving: float = 0.0
    emulator: Emulator = field(default_factory=lambda: Emulator(check=False))
    version: int = 0
    later: int = 0
    runs: int = 0
    faults: int = 0
    disturbed: int = 0
    resting: bool = False
    carried: Counter[str] = field(default_factory=Counter)
    before: dict[tuple[int, int, int], Any] = field(default_factory=dict)
    taken: set[tuple[int, int, int]] = field(default_factory=set)
    slid: set[tuple[int, int, int]] = field(default_factory=set)
    owned: dict[str, Rectangle] = field(default_factory=dict)
    folder: Path = Path()
    logged: list[str] = field(default_factory=list)
    client: type[KilledSpreadsheets] = KilledSpreadsheets
    contents: dict[str, Grid] = field(default_factory=dict)
    names: tuple[str, ...] = NAMES
    places: dict[str, tuple[tuple[int, int], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = {"funnel": ((2, 1), "KPIs"), "log": ((2, 6), "KPIs")}
        if self.moving:
            self.names, self.places["deals"] = (*NAMES, "deals"), ((30, 1), "KPIs")
        self.emulator.add(ID, {"KPIs": (60, 16)})
        user = self.emulator.user(ID)
        for number in range(14):
            row, column = self.dice.randrange(30), self.dice.randrange(14)
            if not (row in range(1, 12) and column in range(1, 5)) and column not in range(6, 10):
                user.type("KPIs", f"{chr(65 + column)}{row + 1}", f"mine {number}")
        self.emulator.before_write = self._disturb

    def play(self, runs: int) -> None:
        """Run some times with whatever happens, then once undisturbed, and look at what stands there then."""
        with TemporaryDirectory() as folder:
            self.folder = Path(folder)
            self._play(runs)

    def _play(self, runs: int) -> None:
        self.emulator.before_write = None
        self._run(calm=True)
        self.emulator.before_write = self._disturb
        for _ in range(runs):
            self._run()
            if not self.acts:
                self.check_whole(any_version=True)
        self.emulator.before_write = None
        self.emulator.faults.clear()
        outcomes = self._run(calm=True)
        for _ in range(40):
            if not self._made_way(outcomes):
                break
            outcomes = self._synced(self.client(self.emulator))
        if not any("belongs to" in outcome.error for outcome in outcomes):  # the person moved one into the other
            self.check(outcomes)

    def _made_way(self, outcomes: Sequence[TableOutcome]) -> bool:
        """Let the person take away what stands in the way of a table, as its error asks for; return whether any did."""
        title = self.emulator.spreadsheets[ID].tabs[0].title
        cells = [outcome.error.split()[0] for outcome in outcomes if "not kpicore's" in outcome.error]
        for cell in cells:
            self.emulator.user(ID).clear(title, cell)
        return self._another_place(outcomes, title) or bool(cells)

    def _another_place(self, outcomes: Sequence[TableOutcome], title: str) -> bool:
        """Let the person give tables that are refused another place in kpi.toml; return whether any was given one."""
        stand = areas(self.emulator, self.names)
        # whose cells are all gone is found by its tab alone, which may have another name by now
        refused = [
            outcome
            for outcome in outcomes
            if outcome.status == REFUSED and (self.moving or ("no tab" in outcome.error and outcome.name not in stand))
        ]
        for outcome in refused:
            if "there is no tab" in outcome.error:
                self.places[outcome.name] = self.places[outcome.name][0], title
            elif "belongs to" in outcome.error:
                name = outcome.name if outcome.name in MOVERS else outcome.error.split("'")[1]
                self.places[name] = (40 + self.dice.randrange(60), self.dice.randrange(3)), title
        return any("belongs to" in outcome.error or "no tab" in outcome.error for outcome in refused)

    def _move(self) -> None:
        """Let kpi.toml give tables other places, at times that of another table."""
        for name in MOVERS if self.moving else ():
            if self.dice.random() < self.moving:
                self.places[name] = self.dice.choice(SLOTS), self.emulator.spreadsheets[ID].tabs[0].title

    def _tables(self) -> list[SheetTable]:
        return [sheet(name, *self.places[name], "history" if name == "log" else "replace") for name in self.names]

    def _run(self, *, calm: bool = False) -> list[TableOutcome]:
        """Run with new numbers, sometimes as a process that is killed."""
        self.runs += 1
        self.taken.clear()
        self._fill()
        if not calm:
            self._move()
        google = self.client(self.emulator)
        if not calm:
            faults = [self.dice.choice(FAULTS) if self.dice.random() < self.faulty else "" for _ in range(12)]
            self.emulator.faults.extend(faults)
            self.faults += sum(map(bool, faults))
            if self.dice.random() < self.faulty:
                google.dies_at, google.dies_after = 1 + self.dice.randrange(4), self.dice.random() < 0.5
        try:
            outcomes = self._synced(google)
        except Killed:
            outcomes = []
            if self.resting:  # nobody can tell afterwards what cells that were inserted in a table pushed below it
                self.carried.update(self._pushed_out())
        self.emulator.faults.clear()
        self._keep(outcomes)
        return outcomes

    def _synced(self, google: DirectSpreadsheets) -> list[TableOutcome]:
        self._watch(google)
        tables, clock = self._tables(), MadeUpClock()
        # as often as not from a machine that has written before
        last = begun(self.folder, tables)
        known = last if self.dice.random() < 0.5 else {}
        run_id = f"r{self.runs}x{self.dice.randrange(1000)}"
        outcomes = sync(tables, self._filled, google, clock, run_id=run_id, last=known)
        StatusFile(self.folder).record(outcomes, clock.now())
        return outcomes

    def _watch(self, google: DirectSpreadsheets) -> None:
        """Look after each change whether anything of the person has changed with it."""
        send = google.emulator.handle

        def watched(method: str, path: str, headers: Any, body: bytes) -> Any:
            self._remember()
            try:
                answer = send(method, path, headers, body)
            finally:
                if "batchUpdate" in path:
                    self._check_untouched()
            if answer[0] == 200 and "/values" not in path:  # else the same bytes may be sent again
                self.slid.clear()
            return answer

        google.emulator = _Watched(watched, self.emulator)  # type: ignore[assignment]

    def _filled(self, table: SheetTable) -> Filled:
        return filled(self.contents[table.name], version=str(self.version))

    def _grid(self, name: str, rows: int, columns: int) -> Grid:
        header = (f"{OURS}{name} {self.version}", *(f"{OURS}{name} {self.version} c{n}" for n in range(1, columns)))
        body = [
            (f"{OURS}{name} {self.version} {row}", *(self.version + column / 10 for column in range(1, columns)))
            for row in range(rows)
        ]
        return grid(*body, header=header)

    def _disturb(self) -> None:
        """Let a person act, or a second program write the same, between a read and a change."""
        slid = set[tuple[int, int, int]]()
        if self.resting:  # what comes within the second of a shift of cells is more than is promised
            self.resting = False
        elif self.dice.random() < self.second_writer:
            self._write_meanwhile()
        elif self.acts and self.dice.random() < self.often:
            act, stood = self.dice.choice(self.acts), self._reserved()
            self._act(act)
            self.resting = act in SHIFTS
            # what a shift brings to where a table stood until then is written over by the next batch
            slid = self._come(stood) if self.resting else set()
        # what comes into reserved cells between reservation and write is lost: that is said, and nobody can help it
        self.taken, self.slid = self.taken | self._come(self._reserved()), self.slid | slid
        self._remember()

    def _reserved(self) -> list[Rectangle]:
        """Return the cells that the tables have, those included in which nothing of them stands yet."""
        return [*areas(self.emulator, (*self.names, *map(moving_name, self.names))).values()]

    def _come(self, areas: Sequence[Rectangle]) -> set[tuple[int, int, int]]:
        """Return the places in some cells at which something of the person has come to stand since it was looked."""
        before = self.before
        self._remember()
        now, self.before = self.before, before
        return {
            place
            for place, cell in now.items()
            if before.get(place) != cell and any(_holds(area, place) for area in areas)
        }

    def _write_meanwhile(self) -> None:
        """Let a second program write what it has: other numbers."""
        before, self.emulator.before_write = self.emulator.before_write, None
        contents, version = self.contents, self.version
        self._fill()
        other = self.client(self.emulator)
        other.emulator = _Watched(self.emulator.handle, self.emulator)  # type: ignore[assignment]
        outcomes = sync(self._tables(), self._filled, other, MadeUpClock(), run_id=f"other{self.version}")
        self._keep(outcomes)
        self.later = max(self.later, self.version)
        self.contents, self.version = contents, version
        self.emulator.before_write = before

    def _fill(self) -> None:
        """Make new numbers."""
        self.later = max(self.later, self.version) + 1
        self.version = self.later
        self.contents = {
            "funnel": self._grid("funnel", 1 + self.dice.randrange(6), 2 + self.dice.randrange(2)),
            "log": self._grid("log", 1, 2),
            "deals": self._grid("deals", 1 + self.dice.randrange(6), 2) if self.moving else grid(),
        }

    def _keep(self, outcomes: Sequence[TableOutcome]) -> None:
        if any(outcome.name == "log" and outcome.status in WELL for outcome in outcomes):
            self.logged.append(f"{OURS}log {self.version} 0")

    def _act(self, act: Act) -> None:
        outside = set(self._ours(inside=False))
        title = self.emulator.spreadsheets[ID].tabs[0].title
        try:
            act(self.emulator.user(ID), self.dice, title)
        except Exception as refused:
            if type(refused).__name__ != "GoogleRefusal":  # what is not possible did not happen
                raise
            return
        self.disturbed += 1
        # what a person carried somewhere else with their own hands is theirs
        self.carried.update(text for *_, text in set(self._ours(inside=False)) - outside)

    def _pushed_out(self) -> list[str]:
        """Return the texts in the area of a table, but not in the cells that its last batch wrote at that corner."""
        stand, written = areas(self.emulator, self.names), fences(self.emulator, self.names)
        grown = [stand[name] for name in written if stand[name].corner == written[name].corner]
        return [text for *place, text in self._ours(inside=False) if any(_holds(area, place) for area in grown)]

    def _ours(self, *, inside: bool) -> list[tuple[int, int, int, str]]:
        """Return the texts of tables that stand in the cells of their own table, or elsewhere."""
        stand = held(self.emulator, self.names)
        return [
            (tab, row, column, text)
            for tab, row, column, text in texts(self.emulator)
            if text.startswith((OURS, "Data of"))
            and any(
                _holds(area, (tab, row, column)) for name, area in stand.items() if name in text or "Data of" in text
            )
            == inside
        ]

    def _remember(self) -> None:
        reserved = self._reserved()  # until the cells are given back: large tables are written some batches later
        self.taken = {place for place in self.taken if any(_holds(area, place) for area in reserved)}
        self.before = {
            (tab.sheet_id, row, column): cell
            for tab in self.emulator.spreadsheets[ID].tabs
            for row, cells in tab.cells.items()
            for column, cell in cells.items()
            if isinstance(cell.value, str)
            and cell.value.startswith("mine")
            and (tab.sheet_id, row, column) not in self.taken | self.slid
        }
        self.owned = held(self.emulator, self.names)

    def _check_untouched(self) -> None:
        """Look whether each cell of the person is as it was just before the change, but in the tables' own cells."""
        for (tab, row, column), cell in self.before.items():
            if any(_holds(area, (tab, row, column)) for area in self.owned.values()):
                continue
            if self.emulator.spreadsheets[ID].tab_of(tab).cell(row, column) != cell:
                raise Wrong(f"{cell.value} in row {row + 1}, column {column + 1} was changed")

    def check(self, outcomes: Sequence[TableOutcome]) -> None:
        """Raise Wrong unless both tables are whole and of the last version, and all there is of them is there once."""
        if not all(outcome.status in WELL for outcome in outcomes):
            raise Wrong(f"the undisturbed run ends with {outcomes}")
        self.check_whole()
        spreadsheet = self.emulator.spreadsheets[ID]
        places = areas(self.emulator, self.names)
        for name in self.names:
            ids = table_ids(name)
            fences = [item for item in spreadsheet.named_ranges if ids.generation(item["namedRangeId"]) is not None]
            if len(fences) != 1 or fences[0]["range"] != _json(places[name]):
                raise Wrong(f"the fences of {name} are {fences}, its area is {places[name]}")
            marks = {
                (item["metadataId"], lines["dimension"], lines["startIndex"])
                for item in spreadsheet.metadata
                if (lines := item["location"].get("dimensionRange")) and item["metadataId"] in ids.marks
            }
            if marks != set(marks_of(ids, places[name])):
                raise Wrong(f"the marks of {name} are {marks}, its area is {places[name]}")
        kinds = Counter(item["metadataKey"] for item in spreadsheet.metadata)
        if kinds != {MARK_KEY: 4 * len(self.names), STATE_KEY: len(self.names)}:
            raise Wrong(f"there are {kinds}")
        strays = Counter(text for *_, text in self._ours(inside=False)) - self.carried
        if strays:
            raise Wrong(f"of the tables there are also {sorted(strays)} elsewhere")

    def check_whole(self, *, any_version: bool = False) -> None:
        """Raise Wrong unless the tables are whole and of one version, and the history has each block once."""
        places = areas(self.emulator, self.names)
        for name in self.names:
            if name != "log":
                self._check_table(name, places[name], any_version=any_version)
        self._check_log(places["log"], any_version=any_version)

    def _check_table(self, name: str, place: Rectangle, *, any_version: bool) -> None:
        spreadsheet = self.emulator.spreadsheets[ID]
        tab = spreadsheet.tab_of(place.tab)
        rows = [
            [tab.cell(row, c).value for c in range(place.left, place.right)] for row in range(place.top, place.bottom)
        ]
        if any_version:
            versions = {str(row[0]).split()[2] for row in rows[1:] if row[0]}
            if len(versions) != 1 or "Data of" not in str(rows[0][0]):
                raise Wrong(f"the table is of the versions {versions}: {rows}")
        else:
            wanted = [[*row.values] for row in self.contents[name].rows]
            if rows[1:] != wanted:
                raise Wrong(f"the table shows {rows[1:]}, not {wanted}")

    def _check_log(self, log: Rectangle, *, any_version: bool) -> None:
        tab = self.emulator.spreadsheets[ID].tab_of(log.tab)
        blocks = Counter(
            str(tab.cell(row, column).value)
            for row in range(log.top, log.bottom)
            for column in range(log.left, log.right)
            if str(tab.cell(row, column).value).endswith(" 0")
        )
        twice = {text for text, count in blocks.items() if count > 1 and text not in self.carried}
        if twice:
            raise Wrong(f"the history has {twice} more than once")
        if not any_version and f"{OURS}log {self.version} 0" not in blocks:
            raise Wrong(f"the history lacks the block of version {self.version}: {blocks}")
        if not self.acts and (lost := set(self.logged) - set(blocks)):
            raise Wrong(f"the history has lost {lost}")


class _Watched:
    """An emulator between which and a client somebody watches."""

    def __init__(self, handle: Any, owner: Emulator) -> None:
        self.handle, self.owner = handle, owner


def _holds(area: Rectangle, place: Sequence[int]) -> bool:
    tab, row, column = place
    return area.tab == tab and area.top <= row < area.bottom and area.left <= column < area.right


def _json(area: Rectangle) -> dict[str, int]:
    return {key: value for key, value in area.json().items() if key != "sheetId" or value}
