"""The case of the Office.js add-in; needs node and what `npm ci` brings for its tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Line, Skipped
from benchmarks.sheet import ENGINE

WHAT = "10,000 cells in Excel through the Office.js add-in and kpi serve"

PACKAGES = Path(__file__).parents[1] / "tests" / "excel" / "officejs" / "node_modules" / "@microsoft" / "office-js"
PATIENCE_SECONDS = 3.5
"""PATIENCE_MS of the add-in's asking.js."""


def officejs(data: Data) -> Iterator[Line | Skipped]:
    """A sheet of 10,000 cells, nothing kept and again, beside the engine alone; and without a server."""
    if shutil.which("node") is None or not PACKAGES.is_dir():
        yield Skipped(WHAT, "apt-get install nodejs npm, then: npm ci --prefix tests/excel/officejs")
        return
    folder = str(data.workspace())
    found = [run("benchmarks.officejs_cells:recalculated", folder=folder).result for _ in range(data.runs)]
    engine = median(float(each["engine"]) for each in found)
    for name, what in (("cold", "nothing kept"), ("again", "again")):
        yield Line(f"{WHAT}, {what}", median(float(each[name]) for each in found), engine, ENGINE, 4)
    requests = max(each["requests"] for each in found)
    yield Line("requests of such a recalculation", requests, 5, "that 10,000 cells need", 2.4, unit="requests")
    seconds = median(float(each["down"]) for each in found)
    what = "2,000 cells while the server is down, until each shows why"
    yield Line(what, seconds, PATIENCE_SECONDS, "that the add-in is told to try", 1.4)
