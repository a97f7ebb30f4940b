"""Rectangles of cells: what two of them have in common, what one has beside the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kpicore_sheets.addresses import tab_name
from kpicore_xlsx.addresses import cell_address


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Cells of a tab, by its id. Rows and columns count from 0; `bottom` and `right` are the first ones behind it."""

    tab: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How many rows it has."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.right - self.left

    @property
    def corner(self) -> tuple[int, int, int]:
        """Its tab, and row and column of its first cell."""
        return self.tab, self.top, self.left

    def json(self) -> dict[str, int]:
        """Return it as a GridRange."""
        return {
            "sheetId": self.tab,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }

    def sized(self, height: int, width: int) -> Rectangle:
        """Return the rectangle of this size with the same first cell."""
        return Rectangle(self.tab, self.top, self.left, self.top + height, self.left + width)

    def around(self, other: Rectangle) -> Rectangle:
        """Return the smallest rectangle that holds both; they are on one tab."""
        return Rectangle(
            self.tab,
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def common(self, other: Rectangle) -> Rectangle | None:
        """Return the cells that both have, None where there are none."""
        if self.tab != other.tab or self.bottom <= other.top or other.bottom <= self.top:
            return None  # as most do: each table is compared with all others
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom, right = min(self.bottom, other.bottom), min(self.right, other.right)
        if top >= bottom or left >= right:
            return None
        return Rectangle(self.tab, top, left, bottom, right)

    def holds(self, other: Rectangle) -> bool:
        """Return whether all cells of the other one are in it; one without cells is in none."""
        return (
            self.tab == other.tab
            and self.top <= other.top < other.bottom <= self.bottom
            and self.left <= other.left < other.right <= self.right
        )

    def without(self, other: Rectangle) -> tuple[Rectangle, ...]:
        """Return its cells that the other one does not have, as rectangles: above, below, left, right.

        >>> Rectangle(0, 0, 0, 3, 3).without(Rectangle(0, 0, 0, 2, 2))
        (Rectangle(tab=0, top=2, left=0, bottom=3, right=3), Rectangle(tab=0, top=0, left=2, bottom=2, right=3))
        """
        common = self.common(other)
        if common is None:
            return (self,)
        parts = (
            Rectangle(self.tab, self.top, self.left, common.top, self.right),
            Rectangle(self.tab, common.bottom, self.left, self.bottom, self.right),
            Rectangle(self.tab, common.top, self.left, common.bottom, common.left),
            Rectangle(self.tab, common.top, common.right, common.bottom, self.right),
        )
        return tuple(part for part in parts if part.height > 0 and part.width > 0)

    def within(self, rows: int, columns: int) -> Rectangle | None:
        """Return what of it lies in a grid of this size."""
        return self.common(Rectangle(self.tab, 0, 0, rows, columns))

    def a1(self, title: str) -> str:
        """Return it as an address.

        >>> Rectangle(0, 2, 1, 20, 6).a1("KPIs")
        "'KPIs'!B3:F20"
        """
        last = cell_address(self.bottom - 1, self.right - 1)
        return f"{tab_name(title)}!{cell_address(self.top, self.left)}:{last}"


def rectangle_of(written: Mapping[str, Any], rows: int, columns: int) -> Rectangle:
    """Return the rectangle of a GridRange in a tab of this size: where it has no end it ends with the tab."""
    return Rectangle(
        written.get("sheetId", 0),
        written.get("startRowIndex", 0),
        written.get("startColumnIndex", 0),
        written.get("endRowIndex", rows),
        written.get("endColumnIndex", columns),
    )


def without_all(rectangle: Rectangle, others: Iterable[Rectangle]) -> tuple[Rectangle, ...]:
    """Return the cells of a rectangle that are in none of the others."""
    parts: tuple[Rectangle, ...] = (rectangle,)
    for other in others:
        parts = tuple(rest for part in parts for rest in part.without(other))
    return parts
