"""The packs as a registry, and the tiny company with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Registry, Workspace, open_workspace
from kpicore.engine.compile.definitions import Definitions
from kpicore.plugins.installed import load_plugins
from kpicore.registry.joined import build_registry
from kpicore_crm.testing import load_tiny_company
from tests.crm import SETTINGS
from tests.metrics.further_company import load_further_company


@pytest.fixture(scope="session")
def registry() -> Registry:
    return build_registry(load_plugins(()).contributions)


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
