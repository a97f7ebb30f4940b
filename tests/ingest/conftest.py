from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpicore import Config, LoadReport, Registry, Source, Unreadable, Warehouse
from kpicore.testing import TinySource, batch, load, open_warehouse
from kpicore_crm.testing import load_tiny_company
from tests.crm import SETTINGS, crm_registry, with_crm

Load = Callable[..., LoadReport]


@pytest.fixture(scope="session")
def words() -> Registry:
    return crm_registry()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    warehouse = open_warehouse(load_tiny_company(tmp_path_factory.mktemp("tiny")).parent)
    yield warehouse
    warehouse.close()


@pytest.fixture
def give(tmp_path: Path, words: Registry) -> Load:
    """Load text tables by entity: give(opportunity="id amount…"). Lower case words are options."""

    def loaded(
        name: str = "crm",
        time: datetime = datetime(2025, 7, 15, 12, tzinfo=UTC),
        unread: tuple[Unreadable, ...] = (),
        cursor: str | None = None,
        timezone: str = "UTC",
        currency: str = "USD",
        settings: dict[str, int | float | str] | None = None,
        registry: Registry = words,
        **tables: str,
    ) -> LoadReport:
        config = Config(tmp_path, "test", currency, timezone, settings={**SETTINGS, **(settings or {})})
        batches = tuple(batch(registry, entity, text) for entity, text in tables.items())
        return load(config, registry, [TinySource(name, batches, unread, cursor)], data_time=time)

    return loaded


@pytest.fixture
def take(tmp_path: Path, words: Registry) -> Load:
    """Load sources where `give` does: take(source, other). `progress` is told how far it is."""

    def taken(
        *sources: Source,
        timezone: str = "UTC",
        progress: Callable[[str, float], None] | None = None,
        registry: Registry = words,
    ) -> LoadReport:
        return load(with_crm(Config(tmp_path, "test", timezone=timezone)), registry, sources, progress=progress)

    return taken


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[str], list[tuple[object, ...]]]:
    """Ask the warehouse that `give` has made."""

    def rows(sql: str) -> list[tuple[object, ...]]:
        warehouse = open_warehouse(tmp_path)
        try:
            return warehouse.query(sql)
        finally:
            warehouse.close()

    return rows


@pytest.fixture
def state(tmp_path: Path) -> Callable[[], object]:
    """Return the state of the warehouse that `give` has made."""

    def now() -> object:
        warehouse = open_warehouse(tmp_path)
        warehouse.close()
        return warehouse.state

    return now
