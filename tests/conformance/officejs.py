"""The Office.js add-in: its functions in Excel's own runtime, asked over `kpi serve`."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from kpicore import CellFailure, Workspace, cell_to_json
from tests.conformance.asked import Case
from tests.conformance.pipes import told
from tests.conformance.told import Told
from tests.excel.officejs.excel import Excel, Server


def officejs(workspace: Workspace, cases: Sequence[Case]) -> list[Told]:
    """Return what cells show after one recalculation. Raises RuntimeError without node."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("'node' is not installed. Run: apt-get install nodejs npm, then: make conformance")
    server = Server(workspace.config.folder).start()
    try:
        with Excel(node) as excel:
            excel.do("open", url=server.url, token=server.token("Conformance"))
            calls = [
                [case.call.name.removeprefix("KPI_"), [cell_to_json(value) for value in case.call.arguments]]
                for case in cases
            ]
            results = excel.cells(calls)["results"]
    finally:
        server.stop()
    return [told(_shown(result)) for result in results]


def _shown(result: object) -> object:
    return CellFailure(result["error"], result["message"]) if isinstance(result, dict) else result
