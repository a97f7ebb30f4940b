"""What holds for every request and response: hosts, headers, errors as one line, a log without secrets."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kpicore import harmless, tell_traceback
from kpicore_http.headers import Headers
from kpicore_http.refusals import BROKEN, RequestRefused, not_ours, refusal
from kpicore_http.turnstile import Turnstile

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Log = Callable[[str], None]
BODY_SECONDS = 60.0
LARGEST_HEAD = 65_536
HEAD_TOO_LARGE = f"The head of the request has more than {LARGEST_HEAD:,} bytes."
_LONGEST_PATH = 200
_ABSOLUTE = re.compile(rb"https?://([^/?#]*)([^?#]*)", re.I)
"""Servers take a whole address as the target of a request too; its host then counts, not that of the header."""
_NO_WEBSOCKET = "There is no WebSocket here. See / for what there is."


class RequestGuard:
    """Stands before the application; whatever happens behind it, the client gets an answer without a traceback.

    A request that names another host is refused: a foreign page may have pointed its own name at this machine.
    HEAD is answered as GET is, without the body. `name_of` tells whose token an Authorization header holds, at once:
    requests of different tokens are begun in turns.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str],
        headers: Headers,
        log: Log,
        name_of: Callable[[str], str],
        connections: int,
        tells_requests: bool = True,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._headers = headers
        self._log = log
        self._name_of = name_of
        self._turnstile = Turnstile(connections)
        self._tells_requests = tells_requests
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = with_path(scope)
        started, status = time.monotonic(), 0
        is_head = scope["method"] == "HEAD"

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._headers.completed(scope["path"], message.get("headers", ()))
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        state = scope.setdefault("state", {})
        passed_on = {**scope, "method": "GET"} if is_head else scope
        try:
            # before anything else: thousands of requests of one client would keep the loop busy with refusals
            async with self._turnstile.passed(self._name_of(_header(scope, b"authorization"))):
                host = _host(scope)
                if _head_bytes(scope) > LARGEST_HEAD:
                    await _refuse(scope, sent, 431, HEAD_TOO_LARGE)
                elif host not in self._hosts:
                    await _refuse(scope, sent, 421, not_ours(host))
                elif _header(scope, b"upgrade").casefold() == "websocket":
                    await _refuse(scope, sent, 400, _NO_WEBSOCKET)
                else:
                    await self._app(passed_on, _in_time(receive, self._body_seconds), sent)
        except RequestRefused as error:
            await _refuse(scope, sent, error.status, error.message, error.retry_seconds)
        except Exception as error:  # a defect, ours or a plugin's: one line for the client and the log
            self._log(harmless(f"internal error, {type(error).__name__}: {error}"))
            tell_traceback()
            # once the head is sent there is no other status to send: the connection breaks off
            if not status:
                await _refuse(scope, sent, 500, BROKEN)
        if self._tells_requests:  # without query and headers, which may hold a secret
            took = (time.monotonic() - started) * 1000
            token = f" [{state['token']}]" if "token" in state else ""
            path = harmless(scope["path"], _LONGEST_PATH)
            self._log(f"{harmless(scope['method'])} {path} {status} {took:.0f} ms{token}")


def with_path(scope: Scope) -> Scope:
    """Return a request with its target as a path; of a whole address the host stands in the header.

    >>> found = with_path({"path": "http://a:1/b%20c", "raw_path": b"http://a:1/b%20c", "headers": [(b"host", b"x")]})
    >>> found["path"], found["headers"]
    ('/b c', [(b'host', b'a:1')])
    """
    if scope["path"].startswith("/"):
        return scope
    match = _ABSOLUTE.fullmatch(scope.get("raw_path") or scope["path"].encode())
    if match is None:
        return scope
    headers = [(b"host", match[1]), *(header for header in scope["headers"] if header[0] != b"host")]
    path = match[2] or b"/"
    return {**scope, "path": unquote(path.decode("ascii", "replace")), "raw_path": path, "headers": headers}


def _in_time(receive: Receive, seconds: float) -> Receive:
    """Return `receive` for a request whose body must be whole within so many seconds."""
    until = asyncio.get_running_loop().time() + seconds
    is_whole = False

    async def received() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            from starlette.exceptions import HTTPException

            message_ = f"The request was not whole within {seconds:g} seconds"
            raise HTTPException(408, message_, {"connection": "close"}) from None
        is_whole = not message.get("more_body", False)
        return message

    return received


def _head_bytes(scope: Scope) -> int:
    """Return how long the head of a request was, written without a sign too much: h11 measures only one that is not
    whole yet."""
    # 4: a colon, a blank and the end of the line; 2: the empty line at the end
    line = len(f"{scope['method']}  HTTP/1.1\r\n") + len(scope["raw_path"]) + len(scope["query_string"])
    line += bool(scope["query_string"])  # the question mark
    return line + sum(len(name) + len(value) + 4 for name, value in scope["headers"]) + 2


def _header(scope: Scope, name: bytes) -> str:
    value: bytes = dict(scope["headers"]).get(name, b"")
    return value.decode("latin-1")


def _host(scope: Scope) -> str:
    return host_of(_header(scope, b"host"))


def host_of(address: str) -> str:
    """Return a host without its port, in lower case.

    >>> host_of("LocalHost:8765"), host_of("[::1]:8765"), host_of("::1")
    ('localhost', '::1', '::1')
    """
    if address.startswith("["):
        return address[1:].partition("]")[0].casefold()
    return (address if address.count(":") > 1 else address.partition(":")[0]).casefold()


async def _refuse(scope: Scope, send: Send, status: int, line: str, retry_seconds: int = 0) -> None:
    """Answer with a status and one line, below any framework, and hang up."""
    body, headers = refusal(_header(scope, b"accept"), status, line)
    headers.append((b"connection", b"close"))
    if retry_seconds:
        headers.append((b"retry-after", str(retry_seconds).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
