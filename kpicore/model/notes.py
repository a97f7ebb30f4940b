"""What is to be known about a number, as a record: a kind and the values that it is about, without any words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from numbers import Integral, Number
from typing import Any, SupportsFloat

from kpicore.text.plain_text import said

NoteValue = None | bool | int | float | str | date | tuple["NoteValue", ...]

TEXT = "text"
"""The kind of a note that is but a text: one that an earlier version kept, or a plugin's own."""

TO_DATE = "to_date"
"""The kind that tells that the period is in progress."""

MATURING = "maturing"
"""The kind that tells that what the number counts can still change."""

LAGGING = "lagging"
"""The kind that tells by how many days the data of a source is older than that of the workspace."""

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

_AS_THEY_ARE = frozenset((type(None), bool, str, date, datetime))
_MOST_WHOLE = 2**1024


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about a number, or about why there is none.

    `Wording` alone has words for it: whoever decides looks at kind and values. Values that are no `NoteValue` become
    one when the note is made, so that any note can be compared, kept and read again: a number of a library is a
    plain one, a list a tuple, and what else there is, a number that is not finite too, its text.
    """

    kind: str
    values: tuple[tuple[str, NoteValue], ...] = ()

    def __post_init__(self) -> None:
        values = tuple([(name, _note_value(value)) for name, value in self.values])
        object.__setattr__(self, "values", values)

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
        """What it is about: equal of notes that say the same of other rows.

        Numbers, truth values, days and the period are left out.

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


def _note_value(value: Any) -> NoteValue:
    kind = type(value)  # first what nearly all are, as asking for a library's kinds takes ten times as long
    if kind in _AS_THEY_ARE or (kind is int and abs(value) < _MOST_WHOLE) or (kind is float and isfinite(value)):
        return value  # type: ignore[no-any-return]
    if kind is tuple or isinstance(value, tuple | list):
        return tuple([_note_value(part) for part in value])
    if isinstance(value, Integral):
        return int(value) if abs(int(value)) < _MOST_WHOLE else said(int(value))
    if isinstance(value, Number) and isinstance(value, SupportsFloat) and isfinite(value):
        return float(value)
    return said(value)


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
    return _day_or_instant(value["date"]) if isinstance(value, dict) else value


def _day_or_instant(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
