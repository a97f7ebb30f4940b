"""What a rectangle of cells shows, as data: values, looks, notes, tints and charts, for any program that writes cells.

Rows and columns count from 0, from the top left cell of the rectangle. An area is its first row and column and its last
ones, all included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from kpicore_xlsx.styles import BODY, Style

Scalar = None | bool | int | float | str | date
"""What a cell holds: nothing, a truth value, a number, a text, a day, or a moment without a zone (a datetime)."""

Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks: a style on top of the house's font, and a number format, "" for none."""

    style: Style = field(default_factory=lambda: BODY)
    number_format: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """Values side by side, each with its look; rows of one kind share one tuple of looks."""

    values: tuple[Scalar, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Tint:
    """Cells of an area that mean something by their value, `above` <= value < `below`: "good", "fair" or "poor"."""

    area: Area
    status: str
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class GridChart:
    """A chart of numbers in the grid: `kind` is "line", "bars" or "funnel"; a series begins with the cell of its name.

    `labels` begin with the cell of their head, as the series do. `goals` are the places of series, from 0, that the
    others are measured by.
    """

    title: str
    kind: str
    labels: Area
    series: tuple[Area, ...]
    goals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of one length, and what stands on them: a note by (row, column), tints and charts.

    Where there is no number a cell is empty, and its note tells why.
    """

    rows: tuple[GridRow, ...]
    notes: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))
    tints: tuple[Tint, ...] = ()
    charts: tuple[GridChart, ...] = ()

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0].values) if self.rows else 0
