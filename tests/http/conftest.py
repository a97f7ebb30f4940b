"""The tiny company behind the application of `kpi serve`, asked without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kpicore import Page
from kpicore.testing import load_tiny_company
from kpicore_http.answering import Answering
from kpicore_http.app import build_app
from kpicore_http.guard import Guard
from kpicore_http.tokens import new_token
from kpicore_http.watching import Watch

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
URL = "http://localhost:8765"
_NUMBERS = count(1)


@dataclass
class Served:
    """The application with what a test needs to ask it."""

    folder: Path
    app: Guard
    client: TestClient
    token: str
    answering: Answering
    lines: list[str] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def ask(self, *calls: list[object]) -> object:
        headers = {**self.headers, "content-type": "application/json"}
        answer = self.client.post("/v1/cells", content=json.dumps({"calls": calls}), headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]


def served(
    folder: Path, *origins: str, seconds: float = 60, pages: Sequence[Page] = (), page_seconds: float = 30
) -> Iterator[Served]:
    lines: list[str] = []
    answering = Answering(folder, URL, lines.append, seconds, page_seconds)
    answering.pages += tuple(pages)
    app = build_app(answering, Watch(answering.cells.stamp, 0.02), {"localhost", "testserver"}, origins, lines.append)
    with TestClient(app, base_url=URL, raise_server_exceptions=False) as client:
        yield Served(folder, app, client, new_token(folder, f"Book {next(_NUMBERS)}", NOW), answering, lines)
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
