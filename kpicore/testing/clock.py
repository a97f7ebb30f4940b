"""A clock that a test moves: what waits by it is done in no time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class MadeUpClock:
    """Shows a moment, and after each wait a later one. `waits` are the seconds of each.

    At given seconds something happens, also in the middle of a wait; who waits goes on there as soon as `is_stopped`
    says so, as with the machine's clock.

    >>> clock = MadeUpClock(datetime(2026, 3, 2, 8, tzinfo=UTC))
    >>> clock.at(30, lambda: print("half a minute"))
    >>> clock.wait(60)
    half a minute
    >>> clock.now().isoformat(), clock.elapsed(), clock.waits
    ('2026-03-02T08:01:00+00:00', 60.0, [60])
    """

    def __init__(
        self,
        moment: datetime = datetime(2026, 3, 2, 8, tzinfo=UTC),
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.waits: list[float] = []
        self._moment, self._elapsed, self._is_stopped = moment, 0.0, is_stopped
        self._events: list[tuple[float, Callable[[], object]]] = []

    def now(self) -> datetime:
        """Return the moment."""
        return self._moment

    def elapsed(self) -> float:
        """Return the seconds that were waited so far."""
        return self._elapsed

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass, or fewer when it is stopped."""
        self.waits.append(seconds)
        ends = self._elapsed + seconds
        while not self._is_stopped() and self._events and self._events[0][0] <= ends:
            at, happens = self._events.pop(0)
            self._pass(at)
            happens()
        if not self._is_stopped():
            self._pass(ends)

    def at(self, seconds: float, happens: Callable[[], object]) -> None:
        """Let something happen when so many seconds have passed."""
        self._events.append((seconds, happens))
        self._events.sort(key=lambda event: event[0])

    def set_by(self, seconds: float) -> None:
        """Let somebody set it forward or back; a machine that was asleep finds it set forward."""
        self._moment += timedelta(seconds=seconds)

    def _pass(self, until: float) -> None:
        if until > self._elapsed:
            self._moment += timedelta(seconds=until - self._elapsed)
            self._elapsed = until
