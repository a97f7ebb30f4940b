"""What two modules need is written once, where both may import it."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.shipped import FILES

TWICE = {
    # two programs that run inside their hosts, of which neither may import from the other
    ("_cells", "calc_cache.py", "excel_cache.py"),
    ("_drop", "calc_cache.py", "excel_cache.py"),
}
"""Functions that stand in two modules all the same, each with why."""

_SMALL = 200
"""Characters of a body as a tree: below these it is a line that says itself."""


def bodies(text: str) -> dict[str, str]:
    """Return the body of each function by its name, as a tree without its docstring, but for the smallest."""
    trees = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if len(tree := "".join(map(ast.dump, body))) > _SMALL:
                trees[node.name] = tree
    return trees


def test_a_body_is_the_same_whatever_its_docstring_says():
    one, other = (
        "def f(x):\n    '''A.'''\n    return [x for x in (x, x, x) if x]",
        "def g(x):\n    return [x for x in (x, x, x) if x]",
    )
    assert bodies(one)["f"] == bodies(other)["g"]
    assert bodies("def f(x):\n    return x") == {}


def test_no_function_stands_in_two_modules():
    places = defaultdict(list)
    for file in FILES:
        for name, tree in bodies(file.read_text(encoding="utf-8")).items():
            places[tree].append((name, file))
    again = [copies for copies in places.values() if len({file for _, file in copies}) > 1]
    named = {(copies[0][0], *(file.name for _, file in copies)): copies for copies in again}
    assert {names: copies for names, copies in named.items() if names not in TWICE} == {}
