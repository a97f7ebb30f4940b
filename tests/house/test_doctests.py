"""The examples in docstrings of what ships are true: each one runs, and gives what it says."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from tests.shipped import FILES, module_of

TEXTS = {module_of(file): text for file in FILES if ">>> " in (text := file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("module", TEXTS)
def test_every_example_of_a_module_runs_and_is_true(module):
    failed, tried = doctest.testmod(import_module(module))
    assert (failed, tried) == (0, TEXTS[module].count(">>> "))
