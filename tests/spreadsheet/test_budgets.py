"""For how long a question has computed: its own time, and its share of what several wait for."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from kpicore import Turns, aside
from tests.patience import PATIENCE_SECONDS, wait_until
from tests.spreadsheet.test_turns import Clock


def test_what_one_waits_for_aside_counts_for_its_budget_and_not_for_its_place():
    clock = Clock()
    turn = Turns(clock=clock).turn()
    with turn:
        with aside():
            clock.now += 10
        clock.now += 1
        assert (turn.seconds, turn.place(clock.now)) == (11, 1)


def test_what_one_waits_for_another_counts_for_neither():
    clock = Clock()
    turn = Turns(clock=clock).turn()
    with turn:
        with aside(for_another=True):
            clock.now += 10
            assert (turn.seconds, turn.place(clock.now)) == (0, 0)
        clock.now += 1
        assert (turn.seconds, turn.place(clock.now)) == (1, 1)


@pytest.mark.parametrize(("others", "share"), [(0, 12), (1, 6), (2, 4), (3, 3), (7, 3)])
def test_of_time_in_which_several_wait_for_the_warehouse_each_has_its_share_a_quarter_at_least(others, share):
    clock, goes_on = Clock(), Event()
    turns = Turns(clock=clock)

    def wait_aside() -> None:
        with turns.turn(), aside():
            goes_on.wait(PATIENCE_SECONDS)

    threads = [Thread(target=wait_aside) for _ in range(others)]
    for thread in threads:
        thread.start()
    wait_until(lambda: turns.waiting_beside == others)
    turn = turns.turn()
    with turn:
        with aside():
            clock.now += 12
            assert (turn.seconds, turn.place(clock.now)) == (share, 0)
        clock.now += 1
        assert (turn.seconds, turn.place(clock.now)) == (share + 1, 1)
    goes_on.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert turns.waiting_beside == 0
