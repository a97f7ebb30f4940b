"""The cases that ask the engine: a table, a workbook, random cells, the catalogue, and the same on tiny data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import Run, run
from benchmarks.lines import Line, Skipped

TIME, PROMISE = "benchmarks.answering:", "promised"
MIB = 2**20


def table(data: Data) -> Iterator[Line | Skipped]:
    """Win rate by month and rep over five years, against SQL as an analyst writes it."""
    found = run(TIME + "table", folder=str(data.workspace()), runs=data.runs + 2)
    yield Line(
        "win rate by month and rep, nothing kept, in an open workspace",
        found.result["seconds"],
        found.result["by_hand"],
        "hand-written date_trunc",
        0.8,
    )


def workbook(data: Data) -> Iterator[Line | Skipped]:
    """A realistic workbook in a new process."""
    cold = _cells(data.workspace(), "workbook", data.runs, forget=True)
    yield Line("workbook: 6 KPIs x 200 reps x 4 months, cold", _median(cold, "whole"), 0.5, PROMISE)


def cells(data: Data) -> Iterator[Line | Skipped]:
    """Five thousand random cells of additive KPIs: cold, after a load, and again."""
    folder = data.workspace()
    yield Line(
        "5,000 random cells, cold", _median(_cells(folder, "additive", data.runs, forget=True), "whole"), 2.0, PROMISE
    )
    run("benchmarks.loading:load_again", folder=str(folder))
    kept = _cells(folder, "additive", data.runs, forget=False)
    yield Line("5,000 random cells, new process after a load", _median(kept, "whole"), 0.6, PROMISE)
    yield Line("5,000 random cells, asked again", _median(kept, "again"), 0.15, PROMISE)


def mixed(data: Data) -> Iterator[Line | Skipped]:
    """The same with medians and distinct counts, and the memory that it takes."""
    cold = _cells(data.workspace(), "mixed", data.runs, forget=True)
    yield Line("5,000 random cells with medians and distinct counts, cold", _median(cold, "whole"), 6.0, PROMISE)
    peak = max(each.peak_bytes for each in cold) / MIB
    yield Line("memory of that process", peak, 1024, PROMISE, unit="MiB")


def catalogue(data: Data) -> Iterator[Line | Skipped]:
    """Every variant that the data can answer: on the demo company for a quarter, on the large one for 36 months."""
    small = [run("benchmarks.catalogue:quarter_by_rep", folder=str(data.demo())) for _ in range(data.runs)]
    what = f"all {small[0].result['variants']} variants for a quarter by rep, demo company, new process"
    yield Line(what, _median(small, "seconds"), 1.0, PROMISE)
    large = [run("benchmarks.catalogue:months", folder=str(data.workspace())) for _ in range(data.runs)]
    what = f"all {large[0].result['variants']} variants that there is data for, by month for three years, cold"
    yield Line(what, _median(large, "seconds"), 10.0, PROMISE)
    yield Line("memory of that process", max(each.peak_bytes for each in large) / MIB, 1536, PROMISE, unit="MiB")


def tiny(data: Data) -> Iterator[Line | Skipped]:
    """The cells on ten thousand deals, where a question should cost next to nothing."""
    found = _cells(data.workspace(0.001), "additive", data.runs, forget=True)
    yield Line("5,000 random cells on tiny data, cold, new process", _median(found, "whole"), 0.3, PROMISE)
    yield Line("the same without imports and opening", _median(found, "answering"), 0.3, PROMISE)
    yield Line("5,000 random cells on tiny data, asked again", _median(found, "again"), 0.1, PROMISE)


def _cells(folder: Path, kind: str, runs: int, *, forget: bool) -> list[Run]:
    return [run(TIME + "cells", folder=str(folder), kind=kind, forget=forget) for _ in range(runs)]


def _median(runs: list[Run], name: str) -> float:
    return median(float(each.result[name]) for each in runs)
