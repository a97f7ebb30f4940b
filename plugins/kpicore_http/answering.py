"""What the server does between HTTP and the engine: requests that are too large, one answer after the other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from kpicore import (
    MOST_CALLS,
    CellFunction,
    Cells,
    KpiError,
    Page,
    PageContext,
    answer_json,
    open_workspace,
)

T = TypeVar("T")

MOST_BYTES = 8_000_000
"""A larger request is refused before it is read; 2,000 calls with long texts take a tenth of it."""

MOST_CELLS = 200_000
"""How many cells the arguments of one request may hold, ranges included."""


class Refused(Exception):
    """A request that is answered with a status and one line."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Answering:
    """Answers for one workspace.

    The engine blocks and is asked by one thread, so recalculations wait for each other without holding up
    anything else.
    """

    def __init__(self, folder: Path, base_url: str) -> None:
        with open_workspace(folder) as workspace:
            self.name = workspace.config.name
            self.pages: tuple[Page, ...] = tuple(workspace.registry.pages.values())
        self.base_url = base_url
        self.cells = Cells(folder)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kpi-engine")

    def close(self) -> None:
        """Wait for what is being answered, and let go of the data."""
        self._thread.shutdown()
        self.cells.close()

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
            raise Refused(503, str(error)) from None

    def _answered(self, body: bytes) -> dict[str, Any]:
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused(400, "The request is not JSON.") from None
        _refuse_too_many(request)
        try:
            return answer_json(self.cells, request)
        except KpiError as error:
            raise Refused(400, str(error)) from None


def _refuse_too_many(request: object) -> None:
    """Refuse a request with too many calls or cells, before each is looked at."""
    calls = request.get("calls") if isinstance(request, dict) else None
    if not isinstance(calls, list) or len(calls) > MOST_CALLS:
        return  # answer_json says what is wrong
    if sum(_cells(each) for each in calls) > MOST_CELLS:
        raise Refused(413, f"The calls hold more than {MOST_CELLS:,} cells. Send smaller ranges.")


def _cells(call: object) -> int:
    arguments = call[1] if isinstance(call, list) and len(call) == 2 else None
    if not isinstance(arguments, list):
        return 0
    return sum(
        sum(len(row) if isinstance(row, list) else 1 for row in each) if isinstance(each, list) else 1
        for each in arguments
    )
