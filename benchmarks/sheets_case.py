"""The case of Google Sheets: tables, and formulas; needs gspread and node, which the development environment has."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from math import ceil
from typing import Any

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Measurement, Skipped
from benchmarks.sheet import ENGINE

ROWS, TABLES = "10,000 x 12 cells in Google Sheets", "50 small tables in Google Sheets"
CELLS, FORMULAS = "500,000 cells into Google Sheets", "10,000 formulas in Google Sheets"
WRITING, ASKING = "json.dumps of the bodies and the engine's answer", "ws.get of the same"
MEMORY_SCALE, MOST_MIB, MIB = 0.1, 300, 2**20
MOST_BYTES = 2_000_000
"""Of a request, as Google recommends."""


def sheets(data: Data) -> Iterator[Measurement | Skipped]:
    """Large and small tables: new, changed and unchanged; half a million cells; a sheet of formulas."""
    yield from _rows(data)
    yield from _tables(data)
    yield from _memory(data)
    if shutil.which("node") is None:
        yield Skipped(FORMULAS, "apt-get install nodejs")
        return
    yield from _formulas(data)


def _rows(data: Data) -> Iterator[Measurement | Skipped]:
    result = run("benchmarks.sheets_cells:table", folder=str(data.workspace()), runs=data.runs).result
    yield Measurement(f"{ROWS}, written, our CPU", *_writing(result), WRITING, 2)
    most = ceil(result["bytes_in_one"] / MOST_BYTES) + 2
    needed = f"that its {result['bytes_in_one'] / 1e6:.1f} MB need, and 2"
    yield Measurement("requests for them in a new tab", result["new"], most, needed, 1, unit="requests")
    yield Measurement("requests for them when they have changed", result["changed"], most, needed, 1, unit="requests")
    yield Measurement(f"{ROWS}, unchanged, our CPU", *_beside(result, "unchanged", "get"), ASKING, 1.3)
    yield Measurement("requests when nothing has changed", result["unchanged"], 1, "to read", 1, unit="requests")


def _tables(data: Data) -> Iterator[Measurement | Skipped]:
    result = run("benchmarks.sheets_cells:small", folder=str(data.workspace()), runs=data.runs).result
    yield Measurement(f"{TABLES}, written, our CPU", *_writing(result), WRITING, 2)
    yield Measurement("requests for new ones", result["new"], 4, "as promised", 1, unit="requests")
    yield Measurement("requests when all have changed", result["changed"], 4, "as promised", 1, unit="requests")
    yield Measurement(f"{TABLES}, unchanged, our CPU", *_beside(result, "unchanged", "get"), ASKING, 1.3)
    yield Measurement("requests when none has changed", result["unchanged"], 1, "to read", 1, unit="requests")


def _memory(data: Data) -> Iterator[Measurement | Skipped]:
    folder = str(data.workspace(MEMORY_SCALE))
    alone, written = (run("benchmarks.sheets_cells:large", folder=folder, writes=writes) for writes in (False, True))
    peak, without = written.peak_bytes / MIB, alone.peak_bytes / MIB
    yield Measurement(f"{CELLS}, our memory", peak, MOST_MIB, "as promised", 1, unit="MiB")
    yield Measurement("memory of that process", peak, without, "of one that only asks for them", 1.5, unit="MiB")


def _formulas(data: Data) -> Iterator[Measurement | Skipped]:
    result = run("benchmarks.sheets_formulas:recalculated", folder=str(data.workspace())).result
    most = "of 2,000 questions each"
    yield Measurement(f"{FORMULAS}, no hidden tab: requests", result["alone"], 5, most, 1, unit="requests")
    yield Measurement(f"{FORMULAS}, a fresh hidden tab: requests", result["beside"], 5, most, 0, unit="requests")
    yield Measurement("the answers for that tab, nothing kept", result["answers"], result["engine"], ENGINE, 5)


def _writing(result: dict[str, Any]) -> tuple[float, float]:
    times = result["times"]
    times["beside"] = [dumps + table for dumps, table in zip(times["dumps"], times["table"], strict=True)]
    return _beside(result, "changed", "beside")


def _beside(result: dict[str, Any], ours: str, other: str) -> tuple[float, float]:
    """Return the seconds of the round whose ratio is the middle one, without the first, which imports."""
    rounds = list(zip(result["times"][ours], result["times"][other], strict=True))[1:]
    return sorted(rounds, key=lambda pair: pair[0] / pair[1])[len(rounds) // 2]
