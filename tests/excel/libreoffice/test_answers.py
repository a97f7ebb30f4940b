"""What is kept of answers, and what is asked together: no LibreOffice, and an engine that only counts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from kpicore_excel.libreoffice.inside.calc_cache import MOST_CALLS, CalcCache, Document
from kpicore_excel.libreoffice.inside.calc_values import ERRORS, error_cell
from kpicore_excel.libreoffice.inside.child import Unanswered


@dataclass(slots=True)
class Engine:
    """CalcCache a call with the number of its arguments."""

    requests: list[list[Any]] = field(default_factory=list)
    stamp: str = "a"
    problem: str = ""
    seconds: float = 0.0

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.problem:
            raise Unanswered(self.problem)
        self.requests.append(request["calls"])
        return {"results": [self.result(name, given) for name, given in request["calls"]], "stamp": self.stamp}

    def result(self, name: str, given: list[Any]) -> Any:
        if name == "KPI_PERIOD":
            return f"day {given[0]}"
        return {"error": "#VALUE!", "message": "empty"} if None in given else len(given)

    def now(self) -> float:
        return self.seconds


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def answers(engine: Engine) -> CalcCache:
    return CalcCache(engine.ask, engine.now)


def document(*calls):
    """Return what gives a document whose formulas make these calls."""
    return lambda: Document("1", lambda result_of: calls)


def test_the_first_call_is_asked_alone_and_the_second_with_all_of_the_document(answers, engine):
    sheet = document(*(("KPI_X", (f"2025-{month:02}",)) for month in range(1, 13)))
    assert answers.shown("KPI_X", ("2025-01",), sheet) == 1
    assert [answers.shown("KPI_X", (f"2025-{month:02}",), sheet) for month in range(1, 13)] == [1.0] * 12
    assert [len(request) for request in engine.requests] == [1, 11]


def test_no_request_holds_more_calls_than_the_engine_takes(answers, engine):
    calls = [("KPI_X", (str(number),)) for number in range(4_500)]
    for name, arguments in calls:
        answers.shown(name, arguments, document(*calls))
    assert [len(request) for request in engine.requests] == [1, MOST_CALLS, MOST_CALLS, 499]


def test_no_request_holds_more_cells_than_the_engine_takes(answers, engine):
    calls = [("KPI_X", (((str(number),),) * 60_000,)) for number in range(5)]
    for name, arguments in calls:
        answers.shown(name, arguments, document(*calls))
    assert [len(request) for request in engine.requests] == [1, 2, 2]


def test_what_no_formula_told_is_asked_alone_and_the_document_is_read_seldom(answers, engine):
    read = []

    def sheet():
        def calls(result_of):
            read.append(engine.seconds)
            engine.seconds += 0.01
            return []

        return Document("1", calls)

    for number in range(100):
        engine.seconds += 0.001
        assert answers.shown("KPI_X", (number + 1,), sheet) == 1
    assert len(engine.requests) == 100
    assert len(read) <= 3


def test_after_a_pause_one_empty_request_sees_whether_the_data_changed(answers, engine):
    answers.shown("KPI_X", ("2025",), document())
    engine.seconds += 1
    assert answers.shown("KPI_X", ("2025",), document()) == 1
    assert engine.requests == [[["KPI_X", ["2025"]]], []]
    engine.seconds, engine.stamp = engine.seconds + 1, "b"
    answers.shown("KPI_X", ("2025",), document())
    assert engine.requests[2:] == [[], [["KPI_X", ["2025"]]]]


def test_an_empty_cell_that_arrives_as_0_is_asked_as_the_formula_tells_it(answers, engine):
    assert answers.shown("KPI_X", ("2025", "rep", 0.0), document(("KPI_X", ("2025", "rep", None)))) != 2
    assert engine.requests == [[["KPI_X", ["2025", "rep", None]]]]


def test_where_a_document_has_an_empty_cell_and_a_zero_the_empty_cell_is_told(answers, engine):
    sheet = document(("KPI_X", (0.0, 20.0)), ("KPI_X", (None, 20.0)), ("KPI_X", (0.0, 20.0)))
    answers.shown("KPI_X", (0.0, 20.0), sheet)
    assert engine.requests == [[["KPI_X", [None, 20]]]]


def test_calls_inside_calls_are_asked_when_their_arguments_are_known(answers, engine):
    def calls(result_of):
        found = [("KPI_PERIOD", (day,)) for day in (1.0, 2.0)]
        for call in list(found):
            with suppress(LookupError):
                found.append(("KPI_X", (result_of(*call),)))
        return found

    answers.shown("KPI_OTHER", (), document())
    answers.shown("KPI_PERIOD", (1.0,), lambda: Document("1", calls))
    assert engine.requests[1:] == [
        [["KPI_PERIOD", [1]], ["KPI_PERIOD", [2]]], [["KPI_X", ["day 1"]], ["KPI_X", ["day 2"]]],
    ]  # fmt: skip


def test_what_cannot_be_asked_is_an_error_at_once_until_the_next_recalculation(answers, engine):
    engine.problem = "kpi is gone."
    bits = [answers.shown("KPI_X", (str(number),), document()) for number in range(9)]
    assert [bit.hex() for bit in bits] == ["nan"] * 9
    engine.problem = ""
    assert answers.shown("KPI_EXPLAIN", ("x", 2025), document()) == (("No answer", "kpi is gone."),)
    engine.seconds += 1
    assert answers.shown("KPI_X", ("0",), document()) == 1


def test_an_error_cell_carries_the_number_of_the_spreadsheet():
    import struct

    for code, number in ERRORS.items():
        [low, _] = struct.unpack("<II", struct.pack("<d", error_cell(code)))
        assert low == number, code


def test_what_is_kept_has_room_for_so_many_cells_and_tables_and_ranges_count_as_many(answers, engine, monkeypatch):
    monkeypatch.setattr("kpicore_excel.libreoffice.inside.calc_cache.MOST_KEPT", 100)
    members = tuple((f"rep {number}",) for number in range(24))
    for year in range(2000, 2200):
        assert answers.shown("KPI_X", (float(year), "rep", members), document()) == 3.0
        assert len(answers._kept) <= 4  # 27 cells each, so that the fourth takes all the room
    assert answers.shown("KPI_X", (2199.0, "rep", members), document()) == 3.0
    assert len(engine.requests) == 200
