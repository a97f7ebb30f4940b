"""The formulas and values of a spreadsheet document, read in blocks and without calculating what would call us."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Place = tuple[str, int, int]

_CONSTANTS, _FORMULA = 1 | 2 | 4, 16  # com.sun.star.sheet.CellFlags: numbers, dates, texts; formulas
_ROWS, _COLUMNS = 256, 8  # of the blocks in which values are read
_HIDDEN = re.compile(r"\b(?:KPI|INDIRECT|OFFSET|MULTIPLE\.OPERATIONS)\b|KPI[._]", re.IGNORECASE)
"""Formulas that may depend on one of our cells without naming it; and ours."""


class Sheets:
    """The sheets of a document as they are now; rows and columns count from 1."""

    def __init__(self, document: Any) -> None:
        sheets = document.getSheets()
        self._sheets = {sheet.getName(): sheet for sheet in (sheets.getByIndex(i) for i in range(sheets.getCount()))}
        self._names = {name.casefold(): name for name in self._sheets}
        self._formulas: dict[Place, str] = {}
        for name, sheet in self._sheets.items():
            self._formulas.update(((name, *place), text) for place, text in _cells(sheet, sheet, _FORMULA))
        self._ours = {place for place, text in self._formulas.items() if _HIDDEN.search(text)}
        self._blocks: dict[Place, dict[tuple[int, int], Any]] = {}
        self._results: dict[Place, Any] = {}

    def formulas(self) -> Iterator[tuple[str, int, int, str]]:
        """Yield the formulas that may call us: sheet, row, column, text."""
        for place in self._ours:
            yield (*place, self._formulas[place])

    def value_at(self, sheet: str, row: int, column: int) -> Any:
        """Return the value of a cell, None for an empty one.

        Raises: LookupError for an error, and for a formula that depends on our cells: reading it would call us.
        """
        name = self._names[sheet.casefold()]
        place = (name, row, column)
        if place in self._formulas:
            if place not in self._results:
                self._results[place] = self._result(place)
            return self._results[place]
        block = (name, (row - 1) // _ROWS, (column - 1) // _COLUMNS)
        if block not in self._blocks:
            self._blocks[block] = self._block(*block)
        return self._blocks[block].get((row, column))

    def _block(self, name: str, down: int, across: int) -> dict[tuple[int, int], Any]:
        sheet, left, top = self._sheets[name], across * _COLUMNS, down * _ROWS
        area = sheet.getCellRangeByPosition(left, top, left + _COLUMNS - 1, top + _ROWS - 1)
        return dict(_cells(sheet, area, _CONSTANTS))

    def _result(self, place: Place) -> Any:
        name, row, column = place
        cell = self._sheets[name].getCellByPosition(column - 1, row - 1)
        if place in self._ours or self._depends_on_ours(cell):
            raise LookupError("depends on a cell that calls us")
        if cell.getError():
            raise LookupError("an error")
        [[value]] = cell.getDataArray()
        return value

    def _depends_on_ours(self, cell: Any) -> bool:
        names = list(self._sheets)
        return any(self._holds_ours(names[area.Sheet], area) for area in cell.queryPrecedents(True).getRangeAddresses())

    def _holds_ours(self, sheet: str, area: Any) -> bool:
        rows, columns = range(area.StartRow + 1, area.EndRow + 2), range(area.StartColumn + 1, area.EndColumn + 2)
        # whichever is less to go through: a precedent may be a whole column
        if len(rows) * len(columns) < len(self._ours):
            return any((sheet, row, column) in self._ours for row in rows for column in columns)
        return any(name == sheet and row in rows and column in columns for name, row, column in self._ours)


def _cells(sheet: Any, area: Any, kind: int) -> Iterator[tuple[tuple[int, int], Any]]:
    """Yield the places and the texts of formulas, or the values of other cells, of one kind."""
    for place in area.queryContentCells(kind).getRangeAddresses():
        block = sheet.getCellRangeByPosition(place.StartColumn, place.StartRow, place.EndColumn, place.EndRow)
        rows = block.getFormulaArray() if kind == _FORMULA else block.getDataArray()
        for down, row in enumerate(rows, place.StartRow + 1):
            for across, value in enumerate(row, place.StartColumn + 1):
                yield (down, across), value
