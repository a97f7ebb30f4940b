"""What the book says of each made entity: rows, filled columns, first and last day, notes."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date

import duckdb

from kpicore.model.notes import Note, kept
from kpicore.model.schema import Entity, Type
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted

Seen = tuple[date | None, date | None]


def describe(
    connection: duckdb.DuckDBPyConnection, registry: Registry, entity: Entity, notes: Sequence[Note], made: str
) -> None:
    """Write the entity's line in the book; `made` is the fingerprint of the rows it was made from."""
    columns = list(registry.columns(entity.name))
    dates = [field for field in entity.fields if field.type is Type.DATE]
    facts = ["count(*)", *(f"count({quoted(column)})" for column in columns)]
    for each in dates:
        facts += [f"min({quoted(each.name)})", f"max({quoted(each.name)})"]
    (row,) = connection.execute(f"SELECT {', '.join(facts)} FROM kpi.{quoted(entity.name)}").fetchall()
    filled = dict(zip(columns, row[1:], strict=False))
    spans = list(zip(row[1 + len(columns) :: 2], row[2 + len(columns) :: 2], strict=True))
    real = [span for each, span in zip(dates, spans, strict=True) if not each.plan]
    connection.execute("DELETE FROM book.entity WHERE entity = ?", [entity.name])
    connection.execute(
        "INSERT INTO book.entity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            entity.name,
            row[0],
            json.dumps(filled),
            *_span(real),
            json.dumps([kept(note) for note in notes]),
            *_span(spans),
            made,
        ],
    )


def fingerprints(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return which rows the tables that are there were made from, by entity."""
    return dict(connection.execute("SELECT entity, made FROM book.entity").fetchall())


def reach(connection: duckdb.DuckDBPyConnection) -> Seen:
    """Return the first and last day of all dates of all entities, planned ones too."""
    ((first, last),) = connection.execute("SELECT min(earliest), max(latest) FROM book.entity").fetchall()
    return first, last


def drop_others(connection: duckdb.DuckDBPyConnection, kept: Collection[str]) -> bool:
    """Drop the tables of entities that are no longer there, such as a removed plugin's; return whether any was."""
    gone = [fingerprint for fingerprint in fingerprints(connection) if fingerprint not in kept]
    for each in gone:
        connection.execute(f"DROP VIEW IF EXISTS kpi.{quoted(each)}")
        connection.execute(f"DROP TABLE IF EXISTS made.{quoted(each)}")
        connection.execute("DELETE FROM book.entity WHERE entity = ?", [each])
    return bool(gone)


def _span(spans: Sequence[Seen]) -> Seen:
    firsts = [first for first, _ in spans if first]
    lasts = [last for _, last in spans if last]
    return min(firsts, default=None), max(lasts, default=None)
