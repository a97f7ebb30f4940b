"""The tiny company, loaded once; each test asks it for inputs of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from kpicore import Answer, Input, Metric, Workspace
from kpicore_crm.testing import load_tiny_company
from tests.engine.worlds import config_of, only, sharing, workspace


class Ask(Protocol):
    """Asks the tiny company for one input: ask(count(...), "2025-Q1", rep="u1")."""

    def __call__(self, given: Input, period: object, **cuts: object) -> Answer: ...


class Opened(Protocol):
    """Opens the tiny company with the metrics it is given, with nothing read yet."""

    def __call__(self, *metrics: Metric) -> Workspace: ...


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    return folder


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Iterator[Opened]:
    with workspace(config_of(tiny_folder), ()) as base:
        yield lambda *metrics: sharing(base, metrics)


@pytest.fixture(scope="session")
def ask(tiny: Opened) -> Ask:
    def asked(given: Input, period: object, **cuts: object) -> Answer:
        [answer] = tiny(only(it=given)).get("it", period, where=cuts).answers  # type: ignore[arg-type]
        return answer

    return asked
