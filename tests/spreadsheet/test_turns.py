"""Many ask at a time: one computes, short ones are not held up, and what nobody waits for is given up."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from threading import Event, Thread, Timer

import duckdb
import pytest

from kpicore import (
    Calendar,
    CellCall,
    Cells,
    GivenUp,
    Grain,
    Question,
    Turn,
    Turns,
    WarehouseError,
    answer_json,
    aside,
    pause,
    request_from_json,
)
from kpicore.model.questions import questions_of
from kpicore.turns import TurnLock
from kpicore.warehouse.duckdb.reader import rows_of
from kpicore_crm.testing import load_tiny_company
from tests.loops import loop
from tests.patience import PATIENCE_SECONDS, wait_until

CALLS = [
    CellCall("KPI_WON_DEALS", ("2025",)),
    CellCall("KPI_WIN_RATE", ("2025-Q1", "rep", "Bob Ray")),
    CellCall("KPI_SALES_CYCLE", ("2025-01-03..2025-11-20",)),
    CellCall("KPI_TABLE", ("win_rate, total_sales, new_customers", "2025", "month", "rep")),
    CellCall("KPI_EXPLAIN", ("churn_rate", "2025-Q2")),
    CellCall("KPI_WON_DEALS", ("2025", "as_of", "2025-06-30")),
    CellCall("KPI_NO_SUCH", (1,)),
    CellCall("KPI_WIN_RATE", ("2025", "compare", "previous")),
]


class Clock:
    """Tells the seconds that a test says."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_outside_a_turn_there_is_nothing_to_wait_for():
    pause()
    with aside(lambda: None):
        pause()


def test_the_one_that_has_computed_least_goes_first_and_each_goes_on_where_it_was():
    clock, said = Clock(), list[str]()
    turns = Turns(quantum_seconds=1, clock=clock)

    def compute(name: str, *lasts: float) -> None:
        with turns.turn():
            for seconds in lasts:
                said.append(name)
                clock.now += seconds
                pause()

    with turns.turn():
        threads = [
            Thread(target=compute, args=("long", 5, 1, 1)),
            Thread(target=compute, args=("short", 2, 2)),
        ]
        for number, each in enumerate(threads, 1):
            each.start()
            wait_until(lambda n=number: turns.waiting == n)
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert said == ["long", "short", "short", "long", "long"]


def test_nobody_waits_for_ever_beside_ever_new_short_ones():
    clock, said, threads = Clock(), list[str](), list[Thread]()
    turns = Turns(quantum_seconds=1, clock=clock)

    def compute_long() -> None:
        with turns.turn():
            for seconds in (3, 1):
                said.append("long")
                clock.now += seconds
                pause()

    def compute_short(after: int) -> None:
        with turns.turn():
            said.append("short")
            if after:
                begin(compute_short, after - 1)  # there is always another one
            clock.now += 20

    def begin(compute: Callable[..., None], *given: int) -> None:
        before = turns.waiting
        threads.append(Thread(target=compute, args=given))
        threads[-1].start()
        wait_until(lambda: turns.waiting > before)

    with turns.turn():
        begin(compute_long)
        begin(compute_short, 5)
    while threads:
        threads.pop(0).join(PATIENCE_SECONDS)
    # it has computed 3 s: after 60 s its wait counts for more than the 20 s of the next one, -3 before -2
    assert said == ["long", "short", "short", "short", "long", "short", "short", "short"]


@pytest.mark.parametrize("quantum", [0.0, 0.002])
def test_one_computes_at_a_time(quantum):
    turns, inside, most = Turns(quantum), [0], [0]

    def compute(_: int) -> None:
        with turns.turn():
            for _ in range(200):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1
                pause()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(compute, range(16)))
    assert (most, turns.waiting) == ([1], 0)


def test_a_turn_that_is_stopped_ends_at_its_next_pause_and_lets_the_next_one_compute():
    turns = Turns()
    turn = turns.turn()
    with pytest.raises(GivenUp), turn:
        turn.stop()
        pause()
    with turns.turn():
        pause()


