"""The tiny company with the KPIs of the packs, as people have them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Workspace, open_workspace
from kpicore_crm.testing import load_tiny_company


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("promises")
    load_tiny_company(folder)
    with open_workspace(folder) as opened:
        yield opened
