"""What the handler of a request is given: the spreadsheet as it becomes, who edits, and ids for new things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.grid_range import GridRange, range_of
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import may_edit

Handler = Callable[["Editing", Json], Json]
"""What a kind of request does; returns its reply."""

_PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection "
    "if you need to edit."
)


@dataclass(frozen=True, slots=True)
class Editing:
    """One batch in the making. `account` is who edits, "" for the owner, whom no protection stops."""

    spreadsheet: EmulatedSpreadsheet
    ids: Iterator[int]
    account: str = ""
    strict_deletes: bool = False

    def new_id(self, taken: set[int], wanted: int | None = None, what: str = "id") -> int:
        """Return the id that was asked for, or one that is free. Raises GoogleRefusal for one that is taken."""
        if wanted:
            if wanted in taken:
                raise GoogleRefusal(f"Cannot add {what} with id {wanted}: it already exists.")
            return wanted
        return next(id for id in self.ids if id not in taken)

    def guard(self, rectangle: GridRange) -> None:
        """Refuse a change of cells that are protected from who edits."""
        if not self.account:
            return
        for tab in self.spreadsheet.tabs:
            if tab.sheet_id == rectangle.sheet_id:
                for protected in tab.protected:
                    if self._refuses(protected, rectangle):
                        raise GoogleRefusal(_PROTECTED)

    def _refuses(self, protected: Json, rectangle: GridRange) -> bool:
        if may_edit(protected, self.account):
            return False
        free = [range_of(given) for given in protected.get("unprotectedRanges", ())]
        where = protected.get("range", {"sheetId": rectangle.sheet_id})
        return range_of(where).meets(rectangle) and not any(given.holds(rectangle) for given in free)
