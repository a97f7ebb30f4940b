"""Cells over the tiny company with the KPIs of the packs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpicore import CellCall, CellResult, Cells, CellValue, Turn
from kpicore_crm.testing import load_tiny_company


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("cells")
    load_tiny_company(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_cells(tiny_folder: Path) -> Iterator[Cells]:
    found = Cells(tiny_folder)
    yield found
    found.close()


@pytest.fixture
def cells(tiny_folder: Path) -> Iterator[Cells]:
    """Give cells over the tiny company that have answered nothing yet."""
    found = Cells(tiny_folder)
    yield found
    found.close()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[Turn]:
    """Give a list that gains the turn at each pause."""
    found, usual = list[Turn](), Turn.pause

    def noted(turn: Turn) -> None:
        found.append(turn)
        usual(turn)

    monkeypatch.setattr(Turn, "pause", noted)
    return found


@pytest.fixture
def cell(tiny_cells: Cells) -> Callable[..., CellResult]:
    """Give `cell("KPI_WIN_RATE", "2025-Q1", …)`: what one cell shows."""

    def shown(name: str, *arguments: CellValue) -> CellResult:
        [found] = tiny_cells.answer([CellCall(name, arguments)]).results
        return found

    return shown
