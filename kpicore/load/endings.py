"""Rows that have ended on a day that nobody gave: told, for they stand on no day and end in no period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpicore.entities import Entity, Type
from kpicore.expressions import parse_row, row_sql
from kpicore.load.columns import given_fields, quoted
from kpicore.load.filled import Statement
from kpicore.notes import Note

if TYPE_CHECKING:
    from kpicore.load.making import Making


def without_an_end(making: Making, entity: Entity) -> Iterator[Note]:
    """Yield what to tell of the rows of a made table that are over and lack the date on which they ended."""
    types = {each.name: each.type for each in entity.fields}
    for field in given_fields(entity):
        if not field.open_while or field.type not in (Type.DATE, Type.MOMENT):
            continue
        statement = Statement()
        is_open = parse_row(field.open_while, types, settings=making.config.settings)
        condition = row_sql(is_open, column=quoted, bind=statement.bind)
        sql = f"SELECT count(*) FROM kpi.{quoted(entity.name)} WHERE {quoted(field.name)} IS NULL AND NOT {condition}"
        ((rows,),) = making.connection.execute(sql, statement.values).fetchall()
        if rows:
            yield Note.of("over_without_end", rows=int(rows), field=field.name)
