"""What a `[[sheet]]` shows now: its grid, and which data it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kpicore_xlsx.grid import Grid


@dataclass(frozen=True, slots=True)
class Filled:
    """The grid of a table, the time of its data in the organisation's zone, and the version of the data.

    `stamped` tells that the stamp is to stand in a line above the grid; else the grid has a line of its own for it.
    """

    grid: Grid
    data_time: datetime | None = None
    data_version: str = ""
    stamped: bool = True
