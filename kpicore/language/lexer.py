"""The allow-list of words: what may reach the parser at all, and how it is handed over.

SQLGlot accepts far more than our languages and drops some of it silently (comments, `_` in numbers,
adjacent texts). So the text is first cut into words here; every name is quoted and every function
renamed, and only words of this list reach the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

LONGEST = 4000
LONGEST_NAME = 100
# Python ends at 1,000 calls, of which SQLGlot needs some 20 a bracket: 20 brackets leave its callers half of them
DEEPEST = 20  # brackets, cases, and signs or nots in a row

KEYWORDS = frozenset("and or not in is null between case when then else end true false".split())
FUNCTIONS = ("abs", "least", "greatest", "coalesce", "days", "minutes")
FUNCTION_PREFIX = "kpi_"

_WORD = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:\d+(?:\.\d+)?|\.\d+))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<sign><>|<=|>=|!=|[=<>+\-*/(),.])""",
    re.VERBOSE,
)
_CLOSED_BY = MappingProxyType({"(": ")", "case": "end"})
_COMMENT = re.compile(r"--|/\*|#|//")
_IN_FULL = "Write numbers in full, like 1000 or 0.25."
_SQL = frozenset("select from with union insert update delete drop like ilike cast interval over as join".split())


class NotInLanguage(Exception):
    """Why a text is not part of the language; the readers add the text and where it stands."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem, self.hint = problem, hint
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: `kind` is number, name, text, quoted or sign; `spaced` tells a blank before it."""

    kind: str
    text: str
    spaced: bool


def parser_text(text: str, functions: tuple[str, ...]) -> str:
    """Return the text as SQLGlot may see it. Raises NotInLanguage."""
    words = _words(text)
    _check_neighbours(words)
    handed = _handed_over(words, functions)
    _check_depth(handed)
    return " ".join(handed)


def foreign_word(text: str) -> str | None:
    """Return the first word of SQL that is not ours, to explain why a text does not parse."""
    return next((word.text for word in _words(text) if word.kind == "name" and word.text.lower() in _SQL), None)


def _words(text: str) -> list[Word]:
    if len(text) > LONGEST:
        raise NotInLanguage(f"it is longer than {LONGEST} characters")
    words: list[Word] = []
    at, spaced = 0, False
    while at < len(text):
        match = _WORD.match(text, at)
        if _COMMENT.match(text, at):
            raise NotInLanguage("comments are not allowed", "Put a blank between two minus signs.")
        if match is None:
            raise NotInLanguage(_stray(text[at]))
        kind = match.lastgroup or ""
        if kind in ("number", "name", "quoted") and len(match.group()) > LONGEST_NAME:
            raise NotInLanguage(f"a {'number' if kind == 'number' else 'name'} longer than {LONGEST_NAME} characters")
        if kind == "quoted" and not match.group().isprintable():
            raise NotInLanguage("a name with characters that do not show")
        if kind != "space":
            words.append(Word(kind, match.group(), spaced))
        at, spaced = match.end(), kind == "space"
    if not words:
        raise NotInLanguage("it is empty")
    return words


def _stray(character: str) -> str:
    if character in "'\"":
        return f"a {character} has no partner"
    return f"{character!r} is not part of the language"


# what SQL reads otherwise than it looks: 1e5 as a float, 1_000 as 1 by the name _000, 'a' 'b' as one text, n'a' as a
# text of another kind
def _check_neighbours(words: list[Word]) -> None:
    for before, after in pairwise(words):
        kinds = before.kind, after.kind
        if before.kind == "number" and not after.spaced and after.kind in ("name", "number"):
            raise NotInLanguage(f"'{before.text}{after.text}' is not a number", _IN_FULL)
        if "number" in kinds and "." in (before.text, after.text):
            raise NotInLanguage("a '.' beside a number", _IN_FULL)
        if kinds == ("text", "text"):
            raise NotInLanguage(f"two texts side by side: {_short(before.text)} {_short(after.text)}")
        if kinds in (("name", "text"), ("text", "name"), ("text", "quoted"), ("quoted", "text")) and not after.spaced:
            raise NotInLanguage(f"a blank is missing between {_short(before.text)} and {_short(after.text)}")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _check_depth(handed: list[str]) -> None:
    opened: list[str] = []
    openers = 0
    for word in handed:  # names are quoted by now: the end of period.end closes no case
        if word in _CLOSED_BY:
            opened.append(_CLOSED_BY[word])
        elif opened and word == opened[-1]:
            opened.pop()
        # Each of a row of signs or negations nests too, without a bracket to count.
        openers = openers + 1 if word in ("-", "+", "not") else 0
        if len(opened) + openers > DEEPEST:
            raise NotInLanguage(f"it is nested more than {DEEPEST} deep")


def _handed_over(words: list[Word], functions: tuple[str, ...]) -> list[str]:
    handed: list[str] = []
    for place, word in enumerate(words):
        before = words[place - 1].text if place else ""
        after = words[place + 1] if place + 1 < len(words) else Word("", "", False)
        handed.append(_one(word, before, after, functions))
    return handed


def _one(word: Word, before: str, after: Word, functions: tuple[str, ...]) -> str:
    folded = word.text.lower()
    if word.kind == "quoted" and after.text == "(":
        raise NotInLanguage(f"{word.text} is not a function")
    if word.kind != "name":
        return word.text
    # a keyword beside a dot is a name: period.end
    if before == "." or after.text == ".":
        return f'"{word.text}"'
    # a name in quotes is never one of SQL's own words: current_date would else be today
    if folded in KEYWORDS or (folded == "date" and after.kind == "text"):
        return folded
    if after.text == "(":
        return _function(word.text, functions)
    return f'"{word.text}"'


def _function(name: str, functions: tuple[str, ...]) -> str:
    if name.lower() in functions:
        return FUNCTION_PREFIX + name.lower()
    if name.lower() in FUNCTIONS:
        raise NotInLanguage(f"{name.lower()}() is not allowed here", f"Allowed: {', '.join(functions)}.")
    raise NotInLanguage(f"no function named {name}()", f"Allowed: {', '.join(functions)}.")
