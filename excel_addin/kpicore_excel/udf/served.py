"""What Excel's Python process holds for a workbook: its functions, and the answers behind them."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from kpicore import CellFailure, CellFunction, CellResult, CellValue
from kpicore_excel.udf.com import MARK, SHEETS_WANTED, cell_value, com_value
from kpicore_excel.udf.excel_cache import ExcelCache
from kpicore_excel.udf.held import HeldCells
from kpicore_excel.udf.seam import write_own_wrappers
from kpicore_excel.udf.sent_sheets import Call, SentSheet
from kpicore_excel.udf.worksheet_functions import any_function, worksheet_function

DATE_1904 = "1904"
"""The place of cells in workbooks whose days count from 1904."""

_OTHER_DAYS = (
    "this workbook counts days from 1904, so its dates would be read 1,462 days wrong. "
    "Clear 'Use 1904 date system' in File > Options > Advanced."
)


class Served:
    """The functions of one workspace for one Excel."""

    def __init__(self, folder: str | Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._cells = HeldCells(folder)
        self._cache = ExcelCache(self._cells, clock)
        self.functions: tuple[CellFunction, ...] = self._cells.functions()
        self._without_dates = {function.name for function in self.functions if function.kind == "calculator"} | {
            "KPI_LIST"
        }

    def called(self, name: str, place: object, values: tuple[Any, ...]) -> object:
        """Return what a function gives to VBA. To xlwings' own VBA, which sends no place, it gives errors as texts."""
        try:
            result = self._result(name, str(place or ""), values)
        except Exception as error:  # Excel would show the traceback of a defect, ours or a plugin's
            result = _failure(name, CellFailure("#N/A", f"internal error, {type(error).__name__}: {error}"))
        return SHEETS_WANTED if result is None else com_value(result, ": " if place is None else MARK)

    def _result(self, name: str, place: str, values: tuple[Any, ...]) -> CellResult | None:
        if place == DATE_1904:
            if name not in self._without_dates:
                return _failure(name, CellFailure("#VALUE!", _OTHER_DAYS))
            place = ""
        return self._cache.answer((name, tuple(map(cell_value, values))), place)

    def kpi_sheet(self, is_home: bool, name: str, row: int, column: int, formulas: object, values: object) -> str:
        """Take a sheet; return the name of the next one to send, or ""."""
        return self._cache.take_sheet(SentSheet.sent(name, row, column, formulas, values), is_home)

    def kpi_why(self, place: str, formula: object, row: int, column: int) -> str:
        """Return what the KPIs of a formula give, a line each: where an error can carry no message, it is here."""
        if place == DATE_1904:
            return _OTHER_DAYS
        results = self._cache.made_by(str(formula), int(row), int(column))
        return "\n".join(_line_of(call, result) for call, result in results) or (
            "No KPI here whose arguments can be read. Put its arguments into cells, or ask KPI_EXPLAIN."
        )

    def kpi_refresh(self) -> str:
        """Ask for everything again from now on."""
        self._cache.forget()
        return ""

    def close(self) -> None:
        """Let go of the data."""
        self._cells.close()


def serve(folder: str | Path, module: MutableMapping[str, Any]) -> None:
    """Fill the module of a workbook, which xlwings imports: a function each, and what VBA calls besides.

    Raises: KpiError when the workspace cannot be read.
    """
    served = Served(folder)
    module.update({function.name: worksheet_function(function, served.called) for function in served.functions})
    module.update(kpi_served=served, kpi_sheet=served.kpi_sheet, kpi_why=served.kpi_why, kpi_refresh=served.kpi_refresh)
    module["__getattr__"] = _gone(served, str(module["__name__"]))
    write_own_wrappers()


def _gone(served: Served, module: str) -> Callable[[str], object]:
    """Return what finds names that a module lacks: a function for a KPI that a sheet still uses."""

    def find(name: str) -> object:
        if not name.startswith("KPI_"):
            raise AttributeError(f"module '{module}' has no attribute '{name}'")
        return any_function(name, served.called)

    return find


def _failure(name: str, failure: CellFailure) -> CellResult:
    """Return a failure as the function shows it: KPI_EXPLAIN tells why."""
    return (("No answer", failure.message),) if name == "KPI_EXPLAIN" else failure


def _line_of(call: Call, result: CellResult) -> str:
    name, arguments = call
    shown = f"{name}({', '.join(map(_argument_words, arguments))})"
    if isinstance(result, CellFailure):
        return f"{shown}: {result.code} {result.message}"
    if isinstance(result, tuple):
        return f"{shown}: {len(result)} rows"
    return f"{shown}: {result:g}" if isinstance(result, float) else f"{shown}: {result}"


def _argument_words(value: CellValue) -> str:
    if isinstance(value, tuple):
        return f"{len(value)} x {len(value[0])} cells"
    if value is None:
        return "empty"
    if isinstance(value, CellFailure):
        return value.code
    return f"{value:g}" if isinstance(value, float) else f'"{value}"' if isinstance(value, str) else str(value)
