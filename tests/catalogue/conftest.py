"""The packs, and small companies to ask them of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Config, Definitions, Plugins, Workspace, load_plugins, open_workspace
from kpicore.testing import registry_of
from kpicore_crm.testing import load_tiny_company
from tests.crm import SETTINGS


@pytest.fixture(scope="session")
def packs() -> Plugins:
    return load_plugins(())


@pytest.fixture(scope="session")
def definitions(packs: Plugins) -> Definitions:
    return Definitions(registry_of(packs), SETTINGS)


@pytest.fixture(scope="session")
def calculators(packs: Plugins) -> Workspace:
    """A workspace without data: calculators need none."""
    return Workspace(Config(Path(), "no data"), packs)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    with open_workspace(folder) as found:
        yield found
