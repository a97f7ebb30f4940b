"""The ids of what a table leaves in a spreadsheet: all of them follow from its name, so that every run finds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

MARK_KEY, STATE_KEY, STAGING_KEY = "kpicore.mark", "kpicore.state", "kpicore.staging"
_MOST = 2**31 - 1
_AREA, _AREA_LENGTH = re.compile(r"kpi[0-9a-f]{16}"), 19


@dataclass(frozen=True, slots=True)
class TableIds:
    """What a table is found by. Ids of metadata, charts and protections are positive numbers of 31 bits."""

    area: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    state: int
    guard: int

    @property
    def marks(self) -> tuple[int, int, int, int]:
        """The ids of the four marks: first and last row, first and last column."""
        return self.first_row, self.last_row, self.first_column, self.last_column

    def chart(self, number: int) -> int:
        """Return the id of a chart of the table."""
        return number_id(f"{self.area}/chart {number}")

    def fence(self, generation: int) -> str:
        """Return the id of the named range that stands for a generation."""
        return f"{self.area}g{generation}"

    def name(self, number: int) -> str:
        """Return the id of a named range on a single cell of the table."""
        return f"{self.area}n{number}"

    def is_name(self, id: str) -> bool:
        """Return whether an id is that of a named range on a single cell of the table."""
        return id.startswith(f"{self.area}n")

    def generation(self, id: str) -> int | None:
        """Return the generation that the id of a named range stands for, None where it is another one."""
        number = id.removeprefix(f"{self.area}g")
        return int(number) if number != id and number.isdecimal() else None


def area_of(id: str) -> str:
    """Return the id of the area of the table that a named range with this id belongs to, if it is of one."""
    return id[:_AREA_LENGTH]


def is_area(id: str) -> bool:
    """Return whether the id of a named range is that of the area of some table."""
    return _AREA.fullmatch(id) is not None


def moving_name(name: str) -> str:
    """Return the name under which a table reserves the cells to which it moves: no `[[sheet]]` can be called so."""
    return f"_{name}"


def owner(name: str) -> str:
    """Return the name of the table that goes by this name, or reserves under it."""
    return name.removeprefix("_")


@cache
def table_ids(name: str) -> TableIds:
    """Return the ids of a table."""
    parts = ("first row", "last row", "first column", "last column", "state", "guard")
    return TableIds(f"kpi{sha256(name.encode()).hexdigest()[:16]}", *(number_id(f"{name}/{part}") for part in parts))


def number_id(text: str) -> int:
    """Return the number that stands for a text."""
    return int.from_bytes(sha256(f"kpicore/{text}".encode()).digest()[:8], "big") % _MOST + 1
