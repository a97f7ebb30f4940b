"""Rows that cannot be: loaded as they are given, and told, for they count in the wrong place or nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpicore.entities import Entity
from kpicore.expressions import parse_row, row_sql
from kpicore.load.columns import quoted
from kpicore.load.filled import Statement
from kpicore.notes import Note

if TYPE_CHECKING:
    from kpicore.load.making import Making

_ENDS = {"<": "ends_before_start", "=": "ends_on_start"}
"""The kind of note on rows whose end, compared with their beginning, leaves them no day."""


def impossible_rows(making: Making, entity: Entity) -> Iterator[Note]:
    """Yield what to tell of the rows of a made table that cannot be, with their number."""
    for wrong, note in _wrong(making, entity):
        sql = f"SELECT count(*) FROM kpi.{quoted(entity.name)} WHERE {wrong.sql}"
        ((rows,),) = making.connection.execute(sql, wrong.values).fetchall()
        if rows:
            yield Note(note.kind, (("rows", int(rows)), *note.values))


def _wrong(making: Making, entity: Entity) -> Iterator[tuple[Statement, Note]]:
    columns, codes = making.registry.columns(entity.name), making.registry.codes(entity.name)
    for check in entity.checks:
        wrong = Statement()
        node = parse_row(check.wrong, columns, codes=codes, where=f"check of entity '{entity.name}'")
        wrong.sql = row_sql(node, column=quoted, bind=wrong.bind)
        yield wrong, Note.of(check.note)
    possible = making.definitions.possible
    for each in entity.fields:
        if each.ends and all((entity.name, name) in possible for name in (each.name, each.ends)):
            for sign, kind in _ENDS.items():
                ends = Statement(f"{quoted(each.name)} {sign} {quoted(each.ends)}")
                yield ends, Note.of(kind, end=each.name, start=each.ends)
