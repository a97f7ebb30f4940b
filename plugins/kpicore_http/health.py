"""Whether the engine answers: looked at now and then, once for all who want to know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from threading import Thread

OK, BUSY, UNREADABLE = "ok", "busy", "unreadable"
_PATIENCE_SECONDS, _FRESH_SECONDS = 2.0, 1.0


class Health:
    """Tells "ok" when a look at the data ends in time, "busy" when it does not, "unreadable" when it fails."""

    def __init__(
        self, look: Callable[[], None], seconds: float = _PATIENCE_SECONDS, fresh_seconds: float = _FRESH_SECONDS
    ) -> None:
        self._look, self._seconds, self._fresh_seconds = look, seconds, fresh_seconds
        self._begun: asyncio.Future[str] | None = None
        self._status, self._told = OK, float("-inf")

    async def status(self) -> str:
        """Return ok, busy or unreadable."""
        if time.monotonic() < self._told + self._fresh_seconds:
            return self._status
        if self._begun is None:
            self._begun = self._begin()
        try:
            return await asyncio.wait_for(asyncio.shield(self._begun), self._seconds)
        except TimeoutError:
            return BUSY

    def _begin(self) -> asyncio.Future[str]:
        loop = asyncio.get_running_loop()
        look: asyncio.Future[str] = loop.create_future()

        def tell(status: str) -> None:
            self._status, self._told, self._begun = status, time.monotonic(), None
            look.set_result(status)

        def run() -> None:
            try:
                self._look()
            except BaseException:  # a defect too: else the next ones would wait for this look for ever
                loop.call_soon_threadsafe(tell, UNREADABLE)
            else:
                loop.call_soon_threadsafe(tell, OK)

        Thread(target=run, name="kpi-health", daemon=True).start()
        return look
