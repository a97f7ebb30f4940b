"""What was read, kept by what it is: a measure, dimensions, and a kind of time."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from kpicore.engine.compile.measures import Measure
from kpicore.engine.plan.scans import Filters
from kpicore.turns import parts

Members = tuple[str, ...]
TimeKey = int | tuple[int, int]
"""The id of a grain's unit, a day seen at its close as an ordinal, or a range of days as two ordinals."""

SPANS, DAYS_CLOSE = "spans", "instants"
# what a cube without any takes, in cells
_EMPTY = 20

Cell = tuple[float | None, int, int, int]
"""A measure's value with the rows it stands on, those without a value, and those whose value is 0.

The value of a total is a whole number, 10 ** measure.scale times what it means: exact in any order.
A plain tuple, because there are millions.
"""


class CubeKey(NamedTuple):
    """Names a cube. `time` is the value of a Grain, SPANS or DAYS_CLOSE; `last` the last day that counts."""

    measure: Measure
    dimensions: Members
    filters: Filters
    time: str
    last: date | None

    def __hash__(self) -> int:
        # a quarter of the time of the generated one: what differs in nothing else is rare
        return hash((self.measure.key, self.dimensions, self.filters, self.time))


@dataclass(slots=True)
class Cube:
    """Cells by members and time. It gains cells and never loses or changes one, so that answers may go on reading it.

    `times` are those that it holds for all members, `partial` those that it holds for some, and for which.
    `used` tells in which batch it was asked for last.
    """

    cells: dict[Members, dict[TimeKey, Cell]] = field(default_factory=dict)
    times: set[TimeKey] = field(default_factory=set)
    partial: dict[TimeKey, set[Members]] = field(default_factory=dict)
    used: int = field(default=0, compare=False)

    @property
    def count(self) -> int:
        """How many cells there are."""
        return sum(map(len, self.cells.values()))

    @property
    def size(self) -> int:
        """How much room it takes, in cells: what is known to be empty takes some too."""
        return _EMPTY + self.count + sum(map(len, self.partial.values()))

    def holds(self, times: Iterable[TimeKey], members: frozenset[Members] | None) -> bool:
        """Whether it can answer for these times and members (None: all of them)."""
        lacking = [time for time in times if time not in self.times]
        if not lacking or members is None:
            return not lacking
        nobody: set[Members] = set()
        return all(members <= self.partial.get(time, nobody) for time in lacking)

    def add(self, members: Members, cells: Iterable[tuple[TimeKey, Cell]]) -> None:
        """Add the cells of some members that it does not have yet."""
        by_time = self.cells.setdefault(members, {})
        for time, cell in cells:
            by_time.setdefault(time, cell)

    def cover(self, times: Iterable[TimeKey], members: Iterable[Members] | None) -> None:
        """Take note that all cells of these times and members (None: all of them) are there, or have no rows."""
        if members is None:
            self.times.update(times)
            # what is held for all need not be remembered for some: else lists of members would pile up
            for time in self.partial.keys() & self.times:
                del self.partial[time]
            return
        for time in times:
            if time not in self.times:
                self.partial.setdefault(time, set()).update(members)


class CubeRequest(NamedTuple):
    """Cells that somebody needs: all pairs of a time and members (None: all members there are)."""

    key: CubeKey
    times: tuple[TimeKey, ...]
    members: frozenset[Members] | None


def added(cell: Cell, other: Cell) -> Cell:
    """Return the sum of two cells that add up."""
    # None is a sum of no value at all, and not 0: it gives way to any number
    value = other[0] if cell[0] is None else cell[0] if other[0] is None else cell[0] + other[0]
    return value, cell[1] + other[1], cell[2] + other[2], cell[3] + other[3]


def with_rows(
    key: CubeKey, cube: Cube, times: set[TimeKey], cuts: Filters, by: Members, lock: AbstractContextManager[Any]
) -> set[Members]:
    """Return the members of the dimensions `by` with rows at any of the times, where the cuts hold.

    The cube gains nothing under the lock; others may go first between.
    """
    names = key.dimensions
    places = [names.index(dimension) for dimension in by]
    kept = {names.index(name): values for name, values in cuts if name in names}
    groups: set[Members] = set()
    with lock:
        # a copy, as others may add members meanwhile; under the lock again below, as the cells of each may grow
        all_cells = list(cube.cells.items())
    for batch in parts(all_cells):
        with lock:
            for members, cells in batch:
                if all(members[at] in values for at, values in kept.items()) and any(
                    cell[1] or cell[2] for time, cell in cells.items() if time in times
                ):
                    groups.add(tuple(members[at] for at in places))
    return groups
