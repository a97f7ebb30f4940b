"""LibreOffice: cells with our extension, and what it calculates in a live workbook."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path

from kpicore import CellFailure, Workspace
from kpicore_excel.libreoffice import write_extension
from kpicore_excel.live import QuestionCell, write_cells
from kpicore_excel.live.lambda_names import lambda_name
from tests.conformance.asked import Case
from tests.conformance.told import NotPossible, Told
from tests.excel.calc import Calc, shown_in_cells
from tests.excel.live.conftest import spoiled
from tests.language.spreadsheet import calculated

Asks = Callable[[Workspace, Sequence[Case], Path], list[Told]]
_NO_LIST = NotPossible("The formula of the calculator needs the days of a period, which a workbook's name has not.")


def in_a_folder(asks: Asks) -> Callable[[Workspace, Sequence[Case]], list[Told]]:
    """Return the same with an empty folder for what it writes."""

    @wraps(asks)
    def asked(workspace: Workspace, cases: Sequence[Case]) -> list[Told]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            return asks(workspace, cases, Path(folder))

    return asked


@in_a_folder
def libreoffice(workspace: Workspace, cases: Sequence[Case], folder: Path) -> list[Told]:
    """Return what cells of LibreOffice show, with our extension installed."""
    extension = folder / "kpi.oxt"
    write_extension(workspace, extension)
    with Calc(_program("soffice"), folder / "calc", extension) as calc:
        return [_told(cell) for cell in shown_in_cells(calc, [(case.call.name, case.call.arguments) for case in cases])]


@in_a_folder
def live_workbook(workspace: Workspace, cases: Sequence[Case], folder: Path) -> list[Told]:
    """Return what LibreOffice calculates in a live workbook, and of the formulas behind its calculators."""
    bound = [case for case in cases if not case.calculates]
    write_cells(
        workspace, [QuestionCell(each.ref, each.period, dict(each.cuts)) for each in bound], folder / "cells.xlsx"
    )
    with Calc(_program("soffice"), folder / "profile") as office:
        office.open(spoiled(folder / "cells.xlsx"))
        shown = [_told(row[3]) for row in office.values("Cells")[1:]]
    return [*shown, *_lambdas(workspace, [case for case in cases if case.calculates], folder)]


def _lambdas(workspace: Workspace, cases: Sequence[Case], folder: Path) -> list[Told]:
    """Return what the bodies of the LAMBDAs give with cells in the place of their arguments."""
    bodies = [_body(workspace, each, row) for row, each in enumerate(cases, start=1)]
    rows = [(each.numbers, body or "0") for each, body in zip(cases, bodies, strict=True)]
    (folder / "lambdas").mkdir()
    found = calculated(folder / "lambdas" / "book.xlsx", rows, _program("soffice"), "#DIV/0!")
    return [_told(value) if body else _NO_LIST for value, body in zip(found, bodies, strict=True)]


def _body(workspace: Workspace, case: Case, row: int) -> str:
    found = lambda_name(workspace, workspace.definitions.get(*workspace.definitions.named(case.ref)))
    if found is None:
        return ""
    cells = [f"{chr(ord('A') + place)}{row}" for place in range(len(case.numbers))]
    if found.arguments == ("values",):
        return re.sub(r"\bvalues\b", f"{cells[0]}:{cells[-1]}", found.body)
    body = found.body
    for name, cell in zip(found.arguments, cells, strict=True):
        body = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w.(])", cell, body)
    return body


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"'{name}' is not installed: see .ci/programs.txt.")
    return found


def _told(value: object) -> Told:
    """Return a number or an error, however the host says it."""
    if isinstance(value, CellFailure):
        return value
    if isinstance(value, str) and value.startswith("#"):
        return CellFailure(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a scalar KPI gave {value!r}")
    return float(value)
