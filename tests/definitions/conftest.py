"""What the tests of own definitions share: the tiny company's workspace, with files in `metrics`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kpicore_crm.testing import load_tiny_company

Own = Callable[..., Path]


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the tiny company's workspace, loaded; nothing may change it."""
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    return folder


@pytest.fixture
def own(loaded: Path, tmp_path: Path) -> Own:
    """Give `own(sales="[metric.a]…")`, which makes such a workspace with metrics/sales.toml and returns its folder."""

    def workspace(**files: str) -> Path:
        folder = tmp_path / "workspace"
        if not folder.exists():
            shutil.copytree(loaded, folder)
        (folder / "metrics").mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / "metrics" / f"{name}.toml").write_text(text, encoding="utf-8")
        return folder

    return workspace
