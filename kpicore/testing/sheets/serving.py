"""The emulator over HTTP and TLS: a proxy on this machine that plays Google's hosts to an unmodified program."""

from __future__ import annotations

import os
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from threading import Thread
from typing import cast

from kpicore.testing.sheets.certificates import server_context
from kpicore.testing.sheets.emulator import Emulator
from kpicore.testing.sheets.faults import ConnectionDropped, HttpAnswer, said
from kpicore.testing.sheets.tokens import TokenEndpoint

SHEETS_HOST, DRIVE_HOST, TOKEN_HOST = "sheets.googleapis.com", "www.googleapis.com", "oauth2.googleapis.com"
_HOSTS = (SHEETS_HOST, DRIVE_HOST, TOKEN_HOST)


@dataclass(frozen=True, slots=True)
class Rig:
    """An emulator that is reached over the network of this machine.

    `environment` is what a process needs to take it for Google. `tokens` gives access: `tokens.expire()`,
    `tokens.refusals.append("revoked")`. `other_hosts` are hosts that somebody wanted, and that are not played.
    """

    emulator: Emulator
    environment: dict[str, str]
    tokens: TokenEndpoint
    service_account_file: Path
    authorized_user_file: Path
    other_hosts: list[str] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)
    """Mistakes of the emulator, raised when the context ends."""


@contextmanager
def serving(emulator: Emulator, folder: Path) -> Iterator[Rig]:
    """Serve an emulator on 127.0.0.1 and yield how it is reached; keys and credentials are made in `folder`.

    A process with `rig.environment` finds sheets.googleapis.com, www.googleapis.com and oauth2.googleapis.com here,
    with certificates that it trusts. Raises AssertionError at the end when a request or an answer was not as Google
    describes them.
    """
    context, authority = server_context(folder, _HOSTS)
    tokens = TokenEndpoint(emulator.account, emulator.clock)
    service, person = tokens.write_files(folder)
    server = _Server(("127.0.0.1", 0), _Handler)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    rig = Rig(emulator, _environment(address, authority, service), tokens, service, person)
    server.rig, server.context = rig, context
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield rig
    finally:
        server.shutdown()
        server.end_connections()
        server.server_close()
        thread.join()
    if rig.broken:
        raise rig.broken[0]
    if emulator.mistakes:
        raise AssertionError(f"requests that Google's description does not allow: {'; '.join(emulator.mistakes)}")


def _environment(proxy: str, authority: Path, credentials: Path) -> dict[str, str]:
    return {
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": "",
        "no_proxy": "",
        "REQUESTS_CA_BUNDLE": str(authority),
        "SSL_CERT_FILE": str(authority),
        "GOOGLE_APPLICATION_CREDENTIALS": str(credentials),
    }


class _Server(ThreadingHTTPServer):
    """The proxy. Its threads end with the context: connections that are still open are closed."""

    daemon_threads = False
    block_on_close = True
    rig: Rig
    context: ssl.SSLContext

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.open: set[socket.socket] = set()

    def end_connections(self) -> None:
        """Close what clients keep open, so that the threads that wait for it end."""
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing about clients that go away."""


class _Handler(BaseHTTPRequestHandler):
    """One connection: CONNECT, then TLS, then requests to the host that was named."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms until its headers have arrived
    host = ""
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        super().finish()
        self.server.open.discard(self.connection)
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the emulator has its own log."""

    def do_CONNECT(self) -> None:
        """Play the host that a client wants to reach, or refuse."""
        host = self.path.partition(":")[0]
        if self.host or host not in _HOSTS:
            self.server.rig.other_hosts.append(host)
            self.send_error(502, "this host is not played")
            self.close_connection = True
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        self.server.open.discard(self.connection)
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.server.open.add(self.connection)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = cast("BufferedIOBase", self.connection.makefile("wb", 0))
        self.host, self.close_connection = host, False

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, headers, sent = self._answer(body)
        except ConnectionDropped:
            self._drop()
            return
        except Exception as error:  # a mistake of the emulator must not look like an answer of Google
            self.server.rig.broken.append(error)
            status, headers, sent = 501, {"Content-Type": "text/plain"}, str(error).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(sent)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)
        # a body that was cut is shorter than it says, and the connection ends there
        if int(headers.get("Content-Length", len(sent))) != len(sent):
            self.close_connection = True

    def _answer(self, body: bytes) -> HttpAnswer:
        rig = self.server.rig
        if self.host == TOKEN_HOST:
            return rig.tokens.answer(body)
        if not rig.tokens.is_good(self.headers.get("Authorization", "")):
            return 401, {"Content-Type": "application/json; charset=UTF-8"}, said("401_expired").body()
        return rig.emulator.handle(self.command, self.path, dict(self.headers.items()), body)

    def _drop(self) -> None:
        """End the connection at once, without a word: what has to be sent still is thrown away."""
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        )
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve
