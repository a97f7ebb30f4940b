"""The KPI functions of Calc: LibreOffice loads this file, and calls a method for each cell."""

from __future__ import annotations

import json
import os
import time
from functools import cache
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
from com.sun.star.task import XJob
from kpicore_libreoffice.calc_cache import CalcCache, Document
from kpicore_libreoffice.calc_values import error_cell, without_end
from kpicore_libreoffice.child import Child
from kpicore_libreoffice.document import Sheets
from kpicore_libreoffice.opened import make_known
from kpicore_libreoffice.prefetch import calls_in

NAME = "org.kpicore.libreoffice.Functions"
JOB = "org.kpicore.libreoffice.Opened"
SERVICES = ("com.sun.star.sheet.AddIn", "KPI")
_LAST_YEAR = 2200  # a larger number is read as a day, a smaller one as a year
_FIRST_DAY = (1899, 12, 30)


def functions(context: Any) -> Any:
    """Return the add-in. Its interface is known only once the extension is registered, so it is not imported above."""
    settings = _settings()
    interface = uno.getClass(settings["interface"])
    methods = {function["method"]: _method(function) for function in settings["functions"]}
    return type("Functions", (Functions, interface), methods)(settings)


class Functions(unohelper.Base, XAddIn, XCompatibilityNames, XServiceName, XServiceInfo):  # type: ignore[misc]
    """What LibreOffice wants to know of the functions; `functions` adds a method for each."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._functions = {function["method"]: function for function in settings["functions"]}
        self._locale = Locale("en", "US", "")

    def getServiceName(self) -> str:
        return "KPI"

    def getImplementationName(self) -> str:
        return NAME

    def supportsService(self, name: str) -> bool:
        return name in SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return SERVICES

    def setLocale(self, locale: Any) -> None:
        self._locale = locale

    def getLocale(self) -> Any:
        return self._locale

    # LibreOffice's interface XAddIn spells it so
    def getProgrammaticFuntionName(self, display: str) -> str:
        return next((method for method, function in self._functions.items() if function["name"] == display), "")

    def getDisplayFunctionName(self, method: str) -> str:
        return self._of(method, "name")

    def getFunctionDescription(self, method: str) -> str:
        return self._of(method, "help")

    def getDisplayArgumentName(self, method: str, number: int) -> str:
        return self._argument(method, number, 0)

    def getArgumentDescription(self, method: str, number: int) -> str:
        return self._argument(method, number, 1)

    def getProgrammaticCategoryName(self, method: str) -> str:
        return "Add-In"

    def getDisplayCategoryName(self, method: str) -> str:
        return "Add-In"

    def getCompatibilityNames(self, method: str) -> tuple[Any, ...]:
        return (LocalizedName(Locale("en", "US", ""), self._of(method, "name")),)

    def _of(self, method: str, what: str) -> str:
        return str(self._functions[method][what]) if method in self._functions else ""

    def _argument(self, method: str, number: int, what: int) -> str:
        """Return the name or the help of an argument; the first is the hidden one, the document."""
        arguments = self._functions[method]["arguments"] if method in self._functions else []
        return str(arguments[number - 1][what]) if 0 < number <= len(arguments) else ""


class Opened(unohelper.Base, XJob, XServiceInfo):  # type: ignore[misc]
    """What LibreOffice does with each document that it has opened."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def execute(self, arguments: tuple[Any, ...]) -> None:
        """Make our functions known in the document's formulas."""
        environment = next((named_value.Value for named_value in arguments if named_value.Name == "Environment"), ())
        document = next((named_value.Value for named_value in environment if named_value.Name == "Model"), None)
        if document is not None and document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            make_known(document, {function["name"]: function["method"] for function in _settings()["functions"]})

    def getImplementationName(self) -> str:
        return JOB

    def supportsService(self, name: str) -> bool:
        return name == JOB

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (JOB,)


@cache
def _cache() -> CalcCache:
    """Return the cache of answers and its engine, one for as long as LibreOffice runs."""
    settings = _settings()
    workspace = os.environ.get("KPI_WORKSPACE") or settings["workspace"]
    return CalcCache(Child([*settings["command"], "--workspace", workspace]).ask, time.monotonic)


@cache
def _settings() -> dict[str, Any]:
    return dict(json.loads(Path(__file__).with_name("kpi.json").read_text(encoding="utf-8")))


def _method(function: dict[str, Any]) -> Any:
    name, repeats, is_table = function["name"], function["repeats"], function["is_table"]
    may_hold_dates = function["may_hold_dates"]

    def method(self: Functions, caller: Any, *passed: Any) -> Any:
        try:
            arguments = _arguments(passed, repeats)
            if may_hold_dates and any(type(argument) is float and argument > _LAST_YEAR for argument in arguments):
                first = caller.NullDate
                if (first.Year, first.Month, first.Day) != _FIRST_DAY:
                    result = error_cell("#VALUE!")  # its numbers mean other days than everywhere else
                    return ((result,),) if is_table else result
            result = _cache().shown(name, arguments, lambda: _document(caller))
        except Exception:  # what LibreOffice cannot hand over or we did not foresee is an error in the cell
            result = error_cell("#N/A")
        return ((result,),) if is_table and not isinstance(result, tuple) else result

    return method


def _arguments(passed: tuple[Any, ...], repeats: bool) -> tuple[Any, ...]:
    """Return the arguments of a call; those left out at its end are none."""
    fixed, rest = (passed[:-1], passed[-1]) if repeats else (passed, ())
    while not rest and fixed and fixed[-1] is None:
        fixed = fixed[:-1]
    return tuple(without_end(argument) if isinstance(argument, tuple) else argument for argument in (*fixed, *rest))


def _document(caller: Any) -> Document:
    sheets = Sheets(caller)
    return Document(caller.RuntimeUID, lambda result_of: calls_in(sheets.formulas(), sheets.value_at, result_of))


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(functions, NAME, SERVICES)
g_ImplementationHelper.addImplementation(Opened, JOB, (JOB,))
