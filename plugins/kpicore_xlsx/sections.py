"""Parts that sheets have in common: the band on top, the heading of a part, bars in cells, the printed page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore_xlsx.cells import put_text
from kpicore_xlsx.styles import BAR
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_A4 = 9  # Excel's number of that paper


def put_title(sheet: Worksheet, title: str, subtitle: str, looks: Looks) -> None:
    """Write the band at the top of a sheet: two rows."""
    sheet.set_row(0, 34, looks.title)
    sheet.set_row(1, 20, looks.subtitle)
    put_text(sheet, 0, 1, title, looks.title)
    put_text(sheet, 1, 1, subtitle, looks.subtitle)


def put_section(sheet: Worksheet, row: int, columns: range, title: str, looks: Looks) -> None:
    """Write the heading of a part over its columns: one row."""
    for column in columns:
        put_text(sheet, row, column, title if column == columns.start else "", looks.section)


def draw_bars(sheet: Worksheet, area: tuple[int, int, int, int], most: float | None = None) -> None:
    """Draw a bar into each cell of an area, from 0 to `most`, or to its largest number.

    The area is given by its first row and column, and the last ones.
    """
    bar = {"type": "data_bar", "bar_color": BAR, "bar_solid": True, "bar_border_color": BAR}
    ends: dict[str, object] = {"min_type": "num", "min_value": 0}
    if most is not None:
        ends |= {"max_type": "num", "max_value": most}
    sheet.conditional_format(*area, {**bar, **ends})


def one_page_wide(sheet: Worksheet, head: int | None = None) -> None:
    """Print a sheet one page wide, with the row of its heads on each page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    if head is not None:
        sheet.repeat_rows(head)
