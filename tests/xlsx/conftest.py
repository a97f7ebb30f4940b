"""The tiny company's workbook, written once for all tests."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from kpicore import Workspace, open_workspace
from kpicore_crm.testing import load_tiny_company
from kpicore_xlsx.summary.contents import Summary, collect
from kpicore_xlsx.summary.workbook import write_summary


def opened(file: Path) -> Workbook:
    """Return the workbook; from memory, because openpyxl keeps files open."""
    with warnings.catch_warnings():
        # Sparklines and solid data bars are extensions of the format, which openpyxl passes over.
        warnings.filterwarnings("ignore", ".* extension is not supported", UserWarning)
        return load_workbook(BytesIO(file.read_bytes()))


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give the tiny company with all built-in KPIs."""
    folder = tmp_path_factory.mktemp("excel") / "tiny"
    load_tiny_company(folder)
    with open_workspace(folder) as found:
        yield found


@pytest.fixture(scope="session")
def report(workspace: Workspace) -> Summary:
    """Give the report on its second quarter of 2025, which is over."""
    return collect(workspace, "2025-Q2")


@pytest.fixture(scope="session")
def file(report: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the workbook file."""
    path = tmp_path_factory.mktemp("book") / "tiny.xlsx"
    write_summary(report, path)
    return path


@pytest.fixture(scope="session", name="opened")
def opened_fixture() -> Callable[[Path], Workbook]:
    """Give the function that opens a workbook."""
    return opened


@pytest.fixture(scope="session")
def book(file: Path) -> Workbook:
    """Give the workbook as openpyxl reads it."""
    return opened(file)
