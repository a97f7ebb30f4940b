"""How a spreadsheet is read: at first where its tables are expected, closer where that does not tell enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kpicore import BadArgument
from kpicore_sheets.addresses import cell_place, tab_name
from kpicore_sheets.port import BatchRefused, Spreadsheets
from kpicore_sheets.sync.aim import is_heavy, is_large
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.sync.placing import edges
from kpicore_sheets.sync.plan import LookCloser
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import LINES, WITH_CELLS, WITHOUT_CELLS, SeenSpreadsheet, seen_spreadsheet
from kpicore_sheets.sync.task import TableTask

TablePlace = tuple[str, Rectangle]
"""Where a table stood last: the title of its tab, and its cells."""
NEW_TAB_ROWS, NEW_TAB_COLUMNS = 1_000, 26
"""Of a tab as Google makes it."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """Where a table stood when it was written last from here; what stands for what it showed, and for its [[sheet]].

    The `grid` is the size of its tab, None where it is not known: to read beyond it is refused. `generation` is the one
    that this write made, and `spreadsheet` the id of the spreadsheet; 0 and "" are not known.
    """

    place: TablePlace
    content: str = ""
    settings: str = ""
    grid: tuple[int, int] | None = None
    generation: int = 0
    spreadsheet: str = ""


_PLACE = re.compile(r"'((?:[^']|'')+)'!([A-Z]+[0-9]+):([A-Z]+[0-9]+)")
_COUNT = re.compile(r"[0-9]{1,9}")
_GRID = re.compile(r"([1-9][0-9]{0,7})x([1-9][0-9]{0,4})")
_MARKS = f"sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount)),data({LINES}))"


def table_place(text: str) -> TablePlace | None:
    """Return the place that an address like "'KPIs'!B3:F20" names, None for another text."""
    parts = _PLACE.fullmatch(text)
    if parts is None:
        return None
    try:
        (top, left), (bottom, right) = cell_place(parts[2]), cell_place(parts[3])
    except BadArgument:
        return None
    return parts[1].replace("''", "'"), Rectangle(0, top, left, bottom + 1, right + 1)


def last_run(outcome: TableOutcome) -> LastRun | None:
    """Return what an outcome that was kept tells of the last run, None where it has no place."""
    place, grid = table_place(outcome.place), _GRID.fullmatch(outcome.grid)
    size = (int(grid[1]), int(grid[2])) if grid else None
    generation = int(outcome.generation) if _COUNT.fullmatch(outcome.generation) else 0
    return LastRun(place, outcome.content, outcome.settings, size, generation, outcome.spreadsheet) if place else None


def first_look(
    google: Spreadsheets, spreadsheet: str, tasks: Sequence[TableTask], last: Mapping[str, LastRun]
) -> SeenSpreadsheet:
    """Return a spreadsheet with the cells of its tables where these are expected; without cells where none are."""
    asked = list(dict.fromkeys(part for task in tasks for part in expected(task, last.get(task.table.name))))
    if not asked or any(not title for title, _ in asked):
        return whole(google, spreadsheet)
    try:
        answer = google.get(spreadsheet, WITH_CELLS, [part.a1(title) for title, part in asked])
    except BatchRefused:  # a tab has another name or is too small
        return whole(google, spreadsheet)
    return seen_spreadsheet(answer, asked)


def whole(google: Spreadsheets, spreadsheet: str) -> SeenSpreadsheet:
    """Return all tabs of a spreadsheet, without cells."""
    return seen_spreadsheet(google.get(spreadsheet, WITHOUT_CELLS))


def closer(
    google: Spreadsheets, spreadsheet: str, seen: SeenSpreadsheet, looks: Iterable[LookCloser]
) -> SeenSpreadsheet | None:
    """Return a spreadsheet with the cells that are asked for; None when it is not as it was seen any more.

    What was seen is read again: all cells that are decided upon are of one moment.
    """
    looks = list(looks)
    rectangles = dict.fromkeys((*seen.seen, *(part for look in looks for part in look.rectangles)))
    marks = any(look.marks for look in looks)
    is_vague = any(not look.rectangles and not look.marks for look in looks)
    if not seen.whole and (is_vague or marks or any(part.tab not in seen.tabs for part in rectangles)):
        return whole(google, spreadsheet)
    try:
        if asked := list(_titled(seen, rectangles)):
            answer = google.get(spreadsheet, WITH_CELLS, [part.a1(title) for title, part in asked])
            seen = _joined(seen, seen_spreadsheet(answer, asked))
        if marks:
            titles = [tab_name(tab.title) for tab in seen.tabs.values()]
            found = seen_spreadsheet(google.get(spreadsheet, _MARKS, titles))
            seen = replace(seen, metadata={**seen.metadata, **found.metadata}, searched=True)
    except BatchRefused:
        return None
    return seen


def _joined(seen: SeenSpreadsheet, read: SeenSpreadsheet) -> SeenSpreadsheet:
    """Return what was read, with the tabs and the marks that were seen before and not asked for now."""
    metadata = {**{id: item for id, item in seen.metadata.items() if item.tab is not None}, **read.metadata}
    tabs = {**seen.tabs, **read.tabs}
    size = seen.size if seen.whole else read.size
    return replace(read, tabs=tabs, metadata=metadata, size=size, whole=seen.whole, searched=seen.searched)


def expected(task: TableTask, last: LastRun | None) -> Iterator[TablePlace]:
    """Yield the cells in which a table is expected: where it stood, and those that it is to have."""
    table, content = task.table, task.content
    height, width = max(content.height, 1), max(content.width, 1)
    start = Rectangle(0, table.row, table.column, table.row, table.column)
    if is_heavy(content):  # the other cells come with the answer that makes its hidden tab
        yield from (
            ((last.place[0], part) for part in edges(last.place[1])) if last else ((table.tab, start.sized(1, 1)),)
        )
        return
    if last is None:
        target = start.sized(height, width)
        # what is asked beyond the end of a tab is refused, which costs a request: a new tab may end here
        if in_a_new_tab := target.within(NEW_TAB_ROWS, NEW_TAB_COLUMNS):
            yield table.tab, in_a_new_tab
        else:
            yield from ((table.tab, part) for part in (edges(target) if is_large(target) else (target,)))
        return
    title, stood = last.place
    if task.is_history:
        # the block goes below what is there: some rows of it may be reserved
        target = stood.sized(stood.height + height, max(stood.width, width))
    else:
        target = stood.sized(height, width)
    if not is_large(target) and not task.is_history:
        parts: tuple[Rectangle, ...] = (target.around(stood),)
    else:
        parts = (*edges(stood), *target.without(stood))
    yield from ((title, inside) for part in parts if (inside := part.within(*last.grid) if last.grid else part))


def _titled(seen: SeenSpreadsheet, rectangles: Iterable[Rectangle]) -> Iterator[TablePlace]:
    for rectangle in rectangles:
        tab = seen.tabs.get(rectangle.tab)
        inside = rectangle.within(tab.rows, tab.columns) if tab else None
        if tab and inside:
            yield tab.title, inside
