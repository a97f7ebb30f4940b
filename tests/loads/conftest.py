from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpicore import LoadReport
from kpicore.testing import WAREHOUSE_FILE, load
from tests.loads.shop import REGISTRY, shop


@pytest.fixture
def tell(tmp_path: Path) -> Callable[..., LoadReport]:
    """Load what some sources say, each time a day later than before."""
    days = iter(range(1, 31))

    def told(*sources: Any, day: int = 0) -> LoadReport:
        return load(shop(tmp_path), REGISTRY, sources, data_time=datetime(2025, 3, day or next(days), 12, tzinfo=UTC))

    return told


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    """Ask the file of the warehouse."""

    def asked(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(tmp_path / WAREHOUSE_FILE), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return asked
