"""The case of the Office.js add-in; needs node and what `npm ci` brings for its tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Measurement, Skipped
from benchmarks.sheet import ENGINE

WHAT = "10,000 cells in Excel through the Office.js add-in and kpi serve"

PACKAGES = Path(__file__).parents[1] / "tests" / "excel" / "officejs" / "node_modules" / "@microsoft" / "office-js"
PATIENCE_SECONDS = 3.5
"""PATIENCE_MS of the add-in's asking.js."""


def officejs(data: Data) -> Iterator[Measurement | Skipped]:
    """A sheet of 10,000 cells, nothing kept and again, beside the engine alone; and without a server."""
    if shutil.which("node") is None or not PACKAGES.is_dir():
        yield Skipped(WHAT, "apt-get install nodejs npm, then: npm ci --prefix tests/excel/officejs")
        return
    folder = str(data.workspace())
    results = [run("benchmarks.officejs_cells:recalculated", folder=folder).result for _ in range(data.runs)]
    engine = median(float(result["engine"]) for result in results)
    for name, what in (("cold", "nothing kept"), ("again", "again")):
        yield Measurement(f"{WHAT}, {what}", median(float(result[name]) for result in results), engine, ENGINE, 4)
    requests = max(result["requests"] for result in results)
    yield Measurement("requests of such a recalculation", requests, 5, "that 10,000 cells need", 2.4, unit="requests")
    seconds = median(float(result["down"]) for result in results)
    what = "2,000 cells while the server is down, until each shows why"
    yield Measurement(what, seconds, PATIENCE_SECONDS, "that the add-in is told to try", 1.4)
