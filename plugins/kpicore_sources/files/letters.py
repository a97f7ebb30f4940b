"""How likely a reading of unknown bytes is: how many languages it takes to explain its letters."""

from __future__ import annotations

import re

# The letters beyond a-z of each language, lower case.
_LANGUAGES = {
    "German": "äöüß",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Spanish": "áéíóúüñ",
    "Portuguese": "ãõáéíóúâêôçàü",
    "Italian": "àèéìòù",
    "Nordic": "åäöæøé",
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýžäĺľôŕ",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîşţșț",
    "Turkish": "çğıöşüâî",
    "Croatian": "čćđšž",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "Cyrillic": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
}
_MIXED_SCRIPTS = re.compile(r"[a-zà-ÿ][\u0370-\u04ff]|[\u0370-\u04ff][a-zà-ÿ]", re.IGNORECASE)
_PLAIN_SIGNS = "€£¥§°©®™–—‘’“”„…«»·•№×½¼¾²³µ\u00a0\u00ad\ufeff"


def languages_needed(text: str) -> int:
    """Return how many languages explain the letters beyond ASCII, plus 2 for each that no language has.

    >>> languages_needed("Situação"), languages_needed("Situaçăo")
    (1, 2)
    """
    lowered = text.lower()
    left = {letter for letter in lowered if ord(letter) > 127 and letter not in _PLAIN_SIGNS and ord(letter) < 0x2E80}
    needed = 2 * len(_MIXED_SCRIPTS.findall(lowered))
    while left:
        explained = max((left & set(letters) for letters in _LANGUAGES.values()), key=len)
        if not explained:
            return needed + 2 * len(left)
        left -= explained
        needed += 1
    return needed
