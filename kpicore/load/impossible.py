"""Rows that cannot be: loaded as they are given, and told, for they count in the wrong place or nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpicore.entities import Entity
from kpicore.load.columns import quoted
from kpicore.wording import counted

if TYPE_CHECKING:
    from kpicore.load.making import Making

_WRONG = {
    "opportunity": (
        "closed_on < created_on",
        "deals were closed before they were created",
        "deal was closed before it was created",
    ),
    "survey_response": (
        "score < 0 OR score > scale_max",
        "answers are outside their scale: they count in no score",
        "answer is outside its scale: it counts in no score",
    ),
}
"""By entity: the condition, and what to tell of such rows, of one."""

_ENDS = {
    "<": (
        "rows end before they start ({0} before {1}): they count on no day",
        "row ends before it starts ({0} before {1}): it counts on no day",
    ),
    "=": (
        "rows end on the day they start ({0} is the first day after): they count on no day",
        "row ends on the day it starts ({0} is the first day after): it counts on no day",
    ),
}
"""What to tell of rows whose end, compared with their beginning, leaves them no day."""


def impossible_rows(making: Making, entity: Entity) -> Iterator[str]:
    """Yield what to tell of the rows of a made table that cannot be, with their number."""
    for wrong, many, one in _wrong(making, entity):
        sql = f"SELECT count(*) FROM kpi.{quoted(entity.name)} WHERE {wrong}"
        ((rows,),) = making.connection.execute(sql).fetchall()
        if rows:
            yield counted(rows, many, one)


def _wrong(making: Making, entity: Entity) -> Iterator[tuple[str, str, str]]:
    if entity.name in _WRONG:
        yield _WRONG[entity.name]
    possible = making.definitions.possible
    for each in entity.fields:
        if each.ends and all((entity.name, name) in possible for name in (each.name, each.ends)):
            for sign, told in _ENDS.items():
                many, one = (text.format(each.name, each.ends) for text in told)
                yield f"{quoted(each.name)} {sign} {quoted(each.ends)}", many, one
