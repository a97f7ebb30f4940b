"""Which request is begun next: one at a time, the tokens in turns, so that thousands of one client hold up no other."""

from __future__ import annotations

import asyncio
from collections import deque


class Turnstile:
    """Lets one request in each time that the loop looks at its connections; those of a name in the order they came.

    The names take turns, so that who sends one request waits for one of each other name at most. Requests without a
    token are of one name together. Used by one event loop only.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    async def passed(self, name: str) -> None:
        """Return when a request of that name may begin."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._let_in, loop)
        told = loop.create_future()
        self._waiting.setdefault(name, deque()).append(told)
        await told

    def _let_in(self, loop: asyncio.AbstractEventLoop) -> None:
        name, waiting = next(iter(self._waiting.items()))
        del self._waiting[name]
        told = waiting.popleft()
        if waiting:
            self._waiting[name] = waiting  # behind the other names
        if not told.done():
            told.set_result(None)
        if self._waiting:
            loop.call_soon(self._let_in, loop)
