"""Excel on Windows, as far as xlwings' UDFs need it, so that their real code runs anywhere.

`windows()` puts stand-ins in the place of the modules of pywin32 while the real `xlwings.udfs`, `xlwings.com_server`
and `xlwings._xlwindows` are imported, and makes `xw.func` and `xw.arg` what they are on Windows. `Excel` does what our
VBA does: it takes values out of cells, calls Python, sends sheets and makes native errors. No COM, no Excel.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from kpicore import CellFailure, CellResult, CellScalar, CellValue, calls_in
from kpicore_excel.udf.com import MARK
from kpicore_excel.udf.udf_files import module_text

ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}
"""Errors of cells as COM passes them."""


class Anything:
    """Stands for what is imported and never used."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __getattr__(self, name: str) -> Anything:
        return Anything()

    def __call__(self, *_: object, **__: object) -> Anything:
        return Anything()


class ComError(Exception):
    """pywintypes.com_error."""


def _stand_ins() -> dict[str, ModuleType]:
    """Return the modules of pywin32, with what xlwings takes from them at import and in calls."""

    def module(name: str, **names: object) -> ModuleType:
        made = ModuleType(name)
        made.__dict__.update(names)
        return made

    def unwrap(value: object) -> object:
        if type(value).__name__ != "XLPythonObject":
            raise ComError("not one of Python's objects")
        return value

    pythoncom = module(
        "pythoncom", com_error=ComError, ole_error=ComError, CoInitialize=lambda: None, __file__="",
        IID_IDispatch=0, IID_IEnumVARIANT=1, TypeIIDs={0: Anything},
    )  # fmt: skip
    client = module(
        "win32com.client", Dispatch=lambda given, **_: given, DispatchEx=Anything, gencache=Anything(),
        CDispatch=type("CDispatch", (), {}), CoClassBaseClass=type("CoClassBaseClass", (), {}),
        DispatchBaseClass=type("DispatchBaseClass", (), {}),
    )  # fmt: skip
    util = module("win32com.server.util", unwrap=unwrap, wrap=lambda given, *_, **__: given)
    dispatcher, policy = module("win32com.server.dispatcher"), module("win32com.server.policy")
    server = module("win32com.server", util=util, dispatcher=dispatcher, policy=policy)
    made = [
        pythoncom, client, util, dispatcher, policy, server,
        module("win32com", client=client, server=server),
        module("pywintypes", com_error=ComError, error=ComError, TimeType=datetime, IID=str),
        module("win32timezone", TimeZoneInfo=SimpleNamespace(utc=lambda: UTC)),
        module("win32api"), module("win32con"), module("win32event"), module("win32gui"), module("win32process"),
    ]  # fmt: skip
    return {each.__name__: each for each in made}


@dataclass(frozen=True, slots=True)
class Windows:
    """The real modules of xlwings."""

    udfs: Any
    com_server: Any


@contextmanager
def windows() -> Iterator[Windows]:
    """Give xlwings as it is on Windows; afterwards it is as before."""
    import xlwings

    before = set(sys.modules)
    names = {name: getattr(xlwings, name) for name in ("func", "arg", "ret", "engines", "import_udfs")}
    patched = {name: getattr(ctypes, name, None) for name in ("PyDLL", "windll", "oledll")}
    sys.modules.update(_stand_ins())
    for name in patched:
        setattr(ctypes, name, Anything())
    found = None
    try:
        found = _imported(xlwings)
        yield found
    finally:
        if found:
            found.com_server.loop.close()
            found.udfs.com_executor.shutdown()
        for name, original in patched.items():
            setattr(ctypes, name, original)
            if original is None:
                delattr(ctypes, name)
        for name in set(sys.modules) - before:
            if name.startswith(("win32", "pythoncom", "pywintypes", "xlwings.")):
                del sys.modules[name]
        xlwings.__dict__.update(names)


def _imported(xlwings: Any) -> Windows:
    xlwings._xlwindows = importlib.import_module("xlwings._xlwindows")
    engine = xlwings.Engine(impl=xlwings._xlwindows.engine)
    xlwings.engines = {"excel": engine}
    udfs = importlib.import_module("xlwings.udfs")
    com_server = importlib.import_module("xlwings.com_server")
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    xlwings.import_udfs = udfs.import_udfs
    return Windows(udfs, com_server)


