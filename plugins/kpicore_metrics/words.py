"""What the KPIs are called in Chinese, Hungarian, Russian, Romanian and Portuguese; English is their own."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import Words, hookimpl
from kpicore_metrics import words_hu, words_pt, words_ro, words_ru, words_zh

_LANGUAGES = {"zh": words_zh, "hu": words_hu, "ru": words_ru, "ro": words_ro, "pt": words_pt}


@hookimpl
def kpi_words() -> Iterator[Words]:
    for language, module in _LANGUAGES.items():
        for line in module.WORDS.strip().splitlines():
            id, description, names = (part.strip() for part in line.split("|"))
            yield Words(id, language, description, tuple(name.strip() for name in names.split(";")))
