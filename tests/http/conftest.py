"""The tiny company behind the application of `kpi serve`, asked without a network."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Self

import pytest
from starlette.testclient import TestClient

from kpicore import Narrowing, Page
from kpicore_crm.testing import load_tiny_company
from kpicore_http.answering import AnswerService, Watch
from kpicore_http.app import build_app
from kpicore_http.connections import Limits
from kpicore_http.guard import RequestGuard
from kpicore_http.listening import Listener, configured
from kpicore_http.tokens import new_token
from tests.patience import PATIENCE_SECONDS

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
URL = "http://localhost:8765"
_NUMBERS = count(1)


@dataclass
class Served:
    """The application with what a test needs to ask it."""

    folder: Path
    app: RequestGuard
    client: TestClient
    book: str
    token: str
    answering: AnswerService
    lines: list[str] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def narrowed(self, narrowing: Narrowing) -> Served:
        """Return the same, asked with another token that is narrowed."""
        book = f"Book {next(_NUMBERS)}"
        return replace(self, book=book, token=new_token(self.folder, book, NOW, None, narrowing))

    def ask(self, *calls: list[object]) -> list[object]:
        headers = {**self.headers, "content-type": "application/json"}
        answer = self.client.post("/v1/cells", content=json.dumps({"calls": calls}), headers=headers)
        assert answer.status_code == 200, answer.text
        results: list[object] = answer.json()["results"]
        return results


def served(
    folder: Path, *origins: str, seconds: float = 60, pages: Sequence[Page] = (), page_seconds: float = 30
) -> Iterator[Served]:
    lines: list[str] = []
    answering = AnswerService(folder, URL, lines.append, seconds, page_seconds)
    answering.pages += tuple(pages)
    app = build_app(answering, Watch(answering.cells.stamp, 0.02), {"localhost", "testserver"}, origins, lines.append)
    book = f"Book {next(_NUMBERS)}"
    with TestClient(app, base_url=URL, raise_server_exceptions=False) as client:
        yield Served(folder, app, client, book, new_token(folder, book, NOW), answering, lines)
    answering.close()


serving = contextmanager(served)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("http")
    load_tiny_company(folder)
    return folder


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Iterator[Served]:
    """Give the tiny company, served; nothing in it is changed."""
    yield from served(tiny_folder)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """Give a served tiny company that the test may change."""
    load_tiny_company(tmp_path / "own")
    yield from served(tmp_path / "own")


class Listening:
    """The application behind a real socket, in a thread; its log lines are in `lines`."""

    def __init__(self, folder: Path, limits: Limits, files: tuple[Path, Path] | None = None, **options: float) -> None:
        self.lines: list[str] = []
        self.token = new_token(folder, f"Book of {os.urandom(8).hex()}", NOW)
        self._answering = AnswerService(folder, URL, self.lines.append)
        self.watch = Watch(self._answering.cells.stamp, 0.02)
        app = build_app(
            self._answering, self.watch, {"localhost"}, (), self.lines.append, connections=limits.connections, **options
        )
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        ready = threading.Event()
        config = configured(app, limits, self.lines.append, files)
        self._listener = Listener(config, self.lines.append, on_ready=ready.set, on_stop=lambda: None)
        self._thread = threading.Thread(target=self._listener.run, kwargs={"sockets": [self._socket]})
        self._thread.start()
        assert ready.wait(PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.should_exit = True
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        self._answering.close()

    @property
    def connections(self) -> int:
        """How many connections it holds."""
        return len(self._listener.server_state.connections)

    @property
    def answering(self) -> int:
        """How many requests it is answering."""
        return len(self._listener.server_state.tasks)

    def connect(self, *sent: bytes) -> socket.socket:
        """Return a connection over which something was sent."""
        found = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)
        for each in sent:
            found.sendall(each)
        return found


def request(path: str = "/healthz", method: str = "GET", *headers: str) -> bytes:
    """Return the head of a request."""
    return "\r\n".join((f"{method} {path} HTTP/1.1", "host: localhost", *headers, "", "")).encode()


def read_to_end(connection: socket.socket) -> bytes:
    """Return all that a connection gives until it is closed, and close it."""
    found = b""
    with connection:
        try:
            while part := connection.recv(65_536):
                found += part
        except ConnectionError:
            pass  # closed without ceremony
    return found
