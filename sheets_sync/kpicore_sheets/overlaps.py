"""Whether two `[[sheet]]` want the same cells, as far as that is known before there is data."""

from __future__ import annotations

from kpicore_sheets.limits import MOST_ROWS
from kpicore_sheets.table import HISTORY, KpiContent, SheetTable
from kpicore_xlsx.addresses import cell_address


def overlap(one: SheetTable, other: SheetTable) -> str:
    """Return how the other one takes cells that are certainly the first one's, "" where it is not sure to.

    What grows with the data is compared while it is written, when its size is known.
    """
    # to Google "KPIs" and "kpis" are one name
    if (one.spreadsheet, one.tab.casefold(), one.gid) != (other.spreadsheet, other.tab.casefold(), other.gid):
        return ""
    (height, width), (other_height, other_width) = least_size(one), least_size(other)
    rows = one.row < other.row + other_height and other.row < one.row + height
    columns = one.column < other.column + other_width and other.column < one.column + width
    if not (rows and columns):
        return ""
    where = cell_address(max(one.row, other.row), max(one.column, other.column))
    if HISTORY in (one.mode, other.mode) and one.row != other.row:
        return f"overlaps '{one.name}' at {where}: a history grows downwards without an end"
    return f"overlaps '{one.name}' at {where}"


def least_size(table: SheetTable) -> tuple[int, int]:
    """Return how many rows and columns a table has at least: the stamp's line, the header, and what is certain."""
    content = table.content
    if not isinstance(content, KpiContent):
        return 2, 1
    # of a status nobody knows: a KPI whose bands tell none has no column for it
    columns = 1 + 2 * bool(content.compare) + 2 * content.targets
    width = bool(content.grain) + len({*content.by}) + len(content.kpis) * columns
    if table.mode == HISTORY:
        return MOST_ROWS, width + 1
    # without dimensions there is a row at least, whatever the data
    return 2 if content.by else 3, width
