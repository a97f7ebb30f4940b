"""What a run would change, cell by cell, without changing anything: `kpi sheets sync --dry-run`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kpicore import KpiError
from kpicore_sheets.port import Spreadsheets
from kpicore_sheets.sync.aim import Aim
from kpicore_sheets.sync.changed_cells import SAME, ChangedCell, change_lines
from kpicore_sheets.sync.ids import moving_name, owner, table_ids
from kpicore_sheets.sync.moving import reserved_beside
from kpicore_sheets.sync.placing import placed_table, without_table
from kpicore_sheets.sync.plan import LookCloser, Settled, is_to_be_written, next_step, placement
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
    tasks = {work.table.name: task for work in works if (task := _task(work, last.get(work.table.name)))}
    seen = _seen(google, spreadsheet, works, tasks)
    told = {work.table.name: TableDifferences(work.table.name, error=work.error) for work in works}
    told |= _foreseen(works, tasks, seen)
    return [told[work.table.name] for work in works]


def _task(work: TableWork, last: LastRun | None) -> TableTask | None:
    if work.content is None:
        return None
    task = TableTask(work.table, work.content, "dry.0", work.settings)
    return replace(task, last_settings=last.settings, last_generation=last.generation) if last else task


def _foreseen(
    works: Sequence[TableWork], tasks: Mapping[str, TableTask], seen: SeenSpreadsheet
) -> dict[str, TableDifferences]:
    """Return what a run would come to for each table: one that is refused waits for the cells that others leave."""
    claimed, told = standing(works, seen), dict[str, TableDifferences]()
    waiting = list(tasks)
    while waiting:
        freed, gone, again, frees = list[Rectangle](), list[str](), list[str](), False
        for name in waiting:
            step = _step(tasks[name], seen, claimed)
            error = step.error if isinstance(step, Settled) else step.refusal
            told[name] = TableDifferences(name, error=error) if error else _told(tasks[name], seen, step)
            withdrawn = step.withdrawn if isinstance(step, Action) and not error else ""
            if error or withdrawn:
                again.append(name)
            elif isinstance(step, Action):
                freed += _leaves(tasks[name], seen, claimed)
            gone += [withdrawn] if withdrawn else []
            frees = frees or (isinstance(step, Action) and step.frees)
        seen = _after(seen, claimed, freed, gone)
        waiting = again if frees else []
    return told


def _step(task: TableTask, seen: SeenSpreadsheet, claimed: Mapping[str, Rectangle]) -> Settled | Action:
    others = {name: part for name, part in claimed.items() if owner(name) != task.table.name}
    step = next_step(task, seen, others)
    if isinstance(step, LookCloser):
        raise KpiError("the spreadsheet changes faster than it can be read.", hint="Try again later.")
    return step


def _after(
    seen: SeenSpreadsheet, claimed: dict[str, Rectangle], freed: Sequence[Rectangle], gone: Sequence[str]
) -> SeenSpreadsheet:
    """Return a spreadsheet as it is when tables have left cells and others are gone; and let `claimed` say so."""
    for name in gone:
        claimed.pop(name, None)
        seen = without_table(seen, table_ids(name))
    for beside in [name for name in claimed if name != owner(name)]:
        claimed[owner(beside)] = claimed.pop(beside)
    return _emptied(seen, freed)


def _told(task: TableTask, seen: SeenSpreadsheet, step: Settled | Action) -> TableDifferences:
    if isinstance(step, Settled):
        return TableDifferences(task.table.name)
    cells = list(_cells(task, seen))
    count = sum(cell.kind != SAME for cell in cells)
    return TableDifferences(task.table.name, tuple(change_lines(cells)), count, changes=True)


def _leaves(task: TableTask, seen: SeenSpreadsheet, claimed: dict[str, Rectangle]) -> Iterator[Rectangle]:
    """Yield the cells that a table leaves; until it has left them, it is claimed beside them what it is to have."""
    place = placement(task, seen, placed_table(task.ids, seen))
    if place is None:
        return
    stood = place.moves.rectangle if place.moves else None
    claimed[moving_name(task.table.name)] = place.aim.target
    yield from stood.without(place.aim.target) if stood else place.aim.leaving


def _emptied(seen: SeenSpreadsheet, parts: Sequence[Rectangle]) -> SeenSpreadsheet:
    """Return a spreadsheet as it is when some cells are empty."""
    gone = {(part.tab, row, column) for part in parts for row, column, _ in seen.filled(part)}
    return replace(seen, cells={at: cell for at, cell in seen.cells.items() if at not in gone}) if gone else seen


def _seen(
    google: Spreadsheets, spreadsheet: str, works: Sequence[TableWork], tasks: Mapping[str, TableTask]
) -> SeenSpreadsheet:
    """Return the spreadsheet with all cells that tables have or would have. Raises KpiError."""
    for _ in range(_MOST_LOOKS):
        seen: SeenSpreadsheet | None = whole(google, spreadsheet)
        looks = [LookCloser(tuple(_cells_of(task, seen)), marks=True) for task in tasks.values()] if seen else []
        while seen and looks:
            seen = closer(google, spreadsheet, seen, looks)
            looks = _looks(works, tasks, seen) if seen else []
        if seen is not None:
            return seen
    raise KpiError("the spreadsheet changes faster than it can be read.", hint="Try again later.")


def _looks(works: Sequence[TableWork], tasks: Mapping[str, TableTask], seen: SeenSpreadsheet) -> list[LookCloser]:
    """Return what tables have to look at before it is known what is to be done for them."""
    claimed = standing(works, seen)
    steps = [
        next_step(task, seen, {k: v for k, v in claimed.items() if owner(k) != name}) for name, task in tasks.items()
    ]
    return [step for step in steps if isinstance(step, LookCloser)]


def _cells_of(task: TableTask, seen: SeenSpreadsheet) -> Iterator[Rectangle]:
    placed = placed_table(task.ids, seen)
    for table in (placed, reserved_beside(task, seen)):
        if table and table.rectangle:
            yield table.rectangle
    # where a table has to begin anew it is to stand where kpi.toml says
    for place in (placement(task, seen, placed), placement(task, seen, None)):
        if place:
            yield from (place.aim.target, *place.aim.growth)


def _cells(task: TableTask, seen: SeenSpreadsheet) -> Iterator[ChangedCell]:
    """Yield the cells that a table has and would have, row by row; none where only what is around them would change."""
    placed = placed_table(task.ids, seen)
    place = placement(task, seen, placed)
    if place is None:
        yield from _of_new_tab(task)
        return
    if not is_to_be_written(task, seen, placed, place):
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
