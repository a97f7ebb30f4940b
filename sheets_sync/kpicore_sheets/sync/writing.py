"""The steps that write a table: its values, notes and looks, and what of these one batch cannot take.

What a batch cannot take is never a value: notes and looks that are too many follow in batches of their own, each with
fence and marks, and the table remembers how far they have come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from kpicore_sheets import limits
from kpicore_sheets.compact_json import compact_json
from kpicore_sheets.sync import requests
from kpicore_sheets.sync.aim import Aim, Piece
from kpicore_sheets.sync.cells import byte_count, row_data
from kpicore_sheets.sync.charts import chart_requests, charts_digest, charts_without_rows
from kpicore_sheets.sync.content import TableContent
from kpicore_sheets.sync.dressing import dressing, fitting
from kpicore_sheets.sync.history_rules import history_rules
from kpicore_sheets.sync.looks import kinds_end
from kpicore_sheets.sync.placing import PlacedTable, reshaped
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet, SeenTab
from kpicore_sheets.sync.staging import copied, staged_rows, staging_removed
from kpicore_sheets.sync.state import WRITTEN, TableState, last_without_values, state_text
from kpicore_sheets.sync.steps import Action, next_generation, opened, probed
from kpicore_sheets.sync.task import TableTask
from kpicore_sheets.sync.tints import are_there, rules_followed, rules_made, rules_removed, tints_digest

Json = dict[str, Any]
_SHARE = 0.985
"""Of the bytes of a body, for one step: the rest is for what tells whether all is as it was read."""


def write(
    task: TableTask,
    seen: SeenSpreadsheet,
    tab: SeenTab,
    placed: PlacedTable,
    aim: Aim,
    further: Iterable[tuple[Json, Json | None]] = (),
    last: str = WRITTEN,
) -> Action:
    """Return the step that writes values, notes and looks, and clears what the table leaves.

    `further` goes with it: requests, each with the rule that was read at its place, if it is of one. The table
    remembers it as what was done `last`.
    """
    content, target = task.content, aim.target
    before = [*opened(placed), *_values(task, aim)]
    before += map(requests.cells_cleared, (*aim.leaving, *_outside(placed.strays, target)))
    rules = [*_rules(task, tab, placed, aim), *further]
    after = [request for request, _ in rules]
    after += chart_requests(
        task.ids,
        seen.tabs,
        aim.held,
        target,
        content,
        placed.state.charts,
        wanted=task.wants_charts,
        anew=reshaped(placed, aim.held) is not None,
    )
    after += requests.names_made(task.ids, seen, target, content.names)
    after += requests.guard_placed(task.ids, task.table.name, placed, target)
    state = _written(task, placed, aim, last)
    framed = [*_framed(task, placed, target, state)]
    dress, rest = _dress(task, placed, aim, _room(before, after, framed))
    if rest:
        framed = [*_framed(task, placed, target, replace(state, rest=rest))]
    start = len(before) + len(dress)
    replaced = tuple((start + at, rule) for at, (_, rule) in enumerate(rules) if rule is not None)
    todo = (*before, *dress, *after, *framed)
    return replace(_sent(task, seen, tab, placed, todo, target), replaced=replaced, writes=True)


def finish(task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable, target: Rectangle) -> Action:
    """Return the step that brings notes and looks which the batches before had no room for."""
    content = task.content
    done, first = map(int, placed.state.rest.split())
    height = content.height - first
    block = Rectangle(target.tab, target.bottom - height, target.left, target.bottom, target.left + content.width)
    whole = _whole(content, Piece(block, first, content.height, 0))
    before = opened(placed)
    state = replace(placed.state, batch=task.batch, last=last_without_values(placed.state))
    framed = [*_framed(task, placed, target, state)]
    end = done + fitting(whole[done:], _room(before, framed))
    state = replace(state, rest=f"{end} {first}" if end < len(whole) else "")
    todo = (*before, *whole[done:end], *_framed(task, placed, target, state))
    return _sent(task, seen, tab, placed, todo, target)


def _sent(
    task: TableTask, seen: SeenSpreadsheet, tab: SeenTab, placed: PlacedTable, todo: tuple[Json, ...], target: Rectangle
) -> Action:
    """Return the step that leaves the area alone."""
    area = placed.area.rectangle if placed.area else None
    return Action(
        task.table.name,
        task.batch,
        todo,
        probed(seen, tab, placed),
        (task.ids.fence(next_generation(placed)), target),
        ("area", area) if area else None,
    )


def _written(task: TableTask, placed: PlacedTable, aim: Aim, last: str) -> TableState:
    """Return what a table remembers that is written."""
    content = task.content
    return TableState(
        # another run may have added a block after this one did
        content=placed.state.content if task.is_history and task.run in placed.state.runs.split() else content.digest,
        batch=task.batch,
        last=last,
        corner=content.corner if any(piece.first == 0 for piece in aim.pieces) else placed.state.corner,
        cell=task.place,
        looks=content.looks,
        tints=tints_digest(content.tints),
        header=content.header,
        charts=charts_digest(content.charts, content.height)
        or (charts_without_rows(placed.state.charts) if task.wants_charts else ""),
        settings=task.settings,
        shape=f"{aim.target.height}x{aim.target.width}",
        runs=placed.state.with_run(task.run) if task.is_history else "",
        block=aim.pieces[-1].rectangle.height if task.is_history and aim.pieces else 0,
    )


def _framed(task: TableTask, placed: PlacedTable, target: Rectangle, state: TableState) -> Iterator[Json]:
    yield from requests.marks_made(task.ids, target)
    yield from requests.state_kept(task.ids, placed, state_text(state))
    yield requests.fence_made(task.ids, task.table.name, next_generation(placed), target)


def _values(task: TableTask, aim: Aim) -> Iterator[Json]:
    """Yield what writes the values: those in the hidden tab are copied, the others have their notes."""
    content = task.content
    for piece in aim.pieces:
        start = piece.first
        if task.staging and piece == aim.largest:
            start = _staged_end(content, piece)
            if staged := _rows(piece, piece.first, start):
                yield copied(task.staging, piece.first, staged)
                yield {"repeatCell": {"range": staged.json(), "cell": {}, "fields": "note"}}
            yield from staging_removed(task.staging)
        if typed := _rows(piece, start, piece.end):
            yield requests.cells_written(typed, row_data(content.cells(start, piece.end)))


def _styled(task: TableTask, placed: PlacedTable, aim: Aim) -> tuple[Rectangle, ...]:
    """Return the cells that need their whole style: those that come, and those whose rows or columns have shifted.

    In the rows of the last kind nothing has shifted that is seen, so that what people made of their looks stays.
    """
    added = None if task.is_history else reshaped(placed, aim.held)
    if added is None:
        return aim.growth
    rows, columns = added
    end = aim.target.height if columns else min(kinds_end(task.content.rows) + max(rows, 0), aim.target.height)
    return (*aim.growth, aim.target.sized(end, aim.target.width))


def _staged_end(content: TableContent, piece: Piece) -> int:
    """Return the row behind the last one of a piece that is in the hidden tab."""
    return min(max(piece.first, staged_rows(content)[1]), piece.end)


def _rows(piece: Piece, first: int, end: int) -> Rectangle | None:
    """Return the cells of some rows of a piece, None of no rows."""
    area, top = piece.rectangle, piece.rectangle.top - piece.first
    return Rectangle(area.tab, top + first, area.left, top + end, area.right) if end > first else None


def _dress(task: TableTask, placed: PlacedTable, aim: Aim, room: int) -> tuple[list[Json], str]:
    """Return the notes and looks that have room in a batch, and what the table remembers of the others."""
    content, is_new = task.content, not placed.state.content
    styled = (aim.target,) if is_new or placed.state.looks != content.looks else _styled(task, placed, aim)
    dress = list[Json]()
    for piece in aim.pieces:
        is_staged = task.staging and piece == aim.largest
        noted = range(piece.first, _staged_end(content, piece)) if is_staged else range(0)
        own = dressing(content, piece, styled, noted)
        # the stamp of a history, which is another piece, has always room
        if piece.end == content.height and fitting(own, room) < len(own):
            own = _whole(content, piece)
            count = fitting(own, room)
            return [*dress, *own[:count]], f"{count} {piece.first}"
        dress += own
    return dress, ""


def _whole(content: TableContent, piece: Piece) -> list[Json]:
    """Return all notes and looks of cells, whatever they had before."""
    return dressing(content, piece, (piece.rectangle,), range(piece.first, piece.end))


def _room(*lists: Sequence[Json]) -> int:
    """Return how many bytes are left beside some requests."""
    taken = sum(byte_count(compact_json(items)) for items in lists)
    return int(_SHARE * limits.MOST_BYTES) - taken


def _rules(task: TableTask, tab: SeenTab, placed: PlacedTable, aim: Aim) -> Iterator[tuple[Json, Json | None]]:
    """Yield what lets the rules of the bands follow or makes them anew, with the rule that was read at its place."""
    if task.is_history:
        yield from history_rules(task, tab, placed, aim)
        return
    tints, follow = task.content.tints, _are_followed(task, tab, placed, aim)
    if aim.held.height:
        yield from rules_followed(tab, aim.held, aim.target, tints) if follow else rules_removed(tab, aim.held, tints)
    if not placed.state.content or not follow:
        for request in rules_made(aim.target, tints):
            yield request, None


def _are_followed(task: TableTask, tab: SeenTab, placed: PlacedTable, aim: Aim) -> bool:
    """Return whether rules of the bands stand already and only have to follow the table."""
    tints = task.content.tints
    if placed.state.tints != tints_digest(tints):
        return False
    added = reshaped(placed, aim.held)
    return not (task.anew or (added and added[1])) or are_there(tab, aim.held, aim.target, tints)


def _outside(parts: Sequence[Rectangle], target: Rectangle) -> list[Rectangle]:
    return [rest for part in parts for rest in part.without(target)]
