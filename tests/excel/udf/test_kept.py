"""ExcelCache of cells are kept as long as there is room: a range or a table takes that of many cells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kpicore import CellAnswers, CellCall
from kpicore_excel.udf.excel_cache import ExcelCache


class Engine:
    """ExcelCache a call with the number of its arguments."""

    def __init__(self) -> None:
        self.asked = 0

    def answer(self, calls: Sequence[CellCall]) -> CellAnswers:
        self.asked += len(calls)
        return CellAnswers([float(len(call.arguments)) for call in calls], stamp="a")

    def stamp(self) -> str:
        return "a"


def test_what_is_kept_has_room_for_so_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpicore_excel.udf.excel_cache.MOST_KEPT", 100)
    engine = Engine()
    answers = ExcelCache(engine, lambda: 0.0)
    members = tuple((f"rep {number}",) for number in range(24))
    for year in range(2000, 2200):
        call = ("KPI_X", (float(year), "rep", members))
        assert answers.answer(call) == answers.answer(call) == 3.0
        assert len(answers._kept) <= 3  # 27 cells each
    assert engine.asked == 200
    answers.forget()
    assert answers.answer(call) == 3.0
    assert engine.asked == 201
