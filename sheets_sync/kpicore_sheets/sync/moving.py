"""A table to which kpi.toml gives another place: it stands where it is until one batch writes it there.

The new cells are reserved first, under a name of their own, with area, fence and marks. Then a single batch, which is
refused when anything moved in either place, writes them, clears the old ones, and gives up that name. The guard stays
behind in it: it tells whether cells were shifted where the table stood, and follows afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from kpicore_sheets.sync import requests
from kpicore_sheets.sync.aim import Aim, held_cells
from kpicore_sheets.sync.charts import MOST_CHARTS, charts_moved
from kpicore_sheets.sync.ids import TableIds, moving_name, table_ids
from kpicore_sheets.sync.placing import PlacedTable, edges, placed_table
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import Protection, SeenSpreadsheet, SeenTab
from kpicore_sheets.sync.state import MOVED, RESERVED, TableState, state_text
from kpicore_sheets.sync.steps import Action, next_generation, opened, probed, withdraw
from kpicore_sheets.sync.task import TableTask
from kpicore_sheets.sync.tints import rules_removed
from kpicore_sheets.sync.widths import widths_set
from kpicore_sheets.sync.writing import write

Json = dict[str, Any]
Shown = tuple[tuple[str, Rectangle], ...]


def ids_beside(task: TableTask) -> TableIds:
    """Return what the cells are found by that a table has reserved to move there."""
    return table_ids(moving_name(task.table.name))


def reserved_beside(task: TableTask, seen: SeenSpreadsheet) -> PlacedTable | None:
    """Return what a table has reserved to move there, None where there is nothing."""
    return placed_table(ids_beside(task), seen)


def reserve_beside(task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable, aim: Aim) -> Action:
    """Return the step that reserves the cells to which a table moves."""
    ids, name, target = ids_beside(task), moving_name(task.table.name), aim.target
    state = TableState(
        batch=task.batch, last=RESERVED, spare=target.height, spare_columns=target.width, cell=task.place
    )
    todo = [
        *requests.room_made(tab, target.bottom, target.right),
        requests.area_placed(ids, name, None, target),
        *requests.marks_made(ids, target),
        *requests.state_kept(ids, None, state_text(state)),
        requests.fence_made(ids, name, 1, target),
        *widths_set(task.content.rows, target, seen.widths),
    ]
    shown = shown_of_both(seen, tab, placed, aim)
    return Action(
        task.table.name,
        task.batch,
        tuple(todo),
        probed(seen, tab, None),
        (ids.fence(1), target),
        shown=shown,
        frees=True,
        beside=True,
    )


def shown_of_both(seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable, aim: Aim) -> Shown:
    """Return the cells that an answer is to bring while a table moves: those that it is to have, and marks of both."""
    stood = placed.rectangle
    old = [(seen.tabs[stood.tab].title, part) for part in edges(stood)] if stood else []
    inside = aim.target.within(tab.rows, tab.columns)
    return (*old, *((tab.title, part) for part in (*edges(aim.target), *([inside] if inside else ()))))


def give_up(task: TableTask, seen: SeenSpreadsheet, reserved: PlacedTable) -> Action:
    """Return the step that leaves nothing of the cells which a table has reserved to move there."""
    beside = replace(task, table=replace(task.table, name=moving_name(task.table.name)))
    return replace(withdraw(beside, seen, reserved), name=task.table.name)


def move(
    task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable, reserved: PlacedTable, aim: Aim
) -> Action:
    """Return the step that writes a table into the cells it has reserved, and leaves nothing where it stood."""
    ids, target, charts = task.ids, aim.target, placed.state.charts.partition(" ")[0]
    both = replace(
        placed,
        rectangle=reserved.rectangle,
        fences=(*placed.fences, *reserved.fences),
        marks={**placed.marks, **reserved.marks},
        guard=Protection(ids.guard, target) if placed.guard else None,
        state=TableState(last=RESERVED, charts=f"{charts} moved" if charts else ""),
    )
    # those that stand move, so only what kpi.toml has more of is made
    without_own = replace(seen, tabs={id: _without_charts(other, ids) for id, other in seen.tabs.items()})
    action = write(task, without_own, tab, both, aim, _left(task, seen, tab, placed, reserved, aim), MOVED)
    witness = ("guard", placed.guard.rectangle) if placed.guard else None
    return replace(action, witness=witness, shown=shown_of_both(seen, tab, placed, aim), frees=True)


def _left(
    task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable, reserved: PlacedTable, aim: Aim
) -> Iterator[tuple[Json, Json | None]]:
    """Yield what leaves nothing of a table where it stood, and brings what belongs to it to its new cells."""
    ids, target = task.ids, aim.target
    if held := held_cells(placed):
        yield from _emptied(task, seen, (held, *placed.strays), target)
    yield requests.area_placed(ids, task.table.name, placed, target), None
    for request in charts_moved(ids, seen.tabs, tab, target, task.content.charts, wanted=task.wants_charts):
        yield request, None
    for request in (*requests.marks_gone(reserved), *requests.left_removed(ids_beside(task), reserved, seen)):
        yield request, None


def _emptied(
    task: TableTask, seen: SeenSpreadsheet, parts: tuple[Rectangle, ...], target: Rectangle
) -> Iterator[tuple[Json, Json | None]]:
    """Yield what clears cells outside of those that the table has now, and removes the rules of its bands there."""
    for part in parts:
        for rest in part.without(target):
            yield requests.cells_cleared(rest), None
    yield from rules_removed(seen.tabs[parts[0].tab], parts[0], task.content.tints)


def _without_charts(tab: SeenTab, ids: TableIds) -> SeenTab:
    own = {ids.chart(number) for number in range(MOST_CHARTS)}
    return replace(tab, charts=MappingProxyType({id: chart for id, chart in tab.charts.items() if id not in own}))


def is_behind(placed: PlacedTable) -> bool:
    """Return whether the guard of a table that has moved has yet to follow."""
    guard, rectangle = placed.guard, placed.rectangle
    if placed.state.last != MOVED or rectangle is None:
        return False
    return guard is None or guard.rectangle.corner != rectangle.corner


def settle(task: TableTask, seen: SeenSpreadsheet, placed: PlacedTable, target: Rectangle) -> Action:
    """Return the step that lets the guard follow a table that has moved.

    What cells that were shifted under the move have carried away of the table is where the guard is, unless that has
    followed already, to where the table is no more.
    """
    ids, name, generation, guard = task.ids, task.table.name, next_generation(placed), placed.guard
    before, left = opened(placed), list[tuple[Json, Json | None]]()
    if guard and task.shifted and guard.rectangle != placed.written:
        left += _emptied(task, seen, (guard.rectangle,), target)
    todo = [
        *before,
        *(request for request, _ in left),
        *([{"deleteProtectedRange": {"protectedRangeId": ids.guard}}] if guard else []),
        *requests.guard_placed(ids, name, None, target),
        *requests.marks_made(ids, target),
        *requests.state_kept(ids, placed, state_text(replace(placed.state, batch=task.batch))),
        requests.fence_made(ids, name, generation, target),
    ]
    replaced = tuple((len(before) + at, rule) for at, (_, rule) in enumerate(left) if rule is not None)
    witness = ("area", placed.area.rectangle) if placed.area and placed.area.rectangle else None
    tabs = probed(seen, seen.tabs[target.tab], placed)
    return Action(name, task.batch, tuple(todo), tabs, (ids.fence(generation), target), witness, replaced)
