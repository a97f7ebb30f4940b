"""Importing a file of a million rows with `kpi import`, against DuckDB alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import Data
from benchmarks.fresh import environment
from benchmarks.lines import Measurement, Skipped

EXPORT = """
    COPY (
        SELECT id AS "Deal ID", customer_id AS "Account", rep AS "Owner", product AS "Product", channel AS "Channel",
            source AS "Lead Source", created_at AS "Created At", first_contact_at AS "First Contact",
            closed_at AS "Closed At", outcome AS "Outcome", loss_reason AS "Loss Reason", amount AS "Amount"
        FROM company.kpi.opportunity ORDER BY hash(id) LIMIT {rows}
    ) TO '{file}' (HEADER, DELIMITER ',')
"""

BY_DUCKDB = """
import sys, duckdb
with duckdb.connect(sys.argv[2]) as connection:
    connection.execute("CREATE TABLE deals AS SELECT * FROM read_csv(?)", [sys.argv[1]])
"""


def import_csv(data: Data) -> Iterator[Measurement | Skipped]:
    """A new workspace, a file, and `kpi import --yes`; both sides are whole processes that write a file."""
    rows = max(10_000, round(1_000_000 * data.scale))
    file = _file(data, rows)
    scratch = data.folder / "import"
    kpi = [str(Path(sys.executable).with_name("kpi")), "import", str(file), *_options(scratch)]
    by_hand = [sys.executable, "-c", BY_DUCKDB, str(file), str(scratch / "t.duckdb")]
    # in turns: both write much, and what the disk still has to do slows down whoever comes next
    pairs = [(_seconds(scratch, kpi), _seconds(scratch, by_hand)) for _ in range(data.runs + 2)]
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    shutil.rmtree(scratch)
    yield Measurement(f"import of a CSV with {rows:,} rows", ours, theirs, "DuckDB's read_csv into a table", 5)


def _file(data: Data, rows: int) -> Path:
    import duckdb

    file = data.folder / f"deals-{rows}.csv"
    if not file.exists():
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{data.workspace() / 'warehouse.duckdb'}' AS company (READ_ONLY)")
            connection.execute(EXPORT.format(rows=rows, file=file))
    return file


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "kpi.toml").write_text('[workspace]\nname = "Import"\n', encoding="utf-8")


def _options(folder: Path) -> list[str]:
    return ["--entity", "opportunity", "--yes", "--json", "--workspace", str(folder)]


def _seconds(folder: Path, command: list[str]) -> float:
    """Return how long a command takes in a new workspace."""
    _fresh(folder)
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=environment())
    took = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {done.stderr[-2000:]}")
    return took
