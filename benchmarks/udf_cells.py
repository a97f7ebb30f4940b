"""A sheet of 10,000 cells in Excel, through xlwings' own `call_udf`; what runs in a fresh process."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.answering import forget_cubes
from benchmarks.sheet import BY_HAND, KPIS, MONTHS, REPS


def recalculated(folder: str) -> dict[str, Any]:
    """Calculate 5 KPIs x 200 reps x 10 months cell by cell: nothing kept, the same again, and after Refresh.

    Excel and its Python run already and know the workspace, as after the first cell of a day.
    """
    from kpicore import open_workspace
    from tests.excel.windows import excel

    forget_cubes(folder)
    with open_workspace(folder) as workspace:
        reps = sorted(each.value for each in workspace.warehouse.members("rep"))[:REPS]
        began = time.perf_counter()
        rows = workspace.warehouse.query(BY_HAND)
        by_hand = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as temporary, excel(Path(folder), Path(temporary)) as opened:
        cells = opened.sheets["Sales"] = {(row, 1): rep for row, rep in enumerate(reps, 2)}
        calls = []
        for block, kpi in enumerate(KPIS):
            for place, month in enumerate(MONTHS):
                column = 2 + block * len(MONTHS) + place
                cells[1, column] = month
                for row, rep in enumerate(reps, 2):
                    cells[row, column] = f'=KPI_{kpi.upper()}({_letters(column)}$1,"rep",$A{row})'
                    calls.append((f"KPI_{kpi.upper()}", month, "rep", rep))
        opened.call("KPI_ASOF", sheet="Sales")
        times = {}
        for name in ("cold", "again", "refreshed"):
            if name == "refreshed":
                opened.refresh()
            began = time.perf_counter()
            shown = [opened.call(*each, sheet="Sales") for each in calls]
            times[name] = time.perf_counter() - began
    numbers = sum(isinstance(each, float) for each in shown)
    return {**times, "by_hand": by_hand, "cells": len(calls), "numbers": numbers, "rows": len(rows)}


def _letters(column: int) -> str:
    first, second = divmod(column - 1, 26)
    return ("" if first == 0 else chr(64 + first)) + chr(65 + second)
