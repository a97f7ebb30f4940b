"""What differs between warehouses when a row expression is printed as SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kpicore.entities import Type


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one warehouse writes what the others write differently.

    `quote` quotes a name. `types` names the column types. `date_difference(a, b)` is the whole number
    of days from a to b; `moment_difference(a, b, seconds)` the exact time from a to b in units of so
    many seconds, as a decimal of 6 places. `quotient(a, b)` is a / b as double,
    rounded half away from zero to 9 places, null where b is 0.
    """

    name: str
    quote: Callable[[str], str]
    types: Callable[[Type], str]
    date_difference: Callable[[str, str], str]
    moment_difference: Callable[[str, str, int], str]
    quotient: Callable[[str, str], str]


def quoted(name: str) -> str:
    """Return the name in double quotes, as standard SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _type(type: Type) -> str:
    return {
        Type.TEXT: "VARCHAR",
        Type.INTEGER: "BIGINT",
        Type.NUMBER: "DECIMAL(18, 6)",
        Type.MONEY: "DECIMAL(18, 4)",
        Type.BOOLEAN: "BOOLEAN",
        Type.DATE: "DATE",
        Type.MOMENT: "TIMESTAMP",
    }[type]


def _date_difference(a: str, b: str) -> str:
    return f"date_diff('day', {a}, {b})"


def _moment_difference(a: str, b: str, seconds: int) -> str:
    # Microseconds over the unit's seconds are millionths of the unit: a whole number once rounded.
    millionths = f"CAST(round((epoch_us({b}) - epoch_us({a})) / {seconds}) AS BIGINT)"
    return f"({millionths} * CAST('0.000001' AS DECIMAL(6, 6)))"


def _quotient(a: str, b: str) -> str:
    return f"CAST(CAST({a} AS DOUBLE) / nullif(CAST({b} AS DOUBLE), 0) AS DECIMAL(38, 9))"


DUCKDB = Dialect("duckdb", quoted, _type, _date_difference, _moment_difference, _quotient)
