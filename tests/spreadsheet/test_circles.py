"""No batch is left in circles of objects: under load Python seldom searches for them, and memory would grow."""

from __future__ import annotations

from contextlib import suppress

import pytest

from kpicore import CellCall, Engine, GivenUp, Turn, answer_json, request_from_json
from tests.circles import left_in_circles, ours
from tests.spreadsheet.test_one_bad_cell import UNREADABLE
from tests.spreadsheet.test_turns import CALLS

REFUSED = [
    CellCall("KPI_WIN_RATE", ("2025", "no_such", "x")),
    CellCall("KPI_COMPETITOR_WIN_RATE", ("2025",)),
    CellCall("KPI_CUSTOMERS_VISITED", ("2025-01-03..2025-02-20", "rep", "Nobody")),
    CellCall("KPI_WIN_RATE", ("no period",)),
    CellCall("KPI", ("win_rat", "2025")),
    CellCall("KPI_CALLS", ("2025", "product", "x")),
    CellCall("KPI_TABLE", ("win_rate", "2025", "no_such")),
    CellCall("KPI_TABLE", ("calls", "2025", "month", "product")),
    CellCall("KPI_EXPLAIN", ("calls", "2025", "product", "x")),
    CellCall("KPI_TARGET", ("win_rate", "2025", "compare", "previous")),
    CellCall("KPI_ATTAINMENT", ("win_rate", "2025")),
    CellCall("KPI_CAC_CALC", (1, 0)),
    CellCall("KPI_CAC_CALC", ("x", 1)),
    CellCall("KPI_LIST", ("no such word",)),
    CellCall("KPI_PERIOD", ("soon", "month")),
]


class Ring:
    """Knows itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_only_a_search_finds_is_found():
    with left_in_circles() as found:
        Ring()
    assert [type(each) for each in found if isinstance(each, Ring)] == [Ring]


@pytest.mark.parametrize("call", [*CALLS, *REFUSED], ids=repr)
def test_a_batch_is_let_go_of_as_soon_as_it_is_answered(tiny_cells, call):
    with left_in_circles() as found:
        tiny_cells.answer([call, CALLS[0], call])
    assert ours(found) == set()


def test_a_request_that_cannot_be_read_is_let_go_of_too(tiny_cells):
    with left_in_circles() as found:
        answer_json(tiny_cells, request_from_json(b'{"calls": [["KPI_WON_DEALS", [2025]], [1]]}'))
        answer_json(tiny_cells, {"calls": UNREADABLE})
    assert ours(found) == set()


@pytest.mark.parametrize("place", ["check", "answer"])
def test_a_batch_in_which_a_question_fails_by_a_defect_is_let_go_of(tiny_cells, monkeypatch, place):
    usual = getattr(Engine, place)

    def broken(self: Engine, asked: object, *rest: object) -> object:
        if "calls" in str(asked):
            raise ValueError("oops")
        return usual(self, asked, *rest)

    monkeypatch.setattr(Engine, place, broken)
    with left_in_circles() as found:
        told = tiny_cells.answer([CellCall("KPI_CALLS", ("2025",)), CALLS[0]]).results
    assert (told[0].message, told[1]) == ("internal error, ValueError: oops", 7)
    assert ours(found) == set()


@pytest.mark.parametrize("pauses", (1, 2, 5, 20, 60, 120))
def test_a_batch_that_is_given_up_at_any_pause_is_let_go_of(cells, monkeypatch, pauses):
    usual, left = Turn.pause, pauses

    def pause(turn: Turn) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            turn.stop()
        usual(turn)

    cells.answer(CALLS)
    monkeypatch.setattr(Turn, "pause", pause)
    with left_in_circles() as found, cells.turns.turn(), suppress(GivenUp):
        cells.answer([*CALLS, *REFUSED])
    assert ours(found) == set()
