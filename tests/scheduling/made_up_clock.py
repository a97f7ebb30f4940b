"""A clock that a test moves: what waits by it is done in no time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
"""A Monday."""


class MadeUpClock:
    """Shows `moment`, and after each wait a later one; at given seconds something happens meanwhile."""

    def __init__(self, moment: datetime = MORNING) -> None:
        self.moment, self.seconds = moment, 0.0
        self._events: list[tuple[float, Callable[[], object]]] = []

    def now(self) -> datetime:
        return self.moment

    def elapsed(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        ends = self.seconds + seconds
        while self._events and self._events[0][0] <= ends:
            at, happens = self._events.pop(0)
            self._pass(at - self.seconds)
            happens()
        self._pass(ends - self.seconds)

    def at(self, seconds: float, happens: Callable[[], object]) -> None:
        """Let something happen when so many seconds have passed."""
        self._events.append((seconds, happens))
        self._events.sort(key=lambda event: event[0])

    def set_by(self, seconds: float) -> None:
        """Let somebody set it forward or back; a machine that was asleep finds it set forward."""
        self.moment += timedelta(seconds=seconds)

    def _pass(self, seconds: float) -> None:
        if seconds > 0:
            self.seconds += seconds
            self.moment += timedelta(seconds=seconds)
