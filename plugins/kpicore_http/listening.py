"""The loop that listens: begun, told of once it does, and ended by a signal."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn

from kpicore import harmless
from kpicore_http.connections import Connections, Limits
from kpicore_http.guard import LARGEST_HEAD

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_STOP_SECONDS = 5
_NEVER = 86_400
_QUEUE = 1_024
_AT_ONCE = 20
"""How many connections are taken before each may close another: all of them are files, and few are kept free."""


def configured(
    app: ASGIApp, limits: Limits, log: Callable[[str], None], files: tuple[Path, Path] | None = None
) -> uvicorn.Config:
    """Return how uvicorn serves `app`; `files` are certificate and key, and `log` is told what was no request."""
    certificate, key = files or (None, None)
    protocol: Any = Connections(limits, log).protocol  # uvicorn only calls what it calls a type
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        ssl_certfile=certificate,
        ssl_keyfile=key,
        log_config=None,  # its logs hold queries and tracebacks
        log_level="critical",
        access_log=False,
        backlog=_AT_ONCE,
        server_header=False,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_keep_alive=_NEVER,  # connections have a clock of their own
        timeout_graceful_shutdown=_STOP_SECONDS,
        forwarded_allow_ips="",
    )


class Listener(uvicorn.Server):
    """Tells `on_ready` when it listens and `on_stop` when a signal came; SIGTERM is a way to end well."""

    def __init__(
        self,
        config: uvicorn.Config,
        log: Callable[[str], None],
        on_ready: Callable[[], None],
        on_stop: Callable[[], None],
        handshake_seconds: float = 10,
    ) -> None:
        super().__init__(config)
        self._log, self._on_ready, self._on_stop = log, on_ready, on_stop
        self._handshake_seconds = handshake_seconds

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._broken)
        if self.config.ssl is not None:  # uvicorn has no option for it
            seconds = self._handshake_seconds
            loop.create_server = partial(loop.create_server, ssl_handshake_timeout=seconds)  # type: ignore[method-assign]
        await super().startup(sockets)
        for socket_ in sockets or ():
            socket_.listen(_QUEUE)  # the others wait with the system
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop. uvicorn raises again what it takes here, so that the process dies of it."""
        self._on_stop()
        if sig == signal.SIGTERM:
            self.should_exit = True
        else:
            super().handle_exit(sig, frame)

    def _broken(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Tell in one line what asyncio would tell in many."""
        error = context.get("exception")
        if not isinstance(error, ConnectionError):
            line = f"{type(error).__name__}: {error}" if error else context["message"]
            self._log(harmless(f"connection: {line}"))
