"""What the book says of each made entity: rows, filled columns, first and last day, notes; the calendar of all days."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import duckdb

from kpicore.calendar import Calendar
from kpicore.model.notes import Note, kept
from kpicore.model.schema import Entity, Type
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted

Seen = tuple[date | None, date | None]

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
"""Days outside are slips of the pen; no period of the calendar reaches them."""

_YEAR = timedelta(days=366)


def describe(
    connection: duckdb.DuckDBPyConnection, registry: Registry, entity: Entity, notes: Sequence[Note], fingerprint: str
) -> None:
    """Write the entity's line in the book; `fingerprint` is that of the rows it was made from."""
    columns = list(registry.columns(entity.name))
    dates = [field for field in entity.fields if field.type is Type.DATE]
    facts = ["count(*)", *(f"count({quoted(column)})" for column in columns)]
    for field in dates:
        facts += [f"min({quoted(field.name)})", f"max({quoted(field.name)})"]
    # one pass over the table: its rows, a count a column, then the first and last day of each date in turn
    (row,) = connection.execute(f"SELECT {', '.join(facts)} FROM kpi.{quoted(entity.name)}").fetchall()
    filled = dict(zip(columns, row[1:], strict=False))
    spans = list(zip(row[1 + len(columns) :: 2], row[2 + len(columns) :: 2], strict=True))
    # days that are planned may lie years ahead, and say nothing of how far the data reaches
    real = [span for field, span in zip(dates, spans, strict=True) if not field.plan]
    connection.execute("DELETE FROM book.entity WHERE entity = ?", [entity.name])
    connection.execute(
        # by their place in `layout.TABLES`: spans without planned days come before those with them
        "INSERT INTO book.entity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            entity.name,
            row[0],
            json.dumps(filled),
            *_span(real),
            json.dumps([kept(note) for note in notes]),
            *_span(spans),
            fingerprint,
        ],
    )


def made_from(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return which rows the tables that are there were made from, by entity."""
    return dict(connection.execute("SELECT entity, made FROM book.entity").fetchall())


def reach(connection: duckdb.DuckDBPyConnection) -> Seen:
    """Return the first and last day of all dates of all entities, planned ones too."""
    ((first, last),) = connection.execute("SELECT min(earliest), max(latest) FROM book.entity").fetchall()
    return first, last


def make_calendar(connection: duckdb.DuckDBPyConnection, calendar: Calendar, seen: Sequence[date | None]) -> None:
    """Write the days from a year before the first day seen to five years after the last."""
    # never empty: the day of the data is among them
    known = [min(LAST, max(FIRST, day)) for day in seen if day]
    days = calendar.rows(min(known) - _YEAR, max(known) + 5 * _YEAR)
    types = ["DATE", *["INTEGER"] * (len(Calendar.COLUMNS) - 1)]
    columns = ", ".join(
        f'unnest(CAST(${number} AS {type_}[])) AS "{name}"'
        for number, (name, type_) in enumerate(zip(Calendar.COLUMNS, types, strict=True), 1)
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE kpi.calendar AS SELECT {columns}",
        [list(column) for column in zip(*days, strict=True)],
    )


def drop_others(connection: duckdb.DuckDBPyConnection, kept: Collection[str]) -> bool:
    """Drop the tables of entities that are no longer there, such as a removed plugin's; return whether any was."""
    gone = [entity for entity in made_from(connection) if entity not in kept]
    for entity in gone:
        connection.execute(f"DROP VIEW IF EXISTS kpi.{quoted(entity)}")
        connection.execute(f"DROP TABLE IF EXISTS made.{quoted(entity)}")
        connection.execute("DELETE FROM book.entity WHERE entity = ?", [entity])
    return bool(gone)


def _span(spans: Sequence[Seen]) -> Seen:
    firsts = [first for first, _ in spans if first]
    lasts = [last for _, last in spans if last]
    return min(firsts, default=None), max(lasts, default=None)
