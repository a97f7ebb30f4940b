"""How spellings are written down: one string a language."""

from __future__ import annotations

from kpicore import Code


def spelled(name: str, **languages: str) -> Code:
    """Return a code with its spellings by language; `other` holds those of further languages and of programs."""
    # the languages are for who reads the file: a word is taken in whatever language the export is
    return Code(name, tuple(languages.values()))


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
