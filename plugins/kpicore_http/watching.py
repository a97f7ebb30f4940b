"""Waiting for other data: many requests wait, the files are looked at once for all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

LOOK_SECONDS = 0.5
LONGEST_SECONDS = 55.0


class Watch:
    """Tells when a stamp changes; `look` returns it, by looking at a few files."""

    def __init__(self, look: Callable[[], str], seconds: float = LOOK_SECONDS) -> None:
        self._look = look
        self._seconds = seconds
        self._next = 0.0
        self._stamp = ""
        self.stopping = False

    async def changed(self, after: str, seconds: float) -> str:
        """Return the stamp once it is another than `after`, or as it is after so many seconds."""
        until = time.monotonic() + min(seconds, LONGEST_SECONDS)
        while (stamp := await self.current()) == after and not self.stopping and time.monotonic() < until:
            await asyncio.sleep(min(self._seconds, max(0.0, until - time.monotonic())))
        return stamp

    async def current(self) -> str:
        """Return the stamp as it was a moment ago."""
        now = time.monotonic()
        if now >= self._next or not self._stamp:
            self._next = now + self._seconds / 2
            self._stamp = await asyncio.to_thread(self._look)  # a folder on a network may be slow
        return self._stamp
