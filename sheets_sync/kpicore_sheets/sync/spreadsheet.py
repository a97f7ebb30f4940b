"""A spreadsheet as it was read: tabs with what stands on them, named ranges, metadata, cells. Nothing is asked here.

API: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from kpicore import KpiError
from kpicore_sheets.limits import MOST_COLUMNS, MOST_ROWS
from kpicore_sheets.sync.ids import MARK_KEY, area_of
from kpicore_sheets.sync.rectangle import Rectangle, rectangle_of, without_all

Json = dict[str, Any]

_GRID = "gridProperties(rowCount,columnCount)"
_PROTECTED = "protectedRanges(protectedRangeId,range,description,warningOnly,requestingUserCanEdit,unprotectedRanges)"
_MARK = "developerMetadata(metadataId)"
LINES = f"rowMetadata({_MARK}),columnMetadata({_MARK},pixelSize)"
"""What is read of rows and columns: the marks on them, and widths. Each range brings those of its columns again, so
that it is as little as can be: on which row or column a mark is, its place in the answer tells."""
_DATA = f"data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue,note)),{LINES})"
WITHOUT_CELLS = (
    f"namedRanges,developerMetadata,sheets(properties(sheetId,title,hidden,sheetType,{_GRID}),merges,{_PROTECTED},"
    "conditionalFormats,tables(range,name),charts(chartId,spec))"
)
"""What is read of every spreadsheet."""
WITH_CELLS = f"{WITHOUT_CELLS[:-1]},{_DATA})"
"""The same with cells, and with the marks on their rows and columns."""


class SeenCell(NamedTuple):  # there are many: a dataclass takes three times as long to make
    """A cell that holds something: what was entered (an ExtendedValue), or spilled into it, and its note."""

    value: Json | None = None
    note: str = ""
    spilled: bool = False


@dataclass(frozen=True, slots=True)
class SeenMetadata:
    """Developer metadata: `dimension` is "ROWS" or "COLUMNS" where it is on one of them, at `index` of a tab."""

    id: int
    key: str
    value: str = ""
    tab: int | None = None
    dimension: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class SeenRange:
    """A named range; without a rectangle where its cells were deleted."""

    id: str
    name: str
    rectangle: Rectangle | None


@dataclass(frozen=True, slots=True)
class Protection:
    """A protected range, and whether we may write into it all the same."""

    id: int
    rectangle: Rectangle
    description: str = ""
    is_open: bool = True
    exceptions: tuple[Rectangle, ...] = ()

    def closed(self, cells: Rectangle) -> tuple[Rectangle, ...]:
        """Return what of some cells it keeps us from."""
        common = None if self.is_open else cells.common(self.rectangle)
        return without_all(common, self.exceptions) if common else ()


@dataclass(frozen=True, slots=True)
class SeenTab:
    """A tab with cells, and what stands on it. `tables` are those that people made of cells, with their names."""

    id: int
    title: str
    rows: int
    columns: int
    merges: tuple[Rectangle, ...] = ()
    protections: tuple[Protection, ...] = ()
    tables: tuple[tuple[Rectangle, str], ...] = ()
    rules: tuple[Json, ...] = ()
    charts: Mapping[int, Json] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class SeenSpreadsheet:
    """A spreadsheet as it was read, or as an answer had it. Cells are known in the rectangles that are `seen`, and the
    `widths` of their columns in pixels, by tab and column.

    It is `whole` when all tabs are there, and was `searched` when marks were looked for on all of them.
    """

    tabs: Mapping[int, SeenTab]
    ranges: tuple[SeenRange, ...]
    metadata: Mapping[int, SeenMetadata]
    cells: Mapping[tuple[int, int, int], SeenCell]
    seen: tuple[Rectangle, ...]
    size: int
    whole: bool = True
    searched: bool = False
    widths: Mapping[tuple[int, int], int] = field(default_factory=lambda: MappingProxyType({}))
    _ranges: dict[str, list[SeenRange]] = field(init=False, repr=False, compare=False)
    _protections: dict[int, Protection] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # hundreds of tables look for their own: to go through all of them for each takes the square of their number
        ranges = defaultdict[str, list[SeenRange]](list)
        for item in self.ranges:
            ranges[area_of(item.id)].append(item)
        protections = {item.id: item for tab in self.tabs.values() for item in tab.protections}
        object.__setattr__(self, "_ranges", ranges)
        object.__setattr__(self, "_protections", protections)

    def ranges_of(self, area: str) -> Sequence[SeenRange]:
        """Return the named ranges of the table with this area: the area itself, its fences and names."""
        return self._ranges.get(area, ())

    def protection(self, id: int) -> Protection | None:
        """Return the protected range with this id, None where it is not there."""
        return self._protections.get(id)

    def tab_called(self, title: str) -> SeenTab | None:
        """Return the tab of that name, in capitals or not: to Google it is one name."""
        return next((tab for tab in self.tabs.values() if tab.title.casefold() == title.casefold()), None)

    def knows(self, rectangle: Rectangle) -> bool:
        """Return whether all of its cells were read, as far as the tab has them."""
        tab = self.tabs.get(rectangle.tab)
        inside = rectangle.within(tab.rows, tab.columns) if tab else None
        return inside is None or any(seen.holds(inside) for seen in self.seen)

    def filled(self, rectangle: Rectangle) -> Iterator[tuple[int, int, SeenCell]]:
        """Yield row, column and content of the cells that are not empty, by row."""
        for row in range(rectangle.top, rectangle.bottom):
            for column in range(rectangle.left, rectangle.right):
                cell = self.cells.get((rectangle.tab, row, column))
                if cell is not None:
                    yield row, column, cell


NOTHING_SEEN = SeenSpreadsheet({}, (), {}, {}, (), 0, whole=False)
"""What is known of a spreadsheet before it was read."""


def seen_spreadsheet(answer: Mapping[str, Any], asked: Sequence[tuple[str, Rectangle]] = ()) -> SeenSpreadsheet:
    """Return what an answer tells of a spreadsheet. `asked` are the rectangles whose cells are in it, by title.

    Raises: KpiError for an answer that has not the form of Google's.
    """
    try:
        return _seen(answer, asked)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise KpiError(
            f"this is no answer of Google's about a spreadsheet ({type(error).__name__}: {error}).",
            hint="Does something on the way answer in its place?",
        ) from error


def _seen(answer: Mapping[str, Any], asked: Sequence[tuple[str, Rectangle]]) -> SeenSpreadsheet:
    sheets: list[Json] = answer.get("sheets", [])
    tabs = {tab.id: tab for tab in map(_tab, sheets) if tab is not None}
    ids = {tab.title.casefold(): tab.id for tab in tabs.values()}
    metadata = {item["metadataId"]: _metadata(item) for item in answer.get("developerMetadata", [])}
    cells: dict[tuple[int, int, int], SeenCell] = {}
    widths: dict[tuple[int, int], int] = {}
    for sheet in sheets:
        tab = sheet["properties"].get("sheetId", 0)
        for data in sheet.get("data", []):
            _take_marks(tab, data, metadata)
            cells.update(_cells(tab, data))
            widths.update(_widths(tab, data))
    seen = [
        Rectangle(ids[title.casefold()], part.top, part.left, part.bottom, part.right)
        for title, part in asked
        if title.casefold() in ids
    ]
    grids = (sheet["properties"].get("gridProperties", {}) for sheet in sheets)
    return SeenSpreadsheet(
        tabs,
        tuple(_range(item, tabs) for item in answer.get("namedRanges", [])),
        metadata,
        cells,
        tuple(seen),
        sum(grid.get("rowCount", 0) * grid.get("columnCount", 0) for grid in grids),
        whole=not asked,
        widths=widths,
    )


def _tab(sheet: Json) -> SeenTab | None:
    properties = sheet["properties"]
    if properties.get("sheetType", "GRID") != "GRID":
        return None  # a chart on a sheet of its own
    rows, columns = properties["gridProperties"]["rowCount"], properties["gridProperties"]["columnCount"]
    return SeenTab(
        properties.get("sheetId", 0),
        properties["title"],
        rows,
        columns,
        tuple(rectangle_of(merge, rows, columns) for merge in sheet.get("merges", [])),
        tuple(_protections(sheet.get("protectedRanges", []), rows, columns)),
        tuple(
            (rectangle_of(table["range"], rows, columns), table.get("name", ""))
            for table in sheet.get("tables", [])
            if "range" in table
        ),
        tuple(sheet.get("conditionalFormats", [])),
        MappingProxyType({chart["chartId"]: chart for chart in sheet.get("charts", [])}),
    )


def _protections(written: Iterable[Json], rows: int, columns: int) -> Iterator[Protection]:
    for item in written:
        if "range" not in item:  # by a named range or a table: told by the refusal of the batch
            continue
        is_open = item.get("warningOnly", False) or item.get("requestingUserCanEdit", False)
        rectangle = rectangle_of(item["range"], rows, columns)
        exceptions = tuple(rectangle_of(free, rows, columns) for free in item.get("unprotectedRanges", []))
        yield Protection(item.get("protectedRangeId", 0), rectangle, item.get("description", ""), is_open, exceptions)


def _range(item: Json, tabs: Mapping[int, SeenTab]) -> SeenRange:
    written = item.get("range")
    rectangle = None
    if written is not None:
        tab = tabs.get(written.get("sheetId", 0))  # not there when only other tabs were asked for
        rectangle = rectangle_of(written, tab.rows if tab else MOST_ROWS, tab.columns if tab else MOST_COLUMNS)
    return SeenRange(item["namedRangeId"], item.get("name", ""), rectangle)


def _metadata(item: Json) -> SeenMetadata:
    return SeenMetadata(item["metadataId"], item.get("metadataKey", ""), item.get("metadataValue", ""))


def _take_marks(tab: int, data: Json, metadata: dict[int, SeenMetadata]) -> None:
    """Put what stands on rows and columns of a range into `metadata`: once, however many tables share a column."""
    for dimension, lines, start in (("ROWS", "rowMetadata", "startRow"), ("COLUMNS", "columnMetadata", "startColumn")):
        for index, line in enumerate(data.get(lines, []), data.get(start, 0)):
            for item in line.get("developerMetadata", []):
                if (id := item["metadataId"]) not in metadata:
                    metadata[id] = SeenMetadata(id, MARK_KEY, "", tab, dimension, index)


def _widths(tab: int, data: Json) -> Iterator[tuple[tuple[int, int], int]]:
    for column, line in enumerate(data.get("columnMetadata", []), data.get("startColumn", 0)):
        if "pixelSize" in line:
            yield (tab, column), line["pixelSize"]


def _cells(tab: int, data: Json) -> Iterator[tuple[tuple[int, int, int], SeenCell]]:
    left = data.get("startColumn", 0)
    for row, line in enumerate(data.get("rowData", []), data.get("startRow", 0)):
        for column, cell in enumerate(line.get("values", []), left):
            if not cell:
                continue
            value, note = cell.get("userEnteredValue"), cell.get("note", "")
            spilled = value is None and bool(cell.get("effectiveValue"))
            if value or note or spilled:
                yield (tab, row, column), SeenCell(value, note, spilled)
