"""Rows that cannot be: loaded as they are given, and told, for they count in the wrong place or nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpicore.ingest.fields.derived_rows import BoundSql
from kpicore.language import Node, parse_row, row_sql
from kpicore.model.notes import Note
from kpicore.model.schema import Entity, RowCheck
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted
from kpicore.warehouse.duckdb.dialect import DUCKDB

if TYPE_CHECKING:
    from kpicore.ingest.derive.making import Making

_ENDS = {"<": "ends_before_start", "=": "ends_on_start"}
"""The kind of note on rows whose end, compared with their beginning, leaves them no day."""


def impossible_rows(making: Making, entity: Entity) -> Iterator[Note]:
    """Yield what to tell of the rows of a made table that cannot be, with their number."""
    for wrong, note in _wrong(making, entity):
        sql = f"SELECT count(*) FROM kpi.{quoted(entity.name)} WHERE {wrong.sql}"
        ((rows,),) = making.connection.execute(sql, wrong.values).fetchall()
        if rows:
            yield Note(note.kind, (("rows", int(rows)), *note.values))


def condition(check: RowCheck, entity: str, registry: Registry) -> Node:
    """Return the condition of rows that cannot be. Raises BadExpression."""
    where = f"check '{check.note}' of '{entity}'"
    return parse_row(check.wrong, registry.columns(entity), codes=registry.codes(entity), of_period=False, where=where)


def _wrong(making: Making, entity: Entity) -> Iterator[tuple[BoundSql, Note]]:
    for check in entity.checks:
        wrong = BoundSql()
        wanted = condition(check, entity.name, making.registry)
        wrong.sql = row_sql(wanted, column=quoted, bind=wrong.bind, dialect=DUCKDB)
        yield wrong, Note.of(check.note)
    possible = making.plan.possible
    for field in entity.fields:
        # an end is the first day after: one on the day of the start leaves no day either
        if field.ends and all((entity.name, name) in possible for name in (field.name, field.ends)):
            for sign, kind in _ENDS.items():
                ends = BoundSql(f"{quoted(field.name)} {sign} {quoted(field.ends)}")
                yield ends, Note.of(kind, end=field.name, start=field.ends)
