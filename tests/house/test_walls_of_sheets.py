"""Google's libraries stand behind walls: gspread in one module, the others in one folder, none before it is needed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shipped import FILES, PACKAGES, ROOT

PACKAGE = PACKAGES["kpicore_sheets"]
RIG = PACKAGES["kpicore"] / "testing" / "sheets"


def imported(file: Path) -> Iterator[str]:
    """Yield the modules that a file imports, at its head or later."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def importers(*packages: str) -> set[str]:
    """Return the files that import one of these packages."""
    return {
        str(file.relative_to(ROOT))
        for file in FILES
        if any(module.split(".")[0] in packages for module in imported(file)) and RIG not in file.parents
    }


def test_one_module_knows_gspread():
    assert importers("gspread") == {"sheets_sync/kpicore_sheets/google/client.py"}


def test_one_folder_knows_google_and_http():
    names = {"google", "google_auth_oauthlib", "requests", "urllib3"}
    assert {Path(file).parent.name for file in importers(*names)} == {"google"}


@pytest.mark.parametrize("module", ["google.client", "google.tokens", "google.transport"])
def test_what_needs_these_libraries_is_imported_when_it_is_used(module):
    assert (PACKAGE / f"{module.replace('.', '/')}.py").exists()
    for file in PACKAGE.rglob("*.py"):
        if file.parent.name == "google":
            continue
        heads = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.ImportFrom)]
        assert f"kpicore_sheets.{module}" not in {node.module for node in heads}, file
