"""A class name means one thing in all that ships."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("kpicore", "plugins", "excel_addin")


def classes(text: str) -> Iterator[str]:
    """Yield the classes that a module has."""
    yield from (node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef))


def twice(modules: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the class names that stand in several of the modules, each with these."""
    found = defaultdict[str, list[str]](list)
    for module, text in modules.items():
        for name in classes(text):
            found[name].append(module)
    return {name: places for name, places in sorted(found.items()) if len(places) > 1}


def test_a_name_in_two_modules_is_told_with_both():
    modules = {"a": "class One: ...\nclass Two: ...", "b": "class Two:\n    class One: ...", "c": "def One(): ..."}
    assert twice(modules) == {"Two": ["a", "b"]}


def test_no_class_name_stands_twice():
    files = [file for folder in SHIPPED for file in sorted((ROOT / folder).rglob("*.py"))]
    modules = {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
        for file in files
        if "node_modules" not in file.parts
    }
    assert twice(modules) == {}
