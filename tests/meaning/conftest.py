"""The commands in the tiny company's workspace, and small companies whose KPIs say something together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpicore import Answer, Calendar, Metric, Note, Question, Registry, Workspace, load_plugins, open_workspace
from kpicore.testing import registry_of
from kpicore_crm.testing import DATA_TIME
from tests.cli.conftest import run, run_json, tiny
from tests.engine.worlds import config_of, load_tables

__all__ = ["run", "run_json", "tiny"]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return registry_of(load_plugins(()))


@pytest.fixture
def opened(tiny: Path) -> Iterator[Workspace]:
    with open_workspace(tiny) as found:
        yield found


@pytest.fixture
def company(tmp_path: Path) -> Callable[..., Workspace]:
    """Give `company(tables, **settings)`: a workspace with all KPIs and rules over own text tables."""

    def made(tables: dict[str, str], **settings: object) -> Workspace:
        config = config_of(tmp_path / "company", settings=settings)
        load_tables(config, tables)
        return Workspace(config, load_plugins(()))

    return made


@pytest.fixture
def answer(registry: Registry) -> Callable[..., Answer]:
    """Give `answer("ltv_cac", 5)`: an answer of a KPI for 2025-Q1."""

    def of(metric: str | Metric, value: float | None, *, variant: str = "", notes: tuple[Note, ...] = ()) -> Answer:
        found = registry.metric(metric) if isinstance(metric, str) else metric
        variant = variant or found.default
        period = Calendar().parse("2025-Q1", today=DATA_TIME.date())
        unit = found.variant(variant).unit or found.unit
        reason = None if value is not None else "no_rows"
        return Answer(Question(found.id, variant, period), value, unit, found.better, reason, notes=notes)

    return of
