"""Stopping by a signal: what is in flight ends first."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl-C; what service managers send; a terminal that closes; Ctrl-Break, of Windows alone."""


class Stop:
    """Whether somebody wants it to end. No Event of threading: a signal may come while its own lock is held."""

    def __init__(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        """Return whether it is to end."""
        return self._is_set

    def set(self) -> None:
        """Let it end."""
        self._is_set = True


@contextmanager
def stopped_by_signals() -> Iterator[Stop]:
    """Give what SIGTERM, Ctrl-C and a terminal that closes set while the block runs.

    A second one ends the block at once, as Ctrl-C does; a terminal may close twice, as its shell says so too.
    """
    stop, closes = Stop(), getattr(signal, "SIGHUP", None)

    def came(number: int, frame: FrameType | None) -> None:
        if stop.is_set() and number != closes:
            signal.default_int_handler(number, frame)
        stop.set()

    with _handled(came):
        yield stop


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Let a function handle the signals. One that was ignored stays so: a shell's job in the background wants that."""
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    is_main = current_thread() is main_thread()  # no other one may
    ours = [number for number in numbers if is_main and signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in ours}
    try:
        yield
    finally:
        for number, earlier in before.items():
            # None where it was none of Python's, which Python cannot set again
            signal.signal(number, signal.SIG_DFL if earlier is None else earlier)
