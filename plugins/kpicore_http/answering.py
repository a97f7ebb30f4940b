"""What the server does between HTTP and the engine: cells, functions, pages."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from kpicore import (
    Cells,
    KpiError,
    Narrowing,
    Page,
    PageContext,
    Turn,
    answer_json,
    open_workspace,
    pause,
    request_from_json,
)
from kpicore_http.computing import SMALL_BYTES, ComputePool, Gone
from kpicore_http.health import Health
from kpicore_http.kept import Body, KeptBodies
from kpicore_http.refusals import RequestRefused
from kpicore_http.tokens import Token

MOST_BYTES = 8_000_000
"""A larger request is refused before it is read; 2,000 calls with long texts take a tenth of it."""

MOST_HELD_BYTES = 256_000_000
"""So much of requests is held at a time; who comes beyond it is told to come again.

Large ones hold three quarters of it at most, and those of one token a half, so that who sends them slowly keeps out
nobody else.
"""

MOST_SECONDS = 60.0
"""So long one request may compute."""

PAGE_SECONDS = 30.0
"""So long is waited for a page."""

_RETRY_SECONDS = 5

LOOK_SECONDS = 0.5
LONGEST_SECONDS = 55.0


class AnswerService:
    """Answers for one workspace. What holds no numbers is made once a stamp, and waits for no one.

    Lines that are for who runs the server go to `log`, callers read general words.
    """

    def __init__(
        self,
        folder: Path,
        base_url: str,
        log: Callable[[str], None],
        seconds: float = MOST_SECONDS,
        page_seconds: float = PAGE_SECONDS,
    ) -> None:
        with open_workspace(folder) as workspace:
            self.name = workspace.config.name
            self.pages: tuple[Page, ...] = tuple(workspace.registry.pages.values())
        self.base_url = base_url
        self.cells = Cells(folder, log)
        self.health = Health(self.cells.check)
        self._computing = ComputePool(self.cells.turns, seconds)
        self._kept = KeptBodies(page_seconds)
        self._held: Counter[str] = Counter()

    def give_up(self) -> None:
        """Give up what is being answered, and answer nothing any more."""
        self._computing.give_up()

    def close(self) -> None:
        """Give up what is being answered, and let go of the data."""
        self._computing.close()
        self.cells.close()

    @contextmanager
    def room(self, token: str) -> Iterator[Callable[[int], None]]:
        """Give what holds the bytes of a request as they come; it raises RequestRefused when there is no room."""
        mine = 0

        def hold(size: int) -> None:
            nonlocal mine
            # counted before the bytes are taken, by what has come: the length that a client declares may be a lie
            held, is_large = self._held.total() + size, mine + size > SMALL_BYTES
            if held > MOST_HELD_BYTES or (
                is_large and (held > MOST_HELD_BYTES * 3 // 4 or self._held[token] + size > MOST_HELD_BYTES // 2)
            ):
                raise RequestRefused(503, "Too many requests wait. Ask again in a moment.", _RETRY_SECONDS)
            self._held[token] += size
            mine += size

        try:
            yield hold
        finally:
            self._held[token] -= mine

    async def answer(self, body: bytes, token: Token, gone: Gone) -> bytes:
        """Return the response to a batch of calls, as JSON: what the token may ask.

        Raises: RequestRefused; Left when the client is `gone`.
        """
        answered = partial(self._answered, body, token.narrowing)
        return await self._computing.run(token.name, len(body), answered, gone)

    async def functions(self, stamp: str, narrowing: Narrowing) -> Body:
        """Return the list of the functions within a narrowing, as JSON. Raises RequestRefused."""
        # filters take no function away: lists are kept by the KPIs alone
        name = "functions" if narrowing.kpis is None else f"functions {narrowing.kpis!r}"
        return await self.made(name, stamp, partial(self._functions, narrowing))

    async def page(self, page: Page, stamp: str) -> Body:
        """Return what a page holds. Raises RequestRefused."""
        return await self.made(f"/{page.path}", stamp, lambda: page.shown(self._context()))

    async def made(self, name: str, stamp: str, make: Callable[[], bytes]) -> Body:
        """Return what `make` gives, made once a stamp under this name. Raises RequestRefused."""
        try:
            return await self._kept.get(name, stamp, make)
        except KpiError as error:
            raise RequestRefused(503, self.cells.words(error)) from None

    def _functions(self, narrowing: Narrowing) -> bytes:
        return as_json({"functions": [asdict(function) for function in self.cells.functions(narrowing)]})

    def _context(self) -> PageContext:
        return PageContext(self.name, self.base_url, self.cells.functions(), self.cells.calculators())

    def _answered(self, body: bytes, narrowing: Narrowing, turn: Turn) -> bytes:
        with turn:
            try:
                response = answer_json(self.cells, request_from_json(body), narrowing)
            except KpiError as error:
                raise RequestRefused(400, str(error)) from None
            return _rendered(response)


def as_json(content: Any) -> bytes:
    """Return JSON in ASCII: a text of half a character, which a caller may send, is sent back as it came."""
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def _rendered(response: dict[str, Any]) -> bytes:
    """Return the response as JSON, result by result: tables are large, and others may go first between them."""
    results = []
    for result in response.pop("results"):
        pause()
        results.append(as_json(result))
    # [1:]: without the brace that opens the rest, of which there is always some
    return b'{"results":[' + b",".join(results) + b"]," + as_json(response)[1:]


class Watch:
    """Tells when a stamp changes: many requests wait, and `look` returns it for all, by looking at a few files."""

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
            # half of the pause between two looks, so that who waits sees a change at its next one
            self._next = now + self._seconds / 2
            self._stamp = await asyncio.to_thread(self._look)  # a folder on a network may be slow
        return self._stamp
