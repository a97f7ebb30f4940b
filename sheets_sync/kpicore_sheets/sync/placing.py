"""Where a table stands in a spreadsheet, by what it left there, and whether that can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kpicore_sheets.stamp import is_stamp
from kpicore_sheets.sync.ids import STATE_KEY, TableIds
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import Protection, SeenMetadata, SeenRange, SeenSpreadsheet
from kpicore_sheets.sync.state import MOVED, RESERVED, WRITTEN, TableState, read_state

MARKS = 4
_VALUES = (WRITTEN, MOVED)
"""What the last batch did, where it wrote the values."""


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table that stands: the cells that are its own, and what it left in the spreadsheet.

    Without a rectangle its cells are gone, and only what it left is there.

    `area` and `guard` are the two that move with the cells: each batch leaves one of them alone, so that this one tells
    whether cells were shifted under the batch. `written` is the fence's rectangle: where the last batch wrote.
    """

    rectangle: Rectangle | None
    generation: int
    fences: tuple[str, ...]
    written: Rectangle | None
    area: SeenRange | None
    guard: Protection | None
    marks: Mapping[int, SeenMetadata]
    state: TableState
    state_text: str
    shifted: bool = False

    @property
    def strays(self) -> tuple[Rectangle, ...]:
        """The cells that hold something of the table and are not its own: cells were shifted under the last batch."""
        if self.state.last != WRITTEN or self.rectangle is None:
            return ()
        # one is where it was written, the other where the shift took it
        area = self.area.rectangle if self.area else None
        return tuple(
            rest
            for place, parts in ((self.written, self._wrote), (area, (area,)))
            if place and (self.shifted or place.corner != self.rectangle.corner)
            for part in parts
            if part
            for rest in part.without(self.rectangle)
        )

    @property
    def _wrote(self) -> tuple[Rectangle, ...]:
        """The cells that the last batch wrote: of a history the line above it and the last block."""
        place, rows = self.written, self.state.block
        if place is None or not 0 < rows < place.height:
            return (place,) if place else ()
        return place.sized(1, place.width), replace(place, top=place.bottom - rows)


def reshaped(placed: PlacedTable, held: Rectangle) -> tuple[int, int] | None:
    """Return how many rows and columns people added within a table, None where they did nothing of the kind."""
    rows, _, columns = placed.state.shape.partition("x")
    if not (rows.isdecimal() and columns.isdecimal()) or not held.height:
        return None
    added = held.height - int(rows), held.width - int(columns)
    # a row that was deleted took its mark along
    return added if any(added) or len(placed.marks) < MARKS else None


def placed_table(ids: TableIds, seen: SeenSpreadsheet, *, shifted: bool = False) -> PlacedTable | None:
    """Return a table as it stands, None where there is nothing of it.

    With `shifted` its cells were shifted under the last batch: what this left alone, area or guard, tells where they
    are, or how far they reach.
    """
    own = seen.ranges_of(ids.area)
    fences = {number: item for item in own if (number := ids.generation(item.id)) is not None}
    area = next((item for item in own if item.id == ids.area), None)
    written = fences[max(fences)].rectangle if fences else None
    guard = seen.protection(ids.guard)
    marks = {id: seen.metadata[id] for id in ids.marks if id in seen.metadata}
    kept = seen.metadata.get(ids.state)
    text = kept.value if kept and kept.key == STATE_KEY else ""
    state = read_state(text) if text else None
    if not (area or fences or guard or marks or kept):
        return None
    if shifted and guard and state and state.last not in _VALUES:
        state = replace(state, last=RESERVED)
    # marks alone are what was left of a table: where there is one, it remembers something
    known = marks if kept else {}
    return PlacedTable(
        _rectangle(ids, seen, area.rectangle if area else None, guard, written, known, state or TableState()),
        max(fences) if fences else 0,
        tuple(item.id for item in fences.values()),
        written,
        area,
        guard,
        marks,
        state or TableState(),
        text,
        shifted,
    )


