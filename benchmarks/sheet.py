"""The sheet that every spreadsheet host is measured with: 5 KPIs x 200 reps x 10 months; and without a host."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

KPIS = ("win_rate", "total_sales", "won_deals", "avg_deal_size", "lost_deals")
MONTHS = tuple(f"2025-{month:02}" for month in range(1, 11))
REPS = 200
ENGINE = "the same calls without a host, nothing kept"


def calls(reps: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Return the call of each cell: function, period, dimension and member."""
    return [(f"KPI_{kpi.upper()}", month, "rep", rep) for kpi in KPIS for month in MONTHS for rep in reps]


def engine_seconds(folder: Path, asked: Sequence[tuple[str, str, str, str]]) -> float:
    """Return what the same calls take without a host, nothing kept; the workspace is known, as after a first cell."""
    from benchmarks.answering import forget_cubes
    from kpicore import MOST_CALLS, CellCall, Cells

    forget_cubes(str(folder))
    made = [CellCall(name, tuple(arguments)) for name, *arguments in asked]
    cells = Cells(folder)
    try:
        cells.answer([CellCall("KPI_ASOF", ())])
        began = time.perf_counter()
        for start in range(0, len(made), MOST_CALLS):
            cells.answer(made[start : start + MOST_CALLS])
        return time.perf_counter() - began
    finally:
        cells.close()
        forget_cubes(str(folder))
