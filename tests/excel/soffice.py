"""LibreOffice, driven as a person drives it: open a workbook, choose in cells, read what it calculates.

It runs as the system's Python, which alone has `uno`; the tests talk to it over pipes in JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

UNO = "/usr/share/python3/runtime.d/python3-uno.rtupdate"
"""What tells that the package python3-uno is there: it brings no program of its own."""
SYSTEM_PYTHON = "/usr/bin/python3"

ERRORS = {502: "#VALUE!", 503: "#NUM!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}
_STARTING_SECONDS = 60


class LibreOffice:
    """A headless LibreOffice of its own, with one workbook open at a time."""

    def __init__(self, soffice: str, profile: Path) -> None:
        command = [SYSTEM_PYTHON, __file__, soffice, profile.as_uri(), f"kpi{profile.stat().st_ino}"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> LibreOffice:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def open(self, file: Path) -> None:
        """Open a workbook, and calculate all of it."""
        self._ask("open", file.as_uri())

    def choose(self, sheet: str, **texts: str) -> None:
        """Enter texts into cells, by their names."""
        self._ask("choose", sheet, texts)

    def values(self, sheet: str) -> list[list[float | str | None]]:
        """Return the cells of a sheet row by row: numbers, texts, errors by their names, None for empty."""
        return self._ask("values", sheet)

    def print(self, file: Path) -> None:
        """Write what it shows as PDF."""
        self._ask("print", file.as_uri())

    def formula(self, sheet: str, cell: str) -> str:
        """Return the formula of a cell as LibreOffice shows it."""
        return str(self._ask("formula", sheet, cell))

    def _ask(self, *words: object) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("LibreOffice is gone")
        answer = json.loads(line)
        if "problem" in answer:
            raise RuntimeError(answer["problem"])
        return answer["is"]


class _Driver:
    """The other end: it has the document."""

    def __init__(self, desktop: Any) -> None:
        self._desktop, self._document = desktop, None

    def open(self, url: str) -> None:
        from com.sun.star.beans import PropertyValue

        self.close()
        hidden = PropertyValue()
        hidden.Name, hidden.Value = "Hidden", True
        self._document = self._desktop.loadComponentFromURL(url, "_blank", 0, (hidden,))
        self._document.calculateAll()

    def close(self) -> None:
        if self._document is not None:
            self._document.close(True)
            self._document = None

    def choose(self, sheet: str, texts: dict[str, str]) -> None:
        for cell, text in texts.items():
            self._cells(sheet).getCellRangeByName(cell).setString(text)

    def values(self, sheet: str) -> list[list[float | str | None]]:
        cells = self._cells(sheet)
        cursor = cells.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.getRangeAddress()
        area = cells.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow)
        found = [[each if each != "" else None for each in row] for row in area.getDataArray()]
        for some in area.queryFormulaCells(4).getCells():  # 4: errors
            at = some.getCellAddress()
            found[at.Row][at.Column] = ERRORS.get(some.getError(), f"Err:{some.getError()}")
        return found

    def print(self, url: str) -> None:
        from com.sun.star.beans import PropertyValue

        as_pdf = PropertyValue()
        as_pdf.Name, as_pdf.Value = "FilterName", "calc_pdf_Export"
        self._document.storeToURL(url, (as_pdf,))

    def formula(self, sheet: str, cell: str) -> str:
        return self._cells(sheet).getCellRangeByName(cell).getFormula()

    def _cells(self, sheet: str) -> Any:
        return self._document.getSheets().getByName(sheet)


def _serve(soffice: str, profile: str, pipe: str) -> None:
    import uno

    accept = f"--accept=pipe,name={pipe};urp;"
    options = ["--headless", "--norestore", "--nologo", f"-env:UserInstallation={profile}", accept]
    office = subprocess.Popen([soffice, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    desktop = _desktop(uno, pipe)
    driver = _Driver(desktop)
    for line in sys.stdin:
        word, *given = json.loads(line)
        try:
            answer = {"is": getattr(driver, word)(*given)}
        except Exception as error:
            answer = {"problem": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    driver.close()
    desktop.terminate()
    office.wait(timeout=30)


def _desktop(uno: Any, pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + _STARTING_SECONDS
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
