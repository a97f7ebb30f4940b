"""A sheet of 10,000 cells in Excel through the Office.js add-in: its own runtime under node, asking `kpi serve`."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.sheet import REPS, calls, engine_seconds

DOWN_CELLS = 2_000


def recalculated(folder: str) -> dict[str, Any]:
    """Calculate 5 KPIs x 200 reps x 10 months: nothing kept, and again; then 2,000 cells without a server.

    Seconds run from the first call that Excel hands over to the last value that it gets back. Excel and the server
    run already and know the workspace, as after the first cell of a day.
    """
    from kpicore import open_workspace
    from kpicore_http.tokens import new_token, revoke_token
    from tests.excel.officejs.excel import Excel, Server

    with open_workspace(folder) as workspace:
        reps = sorted(member.value for member in workspace.warehouse.members("rep"))[:REPS]
    asked = calls(reps)
    engine = engine_seconds(Path(folder), asked)
    made = [[name.removeprefix("KPI_"), arguments] for name, *arguments in asked]
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("'node' is not installed. Run: apt-get install nodejs npm, then: npm ci")
    name = f"Benchmark {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
    token = new_token(Path(folder), name, datetime.now(UTC))
    try:
        with tempfile.TemporaryDirectory() as temporary, Excel(node) as excel:
            server = Server(Path(folder), log=Path(temporary) / "serve.log").start()
            try:
                excel.do("open", url=server.url, token=token, slow=1)
                excel.cell("ASOF")
                cold, again = excel.cells(made), excel.cells(made)
            finally:
                server.stop()
            down = excel.cells(made[:DOWN_CELLS])
    finally:
        revoke_token(Path(folder), name)
    return {
        "cold": cold["seconds"],
        "again": again["seconds"],
        "down": down["seconds"],
        "requests": max(cold["requests"], again["requests"]),
        "numbers": sum(isinstance(cell, int | float) for cell in cold["results"]),
        "errors": sum(isinstance(cell, dict) for cell in down["results"]),
        "engine": engine,
    }
