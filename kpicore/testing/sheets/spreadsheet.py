"""One spreadsheet: tabs, named ranges, developer metadata."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.grid_range import Area, GridRange, cells_of, range_of, split_title, written
from kpicore.testing.sheets.moving import Move, RangeMove, along
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.tab import EmulatedTab, moved_json

MOST_CELLS = 10_000_000


@dataclass(slots=True)
class EmulatedSpreadsheet:
    """One spreadsheet. `shared` says what the account may do: "writer", "reader" or nothing ("")."""

    id: str
    properties: Json
    tabs: list[EmulatedTab]
    shared: str = "writer"
    named_ranges: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    created: str = ""
    modified: str = ""
    permissions: list[Json] = field(default_factory=list)

    def draft(self) -> EmulatedSpreadsheet:
        """Return a copy on which a batch works; it costs next to nothing however many cells there are."""
        result = copy.copy(self)
        result.tabs = [tab.draft() for tab in self.tabs]
        result.named_ranges = list(self.named_ranges)
        result.metadata = list(self.metadata)
        return result

    def take(self, draft: EmulatedSpreadsheet) -> None:
        """Become what a batch made of the draft."""
        self.properties, self.tabs = draft.properties, draft.tabs
        self.named_ranges, self.metadata = draft.named_ranges, draft.metadata

    def tab(self, title: str) -> EmulatedTab:
        """Return a tab by its title. Raises GoogleRefusal."""
        for tab in self.tabs:
            if tab.title == title:
                return tab
        raise GoogleRefusal(f"Unable to parse range: {title}")

    def tab_of(self, sheet_id: int) -> EmulatedTab:
        """Return a tab by its id. Raises GoogleRefusal."""
        for tab in self.tabs:
            if tab.sheet_id == sheet_id:
                return tab
        raise GoogleRefusal(f"No grid with id: {sheet_id}")

    def checked(self, given: Json) -> tuple[EmulatedTab, GridRange]:
        """Return the tab and rectangle that JSON names. Raises GoogleRefusal for one that leaves the grid."""
        rectangle = range_of(given)
        tab = self.tab_of(rectangle.sheet_id)
        most = max(rectangle.top or 0, (rectangle.bottom or 1) - 1)
        if most >= tab.rows:
            raise GoogleRefusal(f"GridRange.rowIndex[{most}] is after last row in grid[{tab.rows - 1}]")
        most = max(rectangle.left or 0, (rectangle.right or 1) - 1)
        if most >= tab.columns:
            raise GoogleRefusal(f"GridRange.columnIndex[{most}] is after last column in grid[{tab.columns - 1}]")
        return tab, rectangle

    def named(self, text: str) -> tuple[EmulatedTab, GridRange]:
        """Return the tab and rectangle that a text names: `KPIs!A1:B2`, `KPIs`, `A1`, or a named range."""
        title, cells = split_title(text)
        bounds = cells_of(cells) if cells else None
        if title is None and bounds is None:
            for known in self.named_ranges:
                if known["name"].lower() == text.lower() and "range" in known:
                    return self.checked(known["range"])
            title, cells = text, ""
        tab = self._titled(title, text) if title is not None else self._first()
        if not cells:
            return tab, GridRange(tab.sheet_id)
        if bounds is None:
            raise GoogleRefusal(f"Unable to parse range: {text}")
        rectangle = GridRange(tab.sheet_id, *bounds)
        if max(rectangle.top or 0, (rectangle.bottom or 1) - 1) >= tab.rows or (
            max(rectangle.left or 0, (rectangle.right or 1) - 1) >= tab.columns
        ):
            shown = written(tab.title, *_shown(rectangle, tab))
            raise GoogleRefusal(
                f"Range ({shown}) exceeds grid limits. Max rows: {tab.rows}, max columns: {tab.columns}"
            )
        return tab, rectangle

    def _titled(self, title: str, text: str) -> EmulatedTab:
        for tab in self.tabs:
            if tab.title.lower() == title.lower():
                return tab
        raise GoogleRefusal(f"Unable to parse range: {text}")

    def _first(self) -> EmulatedTab:
        return next((tab for tab in self.tabs if not tab.hidden), self.tabs[0])

    def check_size(self) -> None:
        """Refuse more cells than a spreadsheet may have."""
        if sum(tab.size for tab in self.tabs) > MOST_CELLS:
            raise GoogleRefusal(
                f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
            )

    def move_ranges(self, move: RangeMove, *, anchors: bool = False) -> None:
        """Let named ranges and all that stands on the tabs follow a move of cells, charts only one of whole rows."""
        self.named_ranges = [
            moved_json(named, move) or {key: value for key, value in named.items() if key != "range"}
            for named in self.named_ranges
        ]
        for tab in self.tabs:
            tab.move_ranges(move, anchors=anchors)

    def move_lines(self, sheet_id: int, dimension: str, move: Move) -> None:
        """Let all follow a move of whole rows or columns, developer metadata too."""
        self.move_ranges(along(sheet_id, dimension, move), anchors=True)
        self.metadata = [moved for item in self.metadata if (moved := _moved_metadata(item, sheet_id, dimension, move))]

    def drop_tab(self, tab: EmulatedTab) -> None:
        """Remove a tab, with what stands on it."""
        self.tabs.remove(tab)
        self.move_ranges(lambda rectangle: None if rectangle.sheet_id == tab.sheet_id else rectangle)
        self.metadata = [item for item in self.metadata if tab_of_location(item["location"]) != tab.sheet_id]


def _shown(rectangle: GridRange, tab: EmulatedTab) -> Area:
    bottom = tab.rows if rectangle.bottom is None else rectangle.bottom
    right = tab.columns if rectangle.right is None else rectangle.right
    return rectangle.top or 0, bottom, rectangle.left or 0, right


def tab_of_location(location: Json) -> int | None:
    """Return the id of the tab on which metadata stands, None for the spreadsheet's."""
    if location.get("spreadsheet"):
        return None
    lines = location.get("dimensionRange")
    return int(lines.get("sheetId", 0) if lines else location.get("sheetId", 0))


def _moved_metadata(item: Json, sheet_id: int, dimension: str, move: Move) -> Json | None:
    lines = item["location"].get("dimensionRange")
    if not lines or lines.get("sheetId", 0) != sheet_id or lines["dimension"] != dimension:
        return item
    bounds = move((lines["startIndex"], lines["endIndex"]))
    if bounds is None:
        return None
    place = {**lines, "startIndex": bounds[0], "endIndex": bounds[1]}
    return {**item, "location": {**item["location"], "dimensionRange": place}}
