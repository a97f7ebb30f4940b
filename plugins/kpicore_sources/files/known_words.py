"""The table of words by which files and columns are known."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_SECTIONS = ("truth", "other", "common")


@dataclass(frozen=True, slots=True)
class KnownWords:
    """`fields` gives the words of each entity's fields, `files` those of its file names."""

    common: Mapping[str, Sequence[str]]
    fields: Mapping[str, Mapping[str, Sequence[str]]]
    files: Mapping[str, Sequence[str]]
    yes: Sequence[str]
    no: Sequence[str]
    empty: Sequence[str]
    empty_number: Sequence[str]
    total: Sequence[str]

    def knows(self, entity: str, field: str) -> bool:
        """Return whether columns are known for the field by other names than its own."""
        return field in self.common or field in self.fields.get(entity, {})

    def of(self, entity: str, field: str) -> Sequence[str]:
        """Return the words for a field, its own name first."""
        return [plain(field), *self.fields.get(entity, {}).get(field, ()), *self.common.get(field, ())]


def read_words() -> KnownWords:
    """Return the table that comes with the plugin."""
    tables: dict[str, Any] = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    entities = {name: _plain_words(table) for name, table in tables.items() if name not in _SECTIONS}
    return KnownWords(
        common=_plain_words(tables["common"]),
        fields={
            name: {field: words for field, words in table.items() if field != "files"}
            for name, table in entities.items()
        },
        files={name: table["files"] for name, table in entities.items()},
        yes=tables["truth"]["yes"],
        no=tables["truth"]["no"],
        empty=tables["other"]["empty"],
        empty_number=tables["other"]["empty_number"],
        total=_plain_words(tables["other"])["total"],
    )


def _plain_words(table: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: [plain(word) for word in words] for name, words in table.items()}


def plain(text: str) -> str:
    """Return a name as in the table: lower case, no accents, words set apart by one space.

    >>> plain("InvoiceNo"), plain("Größe (m²)"), plain("close_date")
    ('invoice no', 'grosse m2', 'close date')
    """
    # "InvoiceNo" parts before a capital behind small letters, "HTMLPage" before the last one of several
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(letter))
    bare = unicodedata.normalize("NFC", bare)  # Korean syllables were taken apart too
    return " ".join(re.findall(r"\w+", bare.replace("_", " ").casefold()))
