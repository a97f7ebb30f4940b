"""The packs as a registry, and the tiny company with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Config, Definitions, Registry, Workspace, load_plugins, open_workspace
from kpicore.testing import registry_of
from kpicore_crm.testing import load_tiny_company
from tests.crm import SETTINGS
from tests.metrics.further_company import load_further_company


@pytest.fixture(scope="session")
def registry() -> Registry:
    return registry_of(load_plugins(()))


@pytest.fixture(scope="session")
def calculators() -> Workspace:
    """Give a workspace without data: calculators need none."""
    return Workspace(Config(Path(), "no data"), load_plugins(()))


@pytest.fixture(scope="session")
def definitions(registry: Registry) -> Definitions:
    return Definitions(registry, SETTINGS)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    with open_workspace(folder) as found:
        yield found


@pytest.fixture(scope="session")
def further(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("further")
    load_further_company(folder)
    with open_workspace(folder) as found:
        yield found
