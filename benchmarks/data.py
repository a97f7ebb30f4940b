"""The folder of the benchmarks: workspaces and peers, made when first needed and kept between runs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import is_made, workspace_of
from kpicore.warehouse import FILE


@dataclass(frozen=True, slots=True)
class Data:
    """Where the benchmarks keep what they made, how large the company is, and how often each case is run."""

    folder: Path
    scale: float
    runs: int

    def workspace(self, scale: float | None = None) -> Path:
        """Return the folder of the company's workspace, made if it is not there."""
        wanted = self.scale if scale is None else scale
        folder = workspace_of(self.folder, wanted)
        if not is_made(folder):
            command = [sys.executable, "-m", "benchmarks.generate", "--data", str(self.folder), "--scale", str(wanted)]
            subprocess.run(command, check=True, stdout=sys.stderr)
        return folder

    def demo(self) -> Path:
        """Return the folder of the demo company, made by `kpi demo` if it is not there."""
        folder = self.folder / "demo"
        if not (folder / FILE).exists():
            command = [str(Path(sys.executable).with_name("kpi")), "demo", str(folder)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return folder
