"""What a run would change, cell by cell, without changing anything: `kpi sheets sync --dry-run`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpicore import KpiError, harmless, shortened
from kpicore_sheets.addresses import cell_name
from kpicore_sheets.port import Spreadsheets
from kpicore_sheets.sync.aim import Aim
from kpicore_sheets.sync.cells import same_value
from kpicore_sheets.sync.placing import placed_table
from kpicore_sheets.sync.plan import LookCloser, Settled, next_step, placement
from kpicore_sheets.sync.reading import closer, whole
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenCell, SeenSpreadsheet
from kpicore_sheets.sync.spreadsheet_run import TableWork, standing
from kpicore_sheets.sync.steps import Action
from kpicore_sheets.sync.task import TableTask

_MOST_LOOKS = 5
_LONGEST = 60
_NOTHING = SeenCell()


@dataclass(frozen=True, slots=True)
class TableDifferences:
    """What would change in a table, a line a cell, or the error why it would not be written."""

    name: str
    lines: tuple[str, ...] = ()
    error: str = ""


def differences(google: Spreadsheets, spreadsheet: str, works: Sequence[TableWork]) -> list[TableDifferences]:
    """Return what would change in the tables of a spreadsheet. Raises KpiError when it cannot be read."""
    tasks = {work.table.name: TableTask(work.table, work.content, "dry.0") for work in works if work.content}
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
            results.append(TableDifferences(name, tuple(_lines(tasks[name], seen))))
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


def _lines(task: TableTask, seen: SeenSpreadsheet) -> Iterator[str]:
    """Yield what would change, row by row."""
    placed = placed_table(task.ids, seen)
    place = placement(task, seen, placed)
    if place is None:
        return
    corner = placed.state.corner if placed else ""
    wanted = _wanted(task, place.aim)
    left = [part for part in (*place.aim.leaving, *(placed.strays if placed else ()))]
    if placed and placed.rectangle and place.stands is None:
        left.append(placed.rectangle)
    gone: dict[tuple[int, int, int], Mapping[str, Any]] = {
        (part.tab, row, column): {} for part in left for row, column, _ in seen.filled(part)
    }
    for (tab, row, column), cell in sorted({**gone, **wanted}.items()):
        before = seen.cells.get((tab, row, column), _NOTHING)
        is_stamp = (tab, row, column) == place.aim.target.corner and bool(corner)
        if is_stamp and (before.value or {}).get("stringValue", "").startswith(corner):
            continue  # it tells when it was written
        if told := _change(before, cell):
            yield f"{seen.tabs[tab].title}!{cell_name(row, column)}: {told}"


def _wanted(task: TableTask, aim: Aim) -> dict[tuple[int, int, int], Mapping[str, Any]]:
    return {
        (piece.rectangle.tab, row, column): cell
        for piece in aim.pieces
        for row, cells in enumerate(task.content.cells(piece.first, piece.end), piece.rectangle.top)
        for column, cell in enumerate(cells, piece.rectangle.left)
    }


def _change(before: SeenCell, after: Mapping[str, Any]) -> str:
    """Return how a cell would change, "" where it would not."""
    old, new = before.value, after.get("userEnteredValue")
    if not same_value(old, new):
        if old is None:
            return f"{_shown(new)} (new)"
        return f"{_shown(old)} (gone)" if new is None else f"{_shown(old)} → {_shown(new)}"
    if before.note != after.get("note", ""):
        return f"note: {_shown({'': before.note})} → {_shown({'': after.get('note', '')})}"
    return ""


def _shown(value: Mapping[str, Any] | None) -> str:
    shown = next(iter((value or {"": ""}).values()))
    return repr(shortened(harmless(shown), _LONGEST)) if isinstance(shown, str) else str(shown)
