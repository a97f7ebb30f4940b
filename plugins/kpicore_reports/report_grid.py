"""A report as cells, part by part, and all of it on one sheet: its layout, for any program that writes cells."""

from __future__ import annotations

from collections.abc import Sequence

from kpicore import Wording
from kpicore_reports.filled_sections import FigureTable, MemberTable, MonthTable, MyTable, RowTable, Shown
from kpicore_reports.row_grids import rows_grid
from kpicore_reports.table_grids import figures_grid, members_grid, mine_grid, months_grid
from kpicore_xlsx.grid import Grid, GridRow, Look
from kpicore_xlsx.stacked import GridCell, blank, grid_of, stacked
from kpicore_xlsx.styles import MUTED, SECTION, SUBTITLE, TITLE, Style

LEAST_WIDTH = 7
"""A report is at least as wide as a table of figures, so that its headings have one width."""


def section_grid(section: Shown, now: str, wording: Wording, timezone: str) -> Grid:
    """Return the table of a section; `now` heads the numbers of the period."""
    match section:
        case FigureTable():
            return figures_grid(section, now, wording)
        case MyTable():
            return mine_grid(section, wording)
        case MemberTable():
            return members_grid(section, wording)
        case MonthTable():
            return months_grid(section, wording)
        case RowTable():
            return rows_grid(section, timezone)


def head_grid(title: str, subtitle: str, width: int) -> Grid:
    """Return the band on top: the title and the line below it."""
    return Grid((_band(title, width, TITLE), _band(subtitle, width, SUBTITLE)))


def heading_grid(title: str, width: int) -> Grid:
    """Return the heading of a part, over its whole width."""
    return Grid((_band(title, width, SECTION),))


def notes_grid(notes: Sequence[str], data_line: str, width: int) -> Grid:
    """Return the notes below their heading, and what data the report is of."""
    look = Look({"font_size": 9, "indent": 1, "font_color": MUTED})
    told = [heading_grid("Notes", width), grid_of([GridCell(note, look)] for note in notes)] if notes else []
    return stacked([*told, blank(1), grid_of([[GridCell(data_line, look)]])])


def whole_grid(
    head: tuple[str, str], sections: Sequence[tuple[str, Grid]], notes: Sequence[str], data_line: str
) -> Grid:
    """Return a report on one sheet: its name and the line below, sections with their titles, notes, what data it is."""
    width = width_of([grid for _, grid in sections])
    parts = [head_grid(*head, width), blank(1)]
    for title, grid in sections:
        parts += [heading_grid(title, width), grid, blank(1)]
    return stacked([*parts, notes_grid(notes, data_line, width)])


def width_of(grids: Sequence[Grid]) -> int:
    """Return how many columns parts of a report need together."""
    return max(LEAST_WIDTH, *(grid.width for grid in grids), 0)


def _band(text: str, width: int, style: Style) -> GridRow:
    return GridRow((text, *(None,) * (width - 1)), (Look(style),) * width)
