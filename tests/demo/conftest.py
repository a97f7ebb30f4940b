"""The made-up company, made once for all tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kpicore import Workspace
from kpicore_demo.history import history
from kpicore_demo.making import make_demo
from kpicore_xlsx.summary.contents import Summary


class Demo(NamedTuple):
    """A demo workspace that was made, and what was told while making it."""

    folder: Path
    workspace: Workspace
    report: Summary
    steps: list[tuple[str, float]]


@pytest.fixture(scope="session")
def rows() -> Mapping[str, Sequence[dict[str, Any]]]:
    """Give the rows of every entity."""
    return history()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Give the demo, made in a folder of its own."""
    folder = tmp_path_factory.mktemp("demo") / "kpi-demo"
    steps: list[tuple[str, float]] = []
    workspace, report = make_demo(folder, lambda step, done: steps.append((step, done)))
    yield Demo(folder, workspace, report, steps)
    workspace.close()
