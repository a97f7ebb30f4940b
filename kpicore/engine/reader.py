"""Runs scans and puts their rows into cubes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from kpicore.engine.cubes import Cell, Cube, CubeKey, Members, TimeKey, added
from kpicore.engine.measures import Measure
from kpicore.engine.plan import Reading
from kpicore.engine.scans import ByGrain, columns
from kpicore.engine.standing import counts_changes
from kpicore.engine.statements import statement

Query = Callable[[str, Sequence[object]], list[tuple[object, ...]]]


def read(readings: Iterable[Reading], cubes: dict[CubeKey, Cube], query: Query, settings: Mapping[str, object]) -> None:
    """Run each reading's scan and put its rows into the cubes."""
    for each in readings:
        made = statement(each.scan, settings)
        rows = query(made.sql, made.values)
        filled = _cubes(each, cubes)
        if counts_changes(each.scan):
            _put_changes(each, rows, filled)
        else:
            _put(each, rows, filled)


def _cubes(reading: Reading, cubes: dict[CubeKey, Cube]) -> list[Cube]:
    """Return the reading's cubes; one that does not hold the same members is begun anew."""
    found: list[Cube] = []
    for key in reading.keys:
        cube = cubes.get(key)
        if cube is None or cube.members is not None or reading.members is not None:
            cube = Cube(members=None if reading.members is None else set(reading.members))
            cubes[key] = cube
        cube.times.update(reading.times)
        found.append(cube)
    return found


def _put(reading: Reading, rows: Iterable[tuple[object, ...]], cubes: Sequence[Cube]) -> None:
    by_place = not isinstance(reading.scan.axis, ByGrain)
    width = len(reading.scan.dimensions) + 1
    layout = _layout(reading.scan.measures, width)
    for row in rows:
        time: TimeKey = reading.times[row[0]] if by_place else row[0]  # type: ignore[call-overload,assignment] # keys are integers
        members: Members = row[1:width]  # type: ignore[assignment] # coalesced texts
        for (start, single), cube in zip(layout, cubes, strict=True):
            cube.add(members, time, _cell(row, start, single))


def _layout(measures: Sequence[Measure], start: int) -> list[tuple[int, bool]]:
    found: list[tuple[int, bool]] = []
    for each in measures:
        width = columns(each)
        found.append((start, width == 1))
        start += width
    return found


def _cell(row: tuple[object, ...], start: int, single: bool) -> Cell:
    if single:
        rows: int = row[start]  # type: ignore[assignment] # a count
        return Cell(rows, rows, 0, 0)
    return Cell(*row[start : start + 4])  # type: ignore[arg-type] # value, rows, empty, zero


def _put_changes(reading: Reading, rows: Iterable[tuple[object, ...]], cubes: Sequence[Cube]) -> None:
    """Sum up starts and negated ends over the instants in order."""
    width = len(reading.scan.dimensions) + 1
    for (start, single), cube in zip(_layout(reading.scan.measures, width), cubes, strict=True):
        changes: dict[Members, dict[int, Cell]] = {}
        for row in rows:
            at, members = row[0], row[1:width]
            by_place = changes.setdefault(members, {})  # type: ignore[arg-type] # coalesced texts
            cell = _cell(row, start, single)
            by_place[at] = added(by_place[at], cell) if at in by_place else cell  # type: ignore[index]
        for members, by_place in changes.items():
            _cumulate(cube, members, by_place, reading.times)


def _cumulate(cube: Cube, members: Members, changes: Mapping[int, Cell], times: Sequence[TimeKey]) -> None:
    alive: Cell | None = None
    for at, time in enumerate(times):
        change = changes.get(at)
        if change is not None:
            alive = change if alive is None else added(alive, change)
        if alive is not None and alive.rows + alive.empty:
            cube.add(members, time, alive)
