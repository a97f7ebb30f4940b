"""Rows of a listing on a terminal: a line a row, whatever the width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kpicore import Type, terminal_table
from kpicore_reports.filled_sections import RowTable
from kpicore_reports.report_words import EMPTY, cell, is_numeric

if TYPE_CHECKING:
    from rich.console import RenderableType


def rows(section: RowTable, timezone: str) -> Iterator[RenderableType]:
    """Yield a line a row; texts are cut where the screen is too narrow, numbers and dates never."""
    from rich.text import Text

    listed = section.listed
    if section.why or not listed.rows:
        yield Text(f"n/a: {section.why}" if section.why else "None.", style="yellow" if section.why else "dim")
        return
    cells = [
        [cell(value, column, timezone) for value, column in zip(row, listed.columns, strict=True)]
        for row in listed.rows
    ]
    places = _columns_that_tell(cells)
    columns, cells = [listed.columns[at] for at in places], [[row[at] for at in places] for row in cells]
    table = terminal_table("", names=1, show_edge=False)
    for column in columns:
        if column.type is Type.TEXT:
            table.add_names(column.title)
        else:
            table.add_column(
                column.title.replace(" ", "\n"), justify="right" if is_numeric(column) else "left", no_wrap=True
            )
    for place, row in enumerate(cells, 1):
        table.add_row(Text(str(place), style="dim"), *(Text(text) for text in row))
    yield table
    if listed.total > len(listed.rows):
        yield Text(f"{len(listed.rows)} of {listed.total:,}", style="dim")


def _columns_that_tell(cells: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the columns that tell something: not those that another one says in every row."""
    places = list(range(len(cells[0])))

    def is_repeated(at: int) -> bool:
        return any(all(row[at] != EMPTY and row[at] in row[by] for row in cells) for by in places if by < at)

    return [at for at in places if not is_repeated(at)]
