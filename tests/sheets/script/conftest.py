"""The tiny company, its script, and a spreadsheet that runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpicore import Cells, read_config
from kpicore_crm.testing import load_tiny_company
from kpicore_sheets.script import project_files
from tests.sheets.script.google import SERVER, TOKEN, Spreadsheet, served


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    """Give the cells of the tiny company."""
    folder: Path = tmp_path_factory.mktemp("sheets") / "tiny"
    load_tiny_company(folder)
    found = Cells(folder)
    yield found
    found.close()


@pytest.fixture(scope="module")
def project(cells: Cells) -> dict[str, str]:
    """Give the files of its Apps Script project."""
    return project_files(read_config(cells.folder), cells, SERVER)


@pytest.fixture(scope="module")
def spreadsheets() -> Iterator[list[Spreadsheet]]:
    """Give a list for the one spreadsheet of a module."""
    found: list[Spreadsheet] = []
    yield found
    for each in found:
        each.close()


@pytest.fixture
def sheet(
    spreadsheets: list[Spreadsheet], project: dict[str, str], cells: Cells, program: Callable[[str], str]
) -> Spreadsheet:
    """Give a spreadsheet as it is new: an empty tab, a token, nothing kept."""
    if not spreadsheets:
        spreadsheets.append(Spreadsheet(program("node"), project["Code.js"], served(cells)))
    [found] = spreadsheets
    found.reply = served(cells)
    found.fetches.clear()
    found.fill([[""]])
    found.set(names={}, properties={"token": TOKEN}, cache={}, zone="Europe/Berlin", isLocked=False)
    return found
