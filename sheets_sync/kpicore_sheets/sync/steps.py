"""The steps of a table, each as the requests of a batch: to reserve cells, to fit the area, to withdraw; see `writing`.

In each the fence goes to the next generation and the marks are made anew, so that the batch is refused when another
writer was faster or somebody moved rows or columns. To write moves the guard and leaves the area alone, the others do
it the other way round: what is left alone tells whether cells were shifted under the batch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kpicore_sheets.sync import requests
from kpicore_sheets.sync.aim import Aim, held_cells
from kpicore_sheets.sync.charts import MOST_CHARTS, charts_removed
from kpicore_sheets.sync.ids import number_id
from kpicore_sheets.sync.placing import PlacedTable, edges
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet, SeenTab
from kpicore_sheets.sync.staging import staging_id, staging_made
from kpicore_sheets.sync.state import FITTED, RESERVED, TableState, last_without_values, short_digest, state_text
from kpicore_sheets.sync.task import TableTask
from kpicore_sheets.sync.tints import rules_removed
from kpicore_sheets.sync.widths import widths_set
from kpicore_sheets.table import FormulaContent

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """The requests of a step, and how the answer tells that all went well.

    `tabs` are those whose size is probed, `witness` is where a range that was left alone is to be: ("area", …) or
    ("guard", …). `replaced` are rules of conditional formats as they were read, by the place of the request. `shown`
    are cells that the answer is to bring, of tabs by title. With a `refusal` the step gives back what was reserved.
    `stages` is the hidden tab that the batch makes for the values, which are to be there before the next step.
    It `writes` the content, or `frees` cells for other tables, or will in one of the next steps. It is `beside` the
    table when it reserves the cells to which that moves. Of what is `withdrawn`, by name, nothing is left.
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
    stages: int = 0
    frees: bool = False
    writes: bool = False
    beside: bool = False
    withdrawn: str = ""


def make_tab(task: TableTask) -> Action:
    """Return the step that makes the hidden tab for the answers to formulas."""
    rows, columns = max(task.content.height, 1), max(task.content.width, 1)
    made = requests.tab_made(number_id(f"tab/{task.table.tab}/{task.batch}"), task.table.tab, rows, columns)
    return Action(task.table.name, task.batch, (made,), ())


def reserve(task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable | None, aim: Aim) -> Action:
    """Return the step that puts area and marks around all cells that are to be written."""
    ids, generation = task.ids, next_generation(placed)
    full = placed.rectangle.around(aim.target) if placed and placed.rectangle else aim.target
    guard = placed.guard if placed else None
    todo = [
        *opened(placed),
        *requests.room_made(tab, full.bottom, full.right),
        *map(requests.cells_cleared, placed.strays if placed else ()),
        requests.area_placed(ids, task.table.name, placed, full),
        *([] if guard else requests.guard_placed(ids, task.table.name, None, aim.held if aim.held.height else full)),
        *requests.marks_made(ids, full),
        *requests.state_kept(ids, placed, state_text(_reserved(task, placed, full, aim.held))),
        requests.fence_made(ids, task.table.name, generation, full),
    ]
    if placed is None and not isinstance(task.table.content, FormulaContent):
        todo += widths_set(task.content.rows, aim.target, seen.widths)
    return Action(
        task.table.name,
        task.batch,
        tuple(todo),
        probed(seen, tab, placed),
        (ids.fence(generation), full),
        ("guard", guard.rectangle) if guard else None,
        shown=tuple((tab.title, part) for part in (*edges(full), *aim.growth)),
    )


def _reserved(task: TableTask, placed: PlacedTable | None, full: Rectangle, held: Rectangle) -> TableState:
    """Return what a table remembers that has reserved cells beside those that it holds."""
    before = placed.state if placed else TableState()
    spare, spare_columns = full.height - held.height, full.width - held.width
    return replace(before, batch=task.batch, last=RESERVED, spare=spare, spare_columns=spare_columns, cell=task.place)


