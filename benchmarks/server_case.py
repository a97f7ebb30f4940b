"""The case of `kpi serve`: a small request, alone and beside much else."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Measurement, Skipped

LISTS, RECALCULATIONS = 300, 8
WHAT = f"a small request beside {LISTS} lists of functions and {RECALCULATIONS} recalculations of 2,000 cells"


def server(data: Data) -> Iterator[Measurement | Skipped]:
    """What a small request takes while others ask for much, on ten thousand deals."""
    folder = str(data.workspace(0.001))
    results = [run("benchmarks.server_load:small_beside_large", folder=folder).result for _ in range(data.runs)]
    middle = sorted(results, key=lambda result: result["beside"] / result["alone"])[len(results) // 2]
    yield Measurement(f"{WHAT}, median", middle["beside"], middle["alone"], "alone", 5)
