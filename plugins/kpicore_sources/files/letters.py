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
# A final sigma inside a word, a capital after a small letter, half-width katakana, hangul beside
# Chinese signs: marks of a wrong reading.
_UNLIKELY = re.compile(r"ς(?=[^\W\d_])|[а-яёα-ωά-ώ][А-ЯЁΑ-ΩΆ-Ώ]|[\uff61-\uff9f]|[가-힣][一-鿿]|[一-鿿][가-힣]")
_PLAIN_SIGNS = "€£¥§°©®™–—‘’“”„…«»·•№×½¼¾²³µ\u00a0\u00ad\ufeff"


def languages_needed(text: str) -> int:
    """Return how many languages explain the letters beyond ASCII, and more for signs of a wrong reading.

    A letter of no language adds 2, and so does a word of two scripts.

    >>> languages_needed("Situação"), languages_needed("Situaçăo")
    (1, 2)
    """
    lowered = text.lower()
    # from U+2E80 on stand the signs of Chinese, Japanese and Korean, which no language of the table explains
    left = {letter for letter in lowered if 127 < ord(letter) < 0x2E80 and letter not in _PLAIN_SIGNS}
    needed = 2 * len(_MIXED_SCRIPTS.findall(lowered)) + len(_UNLIKELY.findall(text))
    while left:
        # the language that explains most of what is left, and so on: few languages, though not always the fewest
        explained = max((left & set(letters) for letters in _LANGUAGES.values()), key=len)
        if not explained:
            return needed + 2 * len(left)
        left -= explained
        needed += 1
    return needed
