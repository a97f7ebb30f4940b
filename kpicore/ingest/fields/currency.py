"""Amounts in foreign currencies: converted by the rate that is valid at the row's own main date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from kpicore.ingest.fields.derivations import Derivations, FieldDerivation
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.ingest.raw.sql_types import SQL_TYPES, given_fields
from kpicore.model.notes import NO_RATE, Note
from kpicore.model.schema import Entity, LookUp, Type
from kpicore.text.sql_text import literal, quoted

CURRENCY = "currency"
RATES = "temp.main.rates"


@dataclass(frozen=True, slots=True)
class Foreign:
    """The entity has amounts in other currencies than the organisation's."""

    entity: Entity
    currency: str
    today: date

    @property
    def amounts(self) -> tuple[str, ...]:
        """The fields that are converted."""
        return tuple(field.name for field in given_fields(self.entity) if field.type is Type.MONEY)

    def converted(self, amount: str) -> str:
        """Return SQL for the amount in the organisation's currency, null where there is no rate."""
        # no currency means the organisation's; of another one without a rate the amount times null is null
        own = f"coalesce({_code('here.' + CURRENCY)}, {literal(self.currency)}) = {literal(self.currency)}"
        # DuckDB gives the product of two decimals of 18 digits 18 digits too, 10 of them decimals: widened before
        product = f"CAST({amount} AS DECIMAL(38, 4)) * rates.rate"
        return f"CASE WHEN {own} THEN {amount} ELSE CAST({product} AS {SQL_TYPES[Type.MONEY]}) END"

    def join(self, day: str) -> str:
        """Return the join that brings the rate; a row without a date takes the rate of the data day."""
        when = (
            f"coalesce({day}, DATE {literal(self.today.isoformat())})"
            if day
            else f"DATE {literal(self.today.isoformat())}"
        )
        return (
            # of the rates that hold by that day the latest; ASOF takes one inequality, here >=
            f" ASOF LEFT JOIN {RATES} AS rates ON {_code('here.' + CURRENCY)} = rates.currency"
            f" AND {when} >= rates.rate_on"
        )


def keep_currency(connection: duckdb.DuckDBPyConnection, currency: str) -> None:
    """Write down the organisation's currency, in which amounts are made."""
    connection.execute("DELETE FROM book.currency")
    connection.execute("INSERT INTO book.currency (code) VALUES (?)", [currency])


def prepare_rates(connection: duckdb.DuckDBPyConnection, table: str | None) -> None:
    """Lay out the rates of the table for the joins; none when there is none."""
    rows = (
        # "eur" and "EUR" are two rows of one rate: the one that came last counts, and ASOF would take any
        f"SELECT {_code('currency')} AS currency, rate_on, arg_max(rate, place) AS rate"
        f" FROM (SELECT *, row_number() OVER () AS place FROM {table}) WHERE rate IS NOT NULL GROUP BY ALL"
        if table
        else "SELECT '' AS currency, DATE '1900-01-01' AS rate_on,"
        f" CAST(1 AS {SQL_TYPES[Type.NUMBER]}) AS rate WHERE FALSE"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE rates AS {rows}")


def conflicting_rates(connection: duckdb.DuckDBPyConnection, rows: str) -> list[Note]:
    """Return a note of rates that differ, of one day and of one currency that is spelled in several ways."""
    ((count,),) = connection.execute(
        f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {rows} WHERE rate IS NOT NULL"
        f" GROUP BY {_code(CURRENCY)}, rate_on HAVING count(DISTINCT rate) > 1)"
    ).fetchall()
    return [Note.of("repeated", rows=int(count), key=f"{CURRENCY} in any case and rate_on")] if count else []


def foreign(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, EntityRows],
    derivations: Derivations,
    currency: str,
    today: date,
) -> dict[str, Foreign]:
    """Return what is to be converted, by entity: none where all amounts are in the organisation's currency."""
    sure = {name for name, entity_rows in rows.items() if _is_any_given(connection, entity_rows, currency)}
    # A row may have its currency from one of another entity, and that from a third: until none is added.
    while True:
        filled = {name for name in rows if any(_may_fill(way, sure) for way in derivations.get((name, CURRENCY), ()))}
        if filled <= sure:
            break
        sure |= filled
    by_entity = {name: Foreign(rows[name].entity, currency, today) for name in sorted(sure)}
    # by "id" alone, as `missing_rates` finds the given row of a made one by it
    return {name: foreign for name, foreign in by_entity.items() if foreign.entity.key == ("id",) and foreign.amounts}


def _is_any_given(connection: duckdb.DuckDBPyConnection, rows: EntityRows, currency: str) -> bool:
    """Return whether a source gave rows in another currency than the organisation's."""
    field = rows.entity.field(CURRENCY)
    if field is None or field.type is not Type.TEXT:
        return False
    sql = f"SELECT 1 FROM {rows.table} WHERE {_code(CURRENCY)} <> ? LIMIT 1"
    return bool(connection.execute(sql, [currency]).fetchall())


def _may_fill(derivation: FieldDerivation, abroad: Collection[str]) -> bool:
    """Return whether a way to fill the currency may give another than the organisation's."""
    looked_up = isinstance(derivation.how, LookUp) and derivation.how.field == CURRENCY
    return not looked_up or derivation.other in abroad


def missing_rates(connection: duckdb.DuckDBPyConnection, foreign_amounts: Foreign, rows: str, day: str) -> list[Note]:
    """Return a note for each currency in which amounts were given (in `rows`) that found no rate."""
    amounts = " OR ".join(f"given.{quoted(amount)} IS NOT NULL" for amount in foreign_amounts.amounts)
    code = _code("here." + CURRENCY)
    found_rows = connection.execute(
        f"SELECT {code} AS code, count(*) FROM kpi.{quoted(foreign_amounts.entity.name)} AS here"
        f" JOIN {rows} AS given ON given.id = here.id"
        f"{foreign_amounts.join('here.' + quoted(day) if day else '')}"
        f" WHERE rates.rate IS NULL AND {code} <> ? AND ({amounts}) GROUP BY 1 ORDER BY 1",
        [foreign_amounts.currency],
    ).fetchall()
    return [Note.of(NO_RATE, rows=count, currency=code) for code, count in found_rows]


def _code(column: str) -> str:
    return f"upper(trim({column}))"
