"""The load on `kpi serve` that `server_case` measures: threads that ask, in a process of their own."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from threading import Thread

from benchmarks.server_case import LISTS, RECALCULATIONS

PORT = 18_765
_SMALL = [["KPI_WON_DEALS", [2025]], ["KPI_WIN_RATE", ["2025-Q1"]], ["KPI_CAC_CALC", [10_000, 20]]]
_KPIS = ("WIN_RATE", "WON_DEALS", "TOTAL_SALES", "AVERAGE_DEAL_SIZE", "SALES_CYCLE", "NEW_CUSTOMERS")


def small_beside_large(folder: str) -> dict[str, float]:
    """Return the median seconds of a small request: alone, and from the first to the last of the others."""
    kpi = Path(sys.executable).with_name("kpi")
    made = subprocess.run(
        [str(kpi), "token", "new", f"Load {time.time_ns()}", "-w", folder], capture_output=True, text=True, check=True
    )
    headers = {"authorization": f"Bearer {made.stdout.strip()}", "content-type": "application/json"}
    serving = subprocess.Popen(
        [str(kpi), "serve", "-w", folder, "--port", str(PORT), "--quiet"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert serving.stderr is not None
        serving.stderr.readline()  # it listens
        _small(headers)
        alone = median(_small(headers) for _ in range(50))
        others = [
            *(Thread(target=_large, args=(number, headers)) for number in range(RECALCULATIONS)),
            *(Thread(target=_asked, args=("GET", "/v1/functions", b"", {})) for _ in range(LISTS)),
        ]
        random.Random(1).shuffle(others)
        for other in others:
            other.start()
        beside = []
        while any(other.is_alive() for other in others):
            beside.append(_small(headers))
            time.sleep(alone)
        return {"alone": alone, "beside": median(beside)}
    finally:
        serving.terminate()
        serving.wait()


def _small(headers: dict[str, str]) -> float:
    began = time.perf_counter()
    _asked("POST", "/v1/cells", json.dumps({"calls": _SMALL}).encode(), headers)
    return time.perf_counter() - began


def _large(number: int, headers: dict[str, str]) -> None:
    dice = random.Random(number)
    calls = []
    for place in range(2_000):
        start = f"{dice.choice((2023, 2024))}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
        end = f"2025-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
        calls.append([f"KPI_{_KPIS[place % len(_KPIS)]}", [f"{start}..{end}"]])
    _asked("POST", "/v1/cells", json.dumps({"calls": calls}).encode(), headers)


def _asked(method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection("localhost", PORT, timeout=600)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} gave {answer.status}: {content[:200]!r}")
