"""Which of the known names a text may mean: compared with all of a few, and with the likely ones of many."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from heapq import nlargest, nsmallest

from kpicore.turns import one_by_one

LONGEST_NAME = 255
"""So many characters has a name that is looked for, at most; a longer text is none."""

MOST_LOOKED_AT = 1_000
"""So many names are looked at; of more only those that begin or end most alike."""

MOST_COMPARED = 50
"""So many names are compared letter by letter: those that have most pairs of letters in common."""

_SHOWN = 8


class KnownNames:
    """Known names. What is worked out of them is kept, so who asks often keeps this."""

    def __init__(self, known: Iterable[str]) -> None:
        self.all = tuple(known)
        self._folded: dict[str, str] | None = None
        self._orders: tuple[list[str], list[str]] | None = None
        self._first = ""

    @property
    def first(self) -> str:
        """The first of them in order, as a message lists them."""
        if not self._first:
            more = ", …" if len(self.all) > _SHOWN else ""
            self._first = ", ".join(nsmallest(_SHOWN, self.all)) + more
        return self._first

    def closest(self, text: str) -> str | None:
        """Return the name nearest to a text, ignoring case, or None.

        >>> KnownNames(["late_share", "loans"]).closest("Late_Shar")
        'late_share'
        """
        if len(text) > LONGEST_NAME:
            return None
        import difflib

        wanted = text.casefold()
        nearest = difflib.get_close_matches(wanted, self._compared(wanted), n=1, cutoff=0.6)
        return self._by_folded()[nearest[0]] if nearest else None

    def _by_folded(self) -> dict[str, str]:
        if self._folded is None:
            self._folded = {name.casefold(): name for name in one_by_one(self.all) if len(name) <= LONGEST_NAME}
        return self._folded

    def _compared(self, wanted: str) -> Collection[str]:
        """Return the names to compare with."""
        names = self._looked_at(wanted)
        if len(names) <= MOST_COMPARED:
            return names
        # cheap, and enough to choose those that difflib looks at, which compares letter by letter
        pairs = _pairs(wanted)
        return nlargest(MOST_COMPARED, names, lambda name: len(pairs & _pairs(name)) / (len(wanted) + len(name) + 1))

    def _looked_at(self, wanted: str) -> Collection[str]:
        """Return the names that may be likely. A misspelt one has its beginning or its end in common."""
        folded = self._by_folded()
        if len(folded) <= MOST_LOOKED_AT:
            return folded
        if self._orders is None:
            self._orders = sorted(one_by_one(folded)), sorted(name[::-1] for name in one_by_one(folded))
        forward, backward = self._orders
        # sorted backwards, names with one end stand beside each other
        ends = (name[::-1] for name in _around(backward, wanted[::-1]))
        return dict.fromkeys((*_around(forward, wanted), *ends))


def _around(ordered: list[str], wanted: str) -> list[str]:
    place = bisect_left(ordered, wanted)
    # a quarter before and behind, in each of the two orders: MOST_LOOKED_AT in all
    return ordered[max(place - MOST_LOOKED_AT // 4, 0) : place + MOST_LOOKED_AT // 4]


def _pairs(text: str) -> set[tuple[str, str]]:
    """Return the pairs of letters that follow each other, with the first and the last letter."""
    # "ab" has (" ", "a"), ("a", "b"), ("b", " ")
    return {*zip(f" {text}", f"{text} ", strict=True)}
