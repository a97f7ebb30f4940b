"""What warehouses write differently in the SQL that reads them: the one place where a statement may differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from kpicore.model.schema import Type

Bind = Callable[[object], str]
Column = tuple[str, Sequence[object]]
"""The type of a column in SQL, and its values."""


class Dialect(Protocol):
    """How one warehouse writes what the others write differently. All it takes and gives is SQL, but where it is said.

    It has no state. A null in an argument is a null in the result, but where it is said.
    """

    @property
    def can_mask_months(self) -> bool:
        """Whether it has lists and bits of whole numbers, so that one scan can count what differs in months,
        quarters and years; else each length is a scan."""
        ...

    def placeholder(self, number: int) -> str:
        """Return where the value of that number goes, from 1 on. Numbers stand in a statement in any order."""
        ...

    def quote(self, name: str) -> str:
        """Return a name as an identifier, whatever signs are in it."""
        ...

    def type_of(self, type: Type) -> str:
        """Return the type of a column: 4 decimals for MONEY and 6 for NUMBER, a MOMENT in UTC without a zone."""
        ...

    def double(self, value: str) -> str:
        """Return a number as a float of 64 bits."""
        ...

    def whole(self, total: str, scale: int) -> str:
        """Return a total with so many decimals, times 10 to the power of `scale`, as a whole number of 38 digits."""
        ...

    def days(self, start: str, end: str) -> str:
        """Return the whole number of days from one day to another."""
        ...

    def span(self, start: str, end: str) -> str:
        """Return the same for days of which none is null, as a term that millions of rows are summed up by."""
        ...

    def plus_days(self, day: str, days: int) -> str:
        """Return the day so many days later, of a negative number earlier."""
        ...

    def moments(self, start: str, end: str, seconds: int) -> str:
        """Return the time between two moments in units of so many seconds, rounded to a decimal of 6 places."""
        ...

    def quotient(self, dividend: str, divisor: str) -> str:
        """Return what two doubles come to, rounded half away from zero to 9 places; null where the divisor is 0."""
        ...

    def percentile(self, value: str, share: str, keep: str = "") -> str:
        """Return the value below which a share of the values lies, as a double between the two nearest ones.

        Of the rows for which `keep` holds, where it is given; nulls are left out.
        """
        ...

    def first_by(self, value: str, order: Sequence[str], keep: str = "") -> str:
        """Return the value, null or not, of the first row in an order; a null in the order comes after all else."""
        ...

    def last_by(self, value: str, order: Sequence[str], keep: str = "") -> str:
        """Return the value, null or not, of the last row in the same order."""
        ...

    def far_future(self) -> str:
        """Return a day that lies after all others."""
        ...

    def has_bit(self, number: str, bit: int) -> str:
        """Return whether a whole number that is not negative has a bit, given as a power of two."""
        ...

    def rows(self, rows: Sequence[Sequence[str]], alias: str, names: Sequence[str]) -> str:
        """Return terms as the rows of a table with that alias and these columns, ready for FROM."""
        ...

    def table(self, columns: Mapping[str, Column], bind: Bind) -> str:
        """Return a SELECT of columns that are values of ours, all of one length; `bind` makes a value SQL."""
        ...


def kept(condition: str) -> str:
    """Return the filter of an aggregate: of the rows for which the condition holds, "" without one."""
    return f" FILTER (WHERE {condition})" if condition else ""
