"""What was read, kept by what it is: a measure, dimensions, and a kind of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpicore.engine.measures import Measure
from kpicore.engine.scans import Filters, Span

Number = int | float | Decimal
Members = tuple[str, ...]
TimeKey = int | date | Span
"""The id of a grain's unit, a day seen at its close, or a range of days."""

SPANS, DAYS_CLOSE = "spans", "instants"


class Cell(NamedTuple):
    """A measure's value with the rows it stands on, those without a value, and those whose value is 0."""

    value: Number | str | None
    rows: int
    empty: int
    zero: int


@dataclass(frozen=True, slots=True)
class CubeKey:
    """Names a cube. `time` is the value of a Grain, SPANS or DAYS_CLOSE; `last` the last day that counts."""

    measure: Measure
    dimensions: Members
    filters: Filters
    time: str
    last: date | None


@dataclass(slots=True)
class Cube:
    """Cells by members and time. `times` are the times it holds in full; `members` which (None: all)."""

    cells: dict[Members, dict[TimeKey, Cell]] = field(default_factory=dict)
    times: set[TimeKey] = field(default_factory=set)
    members: set[Members] | None = None

    def holds(self, times: Iterable[TimeKey], members: frozenset[Members] | None) -> bool:
        """Whether it can answer for these times and members (None: all of them)."""
        if self.members is not None and (members is None or not members <= self.members):
            return False
        return self.times.issuperset(times)

    def add(self, members: Members, time: TimeKey, cell: Cell) -> None:
        """Put a cell in."""
        self.cells.setdefault(members, {})[time] = cell


def folded(cells: Mapping[TimeKey, Cell], times: Iterable[TimeKey], into: Cell | None) -> Cell | None:
    """Return the sum of the cells at those times and what was summed up before; None when there is nothing."""
    for time in times:
        cell = cells.get(time)
        if cell is not None:
            into = cell if into is None else added(into, cell)
    return into


def added(one: Cell, other: Cell) -> Cell:
    """Return the sum of two cells that add up."""
    value = one.value if other.value is None else other.value if one.value is None else one.value + other.value  # type: ignore[operator] # texts are never added
    return Cell(value, one.rows + other.rows, one.empty + other.empty, one.zero + other.zero)
