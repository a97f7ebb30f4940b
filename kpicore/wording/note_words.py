"""The words of one kind of notes, as the core and plugins give them, and numbers with what is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields, place
from kpicore.model.field_kinds import Id
from kpicore.utils.isolation import contained

Values = Mapping[str, Any]
"""The values of a note by name."""

_MANY = re.compile(r"(\w+)s (have|were|are|end|of)\b")
_ONE = {"have": "has", "were": "was", "are": "is", "end": "ends", "of": "of"}


@dataclass(frozen=True, slots=True)
class NoteWords:
    """What notes of a kind say: a text with their values in it, or a function of these.

    `one` is the text for a note whose `rows` are a single one.

    >>> NoteWords("overdue", "{rows:,} books are overdue", "1 book is overdue").said({"rows": 1})
    '1 book is overdue'
    """

    kind: Id
    text: str | Callable[[Values], str]
    one: str = ""

    def __post_init__(self) -> None:
        check_fields(self, "note words", "kind")
        for name, text in (("text", self.text), ("one", self.one)):
            try:
                _ = [*Formatter().parse(text)] if isinstance(text, str) else []
            except ValueError as error:
                raise BadDefinition(place("note words", self.kind), f"its {name} is no format: {error}") from None

    def said(self, values: Values) -> str:
        """Return the words for these values. Raises whatever values do that are not of this kind."""
        if not isinstance(self.text, str):
            with contained():
                said = self.text(values)
            return said
        text = self.one if self.one and values["rows"] == 1 else self.text
        return text.format(**values)


def counted(number: int, many: str, one: str = "") -> str:
    """Return a number with what is told of so many rows; `one` is what is told of a single one.

    Without `one` the noun and the verb that `many` begins with are put into the singular.

    >>> counted(2, "rows have no id"), counted(1, "rows have no id")
    ('2 rows have no id', '1 row has no id')
    """
    if number == 1:
        many = one or _MANY.sub(lambda noun: f"{noun[1]} {_ONE[noun[2]]}", many, count=1)
    return f"{number:,} {many}"
