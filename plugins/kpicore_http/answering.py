"""What the server does between HTTP and the engine: tokens, requests that are too large, one answer after the other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from kpicore import (
    BadConfig,
    CellFunction,
    Cells,
    KpiError,
    Page,
    PageContext,
    answer_json,
    open_workspace,
)
from kpicore_http.tokens import Tokens

T = TypeVar("T")

MOST_BYTES = 8_000_000
"""A larger request is refused before it is read; 2,000 calls with long texts take a tenth of it."""


class Refused(Exception):
    """A request that is answered with a status and one line."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Answering:
    """Answers for one workspace.

    The engine blocks and is asked by one thread, so recalculations wait for each other without holding up
    anything else. Lines that are for who runs the server go to `log`, callers read general words.
    """

    def __init__(self, folder: Path, base_url: str, log: Callable[[str], None]) -> None:
        with open_workspace(folder) as workspace:
            self.name = workspace.config.name
            self.pages: tuple[Page, ...] = tuple(workspace.registry.pages.values())
        self.base_url = base_url
        self.cells = Cells(folder, log)
        self._tokens = Tokens(folder)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kpi-engine")

    def close(self) -> None:
        """Wait for what is being answered, and let go of the data."""
        self._thread.shutdown()
        self.cells.close()

    def admitted(self, authorization: str | None) -> str:
        """Return the name of the token in an Authorization header. Raises Refused: no token, no numbers."""
        scheme, _, text = (authorization or "").strip().partition(" ")
        if scheme.casefold() != "bearer" or not text.strip():
            raise Refused(401, "A token is needed: enter it in the KPI pane. Who runs the server makes it.")
        try:
            found = self._tokens.name_of(text.strip())
        except BadConfig as error:
            raise Refused(503, self.cells.words(error)) from None
        if found is None:
            raise Refused(401, "This token is not valid, or it was revoked. Ask who runs the server for a new one.")
        return found

    async def answer(self, body: bytes) -> dict[str, Any]:
        """Return the response to a batch of calls. Raises Refused."""
        return await self._asked(lambda: self._answered(body))

    async def functions(self) -> tuple[CellFunction, ...]:
        """Return the functions of the workspace. Raises Refused when it cannot be read."""
        return await self._asked(self.cells.functions)

    async def page(self, page: Page) -> bytes:
        """Return what a page holds. Raises Refused."""
        return await self._asked(lambda: page.body(self._context()))

    def _context(self) -> PageContext:
        return PageContext(self.name, self.base_url, self.cells.functions(), self.cells.calculators())

    async def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, ask)
        except KpiError as error:
            raise Refused(503, self.cells.words(error)) from None

    def _answered(self, body: bytes) -> dict[str, Any]:
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused(400, "The request is not JSON.") from None
        try:
            return answer_json(self.cells, request)
        except KpiError as error:
            raise Refused(400, str(error)) from None
