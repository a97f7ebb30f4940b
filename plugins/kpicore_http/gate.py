"""Who computes at the same time: a few requests, and not those of one token alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class Left(Exception):
    """The client has left: what it asked for is given up."""


class Gate:
    """Lets so many in at a time. The next one is of the token that holds fewest places, and of these who came first.

    One token holds at most three quarters of the places. There are as many `spare` ones for tokens that hold none, so
    that they need not wait for what others ask. Used by one event loop only.
    """

    def __init__(self, places: int, spare: int = 0) -> None:
        self._places, self._spare, self._most = places, spare, max(places * 3 // 4, 1)
        self._held: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], str] = {}

    @asynccontextmanager
    async def place(self, name: str, left: asyncio.Future[Any]) -> AsyncIterator[None]:
        """Hold a place for a token of that name; wait for it first, raises Left when the client does not."""
        admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[admitted] = name
        self._let_in()
        try:
            await asyncio.wait([admitted, left], return_when=asyncio.FIRST_COMPLETED)
            if not admitted.done():
                raise Left
            yield
        finally:
            if admitted.done():
                self._held[name] -= 1
            else:
                del self._waiting[admitted]
            self._let_in()

    def _let_in(self) -> None:
        while able := [waiting for waiting, name in self._waiting.items() if self._held[name] < self._most]:
            # of equals the first, which is who came first
            following = min(able, key=lambda waiting: self._held[self._waiting[waiting]])
            name = self._waiting[following]
            if self._held.total() >= self._places + (0 if self._held[name] else self._spare):
                return
            del self._waiting[following]
            self._held[name] += 1
            following.set_result(None)
