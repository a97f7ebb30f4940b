"""How long a person waits for the `kpi` command."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.answering import forget_cubes
from benchmarks.data import Data
from benchmarks.fresh import environment
from benchmarks.lines import Measurement, Skipped

KPI = str(Path(sys.executable).with_name("kpi"))


def help_page(data: Data) -> Iterator[Measurement | Skipped]:
    """`kpi --help` against the import of the library it is built with, in turns."""
    ours, theirs = _in_turns([KPI, "--help"], [sys.executable, "-c", "import click"], data.runs * 4)
    yield Measurement("kpi --help", ours, theirs, "python -c 'import click'", 2.5)


def one_answer(data: Data) -> Iterator[Measurement | Skipped]:
    """`kpi get` on the demo company, cold: no kept cubes, no answers; beside a script with DuckDB alone."""
    folder = data.demo()
    command = [KPI, "get", "win_rate", "--period", "last quarter", "--workspace", str(folder)]
    script = [
        sys.executable,
        "-m",
        "benchmarks.fresh",
        "benchmarks.by_hand:one_answer",
        json.dumps({"folder": str(folder)}),
    ]
    ours, theirs = _in_turns(command, script, data.runs * 2, lambda: forget_cubes(str(folder)))
    yield Measurement("kpi get on the demo company, cold", ours, theirs, "an analyst's script: DuckDB alone", 4)


def _in_turns(
    one: list[str], other: list[str], runs: int, before: Callable[[], None] = lambda: None
) -> tuple[float, float]:
    """Return both medians; in turns, so that a busy moment of the machine hits both."""
    pairs = []
    for _ in range(runs):
        before()
        pairs.append((_seconds(one), _seconds(other)))
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment())
    return time.perf_counter() - started