def test_a_statement_of_the_warehouse_ends_when_its_turn_is_stopped_and_others_compute_meanwhile():
    connection = duckdb.connect(":memory:")
    turns = Turns()
    turn, asked, ended = turns.turn(), Event(), list[type[BaseException]]()

    def ask() -> None:
        try:
            with turn:
                asked.set()
                rows_of(connection, "memory", "SELECT count(*) FROM range(1e12::BIGINT) AS t(i) WHERE sin(i) > 2", ())
        except BaseException as error:
            ended.append(type(error))

    thread = Thread(target=ask)
    thread.start()
    asked.wait(PATIENCE_SECONDS)
    with turns.turn():  # it waits for its rows, and this one computes
        pause()

    def has_ended() -> bool:
        turn.stop()
        return not thread.is_alive()

    wait_until(has_ended)
    assert ended == [GivenUp]
    assert rows_of(connection, "memory", "SELECT 42", ()) == [(42,)]
    connection.close()


def test_what_is_done_aside_is_done_as_a_whole():
    turn, done = Turns().turn(), list[str]()
    with pytest.raises(GivenUp), turn, aside():
        turn.stop()
        pause()
        with aside(lambda: done.append("interrupted")):
            done.append("all")
    assert done == ["all"]


def test_a_lock_is_waited_for_aside_so_that_its_holder_can_go_on():
    turns, lock, said = Turns(quantum_seconds=0), TurnLock(), list[str]()
    holds, goes_on = Event(), Event()

    def hold() -> None:
        with turns.turn(), lock, lock:
            holds.set()
            with aside():
                goes_on.wait(PATIENCE_SECONDS)
            said.append("holder")

    def want() -> None:
        with turns.turn(), lock:
            said.append("other")

    threads = [Thread(target=hold), Thread(target=want)]
    threads[0].start()
    holds.wait(PATIENCE_SECONDS)
    threads[1].start()
    with turns.turn():
        goes_on.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert said == ["holder", "other"]


def test_who_is_given_up_while_it_waits_for_a_lock_has_it_and_ends_at_its_next_pause():
    turns, lock, ended = Turns(), TurnLock(), list[str]()
    holds, goes_on, turn = Event(), Event(), turns.turn()

    def hold() -> None:
        with turns.turn(), lock:
            holds.set()
            with aside():
                goes_on.wait(PATIENCE_SECONDS)

    def end() -> None:
        with suppress(GivenUp), turn:
            holds.wait(PATIENCE_SECONDS)
            with lock:
                ended.append("what must be ended")
            pause()
            ended.append("more")

    threads = [Thread(target=hold), Thread(target=end)]
    threads[0].start()
    holds.wait(PATIENCE_SECONDS)
    threads[1].start()
    with turns.turn():
        turn.stop()
        goes_on.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert ended == ["what must be ended"]


def test_a_batch_that_is_given_up_while_another_opens_new_data_lets_go_of_the_old_data(tmp_path):
    load_tiny_company(tmp_path)
    cells, goes_on = Cells(tmp_path), Event()
    turn = cells.turns.turn()

    def open_slowly() -> None:
        with cells.turns.turn(), cells._lock:
            cells._forget()
            with aside():
                goes_on.wait(PATIENCE_SECONDS)

    with suppress(GivenUp), turn, cells._opened(cells.stamp()) as answering:
        warehouse = answering.workspace.warehouse
        other = Thread(target=open_slowly)
        with aside():
            other.start()
            wait_until(lambda: cells._now is None)
        turn.stop()
        Timer(0, goes_on.set).start()
    other.join(PATIENCE_SECONDS)
    with pytest.raises(WarehouseError):
        warehouse.query("SELECT 1")
    cells.close()


def test_batches_of_many_threads_that_take_turns_at_every_pause_give_what_each_gives_alone(tiny_folder, cells):
    alone = [Cells(tiny_folder).answer([each]).results[0] for each in CALLS]
    cells.turns = Turns(quantum_seconds=0)

    def ask(shift: int) -> list[object]:
        mine = CALLS[shift:] + CALLS[:shift]
        found = cells.answer(mine).results
        return found[len(CALLS) - shift :] + found[: len(CALLS) - shift]

    for _ in range(3):
        with ThreadPoolExecutor(8) as pool:
            for found in pool.map(ask, range(8)):
                assert found == alone
        cells.close()


