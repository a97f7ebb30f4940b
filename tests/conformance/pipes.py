"""`kpi cells`: the functions of spreadsheets as JSON over the pipes of a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kpicore import CellFailure, Workspace, cell_from_json, cell_to_json
from tests.conformance.asked import Case
from tests.conformance.told import Told
from tests.patience import PATIENCE_SECONDS

KPI = Path(sys.executable).with_name("kpi")


def pipes(workspace: Workspace, cases: Sequence[Case]) -> list[Told]:
    """Return what a process of its own answers to one request."""
    calls = [[case.call.name, [cell_to_json(value) for value in case.call.arguments]] for case in cases]
    command = [str(KPI), "cells", "-w", str(workspace.config.folder)]
    request = json.dumps({"calls": calls}) + "\n"
    ran = subprocess.run(command, input=request, capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS)
    return [told(cell_from_json(each)) for each in json.loads(ran.stdout)["results"]]


def told(value: object) -> Told:
    """Return what a scalar function gave; anything but a number or an error would be a mistake."""
    if isinstance(value, CellFailure):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a scalar KPI gave {value!r}")
    return float(value)
