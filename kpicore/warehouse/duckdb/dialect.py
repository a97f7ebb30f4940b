"""What DuckDB writes differently from standard SQL, mostly because it is faster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpicore.language.dialect import Bind, Column, kept
from kpicore.warehouse.standard import StandardDialect


class DuckDBDialect(StandardDialect):
    """SQL as DuckDB reads it."""

    can_mask_months = True

    def double(self, value: str) -> str:
        """Return a number as a double."""
        return f"CAST({value} AS DOUBLE)"

    def whole(self, total: str, scale: int) -> str:
        """Return a total as a whole number: it is an integer to Python, a decimal would be none."""
        # 38 digits in 128 bits: a double is exact up to 2**53, in ten thousandths no more than 900 billion
        return f"CAST({total} * {10**scale} AS HUGEINT)"

    def days(self, start: str, end: str) -> str:
        """Return the days from one day to another."""
        return f"date_diff('day', {start}, {end})"

    def moments(self, start: str, end: str, seconds: int) -> str:
        """Return the time between two moments."""
        # Microseconds over the unit's seconds are millionths of the unit: a whole number once rounded.
        millionths = f"CAST(round((epoch_us({end}) - epoch_us({start})) / {seconds}) AS BIGINT)"
        return f"({millionths} * CAST('0.000001' AS DECIMAL(6, 6)))"

    def percentile(self, value: str, share: str, keep: str = "") -> str:
        """Return the value below which a share of the values lies."""
        return f"quantile_cont({self.double(value)}, {share}){kept(keep)}"

    def first_by(self, value: str, order: Sequence[str], keep: str = "") -> str:
        """Return the value of the first row."""
        return f"arg_min_null({value}, {_together(order)}){kept(keep)}"

    def last_by(self, value: str, order: Sequence[str], keep: str = "") -> str:
        """Return the value of the last row."""
        return f"arg_max_null({value}, {_together(order)}){kept(keep)}"

    def far_future(self) -> str:
        """Return the day that is later than all others."""
        return "DATE 'infinity'"

    def has_bit(self, number: str, bit: int) -> str:
        """Return whether a number has a bit."""
        # "&" binds before ">" in DuckDB: 5 & 4 > 0 is (5 & 4) > 0
        return f"{number} & {bit} > 0"

    def table(self, columns: Mapping[str, Column], bind: Bind) -> str:
        """Return a SELECT of values of ours: each column is one value, a list, however many rows there are."""
        listed = (
            f"unnest(CAST({bind(values)} AS {type_}[])) AS {self.quote(name)}"
            for name, (type_, values) in columns.items()
        )
        return f"SELECT {', '.join(listed)}"


DUCKDB = DuckDBDialect()


def _together(order: Sequence[str]) -> str:
    """Return the terms of an order as one that aggregates compare; a row of one would be slower."""
    return order[0] if len(order) == 1 else f"row({', '.join(order)})"
