"""The real Calc, headless, driven as a person drives it, in a profile of its own; also with our extension installed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kpicore import CellFailure, CellScalar, CellValue
from tests.patience import PATIENCE_SECONDS

DRIVER = Path(__file__).with_name("calc_driver.py")
SYSTEM_PYTHON = "/usr/bin/python3"
PYTHON_UNO = "/usr/share/python3/runtime.d/python3-uno.rtupdate"
"""What tells that the package python3-uno is there: it brings no program of its own."""

PATH = "/usr/bin:/bin"
"""LibreOffice's Python takes its library from beside the first python3 of PATH: that must be the system's."""


class Calc:
    """A headless LibreOffice. `soffice` is its path, `folder` takes its profile and everything else that it writes."""

    def __init__(
        self,
        soffice: str,
        folder: Path,
        extension: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self._soffice, self._folder = Path(soffice), folder
        self._environment = {"PATH": PATH, "HOME": str(folder), "LANG": "C.UTF-8", **(environment or {})}
        self._places = [f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        if extension is not None:
            self._install(extension)
        command = [soffice, "--headless", "--norestore", "--nologo", *self._places]
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(DRIVER), f"kpi{os.getpid()}x{folder.stat().st_ino}", *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self._environment,
        )  # fmt: skip

    def _install(self, extension: Path) -> None:
        options = ["--force", "--suppress-license"]
        if os.geteuid() == 0:
            # The package manager wants root to install for everybody: everybody is in this folder.
            self._places.append(f"-env:UNO_SHARED_PACKAGES_CACHE={(self._folder / 'shared').as_uri()}")
            options.append("--shared")
        command = [str(self._soffice.with_name("unopkg")), "add", *options, str(extension), *self._places]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, env=self._environment)
        assert done.returncode == 0, done.stderr

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End LibreOffice."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=PATIENCE_SECONDS)
        self._process.stdout.close()

    def do(self, word: str, *given: object) -> Any:
        """Do what driver.py names so, and return what it gives."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([word, *given]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"problem": "LibreOffice is gone"}')
        if "problem" in answer:
            raise RuntimeError(answer["problem"])
        return answer["is"]

    def open(self, file: Path) -> None:
        """Open a workbook, and calculate all of it."""
        self.do("open", file.as_uri())
        self.do("recalculate")

    def choose(self, sheet: str, **texts: str) -> None:
        """Enter texts into cells, by their names."""
        for cell, text in texts.items():
            self.do("enter", sheet, cell, "'" + text)

    def values(self, sheet: str) -> list[list[float | str | None]]:
        """Return the cells of a sheet row by row: numbers, texts, errors by their names, None for empty."""
        rows = self.cells(self.do("used", sheet), sheet)
        return [[each if each != "" else None for each in row] for row in rows]

    def formula(self, sheet: str, cell: str) -> str:
        """Return the formula of a cell as LibreOffice shows it."""
        return str(self.do("formulas", sheet, cell)[0][0])

    def print(self, file: Path) -> None:
        """Write what the workbook shows as PDF."""
        self.do("save", file.as_uri())

    def enter(self, cells: Mapping[str, float | str | None], sheet: int = 0) -> None:
        """Enter values and formulas; a formula in braces is one of its area, a text after "'" is text."""
        for cell, value in cells.items():
            self.do("enter", sheet, cell, value)

    def value(self, cell: str, sheet: int = 0) -> float | str:
        """Return what a cell shows; an error as its code."""
        [[found]] = self.cells(cell, sheet)
        return found

    def cells(self, area: str, sheet: int | str = 0) -> list[list[float | str]]:
        """Return what the cells of an area show."""
        rows = self.do("cells", sheet, area)
        return [[each["error"] if isinstance(each, dict) else each for each in row] for row in rows]

    def shown(self, formula: str) -> float | str:
        """Return what a formula shows in the cell Z100 of a document."""
        self.enter({"Z100": formula})
        return self.value("Z100")


def column(number: int) -> str:
    """Return the letters of a column that is counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shown_in_cells(calc: Calc, calls: Sequence[tuple[str, Sequence[CellValue]]]) -> list[float | str]:
    """Return what the cells of a document show for calls, all calculated at once: a value, or an error's code.

    Arguments are put into cells of a second sheet and referred to, so any value can be handed over. A table shows
    its first cell.
    """
    calc.do("new")
    calc.do("sheet", "Given")
    formulas = []
    top = 1
    for name, arguments in calls:
        places, below, left = [], top + 1, 1
        for argument in arguments:
            rows = argument if isinstance(argument, tuple) else ((argument,),)
            for down, row in enumerate(rows):
                for across, cell in enumerate(row):
                    calc.enter({f"{column(left + across)}{top + down}": _entered(cell)}, sheet=1)
            right, bottom = left + len(rows[0]) - 1, top + len(rows) - 1
            corner = f":{column(right)}{bottom}" if (right, bottom) != (left, top) else ""
            places.append(f"$Given.{column(left)}{top}{corner}")
            left, below = right + 1, max(below, bottom + 1)
        formulas.append([f"={name}({';'.join(places)})"])
        top = below
    calc.do("fill", 0, f"A1:A{len(formulas)}", formulas)
    return [row[0] for row in calc.cells(f"A1:A{len(formulas)}")]


def _entered(cell: CellScalar) -> float | str | None:
    if isinstance(cell, CellFailure):
        return {"#DIV/0!": "=1/0", "#N/A": "=NA()"}.get(cell.code, '=VALUE("x")')
    if isinstance(cell, str):
        return "'" + cell
    return cell  # type: ignore[return-value]
