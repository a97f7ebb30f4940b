"""Rows of a listing on a terminal: a line a row, whatever the width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kpicore import ListedColumn, Type
from kpicore_reports.filled import RowTable
from kpicore_reports.words import EMPTY, cell, is_numeric

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

GAP = 3
"""Between two columns of a table."""

_NARROWEST = 6


def table(*columns: str) -> Table:
    """Return an empty table; its first column stands to the left, the others to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    found = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    for at, each in enumerate(columns):
        found.add_column(each, justify="right" if at else "left", overflow="fold")
    return found


def rows(section: RowTable, timezone: str, width: int) -> Iterator[RenderableType]:
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
    places = _told_once(cells)
    columns, cells = [listed.columns[at] for at in places], [[row[at] for at in places] for row in cells]
    heads = [each.title if each.type is Type.TEXT else each.title.replace(" ", "\n") for each in columns]
    found = table("", *heads)
    found.columns[0].no_wrap = True
    for column, each, limit in zip(found.columns[1:], columns, _limits(columns, cells, width), strict=True):
        column.justify = "right" if is_numeric(each) else "left"
        column.no_wrap, column.overflow, column.max_width = True, "ellipsis", limit
    for place, row in enumerate(cells, 1):
        found.add_row(Text(str(place), style="dim"), *(Text(each) for each in row))
    yield found
    if listed.total > len(listed.rows):
        yield Text(f"{len(listed.rows)} of {listed.total:,}", style="dim")


def _told_once(cells: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the columns that tell something: not those that another one says in every row."""
    places = list(range(len(cells[0])))

    def told(at: int) -> bool:
        return any(all(row[at] != EMPTY and row[at] in row[by] for row in cells) for by in places if by < at)

    return [at for at in places if not told(at)]


def _limits(columns: Sequence[ListedColumn], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return how wide each column may be: the widest texts give way until all fit."""
    heads = [max(len(word) for word in each.title.split()) for each in columns]
    wide = [max(heads[at], *(len(row[at]) for row in cells)) for at in range(len(columns))]
    texts = [at for at, each in enumerate(columns) if each.type is Type.TEXT]
    over = sum(wide) + GAP * len(columns) + len(str(len(cells))) - width
    while over > 0 and texts:
        widest = max(texts, key=lambda at: wide[at])
        if wide[widest] <= _NARROWEST:
            break
        wide[widest] -= 1
        over -= 1
    return wide
