"""Three spreadsheet programs that share no line of code: what each calculates of one and the same file."""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import ironcalc

from tests.excel.calc import Calc
from tests.patience import PATIENCE_SECONDS

_CSV = "Gnumeric_stf:stf_assistant"

Cell = float | str | None
Sheets = dict[str, list[list[Cell]]]
"""The cells of sheets, row by row from A1: numbers, texts, errors by their names, None for empty."""

Witness = Callable[[Path, Sequence[str]], Sheets]
"""Calculates a file and returns the sheets of those names."""


def libreoffice(office: Calc) -> Witness:
    """Return LibreOffice, which is running."""

    def calculated(file: Path, names: Sequence[str]) -> Sheets:
        office.open(file)
        return {name: office.values(name) for name in names}

    return calculated


def gnumeric(ssconvert: str) -> Witness:
    """Return Gnumeric, given the path of its converter."""
    command = [ssconvert, "--recalc", "--export-file-per-sheet", f"--export-type={_CSV}", "--export-options=format=raw"]

    def calculated(file: Path, names: Sequence[str]) -> Sheets:
        # What it writes to stderr is about what it does not draw: data bars, authors of comments, LAMBDA.
        done = subprocess.run(
            [*command, str(file), str(file.with_name("%s.csv"))],
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        assert done.returncode == 0, done.stderr
        return {name: _read(file.with_name(f"{name}.csv")) for name in names}

    return calculated


def _read(file: Path) -> list[list[Cell]]:
    """Return the cells of a CSV that begins with B1, the first cell of our sheets that is not empty."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0][0], file
    return [[None, *map(_number_or_text, row)] for row in rows]


def _number_or_text(text: str) -> Cell:
    try:
        return float(text)
    except ValueError:
        return text or None


def by_ironcalc(file: Path, names: Sequence[str]) -> Sheets:
    """Return what IronCalc calculates."""
    model = ironcalc.load_from_xlsx(str(file))
    model.evaluate()
    places = {each["name"]: at for at, each in enumerate(model.get_worksheets_properties())}
    return {name: _rows(model, places[name]) for name in names}


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
