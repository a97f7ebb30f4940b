"""Runs scans and puts their rows into cubes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from contextvars import copy_context
from typing import Any

from kpicore.engine.compile.measures import Measure
from kpicore.engine.plan.cubes import Cell, Cube, CubeKey, Members, TimeKey, added
from kpicore.engine.plan.planner import Reading
from kpicore.engine.plan.scans import ByGrain, ByMonths, columns
from kpicore.engine.scan.distinct_months import put_months
from kpicore.engine.scan.relations import Context
from kpicore.engine.scan.statements import statement
from kpicore.engine.scan.stock import counts_changes
from kpicore.engine.scan.values import cells
from kpicore.model.questions import NONE
from kpicore.turns import aside, parts
from kpicore.utils.gc_pause import search_new

Query = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]


def scanned(readings: Sequence[Reading], query: Query, context: Context) -> Iterator[list[tuple[Any, ...]]]:
    """Run each reading's scan and yield its rows, in order.

    Two run at a time: what a distinct count or a median needs is done by one core at the end.
    """
    made = [statement(reading.scan, context) for reading in readings]
    if len(made) < 2:
        yield from (query(one.sql, one.values) for one in made)
        return
    with ThreadPoolExecutor(max_workers=2) as pool:
        # in the context of who asks, so that they end with its turn
        running = [pool.submit(copy_context().run, query, one.sql, one.values) for one in made]
        try:
            for each in running:
                with aside():
                    rows = each.result()
                yield rows
        finally:
            for each in running:
                each.cancel()
            with aside():
                wait(running)


def fill(
    reading: Reading, rows: list[tuple[Any, ...]], cubes: dict[CubeKey, Cube], lock: AbstractContextManager[Any]
) -> None:
    """Add the rows of a reading's scan to the cubes, some at a time: each time under the lock."""
    filled = [cubes.setdefault(key, Cube()) for key in reading.keys]
    if counts_changes(reading.scan):
        _put_changes(reading, rows, filled, lock)
    else:
        put = _put_months if isinstance(reading.scan.axis, ByMonths) else _put
        for part in parts(rows):
            with lock:
                put(reading, _named(part, reading), filled)
            search_new()
    # last: half of it is nothing that one may rely on
    for cube, times in zip(filled, reading.times, strict=True):
        for some in parts(times, holding=len(reading.members or ())):
            with lock:
                cube.cover(some, reading.members)


def _named(rows: list[tuple[Any, ...]], reading: Reading) -> list[tuple[Any, ...]]:
    """Return the rows with plain numbers and an empty member called `(none)`."""
    rows = cells(rows)
    width = len(reading.scan.dimensions) + 1
    return [
        (row[0], *(NONE if each is None else each for each in row[1:width]), *row[width:])
        if None in row[1:width]
        else row
        for row in rows
    ]


def _put(reading: Reading, rows: Iterable[tuple[Any, ...]], cubes: Sequence[Cube]) -> None:
    by_place = not isinstance(reading.scan.axis, ByGrain)
    times = reading.times[0]
    width = len(reading.scan.dimensions) + 1
    for (start, single), cube in zip(_layout(reading.scan.measures, width), cubes, strict=True):
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
    found: list[tuple[int, bool]] = []
    for measure in measures:
        width = columns(measure)
        found.append((start, width == 1))
        start += width
    return found


def _put_months(reading: Reading, rows: Iterable[tuple[Any, ...]], cubes: Sequence[Cube]) -> None:
    assert isinstance(reading.scan.axis, ByMonths)
    put_months(reading, reading.scan.axis, rows, cubes)


def _put_changes(
    reading: Reading, rows: list[tuple[Any, ...]], cubes: Sequence[Cube], lock: AbstractContextManager[Any]
) -> None:
    """Sum up starts and negated ends over the instants in order."""
    width = len(reading.scan.dimensions) + 1
    for (start, single), cube in zip(_layout(reading.scan.measures, width), cubes, strict=True):
        changes: dict[Members, dict[int, Cell]] = {}
        for part in parts(rows):
            _sum_up(_named(part, reading), width, start, single, changes)
        for some in parts(changes.items(), holding=len(reading.times[0])):
            with lock:
                for members, by_place in some:
                    cube.add(members, _cumulated(by_place, reading.times[0]))
            search_new()


def _sum_up(
    rows: Iterable[tuple[Any, ...]], width: int, start: int, single: bool, changes: dict[Members, dict[int, Cell]]
) -> None:
    for row in rows:
        count = row[start]
        cell: Cell = (count, count, 0, 0) if single else row[start : start + 4]
        by_place = changes.setdefault(row[1:width], {})
        by_place[row[0]] = added(by_place[row[0]], cell) if row[0] in by_place else cell


def _cumulated(changes: Mapping[int, Cell], times: Sequence[TimeKey]) -> Iterator[tuple[TimeKey, Cell]]:
    alive: Cell | None = None
    for at, time in enumerate(times):
        change = changes.get(at)
        if change is not None:
            alive = change if alive is None else added(alive, change)
        if alive is not None and alive[1] + alive[2]:
            yield time, alive
