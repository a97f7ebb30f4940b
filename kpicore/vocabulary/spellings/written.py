"""How spellings are written down: one string a language, alternatives of a word in brackets."""

from __future__ import annotations

import re

from kpicore.codes import Code

_ALTERNATIVES = re.compile(r"\(([^()]*)\)")


def spelled(name: str, **languages: str) -> Code:
    """Return a code with its spellings, apart by commas; `other` holds those of further languages and of programs.

    >>> spelled("cancelled", en="cancel(|l)ed", es="cancelad(o|a)").spellings
    ('canceled', 'cancelled', 'cancelado', 'cancelada')
    >>> spelled("open", en="awaiting (fulfil(|l)ment|pickup)").spellings
    ('awaiting fulfilment', 'awaiting pickup', 'awaiting fulfillment')
    """
    words = (word.strip() for text in languages.values() for word in text.split(","))
    return Code(name, tuple(form for word in words for form in _forms(word)))


def _forms(word: str) -> list[str]:
    """Return the word once for each choice of its alternatives, one in another too: "annulé(|e)" is two words."""
    innermost = _ALTERNATIVES.search(word)
    if innermost is None:
        return [word]
    before, after = word[: innermost.start()], word[innermost.end() :]
    forms = (form for chosen in innermost[1].split("|") for form in _forms(before + chosen + after))
    return list(dict.fromkeys(forms))


OTHER = spelled(
    "other",
    en="others, misc, miscellaneous",
    de="sonstige(|s), andere(|s)",
    fr="autre(|s), divers",
    es="otr(o|a)(|s)",
    pt="outr(o|a)(|s)",
    it="altr(o|a|i)",
    other="egyéb, alt(ul|a|ele), inn(e|y|a), overig(|e), anders, другое, прочее, иное, 其他, 其它",
)
"""What none of the codes before it is."""
