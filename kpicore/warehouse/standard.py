"""The dialect of standard SQL: most of what a warehouse says, so that its own dialect is what it says differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpicore.language.dialect import Bind, Column, kept
from kpicore.model.schema import Type
from kpicore.text.sql_text import quoted


class StandardDialect:
    """Standard SQL, with `$1` for a value. Subclass it and write over what the warehouse spells in another way."""

    can_mask_months = False

    def placeholder(self, number: int) -> str:
        """Return where the value of that number goes."""
        return f"${number}"

    def quote(self, name: str) -> str:
        """Return a name in double quotes."""
        return quoted(name)

    def type_of(self, type: Type) -> str:
        """Return the type of a column."""
        return {
            Type.TEXT: "VARCHAR",
            Type.INTEGER: "BIGINT",
            Type.NUMBER: "DECIMAL(18, 6)",
            Type.MONEY: "DECIMAL(18, 4)",
            Type.BOOLEAN: "BOOLEAN",
            Type.DATE: "DATE",
            Type.MOMENT: "TIMESTAMP",
        }[type]

    def double(self, value: str) -> str:
        """Return a number as a double."""
        return f"CAST({value} AS DOUBLE PRECISION)"

    def whole(self, total: str, scale: int) -> str:
        """Return a total as a whole number."""
        # of 4 decimals 10**4: what Python gets is a whole number in ten thousandths, to be added up exactly
        return f"CAST({total} * {10**scale} AS DECIMAL(38, 0))"

    def days(self, start: str, end: str) -> str:
        """Return the days from one day to another."""
        return f"({end} - {start})"

    def span(self, start: str, end: str) -> str:
        """Return the same."""
        return f"({end} - {start})"

    def plus_days(self, day: str, days: int) -> str:
        """Return the day so many days later."""
        return f"{day} {'-' if days < 0 else '+'} {abs(days)}"

    def moments(self, start: str, end: str, seconds: int) -> str:
        """Return the time between two moments."""
        return f"CAST(extract(EPOCH FROM ({end} - {start})) / {seconds} AS DECIMAL(18, 6))"

    def quotient(self, dividend: str, divisor: str) -> str:
        """Return what two doubles come to."""
        return f"CAST({self.double(dividend)} / nullif({self.double(divisor)}, 0) AS DECIMAL(38, 9))"

    def percentile(self, value: str, share: str, keep: str = "") -> str:
        """Return the value below which a share of the values lies."""
        return f"percentile_cont({share}) WITHIN GROUP (ORDER BY {self.double(value)}){kept(keep)}"

    def first_by(self, value: str, order: Sequence[str], keep: str = "") -> str:
        """Return the value of the first row."""
        by = ", ".join(f"{term} ASC NULLS LAST" for term in order)
        # Not first_value: that is a window. An array keeps a null that stands first.
        return f"(array_agg({value} ORDER BY {by}){kept(keep)})[1]"

    def last_by(self, value: str, order: Sequence[str], keep: str = "") -> str:
        """Return the value of the last row."""
        by = ", ".join(f"{term} DESC NULLS FIRST" for term in order)
        return f"(array_agg({value} ORDER BY {by}){kept(keep)})[1]"

    def far_future(self) -> str:
        """Return the last day of the year 9999."""
        return "DATE '9999-12-31'"

    def has_bit(self, number: str, bit: int) -> str:
        """Return whether a number has a bit."""
        # no "&" in standard SQL: of 13 = 0b1101 the bit 4 is set, as 13 % 8 = 5 is 4 or more
        return f"{number} % {2 * bit} >= {bit}"

    def rows(self, rows: Sequence[Sequence[str]], alias: str, names: Sequence[str]) -> str:
        """Return terms as a table."""
        listed = ", ".join(f"({', '.join(row)})" for row in rows)
        return f"(VALUES {listed}) AS {alias}({', '.join(names)})"

    def table(self, columns: Mapping[str, Column], bind: Bind) -> str:
        """Return a SELECT of values of ours."""
        names = [self.quote(column) for column in columns]
        types = [type_ for type_, _ in columns.values()]
        rows = zip(*(values for _, values in columns.values()), strict=True)
        cells = [[f"CAST({bind(value)} AS {type_})" for value, type_ in zip(row, types, strict=True)] for row in rows]
        # VALUES without a row is no SQL, and a null without a type none that a union takes
        if not cells:
            empty = ", ".join(f"CAST(NULL AS {type_}) AS {name}" for type_, name in zip(types, names, strict=True))
            return f"SELECT {empty} WHERE FALSE"
        return f"SELECT * FROM {self.rows(cells, 'given', names)}"
