"""On which line of a TOML text each key and value stands; the parser that reads the values does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys from the top, and places in arrays: ("metric", "loans", "bands", 0, "above")."""

Lines = Mapping[Path, int]
# its text and the line on which it begins; line ends are tokens, comments are none
_Token = tuple[str, int]

_TOKEN = re.compile(
    # texts of three quotes first: the pattern of one quote would take their first two for an empty text
    r'"""(?:\\.|[^\\])*?"{3,5}'  # the text may end with two quotes of its own
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|\n|[\[\]{},=]"
    r"""|[^\s\[\]{},=#"']+""",
    re.DOTALL,
)


def lines_of(text: str) -> Lines:
    """Return the line, from 1 on, of every key, table and element of an array in a sound TOML text.

    >>> lines_of('[a]\\nb = [\\n1,\\n2]')[("a", "b", 1)]
    4
    """
    lines: dict[Path, int] = {}
    last: dict[Path, int] = {}
    tokens, at = _tokens(text), 0
    table: Path = ()
    while at < len(tokens):
        token, line = tokens[at]
        if token == "\n":
            at += 1
        elif token == "[":
            # the header of an array of tables, [[metric.x.bands]]: its keys stand behind two brackets and before two
            brackets = 2 if tokens[at + 1][0] == "[" else 1
            keys, at = _keys(tokens, at + brackets, "]")
            at += brackets
            table = _table(keys, last, brackets == 2)
            _note(lines, table, line)
        else:
            at = _pair(tokens, at, table, lines)
    return lines


def _tokens(text: str) -> list[_Token]:
    tokens = []
    line, counted = 1, 0
    for token in _TOKEN.finditer(text):
        # line ends inside a text of several lines count too, although it is one token
        line += text.count("\n", counted, token.start())
        counted = token.start()
        if not token[0].startswith("#"):
            tokens.append((token[0], line))
    return tokens


def _table(keys: Path, last: dict[Path, int], is_array: bool) -> Path:
    """Return the path of a table by its header; a key that names an array means its last element."""
    path: Path = ()
    for key in keys[:-1]:
        path = (*path, key)
        # [m.b.c] after [[m.b]] belongs to the last element of m.b
        path = (*path, last[path]) if path in last else path
    path = (*path, keys[-1])
    if is_array:
        last[path] = last.get(path, -1) + 1
        path = (*path, last[path])
    return path


def _keys(tokens: list[_Token], at: int, end: str) -> tuple[Path, int]:
    """Return the keys apart by dots, and the place after `end`."""
    keys: list[str] = []
    while tokens[at][0] != end:
        token = tokens[at][0]
        # a quoted key may hold dots and is one; a bare token with dots is several
        # of "a . b" the dot is a token of its own, and leaves no key behind
        keys += [tomllib.loads(f"k = {token}")["k"]] if token[0] in "\"'" else [k for k in token.split(".") if k]
        at += 1
    return tuple(keys), at + 1


def _pair(tokens: list[_Token], at: int, table: Path, lines: dict[Path, int]) -> int:
    line = tokens[at][1]
    keys, at = _keys(tokens, at, "=")
    _note(lines, (*table, *keys), line)
    return _value(tokens, at, (*table, *keys), lines)


def _value(tokens: list[_Token], at: int, path: Path, lines: dict[Path, int]) -> int:
    """Note what stands inside a value, and return the place after it."""
    opened, line = tokens[at]
    _note(lines, path, line)
    at += 1
    if opened not in "[{":
        while at < len(tokens) and tokens[at][0] not in ",]}\n":  # a date and a time are two words
            at += 1
        return at
    place = 0
    while tokens[at][0] not in "]}":
        if tokens[at][0] in ",\n":
            at += 1
        elif opened == "{":
            at = _pair(tokens, at, path, lines)
        else:
            at = _value(tokens, at, (*path, place), lines)
            place += 1
    return at + 1


def _note(lines: dict[Path, int], path: Path, line: int) -> None:
    """Note the line of a path and of the tables above it that were not named before."""
    for length in range(1, len(path) + 1):
        # the first line stays: of a table that is named by its keys alone it is that of the first key
        lines.setdefault(path[:length], line)
