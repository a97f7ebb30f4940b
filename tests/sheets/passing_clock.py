"""A clock whose time passes when somebody waits, and never else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class PassingClock:
    """`waits` are the seconds of each wait. With `stops_after`, who waits is to stop from that wait on."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 8, tzinfo=UTC), stops_after: int = 1000) -> None:
        self._start, self._passed, self._stops_after = start, 0.0, stops_after
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def elapsed(self) -> float:
        return self._passed

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._passed += seconds if len(self.waits) < self._stops_after else 0.0
