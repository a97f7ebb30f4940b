"""The tables `[words.order.status]` of kpi.toml, as they are written: words of sources and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kpicore.errors import BadConfig
from kpicore.model.codes import plain_word

TABLE = "words"
WordTables = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By entity, field and word: the code that the word means."""


def word_tables(file: Path, tables: Mapping[str, Any]) -> WordTables:
    """Return what the table `[words]` of a file holds. Raises BadConfig where it is none of words and codes."""
    for entity, fields in tables.items():
        for field, words in _table(file, f"{TABLE}.{entity}", fields).items():
            place, meant = f"{TABLE}.{entity}.{field}", dict[str, tuple[str, str]]()
            for word, code in _table(file, place, words).items():
                if not isinstance(code, str) or not plain_word(word):
                    raise BadConfig(f"{file} {place}", f'expected words in quotes, like {word!r} = "code"')
                before, said = meant.setdefault(plain_word(word), (word, code))
                if said != code:
                    raise BadConfig(f"{file} {place}", f"{before!r} and {word!r} are one word, and mean two codes")
    return tables


def _table(file: Path, place: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadConfig(f"{file} {place}", f"expected a table, write [{place}] on a line of its own")
    return value
