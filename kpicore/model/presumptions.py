"""What fields presume: facts beside their rows without which they tell nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpicore.model.checked import check_fields
from kpicore.model.field_kinds import Id, Line

if TYPE_CHECKING:
    from kpicore.model.evidence import Evidence
    from kpicore.model.notes import Note
else:
    Evidence = Note = object  # a record checks that its functions are some, whatever they give

Tables = Any  # kpicore.Tables, which stands above the records: the made tables that a function may look at


def _nothing(tables: Tables) -> Iterable[Note]:
    return ()


@dataclass(frozen=True, slots=True)
class Presumption:
    """Something that must be known for a field to tell anything, which the field names in `presumes`.

    Where it is not known, what reads the field has no value, and the `reason`, such as "no_opening_hours", which
    `words` say, by default its own name. `look` tells what the data knows of it, and `remedies` how people can give it.
    Rows of `dated_in` stand for the days that a question is about: it needs to hold by the last of them, with
    `each_day` on the first one too. All other rows are as they are on the day of the data. What is presumed of
    `each_day` says nothing of rows that stand on no day: for these `otherwise` is presumed as well.
    """

    name: Id
    meaning: Line
    reason: Id
    look: Callable[[Tables], Evidence]
    dated_in: str = ""
    each_day: bool = False
    otherwise: str = ""
    remedies: Callable[[Tables], Iterable[Note]] = _nothing
    words: Line = ""

    def __post_init__(self) -> None:
        check_fields(self, "presumption", "name")
