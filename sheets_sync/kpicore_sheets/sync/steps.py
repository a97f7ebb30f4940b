"""The steps of a table, each as the requests of a batch: to reserve cells, to write, to fit the area, to withdraw.

In each the fence goes to the next generation and the marks are made anew, so that the batch is refused when another
writer was faster or somebody moved rows or columns. `written` moves the guard and leaves the area alone, the others
the other way round: what is left alone tells whether cells were shifted under the batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from kpicore_sheets.sync import requests
from kpicore_sheets.sync.aim import Aim, held_cells
from kpicore_sheets.sync.cells import row_data
from kpicore_sheets.sync.charts import chart_requests, charts_digest, charts_removed
from kpicore_sheets.sync.ids import number_id
from kpicore_sheets.sync.looks import look_requests
from kpicore_sheets.sync.placing import PlacedTable, edges
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet, SeenTab
from kpicore_sheets.sync.staging import (
    copied,
    notes_written,
    staging_id,
    staging_made,
    staging_removed,
    staging_title,
)
from kpicore_sheets.sync.state import FITTED, RESERVED, TableState, short_digest, state_text
from kpicore_sheets.sync.task import TableTask
from kpicore_sheets.sync.tints import are_there, rules_followed, rules_made, rules_removed, tints_digest
from kpicore_sheets.sync.widths import widths_set
from kpicore_sheets.table import FormulaContent

Json = dict[str, Any]
_MOST_CHARTS = 100


@dataclass(frozen=True, slots=True)
class Staged:
    """The rows of a table that are to stand in a tab of their own before the batch is sent, which copies them.

    Where it `is_growing` the cells that it takes are read once more after that: to bring rows there takes seconds.
    """

    tab: int
    title: str
    first: int
    end: int
    is_growing: bool


@dataclass(frozen=True, slots=True)
class Action:
    """The requests of a step, and how the answer tells that all went well.

    `tabs` are those whose size is probed, `witness` is where a range that was left alone is to be: ("area", …) or
    ("guard", …). `replaced` are rules of conditional formats as they were read, by the place of the request. `shown`
    are cells that the answer is to bring, of tabs by title. With a `refusal` the step gives back what was reserved.
    `staged` are the values that are to be there before, `stages` is the tab for them that the batch makes.
    It `writes` the content, or `leaves` nothing of the table where it stood.
    """

    name: str
    batch: str
    requests: tuple[Json, ...]
    tabs: tuple[SeenTab, ...]
    fence: tuple[str, Rectangle] | None = None
    witness: tuple[str, Rectangle] | None = None
    replaced: tuple[tuple[int, Json], ...] = ()
    shown: tuple[tuple[str, Rectangle], ...] = ()
    refusal: str = ""
    staged: Staged | None = None
    stages: int = 0
    leaves: bool = False
    writes: bool = False


def make_tab(task: TableTask) -> Action:
    """Return the step that makes the hidden tab for the answers to formulas."""
    rows, columns = max(task.content.height, 1), max(task.content.width, 1)
    made = requests.tab_made(number_id(f"tab/{task.table.tab}/{task.batch}"), task.table.tab, rows, columns)
    return Action(task.table.name, task.batch, (made,), ())


def reserve(task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable | None, aim: Aim) -> Action:
    """Return the step that puts area and marks around all cells that are to be written."""
    ids, name, generation = task.ids, task.table.name, _next(placed)
    full = aim.target
    if placed and placed.rectangle:
        full = placed.rectangle.around(aim.target)
    around = aim.held if aim.held.height else full
    spare = full.height - aim.held.height, full.width - aim.held.width
    state = replace(
        placed.state if placed else TableState(),
        batch=task.batch,
        last=RESERVED,
        spare=spare[0],
        spare_columns=spare[1],
        cell=task.place,
    )
    todo = [
        *_opened(placed),
        *requests.room_made(tab, full.bottom, full.right),
        *map(requests.cells_cleared, placed.strays if placed else ()),
        requests.area_placed(ids, name, placed, full),
        *([] if placed and placed.guard else requests.guard_placed(ids, name, None, around)),
        *requests.marks_made(ids, full),
        *requests.state_kept(ids, placed, state_text(state)),
        requests.fence_made(ids, name, generation, full),
    ]
    if placed is None and not isinstance(task.table.content, FormulaContent):
        todo += widths_set(task.content.rows, aim.target, seen.widths)
    stages = aim.is_large and not task.staging
    todo += _staging_made(task, aim) if stages else ()
    growth = [part for part in aim.growth if part.within(tab.rows, tab.columns)]
    shown = [(tab.title, part) for part in (*edges(full), *growth)]
    guard = placed.guard if placed else None
    return Action(
        name,
        task.batch,
        tuple(todo),
        _probed(seen, tab, placed),
        (ids.fence(generation), full),
        ("guard", guard.rectangle) if guard else None,
        shown=tuple(shown),
        stages=staging_id(task.batch) if stages else 0,
    )


def write(task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable, aim: Aim) -> Action:
    """Return the step that writes values, notes and looks, and clears what the table leaves."""
    ids, name, generation, content = task.ids, task.table.name, _next(placed), task.content
    target, is_new = aim.target, not placed.state.content
    tints = tints_digest(content.tints)
    state = TableState(
        # another run may have added a block after this one did
        content=placed.state.content if task.is_history and task.run in placed.state.runs.split() else content.digest,
        batch=task.batch,
        corner=content.corner,
        cell=task.place,
        looks=content.looks,
        tints=tints,
        header=content.header,
        charts=charts_digest(content.charts, content.height) or placed.state.charts,
        settings=task.settings,
        runs=placed.state.with_run(task.run) if task.is_history else "",
    )
    todo = _opened(placed)
    staged = None
    for piece in aim.pieces:
        if task.staging and piece == aim.largest:
            staged = Staged(task.staging, staging_title(task.staging, name), piece.first, piece.end, bool(aim.growth))
            todo.append(copied(task.staging, piece.rectangle))
            todo += notes_written(content, piece.rectangle, piece.first, piece.end)
            todo += staging_removed(task.staging)
        else:
            todo.append(requests.cells_written(piece.rectangle, row_data(content.cells(piece.first, piece.end))))
    todo += map(requests.cells_cleared, (*aim.leaving, *_outside(placed.strays, target)))
    styled = (target,) if is_new or placed.state.looks != content.looks else aim.growth
    for piece in aim.pieces:
        todo += look_requests(piece.rectangle, content.rows[piece.first : piece.end], styled)
    replaced = list[tuple[int, Json]]()
    for request, rule in _rules(task, tab, placed, aim):
        replaced.append((len(todo), rule))
        todo.append(request)
    if is_new or not _are_followed(task, tab, placed, aim):
        todo += rules_made(target, content.tints)
    todo += chart_requests(ids, seen.tabs, aim.held, target, content, placed.state.charts)
    todo += requests.names_made(ids, seen, target, content.names)
    todo += requests.guard_placed(ids, name, placed, target)
    todo += requests.marks_made(ids, target)
    todo += requests.state_kept(ids, placed, state_text(state))
    todo.append(requests.fence_made(ids, name, generation, target))
    area = placed.area.rectangle if placed.area else None
    return Action(
        name,
        task.batch,
        tuple(todo),
        _probed(seen, tab, placed),
        (ids.fence(generation), target),
        ("area", area) if area else None,
        tuple(replaced),
        staged=staged,
        writes=True,
    )


def stage(task: TableTask, tab: SeenTab, placed: PlacedTable, aim: Aim) -> Action:
    """Return the step that makes the hidden tab for the values of a large table."""
    growth = [part for part in aim.growth if part.within(tab.rows, tab.columns)]
    known = edges(placed.rectangle) if placed.rectangle else ()
    shown = tuple((tab.title, part) for part in (*known, *growth))
    return Action(
        task.table.name, task.batch, (*_staging_made(task, aim),), (), shown=shown, stages=staging_id(task.batch)
    )


def stage_first(task: TableTask, shown: tuple[tuple[str, Rectangle], ...]) -> Action:
    """Return the same step for a table that was not read yet; `shown` are the cells in which it is expected."""
    content, id = task.content, staging_id(task.batch)
    made = tuple(staging_made(task.batch, task.table.name, content.height, content.width))
    return Action(task.table.name, task.batch, made, (), shown=shown, stages=id)


def _staging_made(task: TableTask, aim: Aim) -> Iterable[Json]:
    largest = aim.largest.rectangle
    return staging_made(task.batch, task.table.name, largest.height, largest.width)


def fit(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable, target: Rectangle) -> Action:
    """Return the step that gives the area the cells that the table has come to have."""
    ids, name, generation = task.ids, task.table.name, _next(placed)
    state = replace(placed.state, batch=task.batch, last=FITTED, spare=0, spare_columns=0)
    todo = [
        *_opened(placed),
        requests.area_placed(ids, name, placed, target),
        *requests.marks_made(ids, target),
        *requests.state_kept(ids, placed, state_text(state)),
        requests.fence_made(ids, name, generation, target),
    ]
    guard = placed.guard
    witness = ("guard", guard.rectangle) if guard else None
    probed = _probed(seen, seen.tabs[target.tab], placed)
    return Action(name, task.batch, tuple(todo), probed, (ids.fence(generation), target), witness)


def withdraw(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable) -> Action:
    """Return the step that leaves nothing of a table: it is to stand elsewhere, or its cells are gone."""
    ids = task.ids
    tab = seen.tabs.get(placed.rectangle.tab) if placed.rectangle else None
    todo = _opened(placed)
    replaced = list[tuple[int, Json]]()
    if placed.rectangle and tab:
        if held := held_cells(placed):
            todo.append(requests.cells_cleared(held))
            for request, rule in rules_removed(tab, held):
                replaced.append((len(todo), rule))
                todo.append(request)
        todo += map(requests.cells_cleared, placed.strays)
    charts = {id for other in seen.tabs.values() for id in other.charts}
    todo += charts_removed(ids, charts, range(_MOST_CHARTS))
    todo += requests.left_removed(ids, placed, seen)
    probed = (tab,) if tab else ()
    return Action(task.table.name, task.batch, tuple(todo), probed, replaced=tuple(replaced), leaves=True)


def told(task_ids: Any, name: str, batch: str, placed: PlacedTable, tab: SeenTab, text: str, failure: str) -> Action:
    """Return the step that says in the stamp of a table why it was not refreshed; its numbers stay.

    `failure` stands for that in what the table remembers.
    """
    assert placed.rectangle is not None
    ids, generation, corner = task_ids, _next(placed), placed.rectangle.sized(1, 1)
    state = replace(placed.state, batch=batch, corner=short_digest(text), failed=failure)
    todo = [
        *_opened(placed),
        {
            "updateCells": {
                "range": corner.json(),
                "rows": [{"values": [{"userEnteredValue": {"stringValue": text}}]}],
                "fields": "userEnteredValue",
            }
        },
        *requests.marks_made(ids, placed.rectangle),
        *requests.state_kept(ids, placed, state_text(state)),
        requests.fence_made(ids, name, generation, placed.rectangle),
    ]
    return Action(name, batch, tuple(todo), (tab,), (ids.fence(generation), placed.rectangle))


def _opened(placed: PlacedTable | None) -> list[Json]:
    """Return what lets the batch be refused when something is not as it was read."""
    return [*requests.fence_removed(placed), *requests.marks_removed(placed)] if placed else []


def _rules(task: TableTask, tab: SeenTab, placed: PlacedTable, aim: Aim) -> Iterable[tuple[Json, Json]]:
    tints = task.content.tints
    if not aim.held.height:
        return ()
    if _are_followed(task, tab, placed, aim):
        return rules_followed(tab, aim.held, aim.target, tints)
    return rules_removed(tab, aim.held, tints)


def _are_followed(task: TableTask, tab: SeenTab, placed: PlacedTable, aim: Aim) -> bool:
    """Return whether rules of the bands stand already and only have to follow the table."""
    tints = task.content.tints
    if placed.state.tints != tints_digest(tints):
        return False
    return not task.anew or are_there(tab, aim.held, aim.target, tints)


def _outside(parts: Iterable[Rectangle], target: Rectangle) -> list[Rectangle]:
    return [rest for part in parts for rest in part.without(target)]


def _probed(seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable | None) -> tuple[SeenTab, ...]:
    """Return the tabs that may not have fewer rows or columns than were read."""
    marked = {mark.tab for mark in placed.marks.values() if mark.tab is not None} if placed else set()
    return (tab, *(seen.tabs[id] for id in marked if id != tab.id and id in seen.tabs))


def _next(placed: PlacedTable | None) -> int:
    return placed.generation + 1 if placed else 1
