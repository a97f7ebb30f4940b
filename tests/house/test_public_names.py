"""Most tests ask what is public, so that the rooms of the core can be rearranged without them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import kpicore

ROOT = Path(__file__).parents[2]
PUBLIC = {"kpicore", "kpicore.testing", "kpicore.testing.sheets", "kpicore.testing.warehouse"}
MOST = 60
"""The files of tests that may reach into the core: tests of the inside of a room. Lower it when there are fewer."""


def private_imports(text: str) -> Iterator[str]:
    """Yield what a file imports of the core that is neither in `kpicore.__all__` nor in `kpicore.testing`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if _is_private(name.name))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [name.name for name in node.names]
            if node.module == "kpicore":
                known = {*kpicore.__all__, "__version__", "testing"}
                yield from (f"kpicore.{name}" for name in names if name not in known)
            elif _is_private(node.module):
                yield from (f"{node.module}.{name}" for name in names)


def _is_private(module: str) -> bool:
    return module.split(".")[0] == "kpicore" and module not in PUBLIC


def test_private_names_are_told_from_public_ones():
    text = """
from kpicore import Metric, open_workspace, __version__, turns
from kpicore.testing import run_kpi
from kpicore.testing.warehouse import differences
from kpicore_crm.testing import load_tiny_company
import kpicore, kpicore.testing, kpicore.engine.engine

def late():
    from kpicore.warehouse import FILE
"""
    assert set(private_imports(text)) == {"kpicore.turns", "kpicore.engine.engine", "kpicore.warehouse.FILE"}


def test_few_test_files_reach_into_the_core():
    reaching = {
        str(file.relative_to(ROOT)): sorted(private_imports(file.read_text(encoding="utf-8")))
        for file in sorted((ROOT / "tests").rglob("*.py"))
    }
    inside = {file: names for file, names in reaching.items() if names}
    lines = "\n".join(f"{file}: {', '.join(names)}" for file, names in inside.items())
    told = f"{len(inside)} files import private names of the core, at most {MOST} may: ask `Workspace` or"
    assert len(inside) <= MOST, f"{told} `kpicore.testing`, or put the test beside others of that room.\n{lines}"
