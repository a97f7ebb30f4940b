"""The cases that ask the engine: a table, a workbook, random cells, the catalogue, and the same on tiny data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import MeasuredRun, run
from benchmarks.lines import Measurement, Skipped

TIME = "benchmarks.answering:"
SCRIPT = "an analyst's script: DuckDB alone"
COUNTS = "a grouped count for each"
MIB = 2**20


def table(data: Data) -> Iterator[Measurement | Skipped]:
    """Win rate by month and rep over five years, against SQL as an analyst writes it."""
    measured = run(TIME + "table", folder=str(data.workspace()), runs=data.runs + 2)
    yield Measurement(
        "win rate by month and rep, nothing kept, in an open workspace",
        measured.result["seconds"],
        measured.result["by_hand"],
        "hand-written date_trunc",
        0.8,
    )


def workbook(data: Data) -> Iterator[Measurement | Skipped]:
    """A realistic workbook in a new process."""
    cold, by_hand = _cells(data, data.workspace(), "workbook")
    yield Measurement(
        "workbook: 6 KPIs x 200 reps x 4 months, cold", _median(cold, "whole"), _median(by_hand, "whole"), SCRIPT, 5
    )


def cells(data: Data) -> Iterator[Measurement | Skipped]:
    """Five thousand random cells of additive KPIs: cold, after a load, and again."""
    folder = data.workspace()
    cold, by_hand = _cells(data, folder, "additive")
    script = _median(by_hand, "whole")
    yield Measurement("5,000 random cells, cold", _median(cold, "whole"), script, SCRIPT, 0.8)
    run("benchmarks.loading:load_again", folder=str(folder))
    kept = [run(TIME + "cells", folder=str(folder), kind="additive") for _ in range(data.runs)]
    yield Measurement("5,000 random cells, new process after a load", _median(kept, "whole"), script, SCRIPT, 0.4)
    yield Measurement("5,000 random cells, asked again", _median(kept, "again"), script, SCRIPT, 0.01)


def mixed(data: Data) -> Iterator[Measurement | Skipped]:
    """The same with medians and distinct counts, and the memory that it takes."""
    cold, by_hand = _cells(data, data.workspace(), "mixed")
    what = "5,000 random cells with medians and distinct counts, cold"
    yield Measurement(what, _median(cold, "whole"), _median(by_hand, "whole"), SCRIPT, 0.8)
    yield Measurement("memory of that process", _peak(cold), _peak(by_hand), "of the script's", 1.5, unit="MiB")


def catalogue(data: Data) -> Iterator[Measurement | Skipped]:
    """Every variant that the data can answer: on the demo company for a quarter, on the large one for 36 months."""
    small, counts = _catalogue(data, data.demo(), "quarter_by_rep")
    what = f"all {small[0].result['variants']} variants for a quarter by rep, demo company, new process"
    yield Measurement(what, _median(small, "seconds"), _median(counts, "seconds"), COUNTS, 4)
    large, counts = _catalogue(data, data.workspace(), "months")
    what = f"all {large[0].result['variants']} variants that there is data for, by month for three years, cold"
    yield Measurement(what, _median(large, "seconds"), _median(counts, "seconds"), COUNTS, 9)
    yield Measurement("memory of that process", _peak(large), _peak(counts), "of the counting", 9, unit="MiB")


def tiny(data: Data) -> Iterator[Measurement | Skipped]:
    """The cells on ten thousand deals, where a question should cost next to nothing."""
    ours, by_hand = _cells(data, data.workspace(0.001), "additive")
    script = _median(by_hand, "whole")
    yield Measurement("5,000 random cells on tiny data, cold, new process", _median(ours, "whole"), script, SCRIPT, 3)
    yield Measurement(
        "the same without imports and opening", _median(ours, "answering"), _median(by_hand, "answering"), SCRIPT, 4
    )
    yield Measurement("5,000 random cells on tiny data, asked again", _median(ours, "again"), script, SCRIPT, 0.02)


def _cells(data: Data, folder: Path, kind: str) -> tuple[list[MeasuredRun], list[MeasuredRun]]:
    """Return our runs, nothing kept, and the script's, in turns. Both must give the same numbers."""
    ours, theirs = [], []
    for _ in range(data.runs):
        ours.append(run(TIME + "cells", folder=str(folder), kind=kind, forget=True))
        theirs.append(run("benchmarks.by_hand:cells", folder=str(folder), kind=kind))
    pairs = zip(ours[0].result["values"], theirs[0].result["values"], strict=True)
    differing = [(place, a, b) for place, (a, b) in enumerate(pairs) if not _equal(a, b)]
    if differing:
        raise SystemExit(f"the script gives another number in {len(differing)} cells, first {differing[0]}")
    return ours, theirs


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1.0, abs(one))


def _catalogue(data: Data, folder: Path, function: str) -> tuple[list[MeasuredRun], list[MeasuredRun]]:
    """Return our runs, and as many of plain counts of the same tables, in turns."""
    ours, theirs = [], []
    for _ in range(data.runs):
        ours.append(run(f"benchmarks.catalogue:{function}", folder=str(folder)))
        theirs.append(run("benchmarks.by_hand:counts", folder=str(folder), **ours[-1].result["counts"]))
    return ours, theirs


def _median(runs: list[MeasuredRun], name: str) -> float:
    return median(float(measured.result[name]) for measured in runs)


def _peak(runs: list[MeasuredRun]) -> float:
    return max(measured.peak_bytes for measured in runs) / MIB
