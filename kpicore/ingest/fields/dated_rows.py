"""Which rows roll-ups take: those that are dated up to the day of the data.

A row is dated by the `when` of the roll-up, else by the main date of its entity. One without a date is taken, and a
date that is a plan leaves nothing out. Questions count by the same dates, so that what they find in a period and what
is rolled up over all time agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kpicore.ingest.raw.sql_types import days, main_day
from kpicore.language import Node, names
from kpicore.model.expressions import Name
from kpicore.model.schema import Entity, How, LookUp, RollUp, Type
from kpicore.text.sql_text import literal

DAY_OF_DATA = "period.as_of"
"""The day of the data in a row expression of a field."""

GIVEN_SPACE = "given"
"""The namespace of a field as sources gave it."""


@dataclass(frozen=True, slots=True)
class Until:
    """The last day of which rows are taken, in a time zone."""

    day: date
    zone: str

    @property
    def sql(self) -> str:
        """The day in SQL."""
        return f"DATE {literal(self.day.isoformat())}"

    def is_ahead(self, sql: str, type_: Type) -> str:
        """Return SQL for a date or moment that lies after the day; null where there is none."""
        if type_ is Type.DATE:
            return f"{sql} > {self.sql}"
        # an instant is compared as it is: to work out the day of each row in its time zone is slow
        close = datetime.combine(self.day + timedelta(days=1), time(), ZoneInfo(self.zone)).astimezone(UTC)
        return f"{sql} >= TIMESTAMP {literal(close.replace(tzinfo=None).isoformat())}"


@dataclass(frozen=True, slots=True)
class Dating:
    """What dates the rows of a roll-up. `of_parts` are those that its own row is made of, as an order of its lines."""

    node: Node
    of_parts: bool = False

    @property
    def as_made(self) -> Node:
        """The same over rows as they were made."""
        return replace(self.node, namespace="") if isinstance(self.node, Name) and self.of_parts else self.node

    def kept(self, aggregate: Callable[..., str], until: Until, sql: Callable[[Node], str]) -> str:
        """Return an aggregate over the rows that are not ahead; `aggregate` takes their condition.

        A whole of which all parts are ahead is ahead itself, and made of all of them.
        """
        when = sql(self.node)
        # null IS NOT TRUE: a row without a date is taken
        cut = aggregate(f"({until.is_ahead(when, self.node.type)}) IS NOT TRUE")
        if not self.of_parts:
            return cut
        # An order of which all lines are ahead is as much an order as before: without them it would be worth nothing.
        return f"CASE WHEN {until.is_ahead(f'min({when})', self.node.type)} THEN {aggregate()} ELSE {cut} END"


def dating(entity: Entity, how: RollUp, other: Entity, when: Node | None) -> Dating | None:
    """Return what dates the rows of `other` in a roll-up of an entity, None where nothing does or a plan."""
    node = when if when is not None and when.type in (Type.DATE, Type.MOMENT) else _main(other)
    if node is None or any(_is_plan(other, name) for space, name in names(node) if not space):
        return None
    # an order's date made from its lines, and theirs from it, would be a circle: the lines' own dates are read as given
    if isinstance(node, Name) and _are_parts(entity, how, other, node.name):
        return Dating(Name(GIVEN_SPACE, node.name, node.type), True)
    return Dating(node)


def _main(entity: Entity) -> Name | None:
    """Return the main date of an entity, of a day the moment behind it."""
    day = main_day(entity)
    field = entity.field(days(entity).get(day, day))
    return None if field is None else Name("", field.name, field.type)


def _is_plan(entity: Entity, name: str) -> bool:
    field = entity.field(name)
    return field is not None and field.plan


def _are_parts(entity: Entity, how: RollUp, other: Entity, dated_by: str) -> bool:
    """Return whether an entity has its main date from these rows, and they have theirs from it."""
    main = _main(entity)
    if main is None or LookUp(how.key, entity.name, main.name) not in _ways(other, dated_by):
        return False
    return any(isinstance(way, RollUp) and way.aggregate.entity == other.name for way in _ways(entity, main.name))


def _ways(entity: Entity, name: str) -> tuple[How, ...]:
    field = entity.field(name)
    return field.how if field is not None else ()
