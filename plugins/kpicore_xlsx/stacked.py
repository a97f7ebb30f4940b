"""Grids made of cells, and of other grids below each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kpicore_xlsx.grid import Area, Grid, GridChart, GridRow, Look, Scalar

_PLAIN = Look({})


class GridCell(NamedTuple):
    """One cell with its look, and a note that stands on it."""

    value: Scalar
    look: Look = _PLAIN
    note: str = ""


def grid_of(rows: Iterable[Sequence[GridCell]], charts: Iterable[GridChart] = ()) -> Grid:
    """Return the grid of rows of cells, the shorter ones filled up with empty cells.

    >>> grid = grid_of([[GridCell("a"), GridCell(1, note="one")], [GridCell("b")]])
    >>> [row.values for row in grid.rows], dict(grid.notes)
    ([('a', 1), ('b', None)], {(0, 1): 'one'})
    """
    cells = [tuple(row) for row in rows]
    notes = {(at, place): cell.note for at, row in enumerate(cells) for place, cell in enumerate(row) if cell.note}
    lines = (GridRow(tuple(cell.value for cell in row), tuple(cell.look for cell in row)) for row in cells)
    return Grid(_of_one_width(tuple(lines)), notes, (), tuple(charts))


def stacked(grids: Iterable[Grid]) -> Grid:
    """Return the grids below each other; notes, tints and charts move with their cells.

    >>> grid = stacked([grid_of([[GridCell("a")]]), blank(1), grid_of([[GridCell("b", note="two")]])])
    >>> [row.values for row in grid.rows], dict(grid.notes)
    ([('a',), (None,), ('b',)], {(2, 0): 'two'})
    """
    rows: list[GridRow] = []
    notes: dict[tuple[int, int], str] = {}
    tints, charts = [], []
    for grid in grids:
        down = len(rows)
        rows += grid.rows
        notes |= {(row + down, column): note for (row, column), note in grid.notes.items()}
        tints += [replace(tint, area=moved_area(tint.area, down)) for tint in grid.tints]
        charts += [moved_chart(chart, down) for chart in grid.charts]
    return Grid(_of_one_width(rows), notes, tuple(tints), tuple(charts))


def blank(rows: int) -> Grid:
    """Return so many rows without anything in them."""
    return Grid((GridRow((), ()),) * rows)


def moved_chart(chart: GridChart, down: int) -> GridChart:
    """Return a chart of cells so many rows further down."""
    series = tuple(moved_area(area, down) for area in chart.series)
    return replace(chart, labels=moved_area(chart.labels, down), series=series)


def moved_area(area: Area, down: int) -> Area:
    """Return an area so many rows further down."""
    first, left, last, right = area
    return first + down, left, last + down, right


def _of_one_width(rows: Sequence[GridRow]) -> tuple[GridRow, ...]:
    width = max((len(row.values) for row in rows), default=0)

    def filled() -> Iterator[GridRow]:
        for row in rows:
            more = width - len(row.values)
            yield GridRow((*row.values, *(None,) * more), (*row.looks, *(_PLAIN,) * more)) if more else row

    return tuple(filled())
