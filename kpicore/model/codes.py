"""Codes of a field: the words that definitions compare it with, and how sources spell them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import md5

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields, place
from kpicore.model.field_kinds import Label
from kpicore.text.plain_text import value_shown

_MOST_ALTERNATIVES = 10
"""In one word: each one may double its spellings."""

_ALTERNATIVES = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Code:
    """A word that definitions compare a field with, and its spellings in files: "cancelled", "storniert".

    They are `written` in one or more texts: apart by commas, alternatives within a word in brackets,
    also one in another.

    >>> Code("cancelled", ("cancel(|l)ed", "storniert, cancelad(o|a)")).spellings
    ('canceled', 'cancelled', 'storniert', 'cancelado', 'cancelada')
    """

    name: Label
    written: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self, "code", "name")
        for text in self.written:
            if text.count("(") > _MOST_ALTERNATIVES or text.count("|") > _MOST_ALTERNATIVES:
                self._refuse_too_many(text)

    def _refuse_too_many(self, text: str) -> None:
        for word in text.split(","):
            if word.count("(") > _MOST_ALTERNATIVES or word.count("|") > _MOST_ALTERNATIVES:
                problem = f"more than {_MOST_ALTERNATIVES} alternatives in {value_shown(word)}"
                raise BadDefinition(place("code", self.name), problem)

    @property
    def spellings(self) -> tuple[str, ...]:
        """All spellings one by one. They are told apart when they are read, as few commands read them."""
        return tuple(form for text in self.written for word in text.split(",") for form in _forms(word.strip()))


def _forms(word: str) -> list[str]:
    """Return the word once for each choice of its alternatives: "annulé(|e)" is two words."""
    # the innermost has no bracket in it: in a(b(c|d)|e) that is (c|d)
    innermost = _ALTERNATIVES.search(word)
    if innermost is None:
        return [word]
    before, after = word[: innermost.start()], word[innermost.end() :]
    forms = (form for chosen in innermost[1].split("|") for form in _forms(before + chosen + after))
    return list(dict.fromkeys(forms))


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a field, in the order in which they are listed to people.

    A closed field holds codes only: a word that is none of them is asked about. An open one takes what it is
    given, once spellings of codes are mapped. `answers` are words of the organisation, each with the code that
    it means here, whatever it means elsewhere; "" says that it means none of them. That no spelling is of two
    codes is told by `clash`, as every command has all codes at hand and few read them.
    """

    codes: tuple[Code, ...]
    closed: bool = True
    answers: tuple[tuple[str, str], ...] = ()
    # a list or dict can be filled later in a frozen record
    _fingerprint: list[str] = field(init=False, repr=False, compare=False, default_factory=list)
    _by_word: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)
    _clashes: list[str] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        check_fields(self, "codes")

    def code_of(self, word: str) -> str | None:
        """Return the code that the word is a spelling of, None where it is of none."""
        self._read()
        # "" is the organisation's answer that it means none of them
        return self._by_word.get(plain_word(word)) or None

    def meant(self, word: str) -> str | None:
        """Return the code that a definition or a question means: what the organisation says of the name of a code
        is about its sources' words alone.
        """
        return word if word in self.names else self.code_of(word)

    @property
    def clash(self) -> str:
        """Which spelling is of two codes, "" where none is."""
        self._read()
        return next(iter(self._clashes), "")

    def _read(self) -> None:
        """Fold every spelling, once: each command checks all codes, and most of those it reads too."""
        if self._by_word:
            return
        by_word: dict[str, str] = {}
        for code, word in self._spelled():
            first = by_word.setdefault(word, code)
            if first != code:
                self._clashes.append(f"{word!r} is both {first} and {code}")
        # of a spelling of blanks, which would be that of every empty cell
        by_word.pop("", None)
        # behind the spellings, as the organisation knows better
        by_word |= {plain_word(word): code for word, code in self.answers}
        self._by_word.update(by_word)  # at once: another thread must not find some of the words only

    @property
    def fingerprint(self) -> str:
        """A short text that is another when any word means another code, or is taken otherwise."""
        if not self._fingerprint:
            meaning = repr((self.closed, self.answers, [(code.name, code.written) for code in self.codes]))
            self._fingerprint.append(md5(meaning.encode(), usedforsecurity=False).hexdigest())
        return self._fingerprint[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The codes as definitions write them."""
        return tuple(code.name for code in self.codes)

    def is_answered(self, word: str) -> bool:
        """Return whether the organisation has said what the word means, be it none of the codes."""
        return plain_word(word) in {plain_word(answer) for answer, _ in self.answers}

    def answered(self, words: Mapping[str, str]) -> Codes:
        """Return the codes with more words of the organisation."""
        return replace(self, answers=(*self.answers, *words.items()))

    def _spelled(self) -> Iterator[tuple[str, str]]:
        for code in self.codes:
            yield from ((code.name, plain_word(word)) for word in (code.name, *code.spellings))


_BETWEEN_WORDS = frozenset(".,:;'’/()[]%")
_DROPPED = (
    "Z",
    "M",
    "C",
    "Pd",
    "Pc",
)  # Unicode's categories of spaces, accents, control characters, dashes, underscores


def plain_word(text: str) -> str:
    """Return the word as words are compared: without case, accents, spaces, hyphens and punctuation between words.

    Signs that mean something (=, <, *, ?) are a part of the word; of nothing but hyphens it is these.

    >>> plain_word("No-Show"), plain_word("  Annulée "), plain_word("CROSS_SELL"), plain_word("=web")
    ('noshow', 'annulee', 'crosssell', '=web')
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        letter
        for letter in letters
        if letter not in _BETWEEN_WORDS and not unicodedata.category(letter).startswith(_DROPPED)
    )
    # once more: NFKD makes a capital H of ℌ, which has no lower case itself
    return "".join(kept).casefold() or text.strip()
