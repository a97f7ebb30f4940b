"""Calc's other end: runs as the system's Python, which alone has `uno`, starts LibreOffice and obeys lines of JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

ERRORS = {502: "#VALUE!", 503: "#NUM!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}
_FILTERS = {"ods": "calc8", "xlsx": "Calc MS Excel 2007 XML", "pdf": "calc_pdf_Export"}
_PATIENCE_SECONDS = 300  # LibreOffice's Python does not see tests/patience.py
_ALWAYS = 0


class Driver:
    """One document at a time."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._desktop = self.service("com.sun.star.frame.Desktop")
        self.document: Any = None

    def service(self, name: str, *given: Any) -> Any:
        factory = self._context.ServiceManager
        return (
            factory.createInstanceWithArgumentsAndContext(name, given, self._context)
            if given
            else factory.createInstanceWithContext(name, self._context)
        )

    def calculates_on_opening(self) -> None:
        """Set that documents are calculated when they are opened, whoever wrote them."""
        for node in ("OOXMLRecalcMode", "ODFRecalcMode"):
            path = _property("nodepath", "/org.openoffice.Office.Calc/Formula/Load")
            provider = self.service("com.sun.star.configuration.ConfigurationProvider")
            load = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationUpdateAccess", (path,))
            load.setPropertyValue(node, _ALWAYS)
            load.commitChanges()

    def new(self) -> None:
        self.open("private:factory/scalc")

    def open(self, url: str) -> None:
        self.close()
        self.document = self._desktop.loadComponentFromURL(url, "_blank", 0, (_property("Hidden", True),))

    def close(self) -> None:
        if self.document is not None:
            self.document.close(True)
            self.document = None

    def sheet(self, name: str) -> None:
        self.document.Sheets.insertNewByName(name, self.document.Sheets.getCount())

    def enter(self, sheet: int | str, cell: str, value: float | str | None) -> None:
        """Enter a number, a formula or a text; one that begins with "'" is text whatever follows."""
        found = self._range(sheet, cell)
        if value is None:
            found.clearContents(1023)
        elif isinstance(value, str) and value.startswith("'"):
            found.setString(value[1:])
        elif isinstance(value, str) and value.startswith("{"):
            found.setArrayFormula(value[1:-1])
        elif isinstance(value, str):
            found.setFormula(value)
        else:
            found.setValue(value)

    def fill(self, sheet: int, area: str, rows: list[list[str]]) -> float:
        """Enter formulas into an area; return the seconds."""
        start = time.perf_counter()
        self._range(sheet, area).setFormulaArray(tuple(map(tuple, rows)))
        return time.perf_counter() - start

    def enter_again(self, sheet: int, cell: str) -> None:
        self._range(sheet, cell).setFormula(self._range(sheet, cell).getFormula())

    def recalculate(self) -> float:
        """Calculate every cell, as Ctrl+Shift+F9 does; return the seconds."""
        start = time.perf_counter()
        self.document.calculateAll()
        return time.perf_counter() - start

    def cells(self, sheet: int | str, area: str) -> list[list[Any]]:
        """Return the values: numbers, texts, errors as {"error": code}."""
        block = self._range(sheet, area)
        found = [list(row) for row in block.getDataArray()]
        at = block.getRangeAddress()
        for bad in block.queryFormulaCells(4).getCells():  # 4: errors
            place, number = bad.getCellAddress(), bad.getError()
            found[place.Row - at.StartRow][place.Column - at.StartColumn] = {
                "error": ERRORS.get(number, f"Err:{number}")
            }
        return found

    def formulas(self, sheet: int | str, area: str) -> list[list[str]]:
        return [list(row) for row in self._range(sheet, area).getFormulaArray()]

    def counts_from(self, year: int, month: int, day: int) -> None:
        first = self.document.NullDate
        first.Year, first.Month, first.Day = year, month, day
        self.document.NullDate = first

    def save(self, url: str) -> None:
        self.document.storeToURL(url, (_property("FilterName", _FILTERS[url.rpartition(".")[2]]),))

    def described(self, name: str) -> dict[str, Any]:
        """Return what the function wizard shows."""
        listed = self.service("com.sun.star.sheet.FunctionDescriptions")
        told = {each.Name: each.Value for each in listed.getByName(name)}
        return {"help": told["Description"], "arguments": [[a.Name, a.Description] for a in told["Arguments"]]}

    def used(self, sheet: str) -> str:
        """Return the area from A1 to the last cell that is used, "A1:G23"."""
        cursor = self._sheet(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.AbsoluteName.rpartition(".")[2].replace("$", "")
        return f"A1:{last}"

    def _range(self, sheet: int | str, area: str) -> Any:
        return self._sheet(sheet).getCellRangeByName(area)

    def _sheet(self, sheet: int | str) -> Any:
        """Return a sheet by its place or its name."""
        sheets = self.document.Sheets
        return sheets.getByIndex(sheet) if isinstance(sheet, int) else sheets.getByName(sheet)

    def end(self) -> None:
        self.close()
        self._desktop.terminate()


def _property(name: str, value: Any) -> Any:
    from com.sun.star.beans import PropertyValue

    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _context(pipe: str) -> Any:
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def serve(pipe: str, *command: str) -> None:
    accept = f"--accept=pipe,name={pipe};urp;"
    office = subprocess.Popen([*command, accept], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    driver = Driver(_context(pipe))
    for line in sys.stdin:
        word, *given = json.loads(line)
        try:
            answer = {"is": getattr(driver, word)(*given)}
        except Exception as error:
            answer = {"problem": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    driver.end()
    office.wait(timeout=_PATIENCE_SECONDS)


if __name__ == "__main__":
    serve(*sys.argv[1:])
