"""Which request is begun next: one at a time, the tokens in turns, so that thousands of one client hold up no other."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kpicore_http.refusals import RequestRefused

_TOO_MANY = "Too many requests are being answered. Ask again in a moment."
_RETRY_SECONDS = 5


class Turnstile:
    """Lets one request in each time that the loop looks at its connections; those of a name in the order they came.

    The names take turns, so that who sends one request waits for one of each other name at most. Of so many
    `connections` the requests of one name hold five eighths, and all together six; a name that holds none finds a place
    up to seven, and the rest stay free for who comes. Requests without a token are of one name together. Used by one
    event loop only.
    """

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._inside: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def passed(self, name: str) -> AsyncIterator[None]:
        """Begin a request of that name when it may, and hold its place until it is answered. Raises RequestRefused."""
        await self._come(name)
        if self._is_full(name):
            raise RequestRefused(503, _TOO_MANY, _RETRY_SECONDS)
        self._inside[name] += 1
        try:
            yield
        finally:
            self._inside[name] -= 1
            if not self._inside[name]:
                del self._inside[name]

    def _is_full(self, name: str) -> bool:
        # of 800: 500 of one name and 600 of all, to whom a name that has none is let in up to 700
        mine, eighth = self._inside[name], self._connections / 8
        return (mine > 0 and mine >= 5 * eighth) or self._inside.total() >= max((6 if mine else 7) * eighth, 1)

    async def _come(self, name: str) -> None:
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._let_in, loop)
        turn = loop.create_future()
        self._waiting.setdefault(name, deque()).append(turn)
        await turn

    def _let_in(self, loop: asyncio.AbstractEventLoop) -> None:
        name, waiting = next(iter(self._waiting.items()))
        del self._waiting[name]
        turn = waiting.popleft()
        if waiting:
            self._waiting[name] = waiting  # behind the other names
        if not turn.done():
            turn.set_result(None)
        if self._waiting:
            loop.call_soon(self._let_in, loop)
