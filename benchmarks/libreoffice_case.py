"""The case of LibreOffice; needs soffice and python3-uno (.ci/programs.txt)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Line, Skipped, shown
from tests.excel.calc import PYTHON_UNO

WHAT = "10,000 cells in LibreOffice, headless"


def libreoffice(data: Data) -> Iterator[Line | Skipped]:
    """A sheet of 10,000 cells: nothing kept, and again; beside one hand-written grouped SQL."""
    if shutil.which("soffice") is None or not Path(PYTHON_UNO).exists():
        yield Skipped(WHAT, "apt-get install libreoffice-calc-nogui python3-uno")
        return
    found = [
        run("benchmarks.libreoffice_cells:recalculated", folder=str(data.workspace())).result for _ in range(data.runs)
    ]
    by_hand = shown(median(float(each["by_hand"]) for each in found), "s")
    for name, what in (("cold", "nothing kept"), ("again", "nothing changed")):
        seconds = median(float(each[name]) for each in found)
        yield Line(f"{WHAT}, {what}", seconds, 5.0, f"promised (one grouped SQL by hand: {by_hand})")
