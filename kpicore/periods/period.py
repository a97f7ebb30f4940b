"""The two records of time: a grain (month, fiscal quarter, …) and a period (2026-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum


class Grain(Enum):
    """A kind of period that covers all time without gaps. The value names its column in the calendar table."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    FISCAL_MONTH = "fiscal_month"
    FISCAL_QUARTER = "fiscal_quarter"
    FISCAL_HALF = "fiscal_half"
    FISCAL_YEAR = "fiscal_year"

    @property
    def words(self) -> str:
        """Return the name as people write it: "fiscal quarter"."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to but not including `end`.

    `grain` and `id` are set when it is one unit of a grain (2026-03, never 2026-03-01..2026-03-31).
    `to_date_of` is set when it is the elapsed part of such a unit (ytd, mtd): its key is the plain
    range, but its earlier period is the same span one unit before.
    """

    key: str
    start: date
    end: date
    grain: Grain | None = None
    id: int | None = None
    to_date_of: Grain | None = None

    @property
    def days(self) -> int:
        """Return the number of days, at least 1."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.end - timedelta(days=1)

    def __str__(self) -> str:
        return self.key


def span(start: date, last: date, to_date_of: Grain | None = None) -> Period:
    """Return the period from `start` to `last`, both included; its key is written in days."""
    return Period(f"{start}..{last}", start, last + timedelta(days=1), to_date_of=to_date_of)
