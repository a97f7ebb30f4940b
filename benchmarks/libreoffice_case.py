"""The case of LibreOffice; needs soffice and python3-uno (.ci/programs.txt)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Measurement, Skipped
from benchmarks.sheet import ENGINE
from tests.excel.calc import PYTHON_UNO

WHAT = "10,000 cells in LibreOffice, headless"


def libreoffice(data: Data) -> Iterator[Measurement | Skipped]:
    """A sheet of 10,000 cells: nothing kept, and again; beside the engine alone."""
    if shutil.which("soffice") is None or not Path(PYTHON_UNO).exists():
        yield Skipped(WHAT, "apt-get install libreoffice-calc-nogui python3-uno")
        return
    results = [
        run("benchmarks.libreoffice_cells:recalculated", folder=str(data.workspace())).result for _ in range(data.runs)
    ]
    engine = median(float(result["engine"]) for result in results)
    for name, what in (("cold", "nothing kept"), ("again", "nothing changed")):
        yield Measurement(f"{WHAT}, {what}", median(float(result[name]) for result in results), engine, ENGINE, 8)
