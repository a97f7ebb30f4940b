"""Formulas of .xlsx files: LibreOffice finds our functions there only as KPI.WIN_RATE, and Excel writes other names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMULA = 16  # com.sun.star.sheet.CellFlags
# texts, and names of sheets in quotes, are matched first, so that nothing in them is renamed
_TEXT_OR_NAME = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|(?<![\w.])(?:_xldudf_)?(?P<name>KPI(?:_\w+)?)\(", re.I)


def known_names(formula: str, methods: Mapping[str, str]) -> str:
    """Return a formula with our functions under the names that LibreOffice knows everywhere.

    `methods` has, for the name of each function in capitals, what stands after `KPI.`

    >>> known_names('=IF(A1;_xldudf_kpi_win_rate(2026);kpi_none(1))&"kpi(1)"', {"KPI_WIN_RATE": "WIN_RATE"})
    '=IF(A1;KPI.WIN_RATE(2026);kpi_none(1))&"kpi(1)"'
    """

    def known(match: re.Match[str]) -> str:
        method = methods.get((match["name"] or "").upper())
        return f"KPI.{method}(" if method else match[0]

    return _TEXT_OR_NAME.sub(known, formula)


def make_known(document: Any, methods: Mapping[str, str]) -> int:
    """Enter the formulas again in which LibreOffice did not find our functions; return how many."""
    sheets, changed, was_modified = document.getSheets(), 0, document.isModified()
    document.lockControllers()
    try:
        for number in range(sheets.getCount()):
            sheet = sheets.getByIndex(number)
            if not _may_call_us(sheet):
                continue
            for area in sheet.queryContentCells(_FORMULA).getRangeAddresses():
                changed += _make_known(sheet, area, methods)
    finally:
        document.unlockControllers()
    if changed and not was_modified:
        document.setModified(False)
    return changed


def _may_call_us(sheet: Any) -> bool:
    """Whether any formula of a sheet holds our letters: every document that is opened comes by here."""
    search = sheet.createSearchDescriptor()
    search.SearchString, search.SearchType = "KPI", 0  # 0: in formulas
    return sheet.findFirst(search) is not None


def _make_known(sheet: Any, area: Any, methods: Mapping[str, str]) -> int:
    changed = 0
    rows = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow).getFormulaArray()
    for down, row in enumerate(rows, area.StartRow):
        for across, text in enumerate(row, area.StartColumn):
            formula = known_names(text, methods)
            if formula != text:
                _enter(sheet, across, down, formula)
                changed += 1
    return changed


def _enter(sheet: Any, column: int, row: int, formula: str) -> None:
    cell = sheet.getCellByPosition(column, row)
    if not formula.startswith("{"):
        cell.setFormula(formula)
        return
    area = sheet.createCursorByRange(cell)
    area.collapseToCurrentArray()
    at = area.getRangeAddress()
    if (at.StartColumn, at.StartRow) == (column, row):  # the other cells of an array are entered with its first
        area.setArrayFormula(formula[1:-1])
