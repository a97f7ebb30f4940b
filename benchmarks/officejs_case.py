"""The case of the Office.js add-in; needs node and what `npm ci` brings for its tests."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Line, Skipped, shown

WHAT = "10,000 cells in Excel through the Office.js add-in and kpi serve"


def officejs(data: Data) -> Iterator[Line | Skipped]:
    """A sheet of 10,000 cells, nothing kept and again, beside one hand-written grouped SQL; and without a server."""
    folder = str(data.workspace())
    found = [run("benchmarks.officejs_cells:recalculated", folder=folder).result for _ in range(data.runs)]
    by_hand = shown(median(float(each["by_hand"]) for each in found), "s")
    for name, what in (("cold", "nothing kept"), ("again", "again")):
        seconds = median(float(each[name]) for each in found)
        yield Line(f"{WHAT}, {what}", seconds, 2.0, f"promised (one grouped SQL by hand: {by_hand})")
    yield Line(
        "requests of such a recalculation", max(each["requests"] for each in found), 12, "promised", unit="requests"
    )
    seconds = median(float(each["down"]) for each in found)
    yield Line("2,000 cells while the server is down, until each shows why", seconds, 5.0, "promised")
