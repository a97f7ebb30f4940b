"""The case of Excel's UDFs; needs xlwings, which the development environment has."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Line, Skipped, shown

WHAT = "10,000 cells in Excel one by one, through xlwings' call_udf"


def udf(data: Data) -> Iterator[Line | Skipped]:
    """A sheet of 10,000 cells: nothing kept, after Refresh, and again; beside one hand-written grouped SQL."""
    found = [run("benchmarks.udf_cells:recalculated", folder=str(data.workspace())).result for _ in range(data.runs)]
    by_hand = shown(median(float(each["by_hand"]) for each in found), "s")
    for name, what in (("cold", "nothing kept"), ("refreshed", "after Refresh"), ("again", "nothing changed")):
        seconds = median(float(each[name]) for each in found)
        yield Line(f"{WHAT}, {what}", seconds, 1.5, f"promised (one grouped SQL by hand: {by_hand})")
