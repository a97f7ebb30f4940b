"""The tiny company on a server, and Excel's runtime to ask it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpicore_crm.testing import load_tiny_company
from tests.excel.officejs.excel import FOLDER, Excel, Server


def needs_packages() -> None:
    """Skip, or fail in CI, when npm has not brought Excel's runtime."""
    if not (FOLDER / "node_modules" / "@microsoft" / "office-js").is_dir():
        told = "Excel's runtime is not installed. Run: npm ci --prefix tests/excel/officejs"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)


@pytest.fixture
def node(program: Callable[[str], str]) -> str:
    """Give the path of node, with the packages beside this file."""
    program("npm")
    found = program("node")
    needs_packages()
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server of the tiny company."""
    folder = tmp_path_factory.mktemp("served") / "tiny"
    load_tiny_company(folder)
    found = Server(folder).start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    """Give a token of that server."""
    return server.token("Book1")


@pytest.fixture(scope="module")
def books() -> Iterator[list[Excel]]:
    """Give a list for the one workbook of a module: a runtime takes a second to start."""
    found: list[Excel] = []
    yield found
    for each in found:
        each.close()


@pytest.fixture
def excel(books: list[Excel], node: str, server: Server, token: str) -> Excel:
    """Give a workbook with the add-in, whose user entered the token."""
    if not books:
        books.append(Excel(node))
        books[0].do("open", url=server.url, token=token)
    return books[0]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """Give a server that the test starts and stops."""
    load_tiny_company(tmp_path / "tiny")
    found = Server(tmp_path / "tiny").start()
    yield found
    found.stop()
