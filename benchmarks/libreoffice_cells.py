"""A sheet of 10,000 cells in the real LibreOffice, headless; what runs in a fresh process.

python -m benchmarks.libreoffice_cells WORKSPACE
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.sheet import KPIS, MONTHS, REPS, calls, engine_seconds


def recalculated(folder: str) -> dict[str, Any]:
    """Calculate 5 KPIs x 200 reps x 10 months: nothing kept, again, and after the engine was started anew.

    LibreOffice and the engine run already, as after the first cell of a day. Each cell is its own call.
    """
    from kpicore import open_workspace
    from kpicore_excel.libreoffice import write_extension
    from tests.excel.calc import Calc, column

    soffice = shutil.which("soffice")
    assert soffice is not None, "soffice is not installed"
    with tempfile.TemporaryDirectory() as temporary:
        with open_workspace(folder) as workspace:
            reps = sorted(member.value for member in workspace.warehouse.members("rep"))[:REPS]
            write_extension(workspace, Path(temporary) / "kpi.oxt")
        engine = engine_seconds(Path(folder), calls(reps))
        heads = [(kpi, month) for kpi in KPIS for month in MONTHS]
        formulas = [
            [f'=KPI_{kpi.upper()}({column(2 + at)}$1;"rep";$A{row})' for at, (kpi, _) in enumerate(heads)]
            for row in range(2, 2 + len(reps))
        ]
        area = f"B2:{column(1 + len(heads))}{1 + len(reps)}"
        with Calc(soffice, Path(temporary) / "office", Path(temporary) / "kpi.oxt") as calc:
            calc.do("new")
            calc.enter({f"{column(2 + at)}1": f"'{month}" for at, (_, month) in enumerate(heads)})
            calc.enter({f"A{row}": f"'{rep}" for row, rep in enumerate(reps, 2)})
            calc.shown("=KPI_ASOF()")
            times = {"cold": calc.do("fill", 0, area, formulas) + calc.do("recalculate")}
            times["again"] = calc.do("recalculate")
            shown = [cell for row in calc.cells(area) for cell in row]
    numbers = sum(isinstance(cell, float) for cell in shown)
    return {**times, "engine": engine, "cells": len(shown), "numbers": numbers}


if __name__ == "__main__":
    print(recalculated(sys.argv[1]))
