"""What a run would change, cell by cell, without changing anything: `kpi sheets sync --dry-run`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kpicore import KpiError
from kpicore_sheets.port import Spreadsheets
from kpicore_sheets.sync.aim import Aim
from kpicore_sheets.sync.changed_cells import SAME, ChangedCell, change_lines
from kpicore_sheets.sync.placing import placed_table
from kpicore_sheets.sync.plan import LookCloser, Settled, next_step, placement
from kpicore_sheets.sync.reading import LastRun, closer, whole
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenCell, SeenSpreadsheet
from kpicore_sheets.sync.spreadsheet_run import TableWork, standing
from kpicore_sheets.sync.steps import Action
from kpicore_sheets.sync.task import TableTask
from kpicore_xlsx.grid import Scalar
from kpicore_xlsx.number_formats import DAY_FORMAT, MOMENT_FORMAT

_MOST_LOOKS = 5
_NOTHING = SeenCell()


@dataclass(frozen=True, slots=True)
class TableDifferences:
    """What would change in a table: how many cells, and the lines that tell of them; or why it would not be written.

    It `changes` also where it has another place or other looks alone.
    """

    name: str
    lines: tuple[str, ...] = ()
    cells: int = 0
    changes: bool = False
    error: str = ""

    @property
    def words(self) -> str:
        """What would change, in short: "12 cells"."""
        if self.error:
            return self.error
        if self.cells:
            return f"{self.cells:,} cell{'' if self.cells == 1 else 's'}"
        return "no cell changes, but its looks or its place do" if self.changes else "nothing changes"


def differences(
    google: Spreadsheets, spreadsheet: str, works: Sequence[TableWork], last: Mapping[str, LastRun]
) -> list[TableDifferences]:
    """Return what would change in the tables of a spreadsheet. Raises KpiError when it cannot be read."""
    settings = {name: run.settings for name, run in last.items()}
    tasks = {
        name: TableTask(work.table, work.content, "dry.0", last_settings=settings.get(name, ""))
        for work in works
        if work.content and (name := work.table.name)
    }
    seen = _seen(google, spreadsheet, list(tasks.values()))
    claimed = standing(works, seen)
    results = []
    for work in works:
        name = work.table.name
        if name not in tasks:
            results.append(TableDifferences(name, error=work.error))
            continue
        others = {other: part for other, part in claimed.items() if other != name}
        step = next_step(tasks[name], seen, others)
        if isinstance(step, Action) and step.fence:
            claimed[name] = step.fence[1]  # as in a run, the ones after it cannot have these cells
        if isinstance(step, Settled) and step.error:
            results.append(TableDifferences(name, error=step.error))
        else:
            cells = list(_cells(tasks[name], seen))
            count = sum(cell.kind != SAME for cell in cells)
            changes = not isinstance(step, Settled)
            results.append(TableDifferences(name, tuple(change_lines(cells)), count, changes))
    return results


def _seen(google: Spreadsheets, spreadsheet: str, tasks: Sequence[TableTask]) -> SeenSpreadsheet:
    """Return the spreadsheet with all cells that tables have or would have. Raises KpiError."""
    for _ in range(_MOST_LOOKS):
        seen = whole(google, spreadsheet)
        parts = [part for task in tasks for part in _cells_of(task, seen)]
        looked = closer(google, spreadsheet, seen, [LookCloser(tuple(parts), marks=True)]) if parts else seen
        if looked is not None:
            return looked
    raise KpiError("the spreadsheet changes faster than it can be read.", hint="Try again later.")


def _cells_of(task: TableTask, seen: SeenSpreadsheet) -> Iterator[Rectangle]:
    placed = placed_table(task.ids, seen)
    place = placement(task, seen, placed)
    if placed and placed.rectangle:
        yield placed.rectangle
    if place:
        yield from (place.aim.target, *place.aim.growth)


def _cells(task: TableTask, seen: SeenSpreadsheet) -> Iterator[ChangedCell]:
    """Yield the cells that a table has and would have, row by row."""
    placed = placed_table(task.ids, seen)
    place = placement(task, seen, placed)
    if place is None:
        yield from _of_new_tab(task)
        return
    wanted = _wanted(task, seen, place.aim)
    left = [part for part in (*place.aim.leaving, *(placed.strays if placed else ()))]
    if placed and placed.rectangle and place.stands is None:
        left.append(placed.rectangle)
    gone = {
        (part.tab, row, column): ChangedCell(
            seen.tabs[part.tab].title, row, column, cell, pattern=_pattern_below(task, column - part.left)
        )
        for part in left
        for row, column, cell in seen.filled(part)
    }
    for at, cell in sorted({**gone, **wanted}.items()):
        is_stamp = placed is not None and at == place.aim.target.corner
        if placed and is_stamp and placed.state.is_first_cell((cell.before.value or {}).get("stringValue", "")):
            continue  # it tells when it was written
        yield cell


def _pattern_below(task: TableTask, column: int) -> str:
    """Return how numbers of a column of the table are shown: rows that leave it were of it."""
    looks = task.content.rows[-1].looks if task.content.rows else ()
    return looks[column].number_format if column < len(looks) else ""


def _of_new_tab(task: TableTask) -> Iterator[ChangedCell]:
    """Yield the cells of a table whose tab would be made."""
    content = task.content
    for row, cells in enumerate(content.cells(0, content.height)):
        for column, cell in enumerate(cells):
            yield ChangedCell(task.table.tab, row, column, _NOTHING, cell.get("userEnteredValue"))


def _wanted(task: TableTask, seen: SeenSpreadsheet, aim: Aim) -> dict[tuple[int, int, int], ChangedCell]:
    wanted = {}
    for piece in aim.pieces:
        area, title = piece.rectangle, seen.tabs[piece.rectangle.tab].title
        rows = zip(task.content.rows[piece.first : piece.end], task.content.cells(piece.first, piece.end), strict=True)
        for row, (shown, cells) in enumerate(rows, area.top):
            for column, (look, cell) in enumerate(zip(shown.looks, cells, strict=True), area.left):
                at = area.tab, row, column
                pattern = look.number_format or _day_pattern(shown.values[column - area.left])
                value, note = cell.get("userEnteredValue"), cell.get("note", "")
                wanted[at] = ChangedCell(title, row, column, seen.cells.get(at, _NOTHING), value, note, pattern)
    return wanted


def _day_pattern(value: Scalar) -> str:
    return MOMENT_FORMAT if isinstance(value, datetime) else DAY_FORMAT if isinstance(value, date) else ""
