"""What is to be known about a number, as a record: a kind and the values that it is about, without any words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NoteValue = None | bool | int | float | str | date | tuple["NoteValue", ...]

TEXT = "text"
"""The kind of a note that is but a text: one that an earlier version kept, or a plugin's own."""

TO_DATE = "to_date"
"""The kind that tells that the period is in progress."""

MATURING = "maturing"
"""The kind that tells that what the number counts can still change."""

UNCOVERED = "uncovered"
"""The kind that tells which rows an input lacks that it ought to have."""

UNKNOWN_WORDS = "unknown_words"
"""The kind that tells which words of a closed field are no code of it, and how many rows have them."""

WITHOUT_VALUE = "without_value"
"""The kind that tells that another answer has no value, and its reason."""

NO_RATE = "no_rate"
"""The kind that tells how many rows have amounts in a currency that has no rate on their day."""

TOO_LARGE = "too_large"
"""The kind that tells which field of a plugin or an own one is left empty, as it comes to too large a number."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about a number, or about why there is none.

    `Wording` alone has words for it: whoever decides looks at kind and values.
    """

    kind: str
    values: tuple[tuple[str, NoteValue], ...] = ()

    @staticmethod
    def of(kind: str, /, **values: NoteValue) -> Note:
        """Return a note with its values by name.

        >>> Note.of("undated", entity="loan", rows=3).value("rows")
        3
        """
        return Note(kind, tuple(values.items()))

    def value(self, name: str) -> NoteValue:
        """Return one of its values, None where it has none of that name."""
        return next((value for key, value in self.values if key == name), None)

    @property
    def subject(self) -> tuple[object, ...]:
        """What it is about but for counts, days and the period: equal of notes that say the same of other rows.

        >>> Note.of("zero", entity="loan", rows=3).subject == Note.of("zero", entity="loan", rows=5).subject
        True
        """
        lasting = (
            value for value in self.values if value[0] != "period" and not isinstance(value[1], int | float | date)
        )
        return self.kind, *lasting

    def record(self) -> dict[str, Any]:
        """Return it as a dict that JSON can hold, days as text."""
        return {"kind": self.kind, "values": {name: _plain(value) for name, value in self.values}}


def kept(note: Note) -> dict[str, Any]:
    """Return a note as the catalog keeps it; `read` gives it back as it was."""
    return {"kind": note.kind, "values": {name: _kept(value) for name, value in note.values}}


def read(record: object) -> Note:
    """Return a note that the catalog kept; a text of an earlier version becomes a note that is but this text."""
    if not isinstance(record, Mapping):
        return Note.of(TEXT, text=str(record))
    return Note(str(record["kind"]), tuple((name, _read(value)) for name, value in record["values"].items()))


def _plain(value: NoteValue) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _kept(value: NoteValue) -> Any:
    if isinstance(value, tuple):
        return [_kept(part) for part in value]
    # JSON knows no days, and nothing else here is a dict: so `_read` tells a day from a text
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any) -> NoteValue:
    if isinstance(value, list):
        return tuple(_read(part) for part in value)
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value
