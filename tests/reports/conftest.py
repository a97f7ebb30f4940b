"""Workspaces that reports are made of: the tiny company, the demo, a company with hostile names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from kpicore import Registry, Workspace, load_plugins, open_workspace, read_config
from kpicore.testing import TinySource, batch, registry_of
from kpicore_crm.testing import DATA_TIME, load_tiny_company
from kpicore_demo.company import DATA_TIME as DEMO_TIME
from kpicore_demo.source import DemoSource
from kpicore_reports.filled_report import FilledReport
from kpicore_reports.filling import fill

Load = Callable[..., Workspace]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return registry_of(load_plugins(()))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give the tiny company."""
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    with open_workspace(folder) as found:
        yield found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give the demo company."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "kpi.toml").write_text('[workspace]\nname = "Demo"\ntimezone = "America/New_York"\n', encoding="utf-8")
    with open_workspace(folder) as found:
        assert not found.load([DemoSource()], data_time=DEMO_TIME).errors
        yield found


@pytest.fixture
def company(tmp_path: Path, registry: Registry) -> Iterator[Load]:
    """Give a function that opens a workspace with the given rows, a text table for each entity."""
    opened: list[Workspace] = []

    def load(**tables: str) -> Workspace:
        (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Made here"\n', encoding="utf-8")
        rows = tuple(batch(registry, name, text) for name, text in tables.items())
        assert read_config(tmp_path).name == "Made here"
        found = open_workspace(tmp_path)
        found.load([TinySource("rows", rows)], data_time=DATA_TIME)
        opened.append(found)
        return found

    yield load
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def of_demo(demo: Workspace) -> Callable[[str], FilledReport]:
    """Give a function that returns a report on the demo's quarter in progress, filled once for all tests."""
    return cache(lambda id: fill(demo, id, "2026-Q3"))
