"""The workspace is let go of when nobody asks."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import pytest

from kpicore import CellCall, Cells
from kpicore_excel.udf.held import HeldCells
from tests.patience import PATIENCE_SECONDS


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


class Interrupted(HeldCells):
    """Held cells that are asked just before it is noted that nobody asked, and answer when they have let go."""

    asks: Thread | None = None

    @property
    def _waits(self) -> bool:
        return self.__dict__["waits"]

    @_waits.setter
    def _waits(self, waits: bool) -> None:
        if self.asks is not None and not waits:
            self.asks.start()
            self.asks.join(0.2)  # it waits for the lock, or for the data to be let go of
        self.__dict__["waits"] = waits


def test_who_asks_while_the_data_is_let_go_of_has_it_let_go_of_again(tiny_folder, monkeypatch: pytest.MonkeyPatch):
    waiting: list[Callable[[], None]] = []
    let_go, results = Event(), list[object]()
    held = Interrupted(tiny_folder, start=lambda seconds, act: waiting.append(act))
    held.answer([])
    waiting.pop()()
    answer = held._cells.answer

    def late(calls: list[CellCall]):
        assert let_go.wait(PATIENCE_SECONDS)
        return answer(calls)

    monkeypatch.setattr(held._cells, "answer", late)
    held.asks = Thread(target=lambda: results.extend(held.answer([CellCall("KPI_WIN_RATE", (2025.0,))]).results))
    waiting.pop()()
    let_go.set()
    held.asks.join()
    assert results == [0.7]
    assert len(waiting) == 1
    held.close()
