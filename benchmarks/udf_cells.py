"""A sheet of 10,000 cells in Excel, through xlwings' own `call_udf`; what runs in a fresh process."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.sheet import KPIS, MONTHS, REPS, calls, engine_seconds


def recalculated(folder: str) -> dict[str, Any]:
    """Calculate 5 KPIs x 200 reps x 10 months cell by cell: nothing kept, the same again, and after Refresh.

    Excel and its Python run already and know the workspace, as after the first cell of a day.
    """
    from kpicore import open_workspace
    from tests.excel.windows import excel

    with open_workspace(folder) as workspace:
        reps = sorted(member.value for member in workspace.warehouse.members("rep"))[:REPS]
    asked = calls(reps)
    engine = engine_seconds(Path(folder), asked)
    with tempfile.TemporaryDirectory() as temporary, excel(Path(folder), Path(temporary)) as opened:
        cells = opened.sheets["Sales"] = {(row, 1): rep for row, rep in enumerate(reps, 2)}
        for block, kpi in enumerate(KPIS):
            for place, month in enumerate(MONTHS):
                column = 2 + block * len(MONTHS) + place
                cells[1, column] = month
                for row in range(2, 2 + len(reps)):
                    cells[row, column] = f'=KPI_{kpi.upper()}({_letters(column)}$1,"rep",$A{row})'
        opened.call("KPI_ASOF", sheet="Sales")
        times = {}
        for name in ("cold", "again", "refreshed"):
            if name == "refreshed":
                opened.refresh()
            began = time.perf_counter()
            shown = [opened.call(*cell, sheet="Sales") for cell in asked]
            times[name] = time.perf_counter() - began
    numbers = sum(isinstance(cell, float) for cell in shown)
    return {**times, "engine": engine, "cells": len(asked), "numbers": numbers}


def _letters(column: int) -> str:
    first, second = divmod(column - 1, 26)
    return ("" if first == 0 else chr(64 + first)) + chr(65 + second)
