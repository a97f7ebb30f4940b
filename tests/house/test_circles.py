"""Files that import each other in a circle: none of them can be read, or moved, without the others.

Imports inside functions and for type checkers count.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import grimp

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Return the files of each circle, the largest circle first."""
    reached = {module: graph.find_upstream_modules(module) | {module} for module in graph.modules}
    knots = {frozenset(other for other in reached[module] if module in reached[other]) for module in reached}
    return sorted((sorted(knot) for knot in knots if len(knot) > 1), key=lambda knot: (-len(knot), knot))


def graph_of(*arrows: tuple[str, str]) -> grimp.ImportGraph:
    """Return the graph of these imports."""
    graph = grimp.ImportGraph()
    for importer, imported in arrows:
        graph.add_import(importer=importer, imported=imported)
    return graph


def test_a_circle_is_found_with_all_its_files_and_without_those_beside_it():
    arrows = (("a", "b"), ("b", "c"), ("c", "a"), ("before", "a"), ("c", "behind"), ("x", "y"), ("y", "x"))
    assert circles(graph_of(*arrows)) == [["a", "b", "c"], ["x", "y"]]


def test_a_line_that_parts_and_meets_again_is_no_circle():
    assert circles(graph_of(("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"))) == []


def test_no_file_stands_in_a_circle():
    graph = grimp.build_graph(*PROJECT["tool"]["importlinter"]["root_packages"], cache_dir=None)
    assert circles(graph) == []
