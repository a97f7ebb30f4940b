"""The tiny company, loaded once; each test asks it for inputs of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kpicore import Answer, Metric, Workspace
from kpicore.inputs import Input
from kpicore.testing.company import load_tiny_company
from tests.engine.worlds import config_of, only, workspace

Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    return folder


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Callable[..., Workspace]:
    """Give a function that opens the tiny company with the metrics it is given."""

    def opened(*metrics: Metric) -> Workspace:
        return workspace(config_of(tiny_folder), metrics)

    return opened


@pytest.fixture(scope="session")
def ask(tiny: Callable[..., Workspace]) -> Ask:
    """Give a function that asks the tiny company for one input: ask(count(...), "2025-Q1", rep="u1")."""

    def asked(given: Input, period: object, **cuts: object) -> Answer:
        with tiny(only(it=given)) as opened:
            [answer] = opened.get("it", period, where=cuts).answers  # type: ignore[arg-type]
            return answer

    return asked
