"""One tab: its grid of cells, and what stands on it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kpicore.testing.sheets.cells import EMPTY_CELL, EmulatedCell, Json
from kpicore.testing.sheets.grid_range import Area, GridRange, range_of
from kpicore.testing.sheets.moving import RangeMove

CellRow = dict[int, EmulatedCell]


@dataclass(slots=True)
class EmulatedTab:
    """One tab. Its JSON objects are never changed in place, so that a batch works on a cheap copy."""

    sheet_id: int
    title: str
    rows: int = 1000
    columns: int = 26
    hidden: bool = False
    grid: Json = field(default_factory=dict)
    """Further grid properties, such as frozenRowCount."""
    other: Json = field(default_factory=dict)
    """Further properties of the tab, such as its color."""
    cells: dict[int, CellRow] = field(default_factory=dict)
    """By row, then column: `cells[6][1]` is B7. Only cells into which something was entered."""
    lines: dict[str, dict[int, Json]] = field(default_factory=lambda: {"ROWS": {}, "COLUMNS": {}})
    """Properties of rows and columns: height, hidden."""
    merges: list[GridRange] = field(default_factory=list)
    protected: list[Json] = field(default_factory=list)
    rules: list[Json] = field(default_factory=list)
    """Conditional formats."""
    basic_filter: Json | None = None
    filter_views: list[Json] = field(default_factory=list)
    charts: list[Json] = field(default_factory=list)
    bandings: list[Json] = field(default_factory=list)
    tables: list[Json] = field(default_factory=list)
    _own: set[int] = field(default_factory=set)

    def draft(self) -> EmulatedTab:
        """Return a copy, each of which is changed alone; rows of cells are copied when first written in either."""
        tab = copy.copy(self)
        tab.cells = dict(self.cells)
        tab.lines = {dimension: dict(lines) for dimension, lines in self.lines.items()}
        for name in ("merges", "protected", "rules", "filter_views", "charts", "bandings", "tables"):
            setattr(tab, name, list(getattr(self, name)))
        # both share the rows from now on
        self._own, tab._own = set(), set()
        return tab

    @property
    def size(self) -> int:
        """The number of its cells, empty ones included."""
        return self.rows * self.columns

    def cell(self, row: int, column: int) -> EmulatedCell:
        """Return a cell, counted from 0."""
        cells = self.cells.get(row)
        return cells.get(column, EMPTY_CELL) if cells else EMPTY_CELL

    def put(self, row: int, column: int, cell: EmulatedCell) -> None:
        """Write a cell."""
        if cell.is_empty:
            if row in self.cells and column in self.cells[row]:
                del self.row_to_change(row)[column]
            return
        self.row_to_change(row)[column] = cell

    def row_to_change(self, row: int) -> CellRow:
        """Return the cells of a row, for writing."""
        if row not in self._own:
            self._own.add(row)
            self.cells[row] = dict(self.cells.get(row, ()))
        return self.cells[row]

    def filled(self, area: Area) -> Iterator[tuple[int, int, EmulatedCell]]:
        """Yield the cells with something in them within top, bottom, left and right: row, column, cell."""
        top, bottom, left, right = area
        for row in _indices(self.cells, top, bottom):
            cells = self.cells[row]
            for column in _indices(cells, left, right):
                yield row, column, cells[column]

    def reorder(self, dimension: str, moved: Callable[[int], int | None]) -> None:
        """Give rows or columns new places; None drops them."""
        self.lines[dimension] = _renumbered(self.lines[dimension], moved)
        if dimension == "ROWS":
            self.cells = _renumbered(self.cells, moved)
        else:
            self.cells = {row: _renumbered(cells, moved) for row, cells in self.cells.items()}
        # rows that were copied for this batch have other numbers now: each is copied again when written
        self._own = set()

    def reorder_band(self, dimension: str, band: Area, moved: Callable[[int], int | None]) -> None:
        """Give the cells of a band (top, bottom, left, right) new places along one dimension."""
        taken = list(self.filled(band))
        for row, column, _ in taken:
            self.put(row, column, EMPTY_CELL)
        for row, column, cell in taken:
            place = moved(row if dimension == "ROWS" else column)
            if place is not None:
                self.put(*((place, column) if dimension == "ROWS" else (row, place)), cell)

    def move_ranges(self, move: RangeMove, *, anchors: bool = True) -> None:
        """Let all that holds ranges follow a move; what has nothing left is gone.

        Charts stand on rows and columns, not in cells: `anchors` tells whether those have moved.
        """
        places = [place for merge in self.merges if (place := move(merge))]
        self.merges = [merge for merge in places if not _is_one_cell(merge)]
        for name in ("protected", "filter_views", "bandings", "tables"):
            items = getattr(self, name)
            setattr(self, name, [moved for item in items if (moved := moved_json(item, move))])
        self.basic_filter = self.basic_filter and moved_json(self.basic_filter, move)
        self.rules = [moved for rule in self.rules if (moved := _moved_rule(rule, move))]
        self.charts = [_moved_chart(chart, move, anchors) for chart in self.charts]


def may_edit(protected: Json, account: str) -> bool:
    """Tell whether somebody who is not the owner may edit what is protected."""
    return bool(protected.get("warningOnly")) or account in protected.get("editors", {}).get("users", ())


def _indices(items: dict[int, Any], start: int, end: int) -> list[int]:
    if end - start <= len(items):
        return [index for index in range(start, end) if index in items]
    return sorted(index for index in items if start <= index < end)


def _renumbered(items: dict[int, Any], moved: Callable[[int], int | None]) -> dict[int, Any]:
    return {place: item for index, item in items.items() if (place := moved(index)) is not None}


def _is_one_cell(merge: GridRange) -> bool:
    rows, columns = (merge.bottom or 0) - (merge.top or 0), (merge.right or 0) - (merge.left or 0)
    return rows == 1 and columns == 1


def moved_json(item: Json, move: RangeMove) -> Json | None:
    """Return an object with its `range` moved, None when nothing is left of it; one without a range stays."""
    if "range" not in item:
        return item
    moved = move(range_of(item["range"]))
    if moved is None:
        return None
    result = {**item, "range": moved.json()}
    if "unprotectedRanges" in item:
        result["unprotectedRanges"] = _moved_list(item["unprotectedRanges"], move)
    return result


def _moved_list(ranges: list[Json], move: RangeMove) -> list[Json]:
    return [moved.json() for given in ranges if (moved := move(range_of(given)))]


def _moved_rule(rule: Json, move: RangeMove) -> Json | None:
    ranges = _moved_list(rule["ranges"], move)
    return {**rule, "ranges": ranges} if ranges else None


def _moved_chart(chart: Json, move: RangeMove, anchors: bool) -> Json:
    result = {**chart, "spec": moved_spec(chart.get("spec", {}), move)}
    overlay = chart.get("position", {}).get("overlayPosition")
    if overlay and anchors:
        anchor = overlay.get("anchorCell", {})
        row, column = anchor.get("rowIndex", 0), anchor.get("columnIndex", 0)
        moved = move(GridRange(anchor.get("sheetId", 0), row, row + 1, column, column + 1))
        if moved:
            place = {**anchor, "rowIndex": moved.top, "columnIndex": moved.left}
            result["position"] = {**chart["position"], "overlayPosition": {**overlay, "anchorCell": place}}
    return result


def moved_spec(value: Any, move: RangeMove) -> Any:
    """Return the spec of a chart with the sources of its data moved."""
    if isinstance(value, list):
        return [moved_spec(item, move) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _moved_list(item, move) if name == "sources" else moved_spec(item, move) for name, item in value.items()
    }
