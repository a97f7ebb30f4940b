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

    @property
    def is_fiscal(self) -> bool:
        """Whether it is a unit of the organisation's own year."""
        return self.value.startswith("fiscal_")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to but not including `end`.

    `grain` and `id` are set when it is one unit of a grain: 2026-03, and 2026-03-01..2026-03-31 as well.
    `whole` is set when it is the elapsed part of a period (ytd, mtd): its key is the plain range, but its
    earlier period is the same part of an earlier whole. `months` is set on a range of whole months that is
    no unit: MONTH or FISCAL_MONTH. A rolling range (trailing 30 days) is never a unit, whatever its days.
    """

    key: str
    start: date
    end: date
    grain: Grain | None = None
    id: int | None = None
    whole: Period | None = None
    months: Grain | None = None

    def __hash__(self) -> int:
        return hash(self.key)  # keys that are equal are few, and the generated one hashes seven fields

    @property
    def to_date_of(self) -> Grain | None:
        """Return the grain of the unit of which it is the elapsed part, None for any other period."""
        return self.whole.grain if self.whole is not None else None

    @property
    def days(self) -> int:
        """Return the number of days, at least 1."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.end - timedelta(days=1)

    @property
    def with_days(self) -> str:
        """Return its key with its days, "2026-Q1 (2026-01-01..2026-03-31)"; the days alone where they are the key."""
        days = f"{self.start}..{self.last}" if self.days > 1 else f"{self.start}"
        return self.key if self.key in (days, f"{self.start}..{self.last}") else f"{self.key} ({days})"

    def __str__(self) -> str:
        return self.key


def span(start: date, last: date, whole: Period | None = None, months: Grain | None = None) -> Period:
    """Return the range from `start` to `last`, both included; its key is written in days."""
    return Period(f"{start}..{last}", start, last + timedelta(days=1), whole=whole, months=months)
