"""How the bounds of whatever holds cells follow when rows or columns are inserted, deleted or moved.

Insert and delete are as Google's documentation and all spreadsheets have them. Of a move it was never seen at Google
what becomes of a range that is moved in part: here what stays behind shrinks, and grows when rows come in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kpicore.testing.sheets.grid_range import Bounds, GridRange

Move = Callable[[Bounds], Bounds | None]
"""New bounds along rows or columns, None when nothing is left."""

RangeMove = Callable[[GridRange], GridRange | None]
"""Where a rectangle went, None when nothing is left."""


def inserted(at: int, count: int) -> Move:
    """Return how bounds follow an insertion: at their start they move, inside they grow, at their end they stay.

    >>> inserted(3, 2)((3, 5)), inserted(4, 2)((3, 5)), inserted(5, 2)((3, 5)), inserted(0, 2)((None, 5))
    ((5, 7), (3, 7), (3, 5), (None, 7))
    """

    def move(bounds: Bounds) -> Bounds:
        start, end = bounds
        moved_start = start + count if start is not None and at <= start else start
        moved_end = end + count if end is not None and at < end else end
        return moved_start, moved_end

    return move


def deleted(at: int, until: int) -> Move:
    """Return how bounds follow a deletion: they shrink, and nothing is left when all of them was deleted.

    >>> deleted(0, 2)((3, 5)), deleted(4, 9)((3, 5)), deleted(3, 5)((3, 5))
    ((1, 3), (3, 4), None)
    """

    def moved(index: int) -> int:
        return index - max(0, min(index, until) - at)

    def move(bounds: Bounds) -> Bounds | None:
        start = bounds[0] if bounds[0] is None else moved(bounds[0])
        end = bounds[1] if bounds[1] is None else moved(bounds[1])
        return None if end is not None and end <= (start or 0) else (start, end)

    return move


def carried(at: int, until: int, to: int) -> Move:
    """Return how bounds follow rows that move before the row `to`, counted as they stand before.

    >>> carried(0, 2, 9)((0, 2)), carried(0, 1, 9)((3, 5)), carried(9, 10, 4)((3, 5)), carried(3, 4, 9)((3, 5))
    ((7, 9), (2, 4), (3, 6), (3, 4))
    """
    count = until - at
    target = to - count if to >= until else to
    taken_out, put_in = deleted(at, until), inserted(target, count)

    def move(bounds: Bounds) -> Bounds | None:
        start, end = bounds
        if (start is None or start <= min(at, to)) and (end is None or max(until, to) <= end):
            return bounds
        if start is not None and end is not None and at <= start and end <= until:
            return start + target - at, end + target - at
        left = taken_out(bounds)
        return put_in(left) if left else None

    return move


def order_after(at: int, until: int, to: int) -> Callable[[int], int]:
    """Return where a row goes when rows move before the row `to`.

    >>> [order_after(0, 1, 3)(row) for row in range(4)]
    [2, 0, 1, 3]
    """
    count = until - at
    target = to - count if to >= until else to

    def moved(index: int) -> int:
        if at <= index < until:
            return index - at + target
        left = index - count if index >= until else index
        return left + count if left >= target else left

    return moved


def along(sheet_id: int, dimension: str, move: Move) -> RangeMove:
    """Return a move of whole rows or columns of a tab, for rectangles."""

    def moved(rectangle: GridRange) -> GridRange | None:
        return _moved(rectangle, dimension, move) if rectangle.sheet_id == sheet_id else rectangle

    return moved


def within_band(band: GridRange, dimension: str, move: Move) -> RangeMove:
    """Return a move of the cells of a band only, which takes along what lies in the band with its whole width."""

    def moved(rectangle: GridRange) -> GridRange | None:
        across = replace(rectangle, top=band.top, bottom=band.bottom)
        if dimension == "COLUMNS":
            across = replace(rectangle, left=band.left, right=band.right)
        return _moved(rectangle, dimension, move) if band.holds(across) else rectangle

    return moved


def _moved(rectangle: GridRange, dimension: str, move: Move) -> GridRange | None:
    if dimension == "ROWS":
        bounds = move((rectangle.top, rectangle.bottom))
        return bounds and replace(rectangle, top=bounds[0], bottom=bounds[1])
    bounds = move((rectangle.left, rectangle.right))
    return bounds and replace(rectangle, left=bounds[0], right=bounds[1])
