"""The formulas of a spreadsheet and the values around them, as the API of Sheets tells them.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/get
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpicore import CellScalar, CellValue
from kpicore_sheets.script.sheet_cells import CELL_FIELDS, cell_value

FORMULA_FIELDS = (
    "namedRanges(name,range),sheets(properties(sheetId,title),"
    f"data(startRow,startColumn,rowData.values(userEnteredValue.formulaValue,{CELL_FIELDS})))"
)
"""What is to be read of a spreadsheet."""

MOST_NAMED_CELLS = 1_000
"""A larger named range is left to its own cell, as a longer range is."""

_OURS = re.compile("KPI", re.IGNORECASE)
_Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SheetFormulas:
    """What `answer_rows` asks of a spreadsheet: its KPI formulas, and values by tab and name."""

    formulas: tuple[tuple[str, int, int, str], ...]
    _blocks: Mapping[str, Sequence[Mapping[str, Any]]]  # by the folded title; each begins at its first row and column
    _names: Mapping[str, Mapping[str, Any]]
    _titles: Mapping[int, str]

    @classmethod
    def of(cls, spreadsheet: Mapping[str, Any], without: str = "") -> SheetFormulas:
        """Return those of an answer with `FORMULA_FIELDS`; the formulas of the tab `without` are left out."""
        sheets = spreadsheet.get("sheets", ())
        titles = {sheet["properties"].get("sheetId", 0): sheet["properties"]["title"] for sheet in sheets}
        blocks = {sheet["properties"]["title"].casefold(): sheet.get("data", ()) for sheet in sheets}
        formulas = (
            formula
            for sheet in sheets
            if (title := sheet["properties"]["title"]) != without
            for block in sheet.get("data", ())
            for formula in _formulas(title, block)
        )
        # of a name whose cells were deleted nothing is left but the name
        named = [entry for entry in spreadsheet.get("namedRanges", ()) if "name" in entry and "range" in entry]
        names = {entry["name"].casefold(): entry["range"] for entry in named}
        return cls(tuple(formulas), blocks, names, titles)

    @property
    def titles(self) -> Collection[str]:
        """The names of its tabs."""
        return self._titles.values()

    def corner_of_name(self, name: str) -> tuple[str, int, int] | None:
        """Return where a named range begins: its tab, row and column, counted from 1. None where there is none."""
        area = self._names.get(name.casefold())
        title = "" if area is None else self._titles.get(area.get("sheetId", 0), "")
        if area is None or not title:
            return None
        return title, area.get("startRowIndex", 0) + 1, area.get("startColumnIndex", 0) + 1

    def value_at(self, tab: str, row: int, column: int) -> CellScalar:
        """Return the value of a cell, counted from 1. Raises LookupError for a tab that is not there."""
        for block in self._blocks[tab.casefold()]:
            down, right = row - 1 - block.get("startRow", 0), column - 1 - block.get("startColumn", 0)
            rows: _Rows = block.get("rowData", ())
            if 0 <= down < len(rows) and 0 <= right < len(values := rows[down].get("values", ())):
                return cell_value(values[right])
        return None

    def value_of_name(self, name: str) -> CellValue:
        """Return the values of a named range. Raises LookupError for none, and for one without an end or too large."""
        area = self._names[name.casefold()]
        tab = self._titles[area.get("sheetId", 0)]
        rows = range(area.get("startRowIndex", 0) + 1, area["endRowIndex"] + 1)
        columns = range(area.get("startColumnIndex", 0) + 1, area["endColumnIndex"] + 1)
        if len(rows) * len(columns) > MOST_NAMED_CELLS:
            raise LookupError(f"'{name}' is too large")
        values = tuple(tuple(self.value_at(tab, row, column) for column in columns) for row in rows)
        return values if len(rows) * len(columns) > 1 else values[0][0]


def _formulas(title: str, block: Mapping[str, Any]) -> Iterator[tuple[str, int, int, str]]:
    rows: _Rows = block.get("rowData", ())
    for row, held in enumerate(rows, block.get("startRow", 0) + 1):
        for column, cell in enumerate(held.get("values", ()), block.get("startColumn", 0) + 1):
            text = cell.get("userEnteredValue", {}).get("formulaValue", "")
            if _OURS.search(text):
                yield title, row, column, text
