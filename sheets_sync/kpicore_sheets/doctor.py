"""What may be wrong between kpi.toml and a spreadsheet, tried in order: what is fine, and the first thing that is not.

Nothing is written. Who may edit is told apart from who may look by a batch that deletes developer metadata with a key
that nothing has: it asks for the right to edit, and there is nothing that it could change. Google Drive could tell the
right without, and would need one more API and one more scope.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpicore import UnknownName, harmless
from kpicore_sheets.given_texts import quoted
from kpicore_sheets.google.problems import Asked, denied
from kpicore_sheets.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from kpicore_sheets.overlaps import least_size
from kpicore_sheets.port import BatchRefused, Spreadsheets
from kpicore_sheets.sync.ids import table_ids
from kpicore_sheets.sync.rectangle import Rectangle, rectangle_of, without_all
from kpicore_sheets.table import FormulaContent, SheetTable

_FIELDS = (
    "properties.title,namedRanges,sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),"
    "protectedRanges(range,warningOnly,requestingUserCanEdit,description,unprotectedRanges))"
)
_FIRST_ROWS = 3
"""The line of the stamp, the heads and a row."""
_KEY = "kpicore.doctor"
_PROBE = json.dumps(
    {"requests": [{"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": _KEY}}}}]}
).encode()

Json = Mapping[str, Any]


def examined(tables: Sequence[SheetTable], account: str, google: Spreadsheets) -> Iterator[str]:
    """Yield a line for each thing that is fine. Raises the port's errors at the first that is not."""
    for spreadsheet in dict.fromkeys(table.spreadsheet for table in tables):
        asked = Asked(spreadsheet, account)
        content = google.get(spreadsheet, _FIELDS)
        title = harmless(content.get("properties", {}).get("title", ""), 80)
        yield f"spreadsheet '{spreadsheet}' ('{title}') can be read"
        yield _edit_right(spreadsheet, google)
        for table in tables:
            if table.spreadsheet == spreadsheet:
                yield from _places(table, content, asked)


def _edit_right(spreadsheet: str, google: Spreadsheets) -> str:
    try:
        google.batch_update(spreadsheet, _PROBE)
    except BatchRefused as refused:
        # whether Google takes a deletion of nothing was never seen; a missing right would be another error
        return f"whether it can be edited was not told: {refused.message}"
    return "it can be edited"


def _places(table: SheetTable, content: Json, asked: Asked) -> Iterator[str]:
    tab = _tab(table, content, asked)
    if tab is None:
        yield f"'{table.name}': its hidden tab is made by kpi sheets sync"
        return
    grid = tab["properties"].get("gridProperties")
    if not grid:
        raise denied("no_grid", asked, tab=_quoted_title(tab))
    yield f"'{table.name}': there is a tab {_quoted_title(tab)}"
    _check_protection(table, tab, content, asked)
    yield f"'{table.name}': nothing is protected there"
    cells = _cells_there(content)
    needed = cells + _cells_to_add(_least_cells(table, tab), grid)
    if needed > MOST_CELLS:
        raise denied("cell_limit", asked, cells=f"{needed:,}", table=table.name)
    yield f"'{table.name}': there is room, {cells:,} of {MOST_CELLS:,} cells are used"


def _quoted_title(tab: Json) -> str:
    return f"'{harmless(tab['properties'].get('title', ''), 60)}'"


def _tab(table: SheetTable, content: Json, asked: Asked) -> Json | None:
    """Return the tab of a table, None for a hidden one that is still to be made. Raises Denied for none."""
    tabs: list[Json] = content.get("sheets", [])
    written = {place.get("sheetId", 0) for place in _places_written(table, content)}
    # people may have renamed the tab since the table was written
    for tab in sorted(tabs, key=lambda tab: tab["properties"].get("sheetId", 0) not in written):
        properties = tab["properties"]
        number, title = properties.get("sheetId", 0), properties.get("title")
        if number in written or (_is_title(title, table.tab) if table.tab else number == table.gid):
            return tab
    if isinstance(table.content, FormulaContent):
        return None
    if not table.tab:
        hint = "Open the tab in the browser and copy its address into kpi.toml."
        raise denied("no_tab", asked, tab=f"with the gid {table.gid}", tabs=hint)
    names = [tab["properties"].get("title", "") for tab in tabs]
    hint = harmless(UnknownName("tab", table.tab, names).hint, 300)
    raise denied("no_tab", asked, tab=quoted(table.tab), tabs=hint or "Make one, or name another in kpi.toml.")


def _is_title(title: object, tab: str) -> bool:
    # to Google "KPIs" and "kpis" are one name
    return isinstance(title, str) and title.casefold() == tab.casefold()


def _places_written(table: SheetTable, content: Json) -> list[Json]:
    """Return where a table stands that was written before."""
    ours = table_ids(table.name).area
    named = [named for named in content.get("namedRanges", []) if named.get("namedRangeId", "").startswith(ours)]
    return [item["range"] for item in named if "range" in item]


def _check_protection(table: SheetTable, tab: Json, content: Json, asked: Asked) -> None:
    """Raise Denied where cells that a table has, or certainly takes, are protected from who logs in."""
    cells = [_least_cells(table, tab), *map(_rectangle, _places_written(table, content))]
    for protection in tab.get("protectedRanges", []):
        if protection.get("warningOnly") or protection.get("requestingUserCanEdit"):
            continue
        closed = _rectangle(protection.get("range", {}))
        free = [_rectangle(place) for place in protection.get("unprotectedRanges", [])]
        if any(without_all(common, free) for part in cells if (common := part.common(closed))):
            described = protection.get("description")
            named = f"'{harmless(described, 60)}'" if described else f"tab {_quoted_title(tab)}"
            raise denied("protected", asked, table=table.name, place=named)


def _rectangle(place: Json) -> Rectangle:
    return rectangle_of(place, MOST_ROWS, MOST_COLUMNS)


def _least_cells(table: SheetTable, tab: Json) -> Rectangle:
    """Return the cells that a table certainly takes where it is written first; a history begins with a row."""
    height, width = least_size(table)
    corner = Rectangle(tab["properties"].get("sheetId", 0), table.row, table.column, table.row, table.column)
    return corner.sized(min(height, _FIRST_ROWS), width)


def _cells_there(content: Json) -> int:
    """Return how many cells the spreadsheet has, empty ones included: Google counts them so."""
    grids = [tab["properties"].get("gridProperties", {}) for tab in content.get("sheets", [])]
    return sum(grid.get("rowCount", 0) * grid.get("columnCount", 0) for grid in grids)


def _cells_to_add(cells: Rectangle, grid: Json) -> int:
    """Return how many cells the tab has to get so that it has these."""
    rows, columns = int(grid.get("rowCount", 0)), int(grid.get("columnCount", 0))
    return max(rows, cells.bottom) * max(columns, cells.right) - rows * columns
