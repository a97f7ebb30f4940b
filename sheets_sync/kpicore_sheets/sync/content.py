"""What a table shows, ready to be written: cells with the stamp above them, looks, tints, charts, and their digest."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from kpicore_sheets.filling import Filled
from kpicore_sheets.limits import MOST_CHARACTERS
from kpicore_sheets.stamp import stamp_text
from kpicore_sheets.sync.cells import (
    all_notes,
    byte_count,
    cell_json,
    is_plain,
    raw_line,
    row_text,
    shown_cell,
    shown_value,
    typed_bytes,
)
from kpicore_sheets.sync.looks import STAMP_LOOK, looks_digest
from kpicore_sheets.sync.state import short_digest
from kpicore_xlsx.grid import Grid, GridChart, GridRow, Look, Tint
from kpicore_xlsx.number_formats import MOMENT_FORMAT
from kpicore_xlsx.stacked import moved_area, moved_chart

Json = dict[str, Any]
_DATA_OF = "Data of"


@dataclass(frozen=True, slots=True)
class TableContent:
    """A table as it is to stand, the stamp's line included. `head` counts the lines above the first values.

    `digest` stands for all of it but the time of writing, `header` for the names of the columns, `corner` for the text
    of the first cell. Cells are made when they are asked for: a large table has many. `texts` are the rows as JSON, ""
    for one with values that are shown otherwise than they are. `raw` are the bytes of the rows as they are, `typed`
    those that they take with types and notes.
    """

    rows: tuple[GridRow, ...]
    notes: Mapping[tuple[int, int], str]
    head: int
    digest: str
    header: str
    corner: str
    looks: str
    tints: tuple[Tint, ...] = ()
    charts: tuple[GridChart, ...] = ()
    names: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    texts: tuple[str, ...] = field(default=(), repr=False)
    raw: tuple[int, ...] = field(default=(), repr=False)
    typed: tuple[int, ...] = field(default=(), repr=False)

    @property
    def height(self) -> int:
        """How many rows it has."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max((len(row.values) for row in self.rows[:1]), default=0)

    def line(self, number: int) -> str:
        """Return a row as it is, as JSON."""
        # where nothing stands yet null and an empty text are one
        return self.texts[number] or raw_line(self.rows[number].values)

    def cells(self, first: int, end: int, *, noted: bool = True) -> Iterator[list[Json]]:
        """Yield rows of cells as JSON (CellData), from the row `first` to the one before `end`; with their notes."""
        rows_with_notes = {row for row, _ in self.notes} if noted else ()
        for number in range(first, end):
            values = self.rows[number].values
            cell: Callable[..., Json] = shown_cell if self.texts[number] else cell_json
            if number in rows_with_notes:
                yield [cell(value, self.notes.get((number, at), "")) for at, value in enumerate(values)]
            else:
                yield [cell(value) for value in values]


def table_content(filled: Filled, now: datetime, *, history: bool = False) -> TableContent:
    """Return what is to be written; in a history each row begins with the time of its data."""
    grid = with_data_time(filled.grid, filled.data_time) if history else filled.grid
    above, rows = 0, grid.rows
    if filled.stamped:
        above, width = 1, max(grid.width, 1)
        stamp = stamp_text(filled.data_time, now)
        rows = (GridRow((stamp, *(None,) * (width - 1)), (STAMP_LOOK,) * width), *rows)
    texts = [row_text(row.values) for row in rows]
    digest = _block_digest(filled, texts[above:]) if history else _digest(filled, grid, texts[above:])
    shown_as_is = [is_plain(text) for text in texts]
    corner = shown_value(rows[0].values[0]) if rows and rows[0].values else ""
    odd = [number for number, plain in enumerate(shown_as_is) if not plain]
    notes = all_notes(rows, odd, {(row + above, column): note for (row, column), note in grid.notes.items()})
    raw = [
        byte_count(text if plain or 2 * len(text) <= MOST_CHARACTERS else raw_line(row.values))
        for text, plain, row in zip(texts, shown_as_is, rows, strict=True)
    ]
    return TableContent(
        rows,
        notes,
        above + 1,
        digest,
        short_digest(row_text(grid.rows[0].values)) if grid.rows else "",
        short_digest(str(corner)) if corner else "",
        looks_digest(rows),
        tuple(replace(tint, area=moved_area(tint.area, above)) for tint in grid.tints),
        tuple(moved_chart(chart, above) for chart in grid.charts),
        {name: (row + above, column) for name, (row, column) in filled.names.items()},
        tuple(text if plain else "" for text, plain in zip(texts, shown_as_is, strict=True)),
        tuple(raw),
        tuple(_typed(rows, raw, notes)),
    )


def _typed(rows: Sequence[GridRow], raw: Sequence[int], notes: Mapping[tuple[int, int], str]) -> Iterator[int]:
    of_rows = defaultdict[int, list[str]](list)
    for (row, _), note in notes.items():
        of_rows[row].append(note)
    for number, size in enumerate(raw):
        yield typed_bytes(len(rows[number].values), size, of_rows.get(number, ()))


def with_data_time(grid: Grid, moment: datetime | None) -> Grid:
    """Return a grid with a column in front: of when the data of each row is. It has no charts: they show one block."""
    look = Look(number_format=MOMENT_FORMAT)
    local = moment.replace(tzinfo=None, microsecond=0) if moment else None
    rows = [
        GridRow((_DATA_OF if number == 0 else local, *row.values), (row.looks[0] if number == 0 else look, *row.looks))
        for number, row in enumerate(grid.rows)
    ]
    notes = {(row, column + 1): note for (row, column), note in grid.notes.items()}
    tints = [
        replace(tint, area=(top, left + 1, bottom, right + 1))
        for tint, (top, left, bottom, right) in ((tint, tint.area) for tint in grid.tints)
    ]
    return Grid(tuple(rows), notes, tuple(tints))


def _digest(filled: Filled, grid: Grid, texts: Sequence[str]) -> str:
    """Return what stands for all that a table shows but the time of writing."""
    looks = [[_look_text(look) for look in row.looks] for row in _first_of_kind(grid.rows)]
    shown = [str(filled.data_time), filled.stamped, looks, repr(grid.tints), repr(grid.charts)]
    return _hashed([shown, sorted(grid.notes.items())], texts)


def _block_digest(filled: Filled, texts: Sequence[str]) -> str:
    """Return what stands for a block of a history: other looks, notes or bands alone add none."""
    return _hashed([str(filled.data_time)], texts)


def _hashed(shown: object, texts: Sequence[str]) -> str:
    digest = sha256(json.dumps(shown).encode("utf-8", "replace"))
    for text in texts:
        digest.update(text.encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def _first_of_kind(rows: Sequence[GridRow]) -> list[GridRow]:
    return [row for number, row in enumerate(rows) if number == 0 or row.looks != rows[number - 1].looks]


def _look_text(look: Look) -> list[object]:
    return [sorted(look.style.items()), look.number_format]
