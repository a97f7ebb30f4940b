"""Three spreadsheet programs that share no line of code: what each calculates of one and the same file."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import ironcalc
from openpyxl import load_workbook

from tests.excel.calc import Calc
from tests.patience import PATIENCE_SECONDS

Cell = float | str | None
Sheets = dict[str, list[list[Cell]]]
"""The cells of sheets, row by row from A1: numbers, texts, errors by their names, None for empty."""

Witness = Callable[[Path, Sequence[str]], Sheets]
"""Calculates a file and returns the sheets of those names."""


def libreoffice(office: Calc) -> Witness:
    """Return LibreOffice, which is running."""

    def calculated(file: Path, names: Sequence[str]) -> Sheets:
        office.open(file)
        return {each: office.values(each) for each in names}

    return calculated


def gnumeric(ssconvert: str) -> Witness:
    """Return Gnumeric, given the path of its converter."""

    def calculated(file: Path, names: Sequence[str]) -> Sheets:
        made = file.with_name(f"gnumeric-{file.name}")
        # Its complaints are about what it does not draw: data bars, authors of comments, LAMBDA.
        done = subprocess.run(
            [ssconvert, "--recalc", str(file), str(made)], capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
        assert done.returncode == 0, done.stderr
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Workbook contains no default style", UserWarning)
            book = load_workbook(made, data_only=True, read_only=True)
        try:
            return {each: [list(map(_cell, row)) for row in book[each].iter_rows(values_only=True)] for each in names}
        finally:
            book.close()

    return calculated


def by_ironcalc(file: Path, names: Sequence[str]) -> Sheets:
    """Return what IronCalc calculates."""
    model = ironcalc.load_from_xlsx(str(file))
    model.evaluate()
    places = {each["name"]: at for at, each in enumerate(model.get_worksheets_properties())}
    return {each: _rows(model, places[each]) for each in names}


def value_of(model: ironcalc.Model, sheet: int, row: int, column: int) -> Cell:
    """Return what IronCalc has in a cell; sheets are counted from 0, rows and columns from 1."""
    return _cell(model.get_cell_value(sheet, row, column))


def _rows(model: ironcalc.Model, sheet: int) -> list[list[Cell]]:
    _, last_row, _, last_column = model.get_sheet_dimensions(sheet)
    return [
        [value_of(model, sheet, row, column) for column in range(1, last_column + 1)] for row in range(1, last_row + 1)
    ]


def _cell(value: object) -> Cell:
    if isinstance(value, int | float):
        return float(value)
    return str(value) if value not in (None, "") else None
