"""Somebody who works in a spreadsheet by hand, while programs write to it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpicore.testing.sheets.batches import apply_batch
from kpicore.testing.sheets.cells import Json, Scalar, value_json
from kpicore.testing.sheets.editing import Editing
from kpicore.testing.sheets.grid_range import GridRange
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.shown import typed
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.turns import TurnLock


class SheetUser:
    """The owner of a spreadsheet at work: what people do in it, as the same requests. Rows count from 1, as they see.

    `user.type("KPIs", "B7", "=1+1")`, `user.insert_rows("KPIs", 3)`. Nothing stops them, no protection either.
    """

    def __init__(self, spreadsheet: EmulatedSpreadsheet, ids: Iterator[int], lock: TurnLock) -> None:
        self._spreadsheet = spreadsheet
        self._ids = ids
        self._lock = lock

    def _do(self, *requests: Json) -> list[Json]:
        with self._lock:
            editing = Editing(self._spreadsheet.draft(), self._ids)
            replies: list[Json] = apply_batch(self._spreadsheet, editing, {"requests": list(requests)})["replies"]
            return replies

    def _range(self, tab: str, cells: str) -> GridRange:
        title = tab.replace("'", "''")
        return self._spreadsheet.named(f"'{title}'!{cells}")[1]

    def _json(self, tab: str, cells: str) -> Json:
        return self._range(tab, cells).json()

    def type(self, tab: str, cell: str, text: str) -> None:
        """Type text into a cell: numbers, days and formulas become what they are; "" clears it."""
        value, form = typed(text) if text else (None, None)
        given: Json = {"userEnteredValue": value_json(value)} if value not in (None, "") else {}
        fields = "userEnteredValue"
        if form:
            given, fields = {**given, "userEnteredFormat": form}, f"{fields},userEnteredFormat.numberFormat"
        self._do({"repeatCell": {"range": self._json(tab, cell), "cell": given, "fields": fields}})

    def value(self, tab: str, cell: str) -> Scalar:
        """Return what was entered into a cell; a formula with its `=`."""
        place = self._range(tab, cell)
        return self._spreadsheet.tab(tab).cell(place.top or 0, place.left or 0).value

    def _lines(self, tab: str, dimension: str, first: int, count: int) -> Json:
        id = self._spreadsheet.tab(tab).sheet_id
        return {"sheetId": id, "dimension": dimension, "startIndex": first - 1, "endIndex": first - 1 + count}

    def insert_rows(self, tab: str, before: int, count: int = 1) -> None:
        """Insert rows above a row."""
        self._do({"insertDimension": {"range": self._lines(tab, "ROWS", before, count)}})

    def delete_rows(self, tab: str, first: int, count: int = 1) -> None:
        """Delete rows."""
        self._do({"deleteDimension": {"range": self._lines(tab, "ROWS", first, count)}})

    def move_rows(self, tab: str, first: int, count: int, before: int) -> None:
        """Drag rows above another row, counted as they stand before."""
        self._do({"moveDimension": {"source": self._lines(tab, "ROWS", first, count), "destinationIndex": before - 1}})

    def insert_columns(self, tab: str, before: int, count: int = 1) -> None:
        """Insert columns to the left of a column; A is 1."""
        self._do({"insertDimension": {"range": self._lines(tab, "COLUMNS", before, count)}})

    def delete_columns(self, tab: str, first: int, count: int = 1) -> None:
        """Delete columns; A is 1."""
        self._do({"deleteDimension": {"range": self._lines(tab, "COLUMNS", first, count)}})

    def move_columns(self, tab: str, first: int, count: int, before: int) -> None:
        """Drag columns to the left of another one; A is 1."""
        source = self._lines(tab, "COLUMNS", first, count)
        self._do({"moveDimension": {"source": source, "destinationIndex": before - 1}})

    def insert_cells(self, tab: str, cells: str, shift: str = "ROWS") -> None:
        """Insert cells; those there go down, or with "COLUMNS" to the right."""
        self._do({"insertRange": {"range": self._json(tab, cells), "shiftDimension": shift}})

    def delete_cells(self, tab: str, cells: str, shift: str = "ROWS") -> None:
        """Delete cells; those behind come up, or with "COLUMNS" to the left."""
        self._do({"deleteRange": {"range": self._json(tab, cells), "shiftDimension": shift}})

    def sort(self, tab: str, cells: str, column: str, *, descending: bool = False) -> None:
        """Sort the rows of a range by a column."""
        index = self._range(tab, f"{column}1").left
        spec = {"dimensionIndex": index, "sortOrder": "DESCENDING" if descending else "ASCENDING"}
        self._do({"sortRange": {"range": self._json(tab, cells), "sortSpecs": [spec]}})

    def cut_paste(self, tab: str, cells: str, to: str, to_tab: str = "") -> None:
        """Cut cells and paste them elsewhere, in this tab or another."""
        place = self._range(to_tab or tab, to)
        corner = {"sheetId": place.sheet_id, "rowIndex": place.top, "columnIndex": place.left}
        self._do({"cutPaste": {"source": self._json(tab, cells), "destination": corner, "pasteType": "PASTE_NORMAL"}})

    def clear(self, tab: str, cells: str) -> None:
        """Select cells and press Delete: the values go, formats and notes stay."""
        self._do({"repeatCell": {"range": self._json(tab, cells), "cell": {}, "fields": "userEnteredValue"}})

    def add_tab(self, title: str, rows: int = 1000, columns: int = 26) -> None:
        """Add a tab."""
        size = {"rowCount": rows, "columnCount": columns}
        self._do({"addSheet": {"properties": {"title": title, "gridProperties": size}}})

    def rename_tab(self, tab: str, title: str) -> None:
        """Give a tab another title."""
        properties = {"sheetId": self._spreadsheet.tab(tab).sheet_id, "title": title}
        self._do({"updateSheetProperties": {"properties": properties, "fields": "title"}})

    def delete_tab(self, tab: str) -> None:
        """Delete a tab."""
        self._do({"deleteSheet": {"sheetId": self._spreadsheet.tab(tab).sheet_id}})

    def name_range(self, name: str, tab: str, cells: str) -> None:
        """Name a range."""
        self._do({"addNamedRange": {"namedRange": {"name": name, "range": self._json(tab, cells)}}})

    def remove_named_range(self, name: str) -> None:
        """Remove a named range; the cells stay."""
        for named in self._spreadsheet.named_ranges:
            if named["name"] == name:
                self._do({"deleteNamedRange": {"namedRangeId": named["namedRangeId"]}})
                return
        raise GoogleRefusal(f"no named range {name}")

    def protect(self, tab: str, cells: str = "", editors: Sequence[str] = (), *, warning_only: bool = False) -> None:
        """Protect cells, or a whole tab, from all but the owner and these editors."""
        where = self._json(tab, cells) if cells else {"sheetId": self._spreadsheet.tab(tab).sheet_id}
        given: Json = {"range": where, "warningOnly": warning_only, "editors": {"users": list(editors)}}
        self._do({"addProtectedRange": {"protectedRange": given}})

    def merge(self, tab: str, cells: str) -> None:
        """Merge cells into one."""
        self._do({"mergeCells": {"range": self._json(tab, cells), "mergeType": "MERGE_ALL"}})

    def filter(self, tab: str, cells: str) -> None:
        """Put a filter on cells."""
        self._do({"setBasicFilter": {"filter": {"range": self._json(tab, cells)}}})

    def make_table(self, tab: str, cells: str, name: str = "Table1") -> None:
        """Turn cells into a native table."""
        self._do({"addTable": {"table": {"name": name, "range": self._json(tab, cells)}}})

    def color(self, tab: str, cells: str, red: float, green: float, blue: float) -> None:
        """Color the background of cells."""
        form = {"backgroundColor": {"red": red, "green": green, "blue": blue}}
        cell = {"userEnteredFormat": form}
        fields = "userEnteredFormat.backgroundColor"
        self._do({"repeatCell": {"range": self._json(tab, cells), "cell": cell, "fields": fields}})

    def edit_chart(self, chart_id: int, **fields: object) -> None:
        """Change parts of a chart's spec, such as its title, in place of those that are there."""
        charts = [chart for tab in self._spreadsheet.tabs for chart in tab.charts if chart["chartId"] == chart_id]
        self._do({"updateChartSpec": {"chartId": chart_id, "spec": {**charts[0]["spec"], **fields}}})

    def delete_chart(self, chart_id: int) -> None:
        """Delete a chart."""
        self._do({"deleteEmbeddedObject": {"objectId": chart_id}})

    def do(self, kind: str, **content: object) -> Json:
        """Do what one request does, of whatever kind, and return its reply."""
        return self._do({kind: dict(content)})[0]
