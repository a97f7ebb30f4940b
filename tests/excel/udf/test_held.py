"""The workspace is let go of when nobody asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpicore import CellCall, Cells
from kpicore_excel.udf.held import HeldCells


def test_the_data_is_let_go_of_after_a_while_without_questions(tiny_folder, monkeypatch: pytest.MonkeyPatch):
    waiting: list[Callable[[], None]] = []
    closed: list[str] = []
    close = Cells.close
    held = HeldCells(tiny_folder, start=lambda seconds, act: waiting.append(act))

    def noted(cells: Cells) -> None:
        if cells is held._cells:  # timers of other tests close theirs
            closed.append("closed")
        close(cells)

    monkeypatch.setattr(Cells, "close", noted)
    call = [CellCall("KPI_WIN_RATE", (2025.0,))]

    assert held.answer(call).results == [0.7]
    held.answer(call)
    assert len(waiting) == 1
    waiting.pop()()  # somebody asked since: wait once more
    assert (len(waiting), closed) == (1, [])
    waiting.pop()()
    assert (waiting, closed) == ([], ["closed"])
    assert held.answer(call).results == [0.7]
    assert len(waiting) == 1
    held.close()
