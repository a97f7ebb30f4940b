"""What the loops of mutations share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Cells, Workspace, open_workspace
from kpicore_crm.testing import load_tiny_company


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the tiny company's workspace; nothing may change it."""
    folder = tmp_path_factory.mktemp("fuzz")
    load_tiny_company(folder)
    return folder


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Iterator[Workspace]:
    """Give the tiny company's workspace."""
    with open_workspace(tiny_folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def tiny_cells(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    """Give the cells of a copy of it."""
    folder = tmp_path_factory.mktemp("cells") / "workspace"
    shutil.copytree(tiny_folder, folder)
    found = Cells(folder)
    yield found
    found.close()
