"""The hidden tab `_kpi`: answers to the KPI calls in the formulas of a spreadsheet, as its script looks for them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kpicore import (
    MOST_CALLS,
    CellCall,
    CellFailure,
    CellFunction,
    CellResult,
    Cells,
    CellScalar,
    CellValue,
    KpiError,
    calls_in,
    cell_from_json,
    cell_to_json,
)
from kpicore_sheets.compact_json import compact_json
from kpicore_sheets.limits import MOST_CHARACTERS
from kpicore_sheets.script.code import spreading_place
from kpicore_sheets.script.keys import call_key, row_check
from kpicore_xlsx.grid import Grid, GridRow, Look

STAMP_NAME, KIND = "KPI_STAMP", "kpi"
"""The named range on cell B1 of the tab, which formulas may name to follow the data; and what A1 says it is."""

_ROUNDS = 3
_STAMP = re.compile(r"kpi [0-9a-f]{16}")
_DECIMAL_COMMA = re.compile(r",\d")
_SOME_STAMP = "kpi 0000000000000000"

Formula = tuple[str, int, int, str]
ValueAt = Callable[[str, int, int], CellScalar]
ValueOfName = Callable[[str], CellValue]


@dataclass(frozen=True, slots=True)
class AnswersTab:
    """What stands on the tab: in its first row `KIND`, the stamp and the data's time, then a key and a result a row.

    Beside them stands a check, by which the script knows that they are of each other and of this spreadsheet.
    """

    stamp: str
    data_time: datetime | None
    rows: tuple[tuple[str, str], ...]

    def grid(self, spreadsheet: str) -> Grid:
        """Return the tab of a spreadsheet, given its id, as cells: all of them text."""
        time = f"{self.data_time.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if self.data_time else ""
        looks = (Look(),) * 3
        checked = ((*row, row_check(spreadsheet, *row)) for row in self.rows)
        return Grid(tuple(GridRow(row, looks) for row in ((KIND, self.stamp, time), *checked)))


def answer_rows(
    formulas: Sequence[Formula],
    value_at: ValueAt,
    cells: Cells,
    *,
    value_of_name: ValueOfName | None = None,
) -> AnswersTab:
    """Return the answers to the calls in formulas, (tab, row, column, text) each, counted from 1.

    `value_at` and `value_of_name` are those of `calls_in`; the name of the stamp need not be known. Calls that cannot
    be known in advance are not answered: their cells ask the server. Raises KpiError when the workspace or its data
    cannot be read: an error in each cell would be no answer of theirs.
    """
    known = _KnownAnswers(cells)

    def named(name: str) -> CellValue:
        if name.upper() == STAMP_NAME:
            return _SOME_STAMP
        if value_of_name is None:
            raise LookupError(name)
        return value_of_name(name)

    # Google does not say in which locale it tells formulas, so these are read both ways: one of them asks in vain
    commas = [formula for formula in formulas if _DECIMAL_COMMA.search(formula[3])]
    # again, for calls that are arguments of others
    for _ in range(_ROUNDS):
        calls = calls_in(formulas, value_at, known.result_of, value_of_name=named)
        calls += calls_in(commas, value_at, known.result_of, value_of_name=named, decimal_comma=True)
        if not known.ask(calls):
            break
    return known.tab()


class _KnownAnswers:
    """Answers by the key of their call, each with the stamp of its data, which may change between two requests."""

    def __init__(self, cells: Cells) -> None:
        self._cells, self._functions = cells, {function.name: function for function in cells.functions()}
        self._last = cells.answer([])
        self._known: dict[str, tuple[str, CellResult]] = {}

    def ask(self, calls: Iterable[tuple[str, tuple[CellValue, ...]]]) -> bool:
        """Ask for what is not known yet. Return whether there was any of it."""
        unknown = {key: call for key, call in _asked(calls, self._functions) if key not in self._known}
        for part in _parts(unknown, self._functions):
            self._last = answers = self._cells.answer([call for _, call in part])
            if answers.data_time is None:
                raise KpiError(next(result.message for result in answers.results if isinstance(result, CellFailure)))
            self._known |= {
                key: (answers.stamp, result) for (key, _), result in zip(part, answers.results, strict=True)
            }
        return bool(unknown)

    def result_of(self, name: str, values: tuple[CellValue, ...]) -> CellValue:
        """Return the result of a call as an argument of another. Raises LookupError where it is none, or unknown."""
        _, result = self._known[call_key(name, _without_stamp(values))]
        if isinstance(result, tuple | CellFailure):
            raise LookupError(name)
        return result

    def tab(self) -> AnswersTab:
        """Return what stands on the tab: all that is of the newest data."""
        current = {key: result for key, (stamp, result) in self._known.items() if stamp == self._last.stamp}
        return AnswersTab(f"kpi {self._last.stamp}", self._last.data_time, tuple(_rows(current)))


def _asked(
    calls: Iterable[tuple[str, tuple[CellValue, ...]]], functions: dict[str, CellFunction]
) -> Iterator[tuple[str, CellCall]]:
    """Yield the calls that a script would ask, each with its key."""
    for name, given in calls:
        function = functions.get(name)
        if function is None or function.kind == "calculator":
            continue  # these the script computes itself
        for values in _spread(function, _without_stamp(given)):
            if not any(isinstance(cell, CellFailure) for value in values for cell in _cells(value)):
                key = call_key(name, values)
                # what the script asks, to the letter: 2025 is a whole number to it, and an empty cell an empty text
                yield key, CellCall(name, tuple(map(cell_from_json, json.loads(key)[1])))


def _parts(calls: dict[str, CellCall], functions: dict[str, CellFunction]) -> Iterator[list[tuple[str, CellCall]]]:
    """Yield the calls in parts to ask at once; a table goes alone, for the tables of one request share its room."""
    tables = [(key, call) for key, call in calls.items() if functions[call.name].gives == "table"]
    others = [(key, call) for key, call in calls.items() if functions[call.name].gives != "table"]
    yield from (others[start : start + MOST_CALLS] for start in range(0, len(others), MOST_CALLS))
    yield from ([table] for table in tables)


def _without_stamp(values: tuple[CellValue, ...]) -> tuple[CellValue, ...]:
    return tuple(value for value in values if not (isinstance(value, str) and _STAMP.fullmatch(value)))


def _spread(function: CellFunction, values: tuple[CellValue, ...]) -> Iterator[tuple[CellValue, ...]]:
    """Yield what a call asks: for a range in the place of the period each of its filled cells."""
    place = spreading_place(function)
    if place is None or place >= len(values) or not isinstance(values[place], tuple):
        yield values
        return
    for cell in _cells(values[place]):
        if cell is not None and cell != "":
            yield (*values[:place], cell, *values[place + 1 :])


def _cells(value: CellValue) -> Iterable[CellScalar]:
    return (cell for row in value for cell in row) if isinstance(value, tuple) else (value,)


def _rows(known: dict[str, CellResult]) -> Iterator[tuple[str, str]]:
    """Yield keys and results that cells can hold; a longer one is asked of the server."""
    for key, result in known.items():
        text = compact_json(cell_to_json(result))
        if max(len(key), len(text)) <= MOST_CHARACTERS:
            yield key, text
