"""The same cells one by one through boring-semantic-layer, in a virtual environment of its own.

https://github.com/boringdata/boring-semantic-layer. Its Ibis does not work with the DuckDB that
kpicore uses, so the rows go over as Parquet.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import run
from benchmarks.lines import Measurement, Skipped

PACKAGES = ("boring-semantic-layer==0.3.18", "ibis-framework[duckdb]==11.0.0", "duckdb==1.4.*")
CELLS, ASKED = 5_000, 300
WHAT = "5,000 random cells, cold, against boring-semantic-layer one by one"
COLUMNS = {
    "opportunity": "rep, team, region, product, outcome, amount, created_on, closed_on",
    "order": "rep, team, region, product, status, amount, ordered_on",
}


def peer(data: Data) -> Iterator[Measurement | Skipped]:
    """Our cold batch against 300 of its cells, extrapolated; the numbers of both must be equal."""
    python = _environment(data.folder / "peer")
    if isinstance(python, str):
        yield Skipped(WHAT, python)
        return
    folder = data.workspace()
    runs = [
        run("benchmarks.answering:cells", folder=str(folder), kind="additive", forget=True) for _ in range(data.runs)
    ]
    ours = median(float(measured.result["answering"]) for measured in runs)
    sample = run("benchmarks.answering:some_cells", folder=str(folder), number=ASKED).result
    script = Path(__file__).with_name("peer_cells.py")
    command = [str(python), str(script), str(_parquet(data, folder))]
    output = subprocess.run(command, input=json.dumps(sample["cells"]), capture_output=True, text=True)
    if output.returncode:
        yield Skipped(WHAT, f"it failed: {output.stderr.strip().splitlines()[-1]}")
        return
    theirs = json.loads(output.stdout)
    differing = [
        (cell, a, b)
        for cell, a, b in zip(sample["cells"], sample["values"], theirs["values"], strict=True)
        if abs(a - b) > 1e-9 * max(1.0, abs(a))
    ]
    if differing:
        raise SystemExit(f"boring-semantic-layer gives another number: {differing[0]}")
    one_by_one = theirs["seconds"] / ASKED * CELLS
    # neither side counts its imports and the opening of the data
    yield Measurement(WHAT, ours, one_by_one, f"from {ASKED} of its cells", 1 / 50)


def _environment(folder: Path) -> Path | str:
    """Return the Python that has the peer, or why there is none."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if (folder / "ready").exists():
        return python
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True)
    if made.returncode:
        return f"no virtual environment: {made.stderr.strip()}"
    got = subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], capture_output=True, text=True)
    if got.returncode:
        return f"it could not be installed: {got.stderr.strip().splitlines()[-1]}"
    (folder / "ready").touch()
    return python


def _parquet(data: Data, folder: Path) -> Path:
    import duckdb

    target = data.folder / f"parquet-{data.scale:g}"
    if not target.exists():
        target.mkdir()
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{folder / 'warehouse.duckdb'}' AS company (READ_ONLY)")
            for entity, columns in COLUMNS.items():
                rows = f'SELECT {columns} FROM company.kpi."{entity}"'
                connection.execute(f"COPY ({rows}) TO '{target / entity}.parquet' (FORMAT parquet)")
    return target
