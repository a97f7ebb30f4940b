"""Responses that stay the same until the stamp changes, kept as bytes: they cost nothing while others compute."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Thread

from starlette.requests import Request
from starlette.responses import Response

from kpicore_http.refusals import RequestRefused

_SLOW = "This page takes too long. Who runs the server knows which plugin gives it."


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a response, and the tag by which a client tells that it has them already."""

    content: bytes
    etag: str


def kept(request: Request, body: Body, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return a body as a response, or that the client has it already."""
    all_headers = {**headers, "etag": body.etag}
    known = ",".join(request.headers.getlist("if-none-match")).split(",")
    if {"*", body.etag} & {tag.strip().removeprefix("W/") for tag in known}:
        return Response(status_code=304, headers=all_headers)
    return Response(body.content, media_type=media_type, headers=all_headers)


class KeptBodies:
    """Makes each body once a stamp, in a thread of its own; who asks for it meanwhile waits for the same one."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._bodies: dict[str, tuple[str, Body]] = {}
        self._begun: dict[str, tuple[str, asyncio.Future[Body]]] = {}

    async def get(self, name: str, stamp: str, make: Callable[[], bytes]) -> Body:
        """Return the body of that name. Raises RequestRefused when it takes too long, and what `make` raises."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._body(name, stamp, make)
        except TimeoutError:
            raise RequestRefused(503, _SLOW, retry_seconds=10) from None

    async def _body(self, name: str, stamp: str, make: Callable[[], bytes]) -> Body:
        while True:
            known = self._bodies.get(name)
            if known is not None and known[0] == stamp:
                return known[1]
            begun, body = self._begun.get(name) or self._begin(name, stamp, make)
            if begun == stamp:
                # shielded: one client that gives up must not end what others wait for
                return await asyncio.shield(body)
            # Of another stamp, so it may be out of date; but of a page that never ends one thread is enough.
            await asyncio.wait([body])

    def _begin(self, name: str, stamp: str, make: Callable[[], bytes]) -> tuple[str, asyncio.Future[Body]]:
        """Begin to make a body, in a thread that the process does not wait for: a plugin's page may never end."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Body] = loop.create_future()

        def keep(body: Body) -> None:
            self._bodies[name] = stamp, body
            future.set_result(body)

        def run() -> None:
            try:
                content = make()
                body = Body(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
            except BaseException as error:  # a plugin's code, in a thread: nobody else would tell
                failure = error if isinstance(error, Exception) else RuntimeError(f"{type(error).__name__}: {error}")
                # a future may be set in its loop only
                loop.call_soon_threadsafe(future.set_exception, failure)
            else:
                loop.call_soon_threadsafe(keep, body)

        def forget(done: asyncio.Future[Body]) -> None:
            del self._begun[name]
            done.exception()  # all who waited may have left

        future.add_done_callback(forget)
        Thread(target=run, name="kpi-page", daemon=True).start()
        self._begun[name] = stamp, future
        return stamp, future
