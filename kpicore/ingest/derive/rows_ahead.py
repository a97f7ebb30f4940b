"""How many rows are dated after the day of the data: when it reaches some, roll-ups without them are made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from kpicore.ingest.fields.cycles import FieldOf, reached
from kpicore.ingest.fields.derivations import FieldDerivation, bare
from kpicore.ingest.fields.field_plan import needs_of_all
from kpicore.ingest.raw.raw_tables import raw_columns
from kpicore.ingest.raw.sql_types import days
from kpicore.language import names
from kpicore.model.expressions import Literal, Name, walk
from kpicore.model.schema import Type
from kpicore.text.sql_text import quoted

if TYPE_CHECKING:
    from kpicore.ingest.derive.making import Making

_DATES = (Type.DATE, Type.MOMENT)


def rows_ahead(making: Making) -> dict[str, list[object]]:
    """Return facts that change as soon as the roll-ups of an entity take other rows, or what sees the day another one.

    A date stands in raw rows or in a definition, for nobody reckons with dates. Of the same raw rows as many are ahead
    on two days only if they are the same ones.
    """
    # All that is told goes into the fingerprint, so it must stay the same from day to day unless tables do not.
    known, until = making.plan, making.plan.until
    needs = needs_of_all(known, making.rows)
    dated: dict[str, list[FieldDerivation]] = {}
    for (entity, _), ways in known.derivations.items():
        dated.setdefault(entity, []).extend(way for way in ways if way.dating is not None or _sees_the_day(way))
    read = {entity: reached((day for way in ways for day in _dates(way)), needs) for entity, ways in dated.items()}
    ahead = _counted(making, {field for fields in read.values() for field in fields})
    facts: dict[str, list[object]] = {}
    from_loads = {name for name, derivation in known.derived.items() if derivation.derived.history}
    for entity, fields in read.items():
        raw = {_raw(making, field) for field in fields}
        facts[entity] = [*sorted((column, ahead[column]) for column in raw if column in ahead)]
        behind = [*dated[entity], *(way for field in fields for way in known.derivations.get(field, ()))]
        # rows that take days from loads lie ahead of a day before the first one
        of_loads = until.day != making.today and any(entity in from_loads for entity, _ in fields)
        depends = of_loads or any(map(_sees_the_day, behind))
        # of a written day that has passed nothing changes any more; of one to come it may with every day
        if depends or any(day > until.day for way in behind for day in _written(way, known.settings)):
            facts[entity].append(until.day)
    return facts


def _dates(way: FieldDerivation) -> Iterator[FieldOf]:
    if way.dating is not None:
        yield from ((way.other, name) for space, name in names(way.dating.node) if space != "setting")


def _sees_the_day(way: FieldDerivation) -> bool:
    return way.value is not None and ("period", "as_of") in names(way.value)


def _written(way: FieldDerivation, settings: Mapping[str, object]) -> Iterator[date]:
    """Yield the dates that stand in a definition."""
    nodes = (way.value, way.when, way.where, way.dating.node if way.dating else None)
    for node in (part for tree in nodes if tree is not None for part in walk(tree)):
        if isinstance(node, Literal) and isinstance(node.value, date):
            yield node.value
        if isinstance(node, Name) and node.namespace == "setting" and isinstance(value := settings[node.name], date):
            yield value


def _raw(making: Making, field: FieldOf) -> FieldOf:
    """Return the raw column behind a column: of a day its moment, of what stands before a name the name."""
    entity, name = field[0], bare(field[1])
    return entity, days(making.registry.entities[entity]).get(name, name)


def _counted(making: Making, fields: Iterable[FieldOf]) -> dict[FieldOf, int]:
    """Return how many rows are ahead by each date that was given, where any are."""
    raw, until = raw_columns(making.connection), making.plan.until
    columns: dict[str, dict[str, str]] = {}
    for entity, name in {_raw(making, field_of) for field_of in fields}:
        field = making.registry.entities[entity].field(name)
        if field is not None and field.type in _DATES and name in raw.get(entity, ()):
            columns.setdefault(entity, {})[name] = until.is_ahead(quoted(name), field.type)
    ahead: dict[FieldOf, int] = {}
    for entity, tests in columns.items():
        counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in tests.values())
        (row,) = making.connection.execute(f"SELECT {counts} FROM {making.rows[entity].table}").fetchall()
        ahead |= {(entity, name): int(count) for name, count in zip(tests, row, strict=True) if count}
    return ahead
