"""The line of every key and value in a TOML text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.toml_lines import Path, lines_of

TEXT = '''\
# [metric.none]
[metric.aov]
name = "a # b [c] = {d}"   # note = "x"
meaning = """
[metric.not_this]
formula = "no"
"""
formula = 'a / b'
inputs.a = { count = "order", when = "x" }
inputs."b.c" = 3
bands = [
  { meaning = "low", below = 1 },

  { meaning = "high",
    above = 1 },
]
at = 1979-05-27 07:32:00
[[metric.aov.examples]]
value = 1
[[metric.aov.examples]]
value = 2
'''


def test_tables_keys_and_elements_of_lists_have_their_lines():
    lines = lines_of(TEXT.replace('"high",\n    above', '"high", above'))
    aov = ("metric", "aov")
    assert lines[aov] == 2
    assert lines[*aov, "name"] == 3
    assert lines[*aov, "meaning"] == 4
    assert lines[*aov, "formula"] == 8
    assert lines[*aov, "inputs", "a", "when"] == 9
    assert lines[*aov, "inputs", "b.c"] == 10
    assert lines[*aov, "bands", 0, "below"] == 12
    assert lines[*aov, "bands", 1, "above"] == 14
    assert lines[*aov, "at"] == 16
    assert lines[*aov, "examples", 1, "value"] == 20
    assert (*aov, "not_this") not in lines
    assert ("metric", "none") not in lines


def test_a_text_in_three_quotes_may_end_with_quotes_of_its_own():
    assert lines_of('a = """x\n"y"""""\nb = 1')[("b",)] == 3
    assert lines_of("a = '''x\n'y'''''\nb = 1")[("b",)] == 3


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        yield from paths(each, (*path, key))


keys = st.text("ab_-. \"'é=[{#", min_size=1, max_size=4)
scalars = st.one_of(st.text("ab\"'\\#[]{}=,\n", max_size=6), st.integers(-9, 9), st.booleans())
tables = st.dictionaries(
    keys,
    st.recursive(
        scalars, lambda below: st.lists(below, max_size=3) | st.dictionaries(keys, below, max_size=3), max_leaves=8
    ),
    max_size=4,
)


@given(tables)
def test_everything_that_the_parser_finds_has_a_line(values: dict[str, Any]):
    text = tomlkit.dumps(values)
    lines = lines_of(text)
    assert set(paths(tomllib.loads(text))) == set(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
