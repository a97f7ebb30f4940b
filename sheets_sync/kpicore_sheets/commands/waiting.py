"""The clock of a command that somebody looks at: long waits for Google are told."""

from __future__ import annotations

from collections.abc import Callable

from kpicore import MachineClock

_TOLD_SECONDS = 3.0
_TOLD = "Google Sheets does not answer, or asks to wait: trying again for a few minutes at most, stop with Ctrl-C"


class ToldClock(MachineClock):
    """The machine's clock, which tells the first long wait."""

    def __init__(self, tell: Callable[[str], None], is_stopped: Callable[[], bool] | None = None) -> None:
        super().__init__(is_stopped)
        self._tell, self._is_told = tell, False

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass, and tell of it where somebody might wonder."""
        if seconds >= _TOLD_SECONDS and not self._is_told:
            self._is_told = True
            self._tell(_TOLD)
        super().wait(seconds)
