"""Text from data, files and other programs, made fit for a line on a terminal or in a log."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from reprlib import Repr

_JOINERS = "\u200c\u200d"
"""Invisible, but parts of words in Persian and Indic scripts and of emoji."""


def harmless(text: object, most: int | None = None) -> str:
    """Return text from data as one line that a terminal shows and does not obey, of at most so many characters.

    >>> harmless("Ann\\x1b[2J\\nLee")
    'Ann\\\\x1b[2J\\\\nLee'
    >>> harmless("a long name", 9)
    'a lon … e'
    """
    given = str(text)
    shown = given if given.isprintable() else "".join(map(_shown, given))
    return shown if most is None else shortened(shown, most)


def one_line(text: object) -> str:
    """Return text as `harmless` does, with its lines behind each other.

    >>> one_line("Ann\\x1b[2J\\n Lee")
    'Ann\\\\x1b[2J Lee'
    """
    shown = str(text)
    return shown if shown.isprintable() else harmless(" ".join(line.strip() for line in shown.splitlines()))


def said(value: object) -> str:
    """Return a value as a message says it: a whole number may have more digits than can be printed."""
    try:
        return str(value)
    except ValueError:
        return "a number of thousands of digits"


def value_shown(value: object) -> str:
    """Return any value as code would write it, in one short line, whatever its class makes of that.

    >>> value_shown("count"), value_shown(["priority"]), value_shown("a" * 99)
    ("'count'", "['priority']", "'aaaaaaaaaaaaaaaaa...aaaaaaaaaaaaaaaaaa'")
    """
    try:
        return shortened(one_line(_Short().repr(value)), 80)
    except KeyboardInterrupt:
        raise
    except BaseException:  # foreign code
        return f"some {type(value).__name__}"


def kind_shown(value: object) -> str:
    """Return what kind of value it is, where the value itself may be a secret.

    >>> kind_shown("abc"), kind_shown(None)
    ('some str', 'None')
    """
    return "None" if value is None else f"some {one_line(type(value).__name__)}"


class _Short(Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = 40

    def repr_instance(self, x: object, level: int) -> str:
        return shortened(repr(x), self.maxother)


def given_by(givers: Iterable[str]) -> str:
    """Return who gives one name several times, and that nobody's is used.

    >>> given_by(["a", "a"]), given_by(["a", "b", "b"])
    ("twice by 'a': it is not used", "by 'a' and 'b': neither is used")
    """
    named = [f"'{giver}'" for giver in dict.fromkeys(givers)]
    return f"by {' and '.join(named)}: neither is used" if len(named) > 1 else f"twice by {named[0]}: it is not used"


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters, 3 or more: both its ends, where it is longer.

    >>> shortened("no KPI is named 'aaaaaaaaaaaaaaaaaaaaaaaa'", 30)
    "no KPI is named 'aaaa … aaaaa'"
    """
    if len(text) <= most:
        return text
    # 3 signs for what stands between; of the rest three quarters are the beginning
    end = (most - 3) // 4
    return f"{text[: most - 3 - end]} … {text[len(text) - end :]}"


def _shown(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    return character.encode("unicode_escape").decode("ascii")
