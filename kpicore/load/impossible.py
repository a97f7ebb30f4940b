"""Rows that cannot be: loaded as they are given, and told, for they count in the wrong place or nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpicore.entities import Entity
from kpicore.load.columns import quoted
from kpicore.notes import Note

if TYPE_CHECKING:
    from kpicore.load.making import Making

_WRONG = {
    "opportunity": (("closed_on < created_on", "closed_before_created"),),
    "survey_response": (
        ("score < 0 OR score > scale_max", "outside_scale"),
        ("type = 'nps' AND scale_max <> 10", "nps_scale"),
    ),
}
"""By entity: conditions, with the kind of note on such rows."""

_ENDS = {"<": "ends_before_start", "=": "ends_on_start"}
"""The kind of note on rows whose end, compared with their beginning, leaves them no day."""


def impossible_rows(making: Making, entity: Entity) -> Iterator[Note]:
    """Yield what to tell of the rows of a made table that cannot be, with their number."""
    for wrong, note in _wrong(making, entity):
        sql = f"SELECT count(*) FROM kpi.{quoted(entity.name)} WHERE {wrong}"
        ((rows,),) = making.connection.execute(sql).fetchall()
        if rows:
            yield Note(note.kind, (("rows", int(rows)), *note.values))


def _wrong(making: Making, entity: Entity) -> Iterator[tuple[str, Note]]:
    yield from ((wrong, Note.of(kind)) for wrong, kind in _WRONG.get(entity.name, ()))
    possible = making.definitions.possible
    for each in entity.fields:
        if each.ends and all((entity.name, name) in possible for name in (each.name, each.ends)):
            for sign, kind in _ENDS.items():
                yield f"{quoted(each.name)} {sign} {quoted(each.ends)}", Note.of(kind, end=each.name, start=each.ends)
