"""The time, as what waits for it is given: programs take the machine's, tests one that they move themselves."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

_PART_SECONDS = 0.1
"""So long it sleeps before it looks whether it is stopped."""


class Clock(Protocol):
    """Tells the time, and lets it pass."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""

    def elapsed(self) -> float:
        """Return seconds since some moment: they never go back, whatever people do to the machine's clock."""

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass, or fewer when who waits is to stop."""


class MachineClock:
    """The clock of the machine. Who waits by it goes on as soon as `is_stopped` says so, within a fifth of a second."""

    def __init__(self, is_stopped: Callable[[], bool] | None = None) -> None:
        self._is_stopped = is_stopped

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Return seconds since some moment."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass, or fewer when it is stopped."""
        if self._is_stopped is None:
            time.sleep(max(seconds, 0.0))
            return
        ends = time.monotonic() + seconds
        # in parts: Python sleeps on after a signal that its handler lets pass
        while not self._is_stopped() and (rest := ends - time.monotonic()) > 0:
            time.sleep(min(rest, _PART_SECONDS))
