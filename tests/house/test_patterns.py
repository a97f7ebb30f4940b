"""No regular expression that ships can take exponential time: what it repeats is read in one way only."""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from re import _compiler, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tests.shipped import FILES, module_of

SIGNS = [*map(chr, range(0x250)), *"αςя年月上。　’−–"]
"""Every class of signs that a pattern tells apart has one among these."""

Part = tuple[bool, list[int], list[int]]
"""Of a part of a pattern: whether it may be empty, and the places where it begins and ends."""


class Places:
    """The signs that each place of a pattern takes, and in how many ways another place follows it.

    What looks ahead or back, and what a repetition counts, is passed over.
    """

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.signs: list[frozenset[str]] = []
        self.after: list[Counter[int]] = []
        parsed = _parser.parse(pattern if isinstance(pattern, str) else pattern.decode("latin-1"), flags & ~re.UNICODE)
        self._state, self._flags = parsed.state, parsed.state.flags
        self._sequence(parsed)

    def is_ambiguous(self) -> bool:
        """Whether some text leads in two ways from a place back to it: twice as many ways for each such text more."""
        for place in range(len(self.signs)):
            around = self._reached((place, place))
            for one, other in around if (place, place) in around else ():
                back = [(one, other)] if one < other else []
                if one == other:
                    back = [(after, after) for after, ways in self.after[one].items() if ways > 1]
                if any(pair == (place, place) or (place, place) in self._reached(pair) for pair in back):
                    return True
        return False

    def _reached(self, pair: tuple[int, int]) -> set[tuple[int, int]]:
        """Return where two readers of one text may be who stand at these places."""
        reached, waiting = set[tuple[int, int]](), [pair]
        while waiting:
            one, other = waiting.pop()
            ahead = {(a, b) for a in self.after[one] for b in self.after[other] if self.signs[a] & self.signs[b]}
            waiting += ahead - reached
            reached |= ahead
        return reached

    def _sequence(self, items: Any) -> Part:
        may_be_empty, first, last = True, list[int](), list[int]()
        for name, value in items:
            skipped, begins, ends = self._part(str(name), value)
            self._follow(last, begins)
            first += begins if may_be_empty else []
            last = ends + (last if skipped else [])
            may_be_empty = may_be_empty and skipped
        return may_be_empty, first, last

    def _part(self, name: str, value: Any) -> Part:
        if name in ("SUBPATTERN", "ATOMIC_GROUP"):
            return self._sequence(value[3] if name == "SUBPATTERN" else value)
        if name == "BRANCH":
            parts = [self._sequence(branch) for branch in value[1]]
            skipped, firsts, lasts = zip(*parts, strict=True)
            return any(skipped), [*chain(*firsts)], [*chain(*lasts)]
        if name.endswith("_REPEAT"):
            least, most, repeated = value
            skipped, first, last = self._sequence(repeated)
            if most == _parser.MAXREPEAT and not name.startswith("POSSESSIVE"):
                self._follow(last, first)
            return skipped or least == 0, first, last
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            one = _compiler.compile(_parser.SubPattern(self._state, [(getattr(_parser, name), value)]), self._flags)
            self.signs.append(frozenset(sign for sign in SIGNS if one.match(sign)))
            self.after.append(Counter())
            return False, [len(self.signs) - 1], [len(self.signs) - 1]
        return True, [], []

    def _follow(self, last: list[int], first: list[int]) -> None:
        for place in last:
            self.after[place].update(first)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(ab|[a-z]b)*", "(x?y?)*z", '{("([^"]|"")*"|[^"}])*}', r"(\s|\n\n?)*"])
def test_what_can_be_read_in_two_ways_is_found(pattern):
    assert Places(pattern, 0).is_ambiguous()


@pytest.mark.parametrize("pattern", ["(a|b)*", "(a+b)+", '{("[^"]*"|[^"{}])*}', r'"(\\.|[^"\\])*"', "(?:(a+)++b)?"])
def test_what_can_be_read_in_one_way_passes(pattern):
    assert not Places(pattern, 0).is_ambiguous()


def patterns(module: str, text: str) -> Iterator[tuple[str | bytes, int]]:
    """Yield the patterns of a module with their flags: those it compiles, and those it hands over to `re`."""
    known = vars(importlib.import_module(module))
    yield from ((value.pattern, value.flags) for value in known.values() if isinstance(value, re.Pattern))
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("re"), attr=name), args=[pattern, *_]) if name != "escape":
                value = known.get(pattern.id) if isinstance(pattern, ast.Name) else getattr(pattern, "value", None)
                if isinstance(value, str | bytes):
                    yield value, 0


def shipped() -> dict[tuple[str | bytes, int], str]:
    """Return all patterns with their flags, each with a module that has it."""
    found = dict[tuple[str | bytes, int], str]()
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        if "import re\n" in text:
            module = module_of(file)
            found |= dict.fromkeys(patterns(module, text), module)
    return found


def test_no_pattern_reads_what_it_repeats_in_two_ways():
    found = shipped()
    assert len(found) > 100
    assert {
        module: pattern for (pattern, flags), module in found.items() if Places(pattern, flags).is_ambiguous()
    } == {}
