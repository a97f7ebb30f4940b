"""Google Sheets: its custom functions under node, with stand-ins for Google's services, asked over `kpi serve`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence

from kpicore import CellFailure, Cells, Workspace, cell_to_json
from kpicore_sheets.script import project_files
from tests.conformance.asked import Case
from tests.conformance.pipes import told
from tests.conformance.told import Told
from tests.excel.officejs.excel import Server
from tests.sheets.script.google import SERVER, Fetch, Reply, Spreadsheet


def apps_script(workspace: Workspace, cases: Sequence[Case]) -> list[Told]:
    """Return what cells show, each calculated by a run of its own. Raises RuntimeError without node."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("'node' is not installed. Run: apt-get install nodejs npm, then: make conformance")
    cells = Cells(workspace.config.folder)
    code = project_files(workspace.config, cells, SERVER)["Code.js"]
    cells.close()
    server = Server(workspace.config.folder).start()
    try:
        with Spreadsheet(node, code, _asked_of(server)) as sheet:
            sheet.set(properties={"token": server.token("Conformance in Sheets")})
            calls = [[case.call.name, [cell_to_json(argument) for argument in case.call.arguments]] for case in cases]
            results = sheet.do("calls", calls=calls)["results"]
    finally:
        server.stop()
    return [told(_shown(result)) for result in results]


def _asked_of(server: Server) -> Callable[[Fetch], Reply]:
    """Return what asks the server for the script, by the path of the address that it knows."""

    def reply(fetch: Fetch) -> Reply:
        body = fetch.payload.encode() if fetch.payload is not None else None
        headers = {**fetch.headers, "content-type": "application/json"}
        status, _, content = server.ask(fetch.url.removeprefix(SERVER), body, **headers)
        return status, content.decode()

    return reply


def _shown(result: dict[str, object]) -> object:
    """Return the value, or the error whose code and line are thrown."""
    if "value" in result:
        return result["value"]
    code, _, message = str(result["thrown"]).partition(" ")
    return CellFailure(code, message)
