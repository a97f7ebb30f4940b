"""Connections: how many there may be, and how long each may take to send a request and to read its answer."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol
from uvicorn.server import ServerState

from kpicore_http.guard import HEAD_TOO_LARGE
from kpicore_http.headers import REFUSAL_HEADERS

MOST_CONNECTIONS = 1_000
RESERVED_FILES = 100
"""Files that the process opens beside its connections: data, definitions, connections that are being refused."""

_UNREADABLE = {
    400: "The request cannot be read: it is no HTTP/1.1.",
    431: HEAD_TOO_LARGE,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections there may be, and the seconds that a client has: to send the head of a request, to send
    the rest of a body that was answered before its end, and to read anything of an answer. So many bytes of answers are
    kept for those who read slowly.
    """

    connections: int = MOST_CONNECTIONS
    head_seconds: float = 10
    body_seconds: float = 60
    read_seconds: float = 60
    unread_bytes: int = 256_000_000


def connections_allowed() -> int:
    """Return how many connections there may be: fewer where the process may open fewer files."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        MOST_CONNECTIONS if files == resource.RLIM_INFINITY else max(1, min(MOST_CONNECTIONS, files - RESERVED_FILES))
    )


class Connections:
    """The connections of one server; `log` is told what was no request."""

    def __init__(self, limits: Limits, log: Callable[[str], None]) -> None:
        self.limits = limits
        self.log = log
        # dicts for their order: who has been idle, or at its answer, for the longest stands first
        self._idle: dict[Connection, None] = {}
        self._read: dict[Connection, None] = {}

    def protocol(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> Connection:
        """Return the protocol of a new connection."""
        return Connection(self, config, server_state, app_state, _loop)

    def opened(self, count: int) -> None:
        """Close the connection that has been idle longest when there are more than may be."""
        if count > self.limits.connections and self._idle:
            # the new connection is idle too, as the last of them: it goes itself where no other is
            longest = next(iter(self._idle))
            self.forget(longest)
            longest.transport.abort()

    def is_read(self, connection: Connection) -> None:
        """Keep that its client has an answer to read; who is longest at it goes when too much of all is unread."""
        self._read[connection] = None
        unread = sum(_unread(connection.transport) for connection in self._read)
        # never the newest: it may have just begun to read an answer that is large by itself
        for longest in tuple(self._read)[:-1]:
            if unread <= self.limits.unread_bytes:
                return
            unread -= _unread(longest.transport)
            self.was_read(longest)
            longest.transport.abort()

    def was_read(self, connection: Connection) -> None:
        """Keep that its client has read its answer, or is gone."""
        self._read.pop(connection, None)

    def is_idle(self, connection: Connection) -> None:
        """Keep that the connection is idle from now on."""
        self.forget(connection)
        self._idle[connection] = None

    def forget(self, connection: Connection) -> None:
        """Keep that the connection is not idle, or gone."""
        self._idle.pop(connection, None)


class Connection(H11Protocol):
    """A connection whose client must go on: with a request, the rest of one, or reading.

    The time runs while nothing is being answered, and while an answer cannot be written.
    """

    def __init__(
        self,
        among: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._among = among
        self._timer: asyncio.TimerHandle | None = None
        self._unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Wait for a request; another connection may have to go for this one."""
        super().connection_made(transport)
        self._wait()
        self._among.opened(len(self.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        self._among.was_read(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came. The time of a head that is not whole yet runs on."""
        super().data_received(data)
        if self._is_answering and not self.flow.write_paused:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the client: it has an answer to read, a body to end, or a next request."""
        self._wait()
        super().on_response_complete()  # a request that came meanwhile is begun here
        if self._is_answering and not self.flow.write_paused:
            self._stop_waiting()

    def pause_writing(self) -> None:
        """Wait for the client, which has more to read than is kept for it."""
        super().pause_writing()
        self._wait()
        self._among.is_read(self)

    def resume_writing(self) -> None:
        """Go on: the client has read nearly all of it."""
        super().resume_writing()
        self._among.was_read(self)

    def shutdown(self) -> None:
        """End the connection, once it has its answer."""
        if self._is_answering:
            self.cycle.keep_alive = False
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, and hang up."""
        if self.cycle is not None:
            self.cycle.disconnected = True  # a body that broke off: nothing is answered any more
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            # uvicorn calls this while it handles h11's error, which hints at a status
            status = getattr(sys.exception(), "error_status_hint", 400)
            self._refuse(status if status in _UNREADABLE else 400)
            self._wait()
            self.transport.close()
        else:
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        content = json.dumps({"refused": _UNREADABLE[status]}).encode()
        headers = [*REFUSAL_HEADERS, (b"content-length", str(len(content)).encode()), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status]),
            h11.Data(data=content),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self._among.log(f"unreadable request {status}")

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete and not self.cycle.disconnected

    def _wait(self) -> None:
        """Let the time run that the client has for what it has to do now."""
        self._stop_waiting()
        limits = self._among.limits
        # when the time is over, less of it tells that the client reads
        self._unread = _unread(self.transport)
        if self._unread:
            seconds = limits.read_seconds
        elif self.conn.their_state is h11.SEND_BODY:
            seconds = limits.body_seconds
        else:
            seconds = limits.head_seconds
        # only who neither reads nor is answered may be hung up for a newcomer
        if not self._unread and not self._is_answering:
            self._among.is_idle(self)
        self._timer = self.loop.call_later(seconds, self._overdue)

    def _stop_waiting(self) -> None:
        self._among.forget(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _overdue(self) -> None:
        unread = _unread(self.transport)
        if unread < self._unread:  # it reads, however slowly
            self._wait()
        else:
            self.transport.abort()


def _unread(transport: asyncio.Transport) -> int:
    """Return how many bytes the client has not taken yet; below TLS there is a second transport with some."""
    below = getattr(getattr(transport, "_ssl_protocol", None), "_transport", None)
    return transport.get_write_buffer_size() + (below.get_write_buffer_size() if below is not None else 0)
