"""Makes the workspace that the benchmarks ask: through the real load, once, kept between runs.

python -m benchmarks.generate --data DIR --scale 0.01
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.company import DATA_TIME, PREPARATION, rows_of, statements
from kpicore import Batch, Unreadable, read_config
from kpicore.ingest import load
from kpicore.plugins.installed import load_plugins
from kpicore.plugins.settled import settled
from kpicore.registry.joined import build_registry
from kpicore.warehouse import FILE

MADE = "made.json"
"""What the load of a kept workspace took; written last, so a half-made workspace is made anew."""

BATCH_ROWS = 250_000


@dataclass(frozen=True, slots=True)
class Generated:
    """The company as a source: each entity is a stream of Arrow batches, never whole in memory."""

    scale: float
    name: str = "benchmark company"

    def batches(self, cursor: str | None) -> Iterable[Batch]:
        """Give all rows, whatever the cursor."""
        import duckdb

        with duckdb.connect() as connection:
            for statement in PREPARATION:
                connection.execute(statement)
            for entity, sql in statements(self.scale):
                yield Batch(entity, connection.sql(sql).to_arrow_reader(BATCH_ROWS))

    def unreadable(self) -> Iterable[Unreadable]:
        """Give nothing: all of it can be read."""
        return ()

    def cursor(self) -> None:
        """Give no cursor: the company does not grow."""
        return None


def workspace_of(data: Path, scale: float) -> Path:
    """Return the folder of the workspace of that scale, made or not."""
    return data / f"scale-{scale:g}"


def is_made(folder: Path) -> bool:
    """Return whether the workspace is there as a whole."""
    return (folder / MADE).exists() and (folder / FILE).exists()


def make(folder: Path, scale: float) -> dict[str, float]:
    """Make the workspace; return seconds and rows of the load."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        if file.is_file():
            file.unlink()
    (folder / "kpi.toml").write_text('[workspace]\nname = "Benchmark company"\n', encoding="utf-8")
    plugins = load_plugins()
    registry = build_registry(plugins.contributions)
    config = settled(read_config(folder), plugins)
    started = time.perf_counter()
    report = load(config, registry, [Generated(scale)], data_time=DATA_TIME, progress=_told)
    failed = [source for source in report.sources if source.error]
    if failed:
        raise SystemExit(f"the load failed: {failed[0].error}")
    took = {
        "seconds": time.perf_counter() - started,
        "rows": sum(rows_of(scale).values()),
        "bytes": (folder / FILE).stat().st_size,
    }
    return took


def _told(step: str, fraction: float) -> None:
    print(f"{time.strftime('%H:%M:%S')} {fraction:4.0%} {step}", flush=True)


def main() -> None:
    """Make the workspace and write down what it took."""
    from benchmarks.fresh import peak_memory

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    arguments = parser.parse_args()
    folder = workspace_of(arguments.data, arguments.scale)
    took = {**make(folder, arguments.scale), "peak_bytes": peak_memory()}
    (folder / MADE).write_text(json.dumps(took, indent=1) + "\n", encoding="utf-8")
    print(f"{folder}: {took}")


if __name__ == "__main__":
    main()
