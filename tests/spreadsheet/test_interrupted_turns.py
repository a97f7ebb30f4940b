"""Ctrl-C in a wait for one's turn: the others go on."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from kpicore import Turns, pause


class Interrupted(Event):
    """Is waited for until Ctrl-C comes, before which what is to be done is done."""

    def __init__(self, before: Callable[[], None]) -> None:
        super().__init__()
        self.before = before

    def wait(self, timeout: float | None = None) -> bool:
        self.before()
        raise KeyboardInterrupt


@pytest.mark.parametrize("is_told", [False, True])
def test_ctrl_c_in_a_wait_for_ones_turn_leaves_the_queue_to_the_others(is_told: bool):
    turns = Turns()
    first, left = turns.turn(), turns.turn()
    first.__enter__()
    left._is_next = Interrupted(lambda: first.__exit__(None, None, None) if is_told else None)
    with pytest.raises(KeyboardInterrupt), left:
        pass
    assert turns.waiting == 0
    if not is_told:
        first.__exit__(None, None, None)
    pause()  # no turn of this thread is left
    with turns.turn():  # else it would wait for ever
        pause()
