"""A workspace that is held open only while it is asked: on Windows nobody can replace a file that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock, Timer

from kpicore import CellAnswers, CellCall, CellFunction, Cells

RELEASE_AFTER_SECONDS = 20.0


class HeldCells:
    """`Cells` that let go of the data when nobody asked for a while, so that `kpi import` can renew it."""

    def __init__(self, folder: str | Path, start: Callable[[float, Callable[[], None]], None] | None = None) -> None:
        self._cells = Cells(folder)
        self._start = start or _in_background
        self._lock = Lock()  # a question must not see a release that waits when that one just ends
        self._waits = False
        self._was_asked = False

    def functions(self) -> tuple[CellFunction, ...]:
        """Return the functions of the workspace. Raises KpiError when it cannot be read."""
        return self._cells.functions()

    def answer(self, calls: Sequence[CellCall]) -> CellAnswers:
        """Return one result a call, as `Cells.answer` does."""
        with self._lock:
            self._was_asked = True
            if not self._waits:
                self._waits = True
                self._start(RELEASE_AFTER_SECONDS, self._release)
        return self._cells.answer(calls)

    def stamp(self) -> str:
        """Return what changes when an answer could."""
        return self._cells.stamp()

    def close(self) -> None:
        """Let go of the data now."""
        self._cells.close()

    def _release(self) -> None:
        with self._lock:
            self._waits, self._was_asked = self._was_asked, False
            if self._waits:
                self._start(RELEASE_AFTER_SECONDS, self._release)
                return
        self._cells.close()


def _in_background(seconds: float, act: Callable[[], None]) -> None:
    timer = Timer(seconds, act)
    timer.daemon = True
    timer.start()
