"""What the data knows of what fields presume."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpicore.model.checked import check_fields
from kpicore.model.notes import Note


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the data knows of a presumption: that it holds from `since` on, None on no day.

    `detail` is what to say of days before. Where a source `gave` it, that is told of a period which begins before
    `since`, by `begun`. Where it gave none, a field that presumes it and that no row has lacks it: `lacking` is what
    to say then, else which fields those are.
    """

    since: date | None = date.min
    detail: Note | None = None
    begun: Note | None = None
    gave: bool = True
    lacking: Note | None = None

    def __post_init__(self) -> None:
        check_fields(self, "evidence")
