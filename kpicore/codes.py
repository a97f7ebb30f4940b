"""Codes of a field: the words that definitions compare it with, and how sources spell them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import md5


@dataclass(frozen=True, slots=True)
class Code:
    """A word that definitions compare a field with, and its spellings in files: "cancelled", "storniert"."""

    name: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a field, in the order in which they are listed to people.

    A closed field holds codes only: a word that is none of them is asked about. An open one takes what it is
    given, once spellings of codes are mapped. `answers` are words of the organisation, each with the code that
    it means here, whatever it means elsewhere. Raises ValueError when one spelling would be two codes.
    """

    codes: tuple[Code, ...]
    closed: bool = True
    answers: tuple[tuple[str, str], ...] = ()
    fingerprint: str = field(init=False, repr=False, compare=False, default="")
    """A short text that is another when any word means another code, or is taken otherwise."""
    _by_word: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for code, word in self._spelled():
            if self._by_word.setdefault(word, code) != code:
                raise ValueError(f"{word!r} is both {self._by_word[word]} and {code}.")
        self._by_word.pop("", None)
        self._by_word.update((plain_word(word), code) for word, code in self.answers)
        told = repr((self.closed, self.names, sorted(self._by_word.items())))
        object.__setattr__(self, "fingerprint", md5(told.encode(), usedforsecurity=False).hexdigest())

    def code_of(self, word: str) -> str | None:
        """Return the code that the word is a spelling of, None where it is of none."""
        return self._by_word.get(plain_word(word))

    @property
    def names(self) -> tuple[str, ...]:
        """The codes as definitions write them."""
        return tuple(each.name for each in self.codes)

    def answered(self, words: Mapping[str, str]) -> Codes:
        """Return the codes with more words of the organisation."""
        return replace(self, answers=(*self.answers, *words.items()))

    def _spelled(self) -> Iterator[tuple[str, str]]:
        for each in self.codes:
            yield from ((each.name, plain_word(word)) for word in (each.name, *each.spellings))


def plain_word(text: str) -> str:
    """Return the word as words are compared: without case, accents, and signs or spaces between letters.

    Of nothing but signs it is these.

    >>> plain_word("No-Show"), plain_word("  Annulée "), plain_word("CROSS_SELL")
    ('noshow', 'annulee', 'crosssell')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if each.isalnum()).casefold() or text.strip()