def without_table(seen: SeenSpreadsheet, ids: TableIds) -> SeenSpreadsheet:
    """Return a spreadsheet as it is when nothing of a table is left in it but what stands in cells."""
    own = {*ids.marks, ids.state}
    tabs = {
        id: replace(tab, protections=tuple(item for item in tab.protections if item.id != ids.guard))
        for id, tab in seen.tabs.items()
    }
    return replace(
        seen,
        tabs=tabs,
        ranges=tuple(item for item in seen.ranges if not item.id.startswith(ids.area)),
        metadata={id: item for id, item in seen.metadata.items() if id not in own},
    )


def _rectangle(
    ids: TableIds,
    seen: SeenSpreadsheet,
    area: Rectangle | None,
    guard: Protection | None,
    written: Rectangle | None,
    marks: Mapping[int, SeenMetadata],
    state: TableState,
) -> Rectangle | None:
    """Return the cells of a table by what moved along with them."""
    marked = _marked(ids, marks)
    if area is None:
        return written or (guard.rectangle if guard else None) or marked
    if guard and guard.rectangle == area:
        return area  # where they are alike cells were inserted under a batch that left both alone: that of a stamp
    if written is not None and written.corner == area.corner:
        area = written  # when a table gets smaller the area follows in a batch of its own
        if state.last in _VALUES:
            return area
    if guard is None:
        return area
    if guard.rectangle.corner == area.corner:
        # cells may have been inserted in the table while more were reserved: the guard has grown by them
        if state.last == RESERVED:
            return area.around(guard.rectangle)
        # without a fence the guard alone tells that the table has become smaller and the area not yet
        return area if written else area.common(guard.rectangle)
    # One of them was left alone by the last batch: it is right, if somebody shifted cells just then. The first cell of
    # the table tells whether somebody has only moved that one; under a shift it is the stamp from before that batch.
    first, second = (area, guard.rectangle) if state.last in _VALUES else (guard.rectangle, area)
    at_first, at_second = (_text(seen, rectangle.sized(1, 1)) for rectangle in (first, second))
    if at_first is None:  # it is read next
        return first
    is_moved = not state.is_first_cell(at_first) and not is_stamp(at_first) and state.is_first_cell(at_second or "")
    return second if is_moved else first


def _text(seen: SeenSpreadsheet, cell: Rectangle) -> str | None:
    """Return the text of a cell, None where it was not read."""
    if not seen.knows(cell):
        return None
    held = seen.cells.get(cell.corner)
    return str((held.value or {}).get("stringValue", "")) if held else ""


def _marked(ids: TableIds, marks: Mapping[int, SeenMetadata]) -> Rectangle | None:
    """Return the rectangle between four marks, None where they do not tell."""
    if len(marks) < len(ids.marks) or len({mark.tab for mark in marks.values()}) > 1:
        return None
    top, bottom, left, right = (marks[id].index for id in ids.marks)
    tab = marks[ids.first_row].tab
    if tab is None or bottom < top or right < left:
        return None
    return Rectangle(tab, top, left, bottom + 1, right + 1)


def marks_of(ids: TableIds, rectangle: Rectangle) -> Iterator[tuple[int, str, int]]:
    """Yield id, dimension and index of the marks of a rectangle."""
    yield ids.first_row, "ROWS", rectangle.top
    yield ids.last_row, "ROWS", rectangle.bottom - 1
    yield ids.first_column, "COLUMNS", rectangle.left
    yield ids.last_column, "COLUMNS", rectangle.right - 1


def edges(rectangle: Rectangle) -> tuple[Rectangle, Rectangle]:
    """Return the two cells, first and last, on whose rows and columns the marks are."""
    tab, bottom, right = rectangle.tab, rectangle.bottom, rectangle.right
    return rectangle.sized(1, 1), Rectangle(tab, bottom - 1, right - 1, bottom, right)
