"""What holds for every request and response: hosts, headers, errors as one line, a log without secrets."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from kpicore import harmless

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Log = Callable[[str], None]
Header = tuple[bytes, bytes]

HEADERS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
API_HEADERS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)

BROKEN = "Internal error of the server. Who runs it finds one line about it in its log."


class Guard:
    """Stands before the application; whatever happens behind it, the client gets an answer without a traceback.

    A request that names another host is refused: a foreign page may have pointed its own name at this machine.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], log: Log, tells_requests: bool = True) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._log = log
        self._tells_requests = tells_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.monotonic(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _completed(message.get("headers", ()), HEADERS)
            await send(message)

        try:
            if _host(scope) not in self._hosts:
                await refuse(sent, 421, "This server does not answer for that host name. See: kpi serve --url")
            else:
                await self._app(scope, receive, sent)
        except Exception as error:  # a defect, ours or a plugin's: one line for the client and the log
            self._log(harmless(f"internal error, {type(error).__name__}: {error}"))
            _debug()
            if not status:
                await refuse(sent, 500, BROKEN)
        if self._tells_requests:  # without query and headers, which may hold a secret
            took = (time.monotonic() - started) * 1000
            self._log(f"{scope['method']} {harmless(scope['path'])} {status} {took:.0f} ms")


def _completed(given: Iterable[Header], always: Iterable[Header]) -> list[Header]:
    found = list(given)
    names = {name.lower() for name, _ in found}
    return found + [each for each in always if each[0] not in names]


def _host(scope: Scope) -> str:
    given = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return host_of(given)


def host_of(address: str) -> str:
    """Return a host without its port, in lower case.

    >>> host_of("LocalHost:8765"), host_of("[::1]:8765"), host_of("::1")
    ('localhost', '::1', '::1')
    """
    if address.startswith("["):
        return address[1:].partition("]")[0].casefold()
    return (address if address.count(":") > 1 else address.partition(":")[0]).casefold()


def _debug() -> None:
    if os.environ.get("KPI_DEBUG"):
        import traceback

        traceback.print_exc()


async def refuse(send: Send, status: int, message: str) -> None:
    """Answer with a status and one line, below any framework."""
    content = json.dumps({"refused": message}).encode()
    length = str(len(content)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length), *API_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
