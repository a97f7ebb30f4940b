"""Running the server until it is stopped."""

from __future__ import annotations

import errno
import gc
import socket
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kpicore import BadArgument, KpiError, MissingDependency
from kpicore_http.guard import host_of
from kpicore_http.headers import LOCAL
from kpicore_http.urls import Url, host_named, url_of

_SWITCH_SECONDS = 0.0002  # Python's own is 0.005
"""A thread that computes lets the one that talks to clients go on so often."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and the address under which others know it, without a slash at the end."""

    host: str
    port: int
    url: str

    @property
    def names(self) -> frozenset[str]:
        """The host names that it answers for."""
        named = host_of(urlsplit(self.url).netloc)
        return frozenset({*LOCAL, named} if self.host in LOCAL else {named, self.host.casefold()})


def address(host: str, port: int, url: str, has_https: bool) -> Address:
    """Return where to listen. Raises BadArgument for what would send tokens in the clear over a network."""
    known_as, host = url_of(url), host_named(host)
    if url and known_as is None:
        shown = "an address with a user or password is none" if "@" in url else f"'{url}' is no address"
        raise BadArgument(f"{shown}.", hint="Write it as https://kpi.example.com")
    if not host:
        raise BadArgument("--host is neither a name nor an address.", hint="Leave it out, or write it as 10.0.0.5")
    own = Url("https" if has_https else "http", "localhost" if host in LOCAL else host, port)
    known = known_as.origin + known_as.path if known_as else own.origin
    if host not in LOCAL and not known.startswith("https://"):
        raise BadArgument(
            "other machines are answered by HTTPS only, tokens would be read on the way.",
            hint="Give --cert and --key; or let a proxy with HTTPS stand before it and name it: --url https://…",
        )
    if host in ("0.0.0.0", "::") and not url:
        raise BadArgument(f"{host} is no address that others can call.", hint="Name it: --url https://kpi.example.com")
    return Address(host, port, known)


def checked_origins(texts: Collection[str]) -> tuple[str, ...]:
    """Return the origins of other pages that may call, as browsers write them. Raises BadArgument for what is none."""
    origins = []
    for text in texts:
        parts = url_of(text)
        if parts is None or text.endswith("/") or parts.path:
            shown = "what has a user or password" if "@" in text else f"'{text}'"
            raise BadArgument(f"{shown} is no origin.", hint="Write scheme, host and port: https://kpi.example.com")
        origins.append(parts.origin)
    return tuple(origins)


def serve(
    folder: Path,
    place: Address,
    origins: Collection[str],
    files: tuple[Path, Path] | None,
    log: Callable[[str], None],
    seconds: float,
    tells_requests: bool = True,
) -> None:
    """Answer until stopped by Ctrl-C or SIGTERM; one request may compute for so many `seconds`.

    Raises: KpiError when it cannot start.
    """
    try:
        from kpicore_http.app import build_app
        from kpicore_http.connections import Limits, connections_allowed
        from kpicore_http.listening import Listener, configured
    except ImportError as error:
        raise MissingDependency((error.name or "fastapi").partition(".")[0], "http") from None
    from kpicore_http.answering import AnswerService, Watch

    answering = AnswerService(folder, place.url, log, seconds)
    watch = Watch(answering.cells.stamp)
    limits = Limits(connections_allowed())
    app = build_app(
        answering, watch, place.names, checked_origins(origins), log, tells_requests, connections=limits.connections
    )

    def tell() -> None:
        log(f"{place.url}  workspace '{answering.name}', stop with Ctrl-C")

    def stop() -> None:
        watch.stopping = True  # who waits for other data is answered now
        answering.give_up()

    # opened here and not by uvicorn, which ends the process where the port is taken
    opened = _socket(place)
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        gc.collect()
        gc.freeze()  # what is loaded by now stays: to search it for circles again and again stops all threads
        config = configured(app, limits, log if tells_requests else _silent, files)
        Listener(config, log, on_ready=tell, on_stop=stop).run(sockets=[opened])
    finally:
        opened.close()
        answering.close()
        gc.unfreeze()


def _silent(_: str) -> None:
    """Tell nothing."""


def _socket(place: Address) -> socket.socket:
    host = "127.0.0.1" if place.host == "localhost" else place.host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, place.port, family)
        return socket.create_server((host, place.port), family=family)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise KpiError(f"this machine has no address '{place.host}'.", hint="Take one of its own.") from None
        raise KpiError(
            f"port {place.port} of {place.host} cannot be opened: {error.strerror}.", hint="Take another: --port 8766"
        ) from None
