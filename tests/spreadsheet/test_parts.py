"""What is long is gone through in parts: others go first between any two, and the answers are the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from kpicore import CellCall, Cells, Turn, Turns, answer_json, turns
from kpicore.engine.scan import executor
from kpicore.spreadsheet import values
from kpicore.turns import MOST_AT_ONCE, once, parts
from tests.patience import PATIENCE_SECONDS
from tests.spreadsheet.test_turns import CALLS

BY_REP = [
    CellCall("KPI_TABLE", ("won_deals, calls", "2025", "day", "rep")),
    CellCall("KPI_TABLE", ("active_customers, mrr, pipeline_value", "2025", "week")),
    CellCall("KPI_TABLE", ("customers_visited", "2025", "quarter", "rep")),
    CellCall("KPI_CUSTOMERS_VISITED", ("2025-02", "rep", "Bob Ray")),
]


class Stretches:
    """Counts what is done between two pauses; `longest` is the most."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.longest = self.pauses = self.all = 0
        self._patch, usual = monkeypatch, Turn.pause

        def pause(turn: Turn) -> None:
            self.now, self.pauses = 0, self.pauses + 1
            usual(turn)

        monkeypatch.setattr(Turn, "pause", pause)

    def count(self, module: object, name: str, size: Callable[..., int]) -> None:
        """Count the calls of a function: each is so much."""
        usual = getattr(module, name)

        def counted(*given: Any) -> object:
            self.now += size(*given)
            self.all += size(*given)
            self.longest = max(self.longest, self.now)
            return usual(*given)

        self._patch.setattr(module, name, counted)


@pytest.fixture
def stretches(monkeypatch: pytest.MonkeyPatch) -> Stretches:
    return Stretches(monkeypatch)


def test_parts_hold_a_thousand_things_and_one_item_at_least(stretches):
    with Turns().turn():
        assert [len(each) for each in parts(range(2_500))] == [1_000, 1_000, 500]
        assert [len(each) for each in parts(range(5), holding=400)] == [2, 2, 1]
        assert [len(each) for each in parts(range(2), holding=5_000)] == [1, 1]
        assert list(parts(())) == []
    assert stretches.pauses == 3 + 3 + 2


@pytest.mark.parametrize(
    "given",
    [[[1.0]] * 50_000, [[1.0] * 10] * 5_000, [[1.0] * 1_000] * 50, [1.0] * 50_000],
    ids=["a column", "ten columns", "wide", "no rows"],
)
def test_a_range_is_read_in_parts_whatever_its_form(cells, stretches, given):
    stretches.count(values, "_scalar", lambda *_: 1)
    with cells.turns.turn():
        answer = answer_json(cells, {"calls": [["KPI_CAC_CALC", [100_000, given]]]})
    assert answer["results"] == [2]
    assert stretches.all == 50_001
    assert stretches.longest <= MOST_AT_ONCE


@pytest.mark.parametrize("most", [1, 7])
def test_rows_of_the_warehouse_fill_cubes_in_parts(tiny_folder, stretches, monkeypatch, most):
    whole = Cells(tiny_folder).answer(CALLS + BY_REP).results
    monkeypatch.setattr(turns, "MOST_AT_ONCE", most)
    for name, rows in {"_put": 1, "_put_months": 1, "_sum_up": 0}.items():
        stretches.count(executor, name, lambda *given, at=rows: len(given[at]))
    assert Cells(tiny_folder).answer(CALLS + BY_REP).results == whole
    assert stretches.all >= 60
    assert stretches.longest <= most


def test_what_is_filled_in_parts_by_many_threads_is_as_if_it_were_filled_by_one(tiny_folder, monkeypatch):
    asked = CALLS + BY_REP
    alone = [Cells(tiny_folder).answer([each]).results[0] for each in asked]
    monkeypatch.setattr(turns, "MOST_AT_ONCE", 1)
    for _ in range(3):
        cells = Cells(tiny_folder)
        cells.turns = Turns(quantum_seconds=0)
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(cells.answer, [[each] for each in asked * 3]))
        assert [each.results[0] for each in found] == alone * 3
        cells.close()


def test_two_who_work_out_a_property_at_once_get_the_same_of_it() -> None:
    both_work = Barrier(2, timeout=PATIENCE_SECONDS)

    class Owner:
        @once
        def engine(self) -> object:
            both_work.wait()
            return object()

    owner = Owner()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: owner.engine, range(2))
    assert first is second is owner.engine
