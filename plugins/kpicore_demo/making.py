"""Makes the demo: its folder, its workspace, its workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import BadConfig, Config, KpiError, read_config

if TYPE_CHECKING:
    from kpicore import Workspace
    from kpicore_xlsx.summary.contents import Summary

WORKBOOK = "kpi-demo.xlsx"
_OURS = ("kpi.toml", "warehouse.duckdb", "warehouse.duckdb.next", "warehouse.duckdb.lock", "cubes.sqlite")
Progress = Callable[[str, float], None]


def make_demo(folder: Path, progress: Progress) -> tuple[Workspace, Summary]:
    """Make the workspace, load the company and write the workbook; `progress` hears of each step and how far it is.

    Raises: KpiError when the folder holds anything but an earlier demo, or cannot be written.
    """
    from kpicore import open_workspace, write_config, write_whole
    from kpicore_demo.company import CURRENCY, DATA_TIME, NAME, TIMEZONE
    from kpicore_demo.export import FILE, export_text
    from kpicore_demo.source import DemoSource
    from kpicore_xlsx.summary.workbook import write_workbook

    make_room(folder)
    source = {"name": "demo", "kind": "demo"}
    write_config(Config(folder, NAME, currency=CURRENCY, timezone=TIMEZONE, sources=(source,)))
    write_whole(folder / FILE, export_text())
    workspace = open_workspace(folder)
    progress("making up a company", 0.0)
    loaded = workspace.load(
        [DemoSource(progress=lambda done: progress("reading three years of its CRM", 0.1 + 0.4 * done))],
        data_time=DATA_TIME,
        # the source tells of the reading itself, which is the first half
        progress=lambda step, done: progress(step, 0.5 + 0.2 * done) if 0.5 <= done < 1 else None,
    )
    if loaded.errors:
        raise KpiError(f"The demo could not be loaded: {'; '.join(loaded.errors)}.")
    progress("answering and drawing", 0.7)
    report = write_workbook(workspace, folder / WORKBOOK)
    progress("done", 1.0)
    return workspace, report


def make_room(folder: Path) -> None:
    """Remove an earlier demo from the folder, so that a new one can be made. Raises KpiError for anything else."""
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir():
        raise KpiError(f"{folder}: is a file.", hint="Name another folder: kpi demo DIR")
    if not any(folder.iterdir()):
        return
    if not _is_demo(folder):
        raise KpiError(f"{folder}: holds other files than a demo.", hint="Name another folder: kpi demo DIR")
    try:
        for name in _OURS:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        hint = "Close what has it open, and try again."
        raise KpiError(f"{folder / name}: cannot be replaced ({error.strerror}).", hint=hint) from error


def _is_demo(folder: Path) -> bool:
    try:
        return any(source.get("kind") == "demo" for source in read_config(folder).sources)
    except BadConfig:
        return False
