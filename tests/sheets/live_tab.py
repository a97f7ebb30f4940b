"""A tab of a real spreadsheet in which things are tried, and what was found: shortened, and without anybody's ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kpicore import harmless, shortened
from kpicore_sheets.port import BatchRefused, Spreadsheets
from kpicore_sheets.sync.ids import table_ids

Json = dict[str, Any]
APPLIED = "applied"
SHEET, TITLE = 1_911_047, "kpicore live"
IDS = table_ids("kpicore_live")
"""Ids as those of a table, in case Google takes only some."""
ROWS, COLUMNS = 40, 12


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the sync builds on, what was seen, and whether it holds; None where nothing is built on it."""

    built_on: str
    seen: str
    holds: bool | None


class LiveTab:
    """A tab of our own, made and deleted again; all else of the spreadsheet is left alone."""

    def __init__(self, google: Spreadsheets, spreadsheet: str) -> None:
        self.google, self.spreadsheet = google, spreadsheet

    @contextmanager
    def open(self) -> Iterator[LiveTab]:
        """Make the tab, and delete it in the end, with one that was left by a run that broke off."""
        self._clear()
        grid = {"rowCount": ROWS, "columnCount": COLUMNS}
        self.batch({"addSheet": {"properties": {"sheetId": SHEET, "title": TITLE, "gridProperties": grid}}})
        try:
            yield self
        finally:
            self._clear()

    def _clear(self) -> None:
        for named in self.read("namedRanges").get("namedRanges", []):
            if str(named.get("namedRangeId")).startswith(IDS.area):
                self.batch(unname(named["namedRangeId"]))
        self.tries({"deleteSheet": {"sheetId": SHEET}})

    def batch(self, *requests: Json, **more: Any) -> Json:
        """Apply requests in one batch. Raises BatchRefused."""
        return self.google.batch_update(self.spreadsheet, json.dumps({"requests": requests, **more}).encode())

    def tries(self, *requests: Json) -> str:
        """Return what comes of a batch: "applied", or "refused" with Google's line."""
        try:
            self.batch(*requests)
        except BatchRefused as refused:
            return self.told(f"refused: {refused.message.removeprefix('Google refuses: ')}")
        return APPLIED

    def read(self, fields: str, *ranges: str) -> Json:
        """Return fields of the spreadsheet."""
        return self.google.get(self.spreadsheet, fields, [f"'{TITLE}'!{place}" for place in ranges])

    def tab(self, fields: str) -> Json:
        """Return fields of the tab."""
        tabs = self.read(f"sheets(properties(sheetId),{fields})")["sheets"]
        return next(tab for tab in tabs if tab["properties"].get("sheetId") == SHEET)

    def marks(self) -> Mapping[int, int]:
        """Return the rows of our developer metadata by id."""
        rows: list[Json] = [
            row
            for data in self.tab("data(rowMetadata(developerMetadata))").get("data", [])
            for row in data.get("rowMetadata", [])
        ]
        return {
            item["metadataId"]: item["location"]["dimensionRange"].get("startIndex", 0)
            for row in rows
            for item in row.get("developerMetadata", [])
        }

    def named(self, id: str) -> str:
        """Return where a named range is, as `rows 3-6, columns 2-4`, "gone" where it is not."""
        for named in self.read("namedRanges").get("namedRanges", []):
            if named["namedRangeId"] == id and "range" not in named:
                return "there, but without cells"
            if named["namedRangeId"] == id:
                place = named["range"]
                rows = f"rows {place.get('startRowIndex', 0) + 1}-{place.get('endRowIndex', '')}"
                return f"{rows}, columns {place.get('startColumnIndex', 0) + 1}-{place.get('endColumnIndex', '')}"
        return "gone"

    def told(self, text: object) -> str:
        """Return a text as the protocol has it: short, on one line, without the ids and addresses of people."""
        plain = harmless(str(text)).replace(self.spreadsheet, "…").replace("|", "/")
        plain = re.sub(r"\S+@\S+", "…", re.sub(r"\d{9,}", "…", plain))
        return shortened(plain, 160)


def cells(top: int, bottom: int, left: int, right: int) -> Json:
    """Return a rectangle of the tab, from 0, ends not included."""
    rows = {"startRowIndex": top, "endRowIndex": bottom}
    return {"sheetId": SHEET, **rows, "startColumnIndex": left, "endColumnIndex": right}


def lines(dimension: str, start: int, end: int) -> Json:
    """Return rows or columns of the tab."""
    return {"sheetId": SHEET, "dimension": dimension, "startIndex": start, "endIndex": end}


def mark(id: int, row: int) -> Json:
    """Return the request that puts metadata with this id on a row."""
    place = {"dimensionRange": lines("ROWS", row, row + 1)}
    made = {"metadataId": id, "metadataKey": "kpicore.live", "location": place, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def unmark(id: int, row: int) -> Json:
    """Return the request that deletes metadata by its id, if it is on exactly this row."""
    place = {"dimensionRange": lines("ROWS", row, row + 1)}
    lookup = {"metadataId": id, "metadataLocation": place, "locationMatchingStrategy": "EXACT_LOCATION"}
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


def name(id: str, place: Json, called: str = "") -> Json:
    """Return the request that adds a named range with an id of ours."""
    return {"addNamedRange": {"namedRange": {"namedRangeId": id, "name": called or f"live_{id}", "range": place}}}


def unname(id: str) -> Json:
    """Return the request that deletes a named range."""
    return {"deleteNamedRange": {"namedRangeId": id}}


def text(row: int, column: int, value: str) -> Json:
    """Return the request that writes one text."""
    start = {"sheetId": SHEET, "rowIndex": row, "columnIndex": column}
    written = [{"values": [{"userEnteredValue": {"stringValue": value}}]}]
    return {"updateCells": {"rows": written, "fields": "userEnteredValue", "start": start}}
