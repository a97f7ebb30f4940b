"""What the book says of each made entity: rows, filled columns, first and last day, notes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import duckdb

from kpicore.entities import Entity, Type
from kpicore.load.columns import quoted
from kpicore.registry import Registry

Seen = tuple[date | None, date | None]


def describe(connection: duckdb.DuckDBPyConnection, registry: Registry, entity: Entity, notes: Sequence[str]) -> Seen:
    """Write the entity's line in the book; return the first and last day over ALL its dates, planned ones too."""
    columns = list(registry.columns(entity.name))
    dates = [each for each in entity.fields if each.type is Type.DATE]
    facts = ["count(*)", *(f"count({quoted(each)})" for each in columns)]
    for each in dates:
        facts += [f"min({quoted(each.name)})", f"max({quoted(each.name)})"]
    (row,) = connection.execute(f"SELECT {', '.join(facts)} FROM kpi.{quoted(entity.name)}").fetchall()
    filled = dict(zip(columns, row[1:], strict=False))
    spans = list(zip(row[1 + len(columns) :: 2], row[2 + len(columns) :: 2], strict=True))
    real = [span for each, span in zip(dates, spans, strict=True) if not each.plan]
    connection.execute("DELETE FROM book.entity WHERE entity = ?", [entity.name])
    connection.execute(
        "INSERT INTO book.entity VALUES (?, ?, ?, ?, ?, ?)",
        [entity.name, row[0], json.dumps(filled), *_span(real), json.dumps(list(notes))],
    )
    return _span(spans)


def _span(spans: Sequence[Seen]) -> Seen:
    firsts = [first for first, _ in spans if first]
    lasts = [last for _, last in spans if last]
    return min(firsts, default=None), max(lasts, default=None)
