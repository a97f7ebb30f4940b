"""What may be imported from whom, and what must not be imported before it is needed.

The contracts in pyproject.toml tell who may know whom: `make lint`.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import shipped
from tests.shipped import BUILT_IN, PACKAGES, PROJECT, ROOT

LIBRARY = "kpicore_xlsx"
CORE = [file for file in shipped.FILES if PACKAGES["kpicore"] in file.parents]
FILES = [file for file in shipped.FILES if file not in CORE]


def imported(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each module that a file imports, with the names it takes from it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, ()) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, tuple(name.name for name in node.names)


@pytest.mark.parametrize("file", CORE, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_held_while_others_compute_is_waited_for_aside(file):
    """A lock that is not, or that functools hides, keeps the turn of who waits for it: docs/adr/0021-turns.md."""
    for module, names in imported(file):
        assert not (module == "functools" and "cached_property" in names)
        assert not (module == "threading" and "RLock" in names) or file.name == "turns.py"


def test_there_are_built_in_plugins_to_check():
    assert {"kpicore_metrics", "kpicore_sources", "kpicore_demo"} <= set(BUILT_IN)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_built_in_plugin_imports_only_public_names_of_the_core(file):
    import kpicore

    for module, names in imported(file):
        if module.split(".")[0] != "kpicore":
            continue
        assert module in ("kpicore", "kpicore.testing"), (
            f"{module} is private: ask for what you need in kpicore.__all__"
        )
        if module == "kpicore":
            assert set(names) <= {*kpicore.__all__, "__version__"}


def test_every_package_stands_in_the_contracts_of_imports():
    rules = PROJECT["tool"]["importlinter"]
    contracts = {each["name"]: each for each in rules["contracts"]}
    plugins = set(BUILT_IN) - {LIBRARY}
    assert set(rules["root_packages"]) == {"kpicore", *BUILT_IN}
    assert set(contracts["The core knows no plugin"]["forbidden_modules"]) == set(BUILT_IN)
    assert set(contracts["Plugins do not know each other"]["modules"]) == plugins
    assert set(contracts["The library of workbooks knows no plugin"]["forbidden_modules"]) == plugins
    assert set(contracts["No circles in a plugin"]["ancestors"]) == set(BUILT_IN)


ABOVE_THE_ENGINE = {
    *("goals", "judging", "figures", "intervals", "result", "checks", "installed"),
    *("workspace", "cells", "cli", "testing"),
}


@pytest.mark.parametrize("file", sorted((ROOT / "kpicore" / "engine").rglob("*.py")), ids=lambda file: file.stem)
def test_the_engine_knows_nothing_of_those_above_it(file):
    """Not for a type either: what it needs of targets is told in engine/ports.py, docs/adr/0025."""
    for module, _ in imported(file):
        assert not {module.removeprefix("kpicore.").split(".")[0]} & ABOVE_THE_ENGINE, module


def test_no_public_name_is_the_name_of_a_module_too():
    import kpicore

    # Once the module is imported, `from kpicore import name` would give the module.
    modules = {each.stem for each in (ROOT / "kpicore").glob("*")}
    assert set(kpicore.__all__) & modules == set()


def test_every_public_name_is_there():
    import kpicore

    for name in kpicore.__all__:
        assert getattr(kpicore, name) is not None


def loaded_by(code: str) -> set[str]:
    shown = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout
    return set(shown.split())


HEAVY = {
    *("duckdb", "sqlglot", "pandas", "numpy", "pyarrow", "rich", "xlsxwriter", "python_calamine", "xlwings"),
    *("fastapi", "starlette", "uvicorn", "cryptography", "pydantic"),
    *("gspread", "google", "google_auth_oauthlib", "requests", "urllib3", "cronsim"),
}


def test_importing_the_package_imports_nothing_heavy():
    assert not loaded_by("import kpicore") & HEAVY


def test_the_records_of_a_definition_import_nothing_heavy():
    assert not loaded_by("from kpicore import Metric, count, hookimpl, SHARE, Entity, Field, SourceKind") & HEAVY


def test_loading_all_plugins_imports_nothing_heavy():
    assert not loaded_by("from kpicore.plugins.installed import load_plugins; load_plugins(())") & HEAVY