@dataclass(slots=True)
class Excel:
    """A workbook in Excel, whose cells hold values or formulas; it does what our VBA does.

    Other formulas than calls of KPI functions on literals, cells and ranges it cannot calculate.
    """

    windows: Windows
    module: str
    sheets: dict[str, dict[tuple[int, int], CellValue]] = field(default_factory=dict)
    date_1904: bool = False
    sent: list[str] = field(default_factory=list)
    server: Any = None

    def __post_init__(self) -> None:
        self.server = self.windows.com_server.XLPython()

    def call(self, name: str, *arguments: CellValue, sheet: str = "") -> CellResult:
        """Return what a cell of a sheet shows; without a sheet, what a macro gets."""
        place = self._place(sheet)
        given = [place, *(raw(argument) for argument in arguments)]
        found = self.server.CallUDF(self.module, name, given)
        if found == MARK:
            self._send_sheets(sheet)
            found = self.server.CallUDF(self.module, name, given)
        return native(found)

    def recalculate(self, sheet: str) -> dict[tuple[int, int], CellResult]:
        """Return what the cells with KPI formulas show, calculated from the top left to the bottom right."""
        shown: dict[tuple[int, int], CellResult] = {}

        def value_at(name: str, row: int, column: int) -> CellValue:
            held = self.sheets[name].get((row, column))
            return shown.get((row, column)) if is_formula(held) else held  # type: ignore[return-value]

        def result_of(name: str, arguments: tuple[CellValue, ...]) -> CellResult:
            return self.call(name, *arguments, sheet=sheet)

        for (row, column), formula in sorted(self.sheets[sheet].items(), key=lambda each: each[0]):
            if is_formula(formula):
                name, arguments = calls_in([(sheet, row, column, str(formula))], value_at, result_of)[-1]
                shown[row, column] = self.call(name, *arguments, sheet=sheet)
        return shown

    def why(self, formula: str, sheet: str) -> str:
        """Return what the macro KpiWhy shows for a cell with that formula."""
        self._send_sheets(sheet)
        return str(self._asked("kpi_why", self._place(sheet), formula, 1, 1))

    def refresh(self) -> None:
        """Do what the macro KpiRefresh does before Excel calculates."""
        self._asked("kpi_refresh")

    def _place(self, sheet: str) -> str:
        return "1904" if self.date_1904 else f"[Book1.xlsm]{sheet}" if sheet else ""

    def _send_sheets(self, home: str) -> None:
        wanted, is_home = home, True
        while wanted:
            self.sent.append(wanted)
            wanted = self._asked("kpi_sheet", is_home, wanted, *self._used_range(wanted))
            is_home = False

    def _asked(self, name: str, *values: object) -> str:
        """Return a text from the Python module, as XLPy.Str(XLPy.Call(…)) does."""
        module = self.server.Module(self.module)
        return str(self.server.Str(self.server.Call(module, name, self.server.Tuple(*values))))

    def _used_range(self, name: str) -> tuple[object, ...]:
        cells = next((held for each, held in self.sheets.items() if each.casefold() == name.casefold()), {})
        if not cells:
            return 1, 1, None, None
        rows, columns = [row for row, _ in cells], [column for _, column in cells]
        down, right = range(min(rows), max(rows) + 1), range(min(columns), max(columns) + 1)
        formulas = tuple(tuple(str(cells.get((row, column), "")) for column in right) for row in down)
        values = tuple(tuple(self._stored(cells.get((row, column))) for column in right) for row in down)
        if len(down) == len(right) == 1:
            return down[0], right[0], formulas[0][0], values[0][0]
        return down[0], right[0], formulas, values

    @staticmethod
    def _stored(held: CellValue) -> object:
        return 0.0 if is_formula(held) else raw(held)  # a formula that is not calculated yet has its old value


@contextmanager
def excel(workspace: Path, folder: Path, name: str = "kpi_functions") -> Iterator[Excel]:
    """Give an Excel whose Python module is written to a folder, for the workspace in another."""
    (folder / f"{name}.py").write_text(module_text(workspace, folder / "kpi.xlsm"), encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        with windows() as found:
            yield Excel(found, name)
    finally:
        sys.path.remove(str(folder))
        if module := sys.modules.pop(name, None):
            module.kpi_served.close()


def udf_results(workspace: Path, folder: Path, calls: Sequence[tuple[str, tuple[CellValue, ...]]]) -> list[CellResult]:
    """Return what the UDFs give for calls, (name, arguments), on the workspace in a folder; `folder` is for the module.

    Through the real `call_udf`, with what our VBA makes of its results.
    """
    with excel(workspace, folder) as opened:
        return [opened.call(name, *arguments) for name, arguments in calls]


def is_formula(held: object) -> bool:
    """Return whether a cell holds a formula."""
    return isinstance(held, str) and held.startswith("=")


def raw(value: CellValue) -> object:
    """Return a value as COM passes it."""
    if isinstance(value, tuple):
        return tuple(tuple(raw(each) for each in row) for row in value)
    if isinstance(value, CellFailure):
        return ERRORS[value.code]
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return moment.replace(tzinfo=UTC)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def native(found: object) -> CellResult:
    """Return what VBA shows of a result: an array of one row has one dimension."""
    if isinstance(found, list):
        rows = [each if isinstance(each, list) else found for each in found]
        rows = rows if isinstance(found[0], list) else rows[:1]
        return tuple(tuple(_native(each) for each in row) for row in rows)
    return _native(found)  # type: ignore[return-value]


def _native(found: object) -> CellScalar:
    if isinstance(found, str) and MARK in found:
        return CellFailure(*found.split(MARK, 1))
    if isinstance(found, datetime):
        return found.replace(tzinfo=None)
    assert isinstance(found, str | float | int)
    return found
