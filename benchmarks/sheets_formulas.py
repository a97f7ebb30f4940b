"""A sheet of 10,000 KPI formulas in Google Sheets: its script under node, and the hidden tab that the sync fills."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.sheet import REPS, calls, engine_seconds

if TYPE_CHECKING:
    from kpicore import Cells


def recalculated(folder: str) -> dict[str, Any]:
    """Make the answers for the hidden tab, then calculate the cells without that tab and with it, nothing kept.

    Each cell is a run of its own of the whole script, as at Google.
    """
    from benchmarks.answering import forget_cubes
    from kpicore import Cells, open_workspace
    from kpicore_sheets.script import answer_rows
    from tests.sheets.script.google import SPREADSHEET

    with open_workspace(folder) as workspace:
        reps = sorted(member.value for member in workspace.warehouse.members("rep"))[:REPS]
    asked = calls(reps)
    engine = engine_seconds(Path(folder), asked)
    texts = [_formula(name, arguments) for name, *arguments in asked]
    cells = Cells(folder)
    try:
        cells.answer([])
        began = time.perf_counter()
        answers = answer_rows([("KPIs", row, 1, text) for row, text in enumerate(texts, 1)], _nothing, cells)
        grid = answers.grid(SPREADSHEET)
        made = time.perf_counter() - began
        alone, beside = _calculated(cells, asked, texts, [list(row.values) for row in grid.rows])
    finally:
        cells.close()
        forget_cubes(folder)
    assert alone["results"] == beside["results"]
    return {
        "engine": engine,
        "answers": made,
        "alone": alone["fetches"],
        "beside": beside["fetches"],
        "seconds": beside["seconds"],
        "numbers": sum(isinstance(result.get("value"), int | float) for result in beside["results"]),
    }


def _calculated(
    cells: Cells, asked: Sequence[Sequence[str]], texts: Sequence[str], hidden: Sequence[Sequence[Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the cells came to under node, without a hidden tab and with one of these values."""
    from kpicore import read_config
    from kpicore_sheets.script import project_files
    from tests.sheets.script.google import SERVER, Spreadsheet, served

    node = shutil.which("node")
    assert node is not None
    sheet = Spreadsheet(node, project_files(read_config(cells.folder), cells, SERVER)["Code.js"], served(cells))
    try:
        formulas = {f"{row},1": text for row, text in enumerate(texts, 1)}
        given = [[name, list(arguments)] for name, *arguments in asked]
        sheet.fill([[""]] * len(texts), formulas)
        alone = sheet.do("calls", calls=given)
        sheet.set(cache={})
        sheet.fill([[""]] * len(texts), formulas, _kpi={"values": hidden})
        return alone, sheet.do("calls", calls=given)
    finally:
        sheet.close()


def _formula(name: str, arguments: list[str]) -> str:
    texts = ";".join(f'"{argument}"' for argument in arguments)
    return f"={name}({texts};KPI_STAMP)"


def _nothing(tab: str, row: int, column: int) -> None:
    return None
