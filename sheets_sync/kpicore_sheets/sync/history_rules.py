"""The bands of a history: rules that grow with its blocks, and stay with those that they were made for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from kpicore_sheets.sync.aim import Aim
from kpicore_sheets.sync.placing import PlacedTable
from kpicore_sheets.sync.rectangle import Rectangle, rectangle_of
from kpicore_sheets.sync.spreadsheet import SeenTab
from kpicore_sheets.sync.task import TableTask
from kpicore_sheets.sync.tints import rules_followed, rules_made, rules_removed, tints_digest
from kpicore_xlsx.grid import Tint

Json = dict[str, Any]


def history_rules(task: TableTask, tab: SeenTab, placed: PlacedTable, aim: Aim) -> Iterator[tuple[Json, Json | None]]:
    """Yield what lets the rules grow with the last block, each with the rule that was read at its place.

    Where bands or columns are others than before, new rules begin with the new block, and those of before end above it:
    the numbers there were judged by them. Where people have put rules into their places, they are made anew.
    """
    tints, state = task.content.tints, placed.state
    is_same = state.tints == tints_digest(tints) and state.header == task.content.header
    ours = [(request, rule) for request, rule in rules_removed(tab, aim.held, tints)] if aim.held.height else []
    if task.anew:
        yield from ours
        yield from _made(tints, aim, _first_row(tab, aim, [rule for _, rule in ours], task.content.head))
        return
    kept = set() if is_same else {request["deleteConditionalFormatRule"]["index"] for request, _ in ours}
    if aim.held.height:
        for request, rule in rules_followed(tab, aim.held, aim.target, ()):
            if request["updateConditionalFormatRule"]["index"] not in kept:
                yield request, rule
    block = aim.pieces[-1] if aim.pieces else None  # above it is the stamp alone
    if block and block.end == task.content.height and not (is_same and state.content):
        first_row = block.rectangle.top + max(0, task.content.head - block.first) - aim.target.top
        yield from _made(tints, aim, first_row)


def _made(tints: Sequence[Tint], aim: Aim, first: int) -> Iterator[tuple[Json, None]]:
    """Yield what makes the rules from a row of the table on, down to its end."""
    last = aim.target.height - 1
    for request in rules_made(aim.target, [replace(tint, area=_from(tint, first, last)) for tint in tints]):
        yield request, None


def _from(tint: Tint, first: int, last: int) -> tuple[int, int, int, int]:
    _, left, _, right = tint.area
    return first, left, last, right


def _first_row(tab: SeenTab, aim: Aim, rules: Iterable[Json], head: int) -> int:
    """Return with which row of the table its newest rules begin, that below the head where there are none."""
    areas = [_area(area, tab) for rule in rules for area in rule.get("ranges", [])]
    return max((area.top - aim.held.top for area in areas), default=head)


def _area(area: Json, tab: SeenTab) -> Rectangle:
    return rectangle_of(area, tab.rows, tab.columns)
