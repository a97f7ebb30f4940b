"""Answers of cells, kept: a cell that asks again is answered at once, a sheet of cells that ask anew by one batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from kpicore import MOST_CALLS, CellAnswers, CellCall, CellResult, CellValue
from kpicore_excel.udf.sent_sheets import Call, KnownSheets, SentSheet

QUIET_SECONDS = 0.25
"""After so long without a call, the next one begins a recalculation: the data may be another by then."""

READ_AT = frozenset(2 * 8**power for power in range(8))
"""At these misses of a recalculation (2, 16, 128, …) its sheet is read. One cell that is typed in costs no reading.
Later ones find what could not be known before: cells that Excel calculated in between."""

MOST_KEPT = 2_000_000
"""So many cells the kept calls may hold, as arguments and as results; a range or table is many."""

_ATTEMPTS, _PASSES = 3, 3


class CellEngine(Protocol):
    """What answers: `kpicore.Cells`."""

    def answer(self, calls: Sequence[CellCall]) -> CellAnswers: ...
    def stamp(self) -> str: ...


class ExcelCache:
    """Answers the cells of Excel. `clock` gives seconds."""

    def __init__(self, cells: CellEngine, clock: Callable[[], float]) -> None:
        self._cells = cells
        self._clock = clock
        self._kept: dict[object, CellResult] = {}
        self._cells_kept = 0
        self._stamp = ""
        self._asked_at = float("-inf")
        self._misses: dict[str, int] = {}
        self._sheets: KnownSheets | None = None

    def answer(self, call: Call, place: str = "") -> CellResult | None:
        """Return the result of a call from a cell of the sheet `place`; None when that sheet is to be sent first."""
        if self._clock() - self._asked_at > QUIET_SECONDS:
            self._begin()
        result = self._kept.get(_key(call))
        if result is None and not self._wants_sheet(place):
            [result] = self._ask([call])
        # after the answer, which may take long: the pause between two calls counts
        self._asked_at = self._clock()
        return result

    def take_sheet(self, sheet: SentSheet, is_home: bool) -> str:
        """Take a sheet, that of the cell first; return the name of the next one to send, "" for none."""
        if is_home or self._sheets is None:
            self._sheets = KnownSheets(sheet)
        else:
            self._sheets.add(sheet)
        wanted = self._sheets.next_wanted() or self._ask_ahead(self._sheets)
        self._asked_at = self._clock()
        return wanted

    def made_by(self, formula: str, row: int, column: int) -> list[tuple[Call, CellResult]]:
        """Return the calls that a formula makes on the sheet that was sent last, each with its result."""
        if self._sheets is None:
            return []
        calls = self._sheets.calls_of([(self._sheets.home.name, row, column, formula)], self._kept_result)
        return list(zip(calls, self._ask(calls), strict=True)) if calls else []

    def forget(self) -> None:
        """Ask for everything again from now on."""
        self._drop()
        self._misses.clear()

    def _drop(self) -> None:
        self._kept.clear()
        self._cells_kept = 0

    def _begin(self) -> None:
        # Here and not at every call: within a recalculation all cells show one version of the data.
        self._misses.clear()
        if self._kept and self._cells.stamp() != self._stamp:
            self._drop()

    def _wants_sheet(self, place: str) -> bool:
        if not place:
            return False
        self._misses[place] = self._misses.get(place, 0) + 1
        return self._misses[place] in READ_AT

    def _ask_ahead(self, sheets: KnownSheets) -> str:
        """Ask what a sheet will ask; with the results of inner calls, the outer ones too."""
        for _ in range(_PASSES):
            calls = sheets.calls_of(sheets.home.kpi_formulas(), self._kept_result)
            if wanted := sheets.next_wanted():
                return wanted
            new = [call for call in calls if _key(call) not in self._kept]
            if new:
                self._ask(new)
            if not (new and sheets.lacks_result):
                break
        return ""

    def _kept_result(self, call: Call) -> CellResult | None:
        return self._kept.get(_key(call))

    def _ask(self, calls: Sequence[Call]) -> list[CellResult]:
        """Return the results of calls, and keep them; of one version of the data, unless it changes all the time."""
        answers: list[CellAnswers] = []
        for _ in range(_ATTEMPTS):
            batches = [calls[start : start + MOST_CALLS] for start in range(0, len(calls), MOST_CALLS)]
            answers = [self._cells.answer([CellCall(*call) for call in batch]) for batch in batches]
            if len({answer.stamp for answer in answers}) == 1:
                break  # else the data changed in between
        results = [result for answer in answers for result in answer.results]
        cells = sum(map(_cells, results)) + sum(_cells(argument) for _, arguments in calls for argument in arguments)
        if answers[-1].stamp != self._stamp or self._cells_kept + cells > MOST_KEPT:
            self._drop()
            self._stamp = answers[-1].stamp
        self._kept.update((_key(call), result) for call, result in zip(calls, results, strict=True))
        self._cells_kept += cells
        return results


def _cells(value: CellValue | CellResult) -> int:
    return sum(map(len, value)) if isinstance(value, tuple) else 1


def _key(call: Call) -> object:
    """Return what is the same for equal calls. To Python TRUE equals 1; to a calculator it does not."""
    name, arguments = call
    return name, arguments, tuple(map(_kind, arguments))


def _kind(value: CellValue) -> object:
    if isinstance(value, tuple):
        return tuple(type(cell) for row in value for cell in row)
    return type(value)
