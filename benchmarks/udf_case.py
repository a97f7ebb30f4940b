"""The case of Excel's UDFs; needs xlwings, which the development environment has."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Measurement, Skipped
from benchmarks.sheet import ENGINE

WHAT = "10,000 cells in Excel one by one, through xlwings' call_udf"


def udf(data: Data) -> Iterator[Measurement | Skipped]:
    """A sheet of 10,000 cells: nothing kept, after Refresh, and again; beside the engine alone."""
    results = [run("benchmarks.udf_cells:recalculated", folder=str(data.workspace())).result for _ in range(data.runs)]
    engine = median(float(result["engine"]) for result in results)
    for name, what in (("cold", "nothing kept"), ("refreshed", "after Refresh"), ("again", "nothing changed")):
        yield Measurement(f"{WHAT}, {what}", median(float(result[name]) for result in results), engine, ENGINE, 4)
