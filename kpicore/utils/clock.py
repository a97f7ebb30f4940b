"""The time, as what waits for it is given: programs take the machine's, tests one that they move themselves."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, and lets it pass."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""

    def elapsed(self) -> float:
        """Return seconds since some moment: they never go back, whatever people do to the machine's clock."""

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass, or fewer when who waits is to stop."""


class MachineClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Return seconds since some moment."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass."""
        time.sleep(seconds)
