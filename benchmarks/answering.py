"""What runs in fresh processes: opens a workspace, asks, and tells how long each part took, in seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

FIVE_YEARS = "2021-01-01..2025-12-31"

BY_MONTH_AND_REP = """
    SELECT date_trunc('month', closed_at) AS month, rep,
        count(*) FILTER (WHERE outcome = 'won') / count(*) FILTER (WHERE outcome IN ('won', 'lost')) AS win_rate
    FROM kpi.opportunity
    WHERE closed_at >= TIMESTAMP '2021-01-01' AND closed_at < TIMESTAMP '2026-01-01'
    GROUP BY ALL
"""
"""How an analyst would write win rate by month and rep."""


def table(folder: str, runs: int = 5) -> dict[str, Any]:
    """Ask win rate by month and rep, and the hand-written SQL, in turns in one process."""
    from kpicore import open_workspace

    workspace = open_workspace(folder)
    workspace.get("win_rate", "2025-12")  # both find the plugins loaded and the file open
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(runs):
        workspace.engine.cubes.memory.clear()  # an engine keeps what it has read, and so does the store
        forget_cubes(folder)
        took, values = _timed(lambda: workspace.get("win_rate", FIVE_YEARS, grain="month", by="rep").values())
        ours.append(took)
        took, rows = _timed(lambda: workspace.warehouse.query(BY_MONTH_AND_REP))
        theirs.append(took)
        assert len(rows) == sum(value is not None for value in values)
    return {"seconds": median(ours), "by_hand": median(theirs), "rows": len(rows)}


def cells(folder: str, kind: str, forget: bool = False) -> dict[str, Any]:
    """Ask a batch of cells, then the same again; `forget` what earlier processes kept on disk.

    `whole` is all but the start of Python and the choosing of the cells, `answering` without imports and opening.
    """
    if forget:
        forget_cubes(folder)
    started = time.perf_counter()
    from benchmarks import questions
    from kpicore import open_workspace

    workspace = open_workspace(folder)
    reps = [member.value for member in workspace.warehouse.members("rep")]
    opened = time.perf_counter()
    chosen = questions.chosen(kind, reps)
    listed = time.perf_counter()
    asked = questions.asked(workspace, chosen)
    cold, answers = _timed(lambda: workspace.engine.answer(asked))
    done = time.perf_counter()
    again, _ = _timed(lambda: workspace.engine.answer(asked))
    workspace.close()
    return {
        "whole": done - started - (listed - opened),
        "answering": done - listed,
        "engine": cold,
        "again": again,
        "values": [answer.value for answer in answers],
    }


def some_cells(folder: str, number: int) -> dict[str, Any]:
    """Return the first additive cells with plain days instead of period keys, and our values of them."""
    from benchmarks import questions
    from kpicore import open_workspace

    with open_workspace(folder) as workspace:
        reps = [rep.value for rep in workspace.warehouse.members("rep")]
        chosen = questions.random_cells(questions.ADDITIVE, reps)[:number]
        asked = questions.asked(workspace, chosen)
        values = [answer.value for answer in workspace.engine.answer(asked)]
    cells = [
        (kpi, str(question.period.start), str(question.period.end), dimension, member)
        for (kpi, _, dimension, member), question in zip(chosen, asked, strict=True)
    ]
    return {"cells": cells, "values": values}


def forget_cubes(folder: str) -> None:
    """Remove the cubes kept beside the warehouse: by name, as to import their store is part of what is measured."""
    for file in Path(folder).glob("cubes.sqlite*"):
        file.unlink()


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, result
