"""A table whose numbers are never cut: names give way, then columns go below each other, then rows become lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

_NARROWEST = 8
"""A column of names or prose is at least so wide, unless all that stands in it is narrower."""


class WholeTable(Table):
    """A rich table that fits the screen without cutting a digit.

    A column of `add_names` is shortened where room is lacking. Of the others one with `no_wrap` is as wide as its
    widest cell (numbers, dates, periods), and any other holds prose, which wraps.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._names: set[int] = set()

    def add_names(self, *heads: str) -> None:
        """Add columns of names."""
        for head in heads:
            self._names.add(len(self.columns))
            self.add_column(Text(head), no_wrap=True)

    def add_numbers(self, *heads: str) -> None:
        """Add columns of numbers."""
        for head in heads:
            self.add_column(Text(head), justify="right", no_wrap=True)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = [self._wanted(column, console, options) for column in self.columns]
        yield from self._parts(widths, options.max_width)

    def _parts(self, widths: Sequence[int], room: int) -> Iterator[RenderableType]:
        every = range(len(self.columns))
        least = [widths[at] if self._is_whole(at) else min(widths[at], _NARROWEST) for at in every]
        if self._total(least) <= room:
            yield self._part(every, widths, room, self.title)
            return
        # the names before the first number: they are repeated in each piece, so that its rows can be told apart
        labels = [at for at in every if not self._is_whole(at) and not any(map(self._is_whole, range(at)))]
        pieces = self._pieces([at for at in every if at not in labels], labels, least, room)
        if any(self._total([least[at] for at in piece]) > room for piece in pieces):
            yield from self._lists(labels)
            return
        for number, piece in enumerate(pieces):
            yield self._part(piece, widths, room, self.title if number == 0 else None)

    def _pieces(self, others: Sequence[int], labels: list[int], least: Sequence[int], room: int) -> list[list[int]]:
        """Return the columns of each table: the labels in all of them, the others as many as fit."""
        pieces = [list(labels)]
        for at in others:
            piece = pieces[-1]
            if len(piece) > len(labels) and self._total([least[place] for place in (*piece, at)]) > room:
                piece = list(labels)
                pieces.append(piece)
            piece.append(at)
        return pieces

    def _part(self, places: Sequence[int], widths: Sequence[int], room: int, title: RenderableType | None) -> Table:
        """Return a table of some of the columns, the widest names and texts narrowed until it fits."""
        wide = {at: widths[at] for at in places}
        soft = [at for at in places if not self._is_whole(at)]
        while self._total(list(wide.values())) > room:
            # always the widest gives way, sign by sign: short names stay whole as long as they can
            wide[max(soft, key=lambda at: wide[at])] -= 1
        part = Table(
            title=title,  # type: ignore[arg-type]  # Text or str, as it was given
            title_justify=self.title_justify,
            box=self.box,
            header_style=self.header_style,
            padding=self.padding,
            pad_edge=self.pad_edge,
            show_edge=self.show_edge,
            show_header=self.show_header,
            show_lines=self.show_lines,
        )
        for at, width in wide.items():
            column = self.columns[at]
            part.add_column(
                column.header, justify=column.justify, no_wrap=column.no_wrap, overflow=column.overflow, width=width
            )
        for row, cells in zip(self.rows, zip(*(self.columns[at].cells for at in places), strict=True), strict=True):
            part.add_row(*cells, end_section=row.end_section)
        return part

    def _lists(self, labels: Sequence[int]) -> Iterator[RenderableType]:
        """Yield each row as lines: its names, then a line for each number."""
        others = [at for at in range(len(self.columns)) if at not in labels]
        cells = [list(column.cells) for column in self.columns]
        for row in range(self.row_count):
            yield Text(" · ".join(filter(None, (_plain(cells[at][row]) for at in labels))), style="bold")
            for at in others:
                if shown := _plain(cells[at][row]):
                    head = _plain(self.columns[at].header)
                    yield Text(f"  {head}:" if head else "")
                    yield Text(f"  {shown}")

    def _wanted(self, column: Column, console: Console, options: ConsoleOptions) -> int:
        return max((_width(cell, console, options) for cell in (column.header, *column.cells)), default=0)

    def _is_whole(self, at: int) -> bool:
        return at not in self._names and self.columns[at].no_wrap

    def _total(self, widths: Sequence[int]) -> int:
        """Return how wide a table of columns so wide is."""
        between = self.padding[1] + self.padding[3]
        # then the first column lacks its blanks on the left, the last one those on the right
        edges = 0 if self.pad_edge else -between
        lines = (len(widths) - 1 if self.box else 0) + (2 if self.box and self.show_edge else 0)
        return sum(widths) + between * len(widths) + edges + lines


def _width(cell: RenderableType, console: Console, options: ConsoleOptions) -> int:
    if isinstance(cell, Text):
        cell = cell.plain
    if isinstance(cell, str):
        return max(map(cell_len, cell.split("\n")))
    return Measurement.get(console, options.update(width=10_000), cell).maximum


def _plain(cell: RenderableType) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)