def stage(task: TableTask, tab: SeenTab, placed: PlacedTable | None, aim: Aim) -> Action:
    """Return the step that makes the hidden tab for the values of a heavy table."""
    known = edges(placed.rectangle) if placed and placed.rectangle else ()
    parts = (part.within(tab.rows, tab.columns) for part in (*known, *aim.growth))
    return stage_first(task, tuple((tab.title, part) for part in parts if part))


def stage_first(task: TableTask, shown: tuple[tuple[str, Rectangle], ...]) -> Action:
    """Return the same step for a table that was not read yet; `shown` are the cells in which it is expected."""
    made = tuple(staging_made(task.batch, task.table.name, task.content))
    return Action(task.table.name, task.batch, made, (), shown=shown, stages=staging_id(task.batch))


def fit(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable, target: Rectangle) -> Action:
    """Return the step that gives the area the cells that the table has come to have."""
    ids, name, generation = task.ids, task.table.name, next_generation(placed)
    state = replace(placed.state, batch=task.batch, last=FITTED, spare=0, spare_columns=0)
    todo = [
        *opened(placed),
        requests.area_placed(ids, name, placed, target),
        *requests.marks_made(ids, target),
        *requests.state_kept(ids, placed, state_text(state)),
        requests.fence_made(ids, name, generation, target),
    ]
    guard = placed.guard
    witness = ("guard", guard.rectangle) if guard else None
    tabs = probed(seen, seen.tabs[target.tab], placed)
    return Action(name, task.batch, tuple(todo), tabs, (ids.fence(generation), target), witness)


def withdraw(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable, *, is_empty: bool = False) -> Action:
    """Return the step that leaves nothing of a table that has no numbers: none yet, or its cells are gone.

    Where they are there and were cleared (`is_empty`) they are left alone: somebody may take that back.
    """
    ids = task.ids
    tab = seen.tabs.get(placed.rectangle.tab) if placed.rectangle else None
    todo = opened(placed)
    replaced = list[tuple[int, Json]]()
    if placed.rectangle and tab:
        if held := held_cells(placed):
            for request, rule in rules_removed(tab, held):
                replaced.append((len(todo), rule))
                todo.append(request)
        todo += map(requests.cells_cleared, () if is_empty else placed.strays)
    charts = {id for other in seen.tabs.values() for id in other.charts}
    todo += charts_removed(ids, charts, range(MOST_CHARTS))
    todo += requests.marks_gone(placed)
    todo += requests.left_removed(ids, placed, seen)
    tabs = (tab,) if tab else ()
    name = task.table.name
    return Action(name, task.batch, tuple(todo), tabs, replaced=tuple(replaced), frees=True, withdrawn=name)


def told(task_ids: Any, name: str, batch: str, placed: PlacedTable, tab: SeenTab, text: str, failure: str) -> Action:
    """Return the step that says in the stamp of a table why it was not refreshed; its numbers stay.

    `failure` stands for that in what the table remembers.
    """
    assert placed.rectangle is not None
    ids, generation, corner = task_ids, next_generation(placed), placed.rectangle.sized(1, 1)
    last = last_without_values(placed.state)
    state = replace(placed.state, batch=batch, last=last, corner=short_digest(text), failed=failure)
    todo = [
        *opened(placed),
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


def opened(placed: PlacedTable | None) -> list[Json]:
    """Return what lets the batch be refused when something is not as it was read."""
    return [*requests.fence_removed(placed), *requests.marks_removed(placed)] if placed else []


def probed(seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable | None) -> tuple[SeenTab, ...]:
    """Return the tabs that may not have fewer rows or columns than were read."""
    marked = {mark.tab for mark in placed.marks.values() if mark.tab is not None} if placed else set()
    return (tab, *(seen.tabs[id] for id in marked if id != tab.id and id in seen.tabs))


def next_generation(placed: PlacedTable | None) -> int:
    """Return the generation that the next batch makes."""
    return placed.generation + 1 if placed else 1
