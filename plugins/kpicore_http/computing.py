"""Computing for many clients at a time: places, threads, a time budget, and giving up what nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from kpicore import GivenUp, Turn, Turns
from kpicore_http.gate import Gate, Left
from kpicore_http.refusals import RequestRefused

T = TypeVar("T")

SMALL_BYTES = 20_000
"""A request that has more waits for one of few places, so that memory stays flat; small ones pass by."""

_SMALL_PLACES, _LARGE_PLACES = 32, 4
"""As many are kept for tokens that hold none."""

_LOOK_SECONDS = 0.25
_STOPS = "The server is being stopped. Ask again in a moment."

Gone = Callable[[], Awaitable[Any]]
"""Returns once the client has left."""


class ComputePool:
    """Runs what computes in threads. Each request has a turn; `seconds` is how long one may compute in all."""

    def __init__(self, turns: Turns, seconds: float) -> None:
        self._turns, self._seconds = turns, seconds
        self._small, self._large = Gate(_SMALL_PLACES, _SMALL_PLACES), Gate(_LARGE_PLACES, _LARGE_PLACES)
        # a thread for each place and each spare one, so that who is let in never waits for a thread
        self._threads = ThreadPoolExecutor(2 * (_SMALL_PLACES + _LARGE_PLACES), thread_name_prefix="kpi-engine")
        self._running: set[Turn] = set()
        self._is_closed = False

    async def run(self, name: str, size: int, compute: Callable[[Turn], T], gone: Gone) -> T:
        """Return what `compute` gives, for the token of that name and a request of so many bytes.

        Raises: RequestRefused when it takes too long; Left when the client does not wait; what `compute` raises.
        """
        # looked for from the start: who leaves while it waits for a place frees that place
        left = asyncio.ensure_future(gone())
        # large ones have gates of their own, so that none of them stands before a cell that a person waits for
        gate = self._small if size <= SMALL_BYTES else self._large
        try:
            async with gate.place(name, left):
                return await self._run(compute, left)
        finally:
            left.cancel()

    async def _run(self, compute: Callable[[Turn], T], left: asyncio.Future[Any]) -> T:
        if self._is_closed:
            raise RequestRefused(503, _STOPS)
        turn = self._turns.turn()
        work = asyncio.get_running_loop().run_in_executor(self._threads, compute, turn)
        work.add_done_callback(_taken_note_of)
        self._running.add(turn)
        try:
            while not work.done():
                # once more each time: a statement may begin just when the one before was stopped
                if left.done() or self._is_closed or turn.seconds > self._seconds:
                    turn.stop()
                await asyncio.wait([work] if left.done() else [work, left], timeout=_LOOK_SECONDS,
                                   return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
            return work.result()
        except GivenUp:
            if left.done():
                raise Left from None
            if self._is_closed:
                raise RequestRefused(503, _STOPS) from None
            raise RequestRefused(
                503, f"This takes longer than {self._seconds:g} seconds. Ask for less at a time."
            ) from None
        finally:
            turn.stop()
            self._running.discard(turn)
            del work  # an error knows this frame, and this frame the error: a circle that would keep all of the request

    def give_up(self) -> None:
        """Give up what runs, and begin nothing any more; safe to call from a signal's handler."""
        self._is_closed = True
        for turn in tuple(self._running):
            turn.stop()

    def close(self) -> None:
        """Give up what runs, and wait for its end."""
        self.give_up()
        self._threads.shutdown(cancel_futures=True)


def _taken_note_of(work: asyncio.Future[Any]) -> None:
    """Let nobody be told of work that failed when the one who waited for it had left, or the server ends."""
    if not work.cancelled():
        work.exception()
