"""Formulas calculated by a real spreadsheet."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.patience import PATIENCE_SECONDS

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
# Comma, double quote, UTF-8, from line 1, and values in full instead of as shown.
FULL_PRECISION = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"


def calculated(path: Path, rows: Sequence[tuple[Sequence[float], str]], soffice: str, zero: str) -> list[float | str]:
    """Return what LibreOffice gives for each formula over the numbers in its row, from column A on.

    A formula has no leading "="; `zero` is what #DIV/0! is returned as. The cells hold a wrong cached
    value, so one that is not calculated shows.
    """
    import xlsxwriter

    width = max(len(numbers) for numbers, _ in rows)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, (numbers, formula) in enumerate(rows):
            sheet.write_row(row, 0, numbers)
            sheet.write_formula(row, width, "=" + formula, None, -987654321)
    profile = path.parent / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    command = [soffice, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", FULL_PRECISION]
    subprocess.run(
        [*command, "--outdir", str(path.parent), str(path)], capture_output=True, check=True, timeout=PATIENCE_SECONDS
    )
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        found = [row[width] for row in csv.reader(lines)]
    return [zero if each == "#DIV/0!" else each if each.startswith("#") else float(each) for each in found]
