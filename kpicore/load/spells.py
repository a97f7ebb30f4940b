"""When customers were active, by the workspace's active rule: one row per stretch of time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from kpicore.entities import Type
from kpicore.expressions import parse_row, row_sql
from kpicore.load.columns import literal, quoted
from kpicore.notes import Note
from kpicore.warehouse.duckdb.dialect import DUCKDB

if TYPE_CHECKING:
    from kpicore.config import Config
    from kpicore.load.making import Making

SPELL = "customer_spell"
CORE = frozenset({"customer_id", "active_from", "active_to"})
"""The columns that do not come from the customer."""

KEPT = "status in ('completed', 'partly_refunded')"
"""An order that is not completed yet, or was taken back, is no purchase."""

_PURCHASE = {"order": ("customer_id", "ordered_on", "status"), "opportunity": ("customer_id", "closed_on", "outcome")}
_COUNTS = {"order": KEPT, "opportunity": "outcome = 'won'"}
_TERM = {"subscription": ("customer_id", "started_on", "ended_on"), "contract": ("customer_id", "starts_on", "ends_on")}


def spell_source(config: Config, loaded: Collection[str]) -> str:
    """Return the entity that shows who is active, "" when none of that kind is loaded.

    Under inactivity it is the orders, or the won deals of an organisation that loads no orders.
    """
    return next((each for each in _candidates(config) if each in loaded), "")


def _candidates(config: Config) -> tuple[str, ...]:
    rule = str(config.settings["active_rule"])
    return ("order", "opportunity") if rule == "inactivity" else (rule,)


def spell_reads(config: Config) -> tuple[tuple[str, str], ...]:
    """Return all that spells can be made from under the workspace's rule, as pairs of entity and field."""
    return tuple(
        (source, each) for source in _candidates(config) for each in ("", *{**_PURCHASE, **_TERM}.get(source, ()))
    )


def spell_needs(config: Config, loaded: Collection[str]) -> Callable[[str], tuple[tuple[str, str], ...]]:
    """Return what a column of the spells is made from, as pairs of entity and field."""

    def needs(column: str) -> tuple[tuple[str, str], ...]:
        source = spell_source(config, loaded)
        read = tuple((source, each) for each in {**_PURCHASE, **_TERM}.get(source, ()))
        return read if column in CORE else (*read, ("customer", column))

    return needs


def make_spells(making: Making) -> str:
    """Return the table of spells with their CORE columns; empty when nothing shows who is active."""
    source = spell_source(making.config, making.rows)
    table = "temp.main.spells"
    if not source:
        types = (
            "CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS DATE) AS active_from, CAST(NULL AS DATE) AS active_to"
        )
        making.connection.execute(f"CREATE OR REPLACE TEMP TABLE spells AS SELECT {types} WHERE FALSE")
        return table
    sql = _by_purchases(making, source) if source in _PURCHASE else _by_terms(making, source)
    making.connection.execute(f"CREATE OR REPLACE TEMP TABLE spells AS {sql}")
    return table


def _by_purchases(making: Making, source: str) -> str:
    customer, day, state = _PURCHASE[source]
    table = making.values(source, frozenset({customer, day, state}))
    condition = parse_row(_COUNTS[source], {state: Type.TEXT})
    counts = row_sql(condition, column=quoted, bind=lambda text: literal(str(text)), dialect=DUCKDB)
    _tell(making, source, f"{table} WHERE {counts} IS NOT FALSE", customer, day, counts)
    if source == "opportunity":
        making.note(SPELL, Note.of("deals_are_purchases"))
    gap = int(making.config.settings["inactivity_days"])
    today = f"DATE {literal(making.today.isoformat())}"
    return f"""
        WITH bought AS (
            SELECT DISTINCT {customer} AS customer_id, {day} AS day FROM {table}
            WHERE {customer} IS NOT NULL AND {day} IS NOT NULL AND {counts}
        ), apart AS (
            SELECT customer_id, day,
                coalesce(day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) > {gap}, TRUE) AS starts
            FROM bought
        ), numbered AS (
            SELECT customer_id, day,
                count(*) FILTER (WHERE starts) OVER (PARTITION BY customer_id ORDER BY day) AS spell
            FROM apart
        )
        SELECT customer_id, min(day) AS active_from,
            CASE WHEN max(day) + {gap} <= {today} THEN CAST(max(day) + {gap} AS DATE) END AS active_to
        FROM numbered GROUP BY customer_id, spell"""


def _by_terms(making: Making, source: str) -> str:
    customer, since, until = _TERM[source]
    table = making.values(source, frozenset({customer, since, until}))
    _tell(making, source, table, customer, since)
    return terms_merged(table, customer, since, until)


def _tell(making: Making, source: str, rows: str, customer: str, day: str, *conditions: str) -> None:
    """Tell of the rows that would make somebody active if more were known of them."""
    lacks = [f"{customer} IS NULL", f"{day} IS NULL", *(f"{each} IS NULL" for each in conditions)]
    counts = ", ".join(
        f"count(*) FILTER (WHERE {' AND '.join([each, *(f'NOT ({other})' for other in lacks[:at])])})"
        for at, each in enumerate(lacks)
    )
    (found,) = making.connection.execute(f"SELECT {counts} FROM {rows}").fetchall()
    for rows_lacking, what in zip(found, ("customer", "date", "known status"), strict=False):
        if rows_lacking:
            making.note(SPELL, Note.of("nobody_active", rows=rows_lacking, entity=source, lacking=what))


def terms_merged(table: str, customer: str, since: str, until: str) -> str:
    """Return a SELECT of spells: terms that overlap or touch are one, an open end makes it open."""
    return f"""
        WITH terms AS (
            SELECT {customer} AS customer_id, {since} AS since, coalesce({until}, DATE 'infinity') AS until
            FROM {table} WHERE {customer} IS NOT NULL AND {since} IS NOT NULL AND ({until} IS NULL OR {until} > {since})
        ), apart AS (
            SELECT customer_id, since, until, coalesce(since > max(until) OVER (
                PARTITION BY customer_id ORDER BY since, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TRUE
            ) AS starts FROM terms
        ), numbered AS (
            SELECT customer_id, since, until, count(*) FILTER (WHERE starts) OVER (
                PARTITION BY customer_id ORDER BY since, until ROWS UNBOUNDED PRECEDING
            ) AS spell FROM apart
        )
        SELECT customer_id, min(since) AS active_from, nullif(max(until), DATE 'infinity') AS active_to
        FROM numbered GROUP BY customer_id, spell"""
