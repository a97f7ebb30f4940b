"""Names in all that ships: a class name means one thing, and a variable says what it is."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tests.shipped import texts


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
    assert twice(texts()) == {}


def called_each(text: str) -> list[int]:
    """Return the lines in which a variable or parameter is called so."""
    nodes = ast.walk(ast.parse(text))
    names = (node for node in nodes if isinstance(node, ast.Name | ast.arg))
    return sorted({node.lineno for node in names if getattr(node, "id", getattr(node, "arg", "")) == "each"})


def test_a_variable_of_no_kind_is_found():
    assert called_each(
        "for each in deals:\n    won(each)\n\n\ndef name(each): ...\nthe = [deal for deal in each_deal]"
    ) == [1, 2, 5]


def test_no_variable_is_called_each():
    assert {module: lines for module, text in texts().items() if (lines := called_each(text))} == {}
