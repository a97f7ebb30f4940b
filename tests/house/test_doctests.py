"""The examples in docstrings of what ships are true: each one runs, and gives what it says."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
FILES = {
    ".".join(file.relative_to(folder).with_suffix("").parts): file
    for folder in (HERE, HERE / "plugins", HERE / "excel_addin", HERE / "sheets_sync")
    for file in sorted((folder / "kpicore" if folder == HERE else folder).rglob("*.py"))
    if ">>> " in file.read_text(encoding="utf-8")
}


@pytest.mark.parametrize("module", FILES)
def test_every_example_of_a_module_runs_and_is_true(module):
    failed, tried = doctest.testmod(import_module(module))
    assert (failed, tried) == (0, FILES[module].read_text(encoding="utf-8").count(">>> "))
