"""A number of a KPI is rounded in one place, `kpicore.model.figures`: every surface shows the same one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import shipped
from tests.shipped import BUILT_IN, PACKAGES, ROOT

ROOMS = [PACKAGES["kpicore"] / room for room in ("cli", "insight", "spreadsheet", "wording")]
SURFACES = (*ROOMS, *BUILT_IN.values())
FILES = [file for file in shipped.FILES if any(folder in file.parents for folder in SURFACES)]

EXCEPT = {
    "plugins/kpicore_demo/export.py": "cells of a file that another program is said to have written",
    "plugins/kpicore_http/guard.py": "milliseconds in a log",
    "plugins/kpicore_reports/page.py": "the width of a bar",
    "plugins/kpicore_reports/svg_charts.py": "places in a picture",
    "plugins/kpicore_sources/files/dates.py": "a share of the values of a column",
    "plugins/kpicore_sources/files/parquet_files.py": "the size of a file",
    "plugins/kpicore_sources/files/workbooks.py": "the size of a file",
    "plugins/kpicore_sources/import_report.py": "how much of a load is done",
    "plugins/kpicore_xlsx/serial_numbers.py": "the seconds of a moment",
    "sheets_sync/kpicore_sheets/sync/tints.py": "colors, which Google rounds",
    "sheets_sync/kpicore_sheets/sync/widths.py": "the width of a column",
}


def roundings(code: str) -> Iterator[int]:
    """Yield the lines that round by a format, ".1%" or ",.2f", or by `round`."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = ast.unparse(node.format_spec).removeprefix("f").strip("'\"")
            if re.fullmatch(r"[-+ ,]*(\.(\d+|\{.*\}))?[%fF]", spec):
                yield node.lineno
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "round":
            yield node.lineno


@pytest.mark.parametrize("line", ["f'{a:.1%}'", "f'{a:+,.2f}'", "f'{a:.{n}f}'", "f'{a:%}'", "round(a, 1)"])
def test_a_rounding_is_found(line: str) -> None:
    assert list(roundings(line)) == [1]


@pytest.mark.parametrize("line", ["f'{a:,}'", "f'{day:%Y-%m-%d}'", "f'{a:g}'", "rounded(a, 1)"])
def test_what_rounds_no_number_is_passed(line: str) -> None:
    assert list(roundings(line)) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_surface_rounds_by_itself(file: Path) -> None:
    lines = list(roundings(file.read_text(encoding="utf-8")))
    assert bool(lines) == (file.relative_to(ROOT).as_posix() in EXCEPT), f"lines {lines}: take `rounded` or `per_cent`"
