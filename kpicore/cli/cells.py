"""`kpi cells`: answers for a spreadsheet that runs beside it, over its pipes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.screen import workspace_option

if TYPE_CHECKING:
    from kpicore.spreadsheet import Cells


@click.command()
@workspace_option
def cells(workspace: Path) -> None:
    """Answer spreadsheet functions: a request as JSON on each line that comes in, a response on each that goes out.

    \b
    echo '{"calls": [["KPI_CAC", ["2026-Q3", "rep", "Ann Lee"]]]}' | kpi cells

    For add-ins that run on the same machine. A line that is no request is answered with {"refused": "why"}.
    """
    import json

    from kpicore.spreadsheet import Cells

    answering = Cells(workspace)
    try:
        for line in sys.stdin.buffer:
            if line.strip():
                sys.stdout.write(json.dumps(_response(answering, line), allow_nan=False) + "\n")
                sys.stdout.flush()
    finally:
        answering.close()


def _response(answering: Cells, line: bytes) -> dict[str, Any]:
    from kpicore.errors import KpiError
    from kpicore.spreadsheet import answer_json, request_from_json

    try:
        return answer_json(answering, request_from_json(line))
    except KpiError as error:
        return {"refused": str(error)}
