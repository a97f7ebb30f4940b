"""How many rows are dated after the day of the data: when it reaches some, roll-ups without them are made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from kpicore.ingest.derive.making import needs_of_all
from kpicore.ingest.fields.cycles import FieldOf, reached
from kpicore.ingest.fields.derivations import Filling, bare
from kpicore.ingest.raw.merge import raw_columns
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
    known, until = making.definitions, making.definitions.until
    needs = needs_of_all(known, making.rows)
    dated: dict[str, list[Filling]] = {}
    for (entity, _), ways in known.fillings.items():
        dated.setdefault(entity, []).extend(way for way in ways if way.dating is not None or _sees_the_day(way))
    read = {entity: reached((each for way in ways for each in _dates(way)), needs) for entity, ways in dated.items()}
    ahead = _counted(making, {each for found in read.values() for each in found})
    facts: dict[str, list[object]] = {}
    from_loads = {name for name, each in known.derived.items() if each.derived.history}
    for entity, found in read.items():
        facts[entity] = [*sorted((each, ahead[each]) for each in {_raw(making, one) for one in found} if each in ahead)]
        behind = [*dated[entity], *(way for one in found for way in known.fillings.get(one, ()))]
        # rows that take days from loads lie ahead of a day before the first one
        of_loads = until.day != making.today and any(one in from_loads for one, _ in found)
        depends = of_loads or any(map(_sees_the_day, behind))
        if depends or any(each > until.day for way in behind for each in _written(way, known.settings)):
            facts[entity].append(until.day)
    return facts


def _dates(way: Filling) -> Iterator[FieldOf]:
    if way.dating is not None:
        yield from ((way.other, name) for space, name in names(way.dating.node) if space != "setting")


def _sees_the_day(way: Filling) -> bool:
    return way.value is not None and ("period", "as_of") in names(way.value)


def _written(way: Filling, settings: Mapping[str, object]) -> Iterator[date]:
    """Yield the dates that stand in a definition."""
    nodes = (way.value, way.when, way.where, way.dating.node if way.dating else None)
    for each in (one for node in nodes if node is not None for one in walk(node)):
        if isinstance(each, Literal) and isinstance(each.value, date):
            yield each.value
        if isinstance(each, Name) and each.namespace == "setting" and isinstance(value := settings[each.name], date):
            yield value


def _raw(making: Making, field: FieldOf) -> FieldOf:
    """Return the raw column behind a column: of a day its moment, of what stands before a name the name."""
    entity, name = field[0], bare(field[1])
    return entity, days(making.registry.entities[entity]).get(name, name)


def _counted(making: Making, fields: Iterable[FieldOf]) -> dict[FieldOf, int]:
    """Return how many rows are ahead by each date that was given, where any are."""
    given, until = raw_columns(making.connection), making.definitions.until
    columns: dict[str, dict[str, str]] = {}
    for entity, name in {_raw(making, each) for each in fields}:
        field = making.registry.entities[entity].field(name)
        if field is not None and field.type in _DATES and name in given.get(entity, ()):
            columns.setdefault(entity, {})[name] = until.is_ahead(quoted(name), field.type)
    found: dict[FieldOf, int] = {}
    for entity, tests in columns.items():
        counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in tests.values())
        (row,) = making.connection.execute(f"SELECT {counts} FROM {making.rows[entity].table}").fetchall()
        found |= {(entity, name): int(count) for name, count in zip(tests, row, strict=True) if count}
    return found