def test_every_kpi_asked_by_many_threads_at_once_is_answered_as_by_one(tiny_folder):
    functions = [
        function.name for function in Cells(tiny_folder).functions() if function.kind == "kpi" and not function.alias_of
    ]
    batches = [
        [CellCall(function, (f"2024-0{month}-02..2025-0{month}-20",)) for function in functions]
        for month in range(1, 7)
    ]
    alone = [Cells(tiny_folder).answer(batch).results for batch in batches]
    for _ in range(4):
        cells = Cells(tiny_folder)
        cells.turns = Turns(quantum_seconds=0)
        with ThreadPoolExecutor(6) as pool:
            assert [each.results for each in pool.map(cells.answer, batches)] == alone
        cells.close()


@loop("batches given up at any of their pauses, then asked again", ci=6, soak=300)
def test_wherever_a_batch_is_given_up_the_next_one_is_answered_as_if_nothing_had_been(
    tiny_folder, monkeypatch, rounds, chance
):
    usual, left = Turn.pause, [0]

    def pause_or_stop(turn: Turn) -> None:
        left[0] -= 1
        if left[0] == 0:
            turn.stop()
        usual(turn)

    monkeypatch.setattr(Turn, "pause", pause_or_stop)
    whole = Cells(tiny_folder).answer(CALLS).results
    pauses = -left[0]
    assert pauses > 100
    for _ in range(rounds):
        cells, left[0] = Cells(tiny_folder), chance.randint(1, pauses)
        with pytest.raises(GivenUp):
            cells.answer(CALLS)
        assert cells.answer(CALLS).results == whole
        cells.close()


def test_data_that_a_batch_reads_stays_open_until_it_is_done_when_other_data_is_loaded(tmp_path):
    load_tiny_company(tmp_path)
    cells = Cells(tmp_path)
    before = cells.answer(CALLS).results
    with cells.turns.turn(), cells._opened(cells.stamp()) as answering:
        (tmp_path / "targets.toml").write_text("# other\n")
        other = Thread(target=cells.answer, args=(CALLS,))
        with aside():
            other.start()
            other.join(PATIENCE_SECONDS)
        assert not other.is_alive()
        assert answering.answer(CALLS) == before
    cells.close()


@pytest.mark.parametrize(
    ("call", "least"),
    [
        (CellCall("KPI_TABLE", ("won_deals", "2025", "day")), 3 * 365),  # a row is asked, answered and written
        (CellCall("KPI_TABLE", ("won_deals, win_rate", "2025", "month", "rep")), 5 * 24),  # of two reps or more
    ],
)
def test_others_may_go_first_at_each_row_of_a_table(cells, pauses, call, least):
    cells.answer([call])
    assert len(pauses) >= least


def test_others_may_go_first_before_each_result_is_written_as_json(cells, monkeypatch):
    written, usual = list[int](), Turn.pause
    request = {"calls": [["KPI_LIST", []]] * 50}
    monkeypatch.setattr("kpicore.spreadsheet.requests.cell_to_json", lambda result: written.append(len(result)))

    def counted(turn: Turn) -> None:
        usual(turn)
        paused.add(len(written))

    paused = set[int]()
    monkeypatch.setattr(Turn, "pause", counted)
    with cells.turns.turn():
        answer_json(cells, request)
    assert paused == set(range(50))


def test_a_request_of_many_lists_is_read_without_a_search_for_circles():
    searches = list[str]()

    def noted(phase: str, _: dict[str, int]) -> None:
        searches.append(phase)

    text = b'{"calls":[' + b"[]," * 100_000 + b"[]]}"
    gc.collect()
    gc.callbacks.append(noted)
    try:
        request = request_from_json(text)
        found = list(searches)
    finally:
        gc.callbacks.remove(noted)
    assert found.count("start") <= 1  # the one that was put off
    assert isinstance(request, dict)
    assert len(request["calls"]) == 100_001


def test_others_may_go_first_while_a_period_is_cut_and_its_questions_are_made(pauses):
    calendar = Calendar()
    with Turns().turn():
        days = calendar.series(calendar.parse("1990..2025", today=date(2025, 7, 15)), Grain.DAY)
        assert (len(days), len(pauses)) == (13_149, 14)  # 36 years of which 9 are leap years
        asked = questions_of(("won_deals", "closed"), days)
        assert (len(asked), len(pauses)) == (13_149, 28)
    assert asked[-1] == Question("won_deals", "closed", days[-1])
