"""An Excel with the functions of the tiny company, through xlwings' own code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore_crm.testing import load_tiny_company
from tests.excel.windows import Excel, excel


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the workspace of the tiny company."""
    folder = tmp_path_factory.mktemp("udf") / "tiny"
    load_tiny_company(folder)
    return folder


@pytest.fixture
def opened(tiny_folder: Path, tmp_path: Path) -> Iterator[Excel]:
    """Give an Excel with an empty workbook."""
    folder = tmp_path / "book"
    folder.mkdir()
    with excel(tiny_folder, folder) as found:
        found.sheets["Sales"] = {}
        yield found
