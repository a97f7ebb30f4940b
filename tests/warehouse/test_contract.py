"""The contract of warehouses: DuckDB reached in other spellings keeps it, and a wrong dialect does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kpicore import Workspace, open_workspace
from kpicore.testing import load_tiny_company
from kpicore.testing.warehouse import differences
from kpicore.warehouse import FILE, open_duckdb
from tests.warehouse.other import OtherWarehouse


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    with open_workspace(folder) as opened:
        yield opened


@pytest.fixture
def file(tiny: Workspace) -> Path:
    _ = tiny.engine  # its tables are those of today's definitions
    return tiny.config.folder / FILE


def test_duckdb_keeps_it(tiny: Workspace, file: Path) -> None:
    with closing(open_duckdb(file)) as warehouse:
        assert list(differences(warehouse, tiny)) == []


def test_a_warehouse_of_other_spellings_keeps_it(tiny: Workspace, file: Path) -> None:
    with closing(OtherWarehouse(file)) as warehouse:
        assert list(differences(warehouse, tiny)) == []
