"""Excel on Windows: xlwings' own `call_udf`, with stand-ins for Windows and for our VBA."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from kpicore import Workspace
from tests.conformance.asked import Case
from tests.conformance.pipes import told
from tests.conformance.told import Told
from tests.excel.windows import udf_results


def udf(workspace: Workspace, cases: Sequence[Case]) -> list[Told]:
    """Return what the functions of the add-in give."""
    calls = [(case.call.name, case.call.arguments) for case in cases]
    with tempfile.TemporaryDirectory() as folder:
        return [told(result) for result in udf_results(workspace.config.folder, Path(folder), calls)]
