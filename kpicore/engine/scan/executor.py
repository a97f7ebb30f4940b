"""Runs scans and puts their rows into cubes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import copy_context
from itertools import chain
from typing import Any

from kpicore.engine.compile.measures import Measure
from kpicore.engine.plan.cubes import Cell, Cube, CubeKey, Members, TimeKey, added
from kpicore.engine.plan.planner import ScanPlan
from kpicore.engine.plan.scans import ByGrain, ByMonths, columns
from kpicore.engine.scan.distinct_months import put_months
from kpicore.engine.scan.relations import ScanContext
from kpicore.engine.scan.statements import statement
from kpicore.engine.scan.stock import counts_changes
from kpicore.engine.scan.values import cells
from kpicore.model.questions import NONE
from kpicore.turns import aside, parts
from kpicore.utils.gc_pause import search_new

Query = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]


def scanned(plans: Sequence[ScanPlan], query: Query, context: ScanContext) -> Iterator[list[tuple[Any, ...]]]:
    """Run the scans of plans and yield their rows, in order.

    Two run at a time: what a distinct count or a median needs is done by one core at the end.
    """
    statements = [statement(plan.scan, context) for plan in plans]
    if len(statements) < 2:
        yield from (query(statement.sql, statement.values) for statement in statements)
        return
    from concurrent.futures import ThreadPoolExecutor, wait  # takes 3 ms, and one answer is seldom of two scans

    with ThreadPoolExecutor(max_workers=2) as pool:
        # in the context of who asks, so that they end with its turn
        # each with a copy of its own, as no two may be within one context at a time
        running = [pool.submit(copy_context().run, query, statement.sql, statement.values) for statement in statements]
        try:
            for scan_run in running:
                with aside():
                    rows = scan_run.result()
                yield rows
        finally:
            for scan_run in running:
                # what has begun goes on, unless its turn was stopped, and is waited for
                scan_run.cancel()
            with aside():
                wait(running)


def fill(
    plan: ScanPlan, rows: list[tuple[Any, ...]], cubes: dict[CubeKey, Cube], lock: AbstractContextManager[Any]
) -> None:
    """Add the rows of a scan to its cubes, some at a time: each time under the lock."""
    filled = [cubes.setdefault(key, Cube()) for key in plan.keys]
    if counts_changes(plan.scan):
        _put_changes(plan, rows, filled, lock)
    else:
        whole = _whole(plan)
        put = _put_months if isinstance(plan.scan.axis, ByMonths) else _put
        for batch in parts(rows):
            with lock:
                put(plan, _named(batch, plan, whole), filled)
            search_new()
    # Last: a cube that covers times of which some rows are yet to come would give wrong numbers to whoever asks
    # meanwhile, and after a failure for ever.
    for cube, times in zip(filled, plan.times, strict=True):
        for batch_of_times in parts(times, holding=len(plan.members or ())):
            with lock:
                cube.cover(batch_of_times, plan.members)


def _named(rows: list[tuple[Any, ...]], plan: ScanPlan, whole: Collection[int]) -> list[tuple[Any, ...]]:
    """Return the rows with plain numbers and an empty member called `(none)`."""
    rows = cells(rows, whole)
    width = len(plan.scan.dimensions) + 1
    return [
        (row[0], *(NONE if value is None else value for value in row[1:width]), *row[width:])
        # most have none, and stay the tuples that they are
        if None in row[1:width]
        else row
        for row in rows
    ]


def _put(plan: ScanPlan, rows: Iterable[tuple[Any, ...]], cubes: Sequence[Cube]) -> None:
    by_place = not isinstance(plan.scan.axis, ByGrain)
    times = plan.times[0]
    width = len(plan.scan.dimensions) + 1
    # cube by cube, as to look up the layout for each row would cost more than to go through the rows again
    for (start, single), cube in zip(_layout(plan.scan.measures, width), cubes, strict=True):
        of_cube, end = cube.cells, start + 4
        for row in rows:
            members = row[1:width]
            by_time = of_cube.get(members)
            if by_time is None:
                by_time = of_cube[members] = {}
            cell = (row[start], row[start], 0, 0) if single else row[start:end]
            by_time.setdefault(times[row[0]] if by_place else row[0], cell)


def _layout(measures: Sequence[Measure], start: int) -> list[tuple[int, bool]]:
    """Return where each measure's columns begin in a row, and whether it has one only."""
    places: list[tuple[int, bool]] = []
    for measure in measures:
        width = columns(measure)
        # a count is its own rows: one column stands for two, and for two zeros
        places.append((start, width == 1))
        start += width
    return places


def _whole(plan: ScanPlan) -> frozenset[int]:
    """Return the columns that hold whole numbers: the time, and each measure's rows of every kind."""
    layout = _layout(plan.scan.measures, len(plan.scan.dimensions) + 1)
    return frozenset((0, *chain.from_iterable((at,) if single else range(at + 1, at + 4) for at, single in layout)))


def _put_months(plan: ScanPlan, rows: Iterable[tuple[Any, ...]], cubes: Sequence[Cube]) -> None:
    assert isinstance(plan.scan.axis, ByMonths)
    put_months(plan, plan.scan.axis, rows, cubes)


def _put_changes(
    plan: ScanPlan, rows: list[tuple[Any, ...]], cubes: Sequence[Cube], lock: AbstractContextManager[Any]
) -> None:
    """Sum up starts and negated ends over the instants in order."""
    width, whole = len(plan.scan.dimensions) + 1, _whole(plan)
    for (start, single), cube in zip(_layout(plan.scan.measures, width), cubes, strict=True):
        changes: dict[Members, dict[int, Cell]] = {}
        for batch in parts(rows):
            _sum_up(_named(batch, plan, whole), width, start, single, changes)
        for batch_of_members in parts(changes.items(), holding=len(plan.times[0])):
            with lock:
                for members, by_place in batch_of_members:
                    cube.add(members, _cumulated(by_place, plan.times[0]))
            search_new()


def _sum_up(
    rows: Iterable[tuple[Any, ...]], width: int, start: int, single: bool, changes: dict[Members, dict[int, Cell]]
) -> None:
    for row in rows:
        count = row[start]
        cell: Cell = (count, count, 0, 0) if single else row[start : start + 4]
        by_place = changes.setdefault(row[1:width], {})
        # starts and ends are rows of their own, of one member and one instant one of each
        by_place[row[0]] = added(by_place[row[0]], cell) if row[0] in by_place else cell


def _cumulated(changes: Mapping[int, Cell], times: Sequence[TimeKey]) -> Iterator[tuple[TimeKey, Cell]]:
    stock: Cell | None = None
    # what changes after the last instant has a place behind all of these, and nobody asks for it
    for at, time in enumerate(times):
        change = changes.get(at)
        if change is not None:
            stock = change if stock is None else added(stock, change)
        # where all have ended there is no cell, as where there never was a row
        if stock is not None and stock[1] + stock[2]:
            yield time, stock
