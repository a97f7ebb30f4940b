"""What a table shows, ready to be written: cells with the stamp above them, looks, tints, charts, and their digest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from kpicore_sheets.filling import Filled
from kpicore_sheets.stamp import stamp_text
from kpicore_sheets.sync.cells import CellRows, cell_json, cell_rows
from kpicore_sheets.sync.looks import STAMP_LOOK, looks_digest
from kpicore_sheets.sync.state import shortened_corner
from kpicore_xlsx.grid import Area, Grid, GridChart, GridRow, Look, Tint
from kpicore_xlsx.number_formats import MOMENT_FORMAT

Json = dict[str, Any]
_DATA_OF = "data of"


@dataclass(frozen=True, slots=True)
class TableContent:
    """A table as it is to stand. `rows` and `cells` are line by line; `head` counts the lines above the first values.

    `digest` stands for all of it but the time of writing, `header` for the names of the columns, `corner` for the text
    of the first cell.
    """

    rows: tuple[GridRow, ...]
    cells: CellRows
    head: int
    digest: str
    header: str
    corner: str
    looks: str
    version: str
    tints: tuple[Tint, ...] = ()
    charts: tuple[GridChart, ...] = ()

    @property
    def height(self) -> int:
        """How many rows it has, the stamp's line included."""
        return self.cells.height

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.cells.width


def table_content(filled: Filled, now: datetime, *, history: bool = False) -> TableContent:
    """Return what is to be written; in a history each row begins with the time of its data."""
    grid = with_data_time(filled.grid, filled.data_time) if history else filled.grid
    cells = cell_rows(grid)
    digest = _digest(filled, grid, cells)
    above = 0
    rows = grid.rows
    if filled.stamped:
        above, width = 1, max(grid.width, 1)
        stamp = stamp_text(filled.data_time, now)
        rows = (GridRow((stamp, *(None,) * (width - 1)), (STAMP_LOOK,) * width), *rows)
        cells = CellRows(((cell_json(stamp), *({},) * (width - 1)), *cells.rows))
    corner = next(iter(cells.rows[0][0].get("userEnteredValue", {}).values()), "") if cells.rows else ""
    return TableContent(
        rows,
        cells,
        above + 1,
        digest,
        _short(json.dumps(cells.rows[above : above + 1], sort_keys=True)),
        shortened_corner(str(corner)),
        looks_digest(rows),
        filled.data_version,
        tuple(replace(tint, area=_below(tint.area, above)) for tint in grid.tints),
        tuple(_chart_below(chart, above) for chart in grid.charts),
    )


def with_data_time(grid: Grid, moment: datetime | None) -> Grid:
    """Return a grid with a column in front: of when the data of each row is."""
    look = Look(number_format=MOMENT_FORMAT)
    local = moment.replace(tzinfo=None, microsecond=0) if moment else None
    rows = [
        GridRow((_DATA_OF if number == 0 else local, *row.values), (row.looks[0] if number == 0 else look, *row.looks))
        for number, row in enumerate(grid.rows)
    ]
    notes = {(row, column + 1): note for (row, column), note in grid.notes.items()}
    return Grid(tuple(rows), notes)


def _digest(filled: Filled, grid: Grid, cells: CellRows) -> str:
    looks = [[_look_text(look) for look in row.looks] for row in _first_of_kind(grid.rows)]
    shown = [str(filled.data_time), looks, repr(grid.tints), repr(grid.charts), filled.stamped]
    return _short(json.dumps([shown, cells.rows], separators=(",", ":")), 16)


def _first_of_kind(rows: Sequence[GridRow]) -> list[GridRow]:
    return [row for number, row in enumerate(rows) if number == 0 or row.looks != rows[number - 1].looks]


def _look_text(look: Look) -> list[object]:
    return [sorted(look.style.items()), look.number_format]


def _short(text: str, length: int = 8) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:length]


def _below(area: Area, rows: int) -> Area:
    top, left, bottom, right = area
    return top + rows, left, bottom + rows, right


def _chart_below(chart: GridChart, rows: int) -> GridChart:
    series = tuple(_below(area, rows) for area in chart.series)
    return replace(chart, labels=_below(chart.labels, rows), series=series)
