"""`kpi sheets watch` as a process of its own, with the real client and an emulator behind TLS."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore.testing import run_kpi
from kpicore.testing.sheets import Emulator, Rig, serving
from kpicore_crm.testing import load_tiny_company
from tests.patience import PATIENCE_SECONDS, wait_until

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG"
KPI = Path(sys.executable).with_name("kpi")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGTERM to another process")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    (folder := tmp_path / "google").mkdir()
    emulator = Emulator()
    emulator.add(ID, {"KPIs": (40, 12)})
    with serving(emulator, folder) as rig:
        yield rig


def write_config(folder: Path, kpi: str) -> None:
    (folder / "kpi.toml").write_text(f"""
[workspace]

[[sheet]]
name = "funnel"
spreadsheet = "{ID}"
tab = "KPIs"
kpis = ["{kpi}"]
period = "2026"
refresh = "data"
""")


def test_it_writes_what_changes_and_ends_well_on_sigterm(rig: Rig, tmp_path: Path) -> None:
    workspace = tmp_path / "sales"
    load_tiny_company(workspace)
    write_config(workspace, "win_rate")
    log = tmp_path / "log"
    with log.open("w") as stderr:
        watch = subprocess.Popen(
            [KPI, "sheets", "watch", "-w", str(workspace)],
            env={**os.environ, **rig.environment},
            stderr=stderr,
        )

    def wait_for(written: int) -> None:
        wait_until(lambda: told().count("funnel: written") >= written or watch.poll() is not None, told)

    def told() -> str:
        return log.read_text()

    try:
        wait_for(1)
        write_config(workspace, "aov")
        wait_for(2)
        refused = run_kpi("sheets", "watch", "-w", str(workspace))
        assert f"it runs already, as process {watch.pid}." in refused.stderr
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(PATIENCE_SECONDS) == 0, told()
    finally:
        watch.kill()
    assert "funnel" in run_kpi("sheets", "status", "-w", str(workspace)).stdout
    assert not (workspace / "sheets-watch.pid").exists()
    assert "unchanged" not in told()  # a run of its own is no change
