"""Where a table is to stand, and which cells are written: all of them, or a block below those of a history."""

from __future__ import annotations

from dataclasses import dataclass

from kpicore_sheets.limits import MOST_BYTES
from kpicore_sheets.sync.content import TableContent
from kpicore_sheets.sync.placing import PlacedTable
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.state import RESERVED, TableState

LARGE = 40_000
"""Cells: more are not read to see whether they still show what was written; nor are those of a heavy table."""
MOST_IN_ONE = MOST_BYTES - 40_000
"""Bytes of cells, with types and notes, that go into one request; the rest is for what goes with them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Cells that are written: where, which rows of the content, from `first` to the one before `end`, their bytes."""

    rectangle: Rectangle
    first: int
    end: int
    size: int


@dataclass(frozen=True, slots=True)
class Aim:
    """The cells that a table is to have, `target`, those that hold something of it so far, and what is written."""

    target: Rectangle
    held: Rectangle
    pieces: tuple[Piece, ...]

    @property
    def largest(self) -> Piece:
        """The piece with the most bytes."""
        return max(self.pieces, key=lambda piece: piece.size)

    @property
    def is_heavy(self) -> bool:
        """Whether it is too much for one request."""
        return bool(self.pieces) and self.largest.size > MOST_IN_ONE

    @property
    def leaving(self) -> tuple[Rectangle, ...]:
        """The cells that the table leaves."""
        return self.held.without(self.target) if self.held.height else ()

    @property
    def growth(self) -> tuple[Rectangle, ...]:
        """The cells that come to the table: they must hold nothing of others."""
        return self.target.without(self.held) if self.held.height else (self.target,)


def is_large(rectangle: Rectangle) -> bool:
    """Return whether cells are too many to be compared one by one."""
    return rectangle.height * rectangle.width > LARGE


def is_heavy(content: TableContent) -> bool:
    """Return whether the rows of a table are too much for one request."""
    return sum(content.typed) > MOST_IN_ONE


def aim_of(
    content: TableContent, placed: PlacedTable | None, start: Rectangle, *, history: str = "", stamped: bool = True
) -> Aim:
    """Return the aim of a table; `start` is where it is to begin when it does not stand yet.

    A `history` is named by the run that is to add a block to it, and is `stamped` unless somebody deleted that row.
    """
    stood = (placed.rectangle if placed else None) or start
    held = held_cells(placed) or stood.sized(0, 0)
    state = placed.state if placed else TableState()
    return (
        _appending(content, held, state, history, stamped=stamped)
        if history and held.height
        else _replacing(content, held)
    )


def is_added(content: TableContent, state: TableState, run: str) -> bool:
    """Return whether a history has the block of a run, or ends with the same one."""
    return content.digest == state.content or run in state.runs.split()


def held_cells(placed: PlacedTable | None) -> Rectangle | None:
    """Return the cells in which something of the table stands, None where it has none or has only reserved them."""
    if placed is None or placed.rectangle is None or not placed.state.content:
        return None
    rectangle, state, guard = placed.rectangle, placed.state, placed.guard
    if state.last == RESERVED and guard and guard.rectangle.corner == rectangle.corner:
        # rows may have been moved since: the guard stands around those that hold something, and moved with them
        return rectangle.common(guard.rectangle)
    height, width = rectangle.height - state.spare, rectangle.width - state.spare_columns
    return rectangle.sized(height, width) if height > 0 and width > 0 else None


def _replacing(content: TableContent, held: Rectangle) -> Aim:
    target = held.sized(content.height, content.width)
    return Aim(target, held, (_piece(content, target, 0, content.height),))


def _appending(content: TableContent, held: Rectangle, state: TableState, run: str, *, stamped: bool) -> Aim:
    """Return the aim of a history: the stamp, and a block of rows below those that are there, once."""
    above = content.head - 1
    # a block whose columns are others than those of the block before has a header of its own
    first = content.head if content.header == state.header else above
    if is_added(content, state, run):
        first = content.height
    block = content.height - first
    target = held.sized(held.height + block, max(held.width, content.width))
    stamp = held.sized(above if stamped else 0, content.width)
    parts = (stamp, 0, stamp.height), (_below(held, block, content.width), first, content.height)
    return Aim(target, held, tuple(_piece(content, *part) for part in parts if part[2] > part[1]))


def _piece(content: TableContent, rectangle: Rectangle, first: int, end: int) -> Piece:
    return Piece(rectangle, first, end, sum(content.typed[first:end]))


def _below(held: Rectangle, height: int, width: int) -> Rectangle:
    """Return the cells below a table."""
    return Rectangle(held.tab, held.bottom, held.left, held.bottom + height, held.left + width)
