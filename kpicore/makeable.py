"""A field of a newcomer that cannot be made at load is refused: it would stop every load, whoever's data it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kpicore.contributions import Contributions, Given, Problem
from kpicore.entities import Entity, Field, columns_of
from kpicore.errors import KpiError
from kpicore.registry import Registry, build_registry, declared

if TYPE_CHECKING:
    from kpicore.load.fillings import Filling

FieldOf = tuple[str, str]
"""An entity and a field of it."""


def makeable(given: Contributions) -> Contributions:
    """Return the contributions without fields of newcomers that cannot be made, or are made from such; it is told."""
    while problems := _problems(given, {key: each for key, each in _newcomers(given)}):
        refused = {each.item for each in problems}
        entities = ((giver, _without(each, refused)) for giver, each in given.entities)
        fields = (each for each in given.fields if f"{each[1].entity}.{each[1].name}" not in refused)
        told = (*given.problems, *problems)
        given = replace(given, entities=tuple(entities), fields=tuple(fields), problems=told)
    return given


def ways_to_make(
    registry: Registry, settings: Mapping[str, object], entity: Entity, fields: Iterable[Field]
) -> tuple[dict[str, tuple[Filling, ...]], dict[str, KpiError]]:
    """Return how fields of an entity are made at load, and why others cannot be, each by name."""
    from kpicore.load.fillings import Reader
    from kpicore.load.making import refuse_circles

    reader = Reader(registry, settings, frozenset(registry.entities))
    ways: dict[str, tuple[Filling, ...]] = {}
    broken: dict[str, KpiError] = {}
    for field in fields:
        try:
            ways[field.name] = tuple(reader.fillings(replace(entity, fields=(field,))))
            if ways[field.name]:
                refuse_circles({(entity.name, name): some for name, some in ways.items() if some})
        except KpiError as error:
            ways.pop(field.name, None)
            broken[field.name] = error
    return ways, broken


def _newcomers(given: Contributions) -> Iterator[tuple[FieldOf, Given[Field]]]:
    fields = ((giver, each) for giver, entity in given.entities for each in entity.fields)
    for giver, each in (*fields, *given.fields):
        if giver not in given.built_in:
            yield (each.entity, each.name), (giver, each)


def _without(entity: Entity, refused: Collection[str]) -> Entity:
    fields = tuple(each for each in entity.fields if f"{entity.name}.{each.name}" not in refused)
    return entity if len(fields) == len(entity.fields) else replace(entity, fields=fields)


def _problems(given: Contributions, new: Mapping[FieldOf, Given[Field]]) -> list[Problem]:
    if not any(map(_reads, new.values())):
        return []
    registry = build_registry(given)
    settings = {each.name: each.default for each in declared(given).settings}
    known = {name: default for name, default in settings.items() if default is not None}
    ways: dict[FieldOf, tuple[Filling, ...]] = {}
    told: dict[FieldOf, str] = {}
    for entity, fields in _by_entity(registry, new):
        made, broken = ways_to_make(registry, known, entity, fields)
        ways |= {(entity.name, name): each for name, each in made.items()}
        told |= {(entity.name, name): str(error) for name, error in broken.items()}
    _spread(told, new, ways)
    return [Problem(new[key][0], ".".join(key), problem) for key, problem in told.items()]


def _reads(given: Given[Field]) -> bool:
    """Whether a field is made from others, or speaks of them."""
    _, each = given
    return bool(
        each.how or each.settled or each.ends or each.words_of or each.refers_to or each.needs_one_of or each.open_while
    )


def _by_entity(registry: Registry, new: Mapping[FieldOf, Given[Field]]) -> Iterator[tuple[Entity, list[Field]]]:
    """Yield the entities with the fields that newcomers gave them."""
    for entity in registry.entities.values():
        fields = [each for each in entity.fields if (entity.name, each.name) in new]
        if fields:
            yield entity, fields


def _spread(
    told: dict[FieldOf, str], new: Mapping[FieldOf, Given[Field]], ways: Mapping[FieldOf, Iterable[Filling]]
) -> None:
    """Tell of each field that it is made from one that cannot be."""
    readers: dict[FieldOf, list[FieldOf]] = {}
    for key in ways:
        for read in _read(new[key][1], ways[key]):
            readers.setdefault(read, []).append(key)
    todo = list(told)
    for entity, name in todo:
        for column in columns_of(new[entity, name][1]):
            for reader in readers.get((entity, column), ()):
                if reader not in told:
                    told[reader] = f"field '{'.'.join(reader)}': it is made from '{entity}.{name}', which cannot be."
                    todo.append(reader)


def _read(field: Field, ways: Iterable[Filling]) -> set[FieldOf]:
    from kpicore.load.fillings import bare

    found = {(field.entity, field.ends)}
    for each in ways:
        found |= {(field.entity, bare(name)) for name in each.own} | {(each.other, name) for name in each.read}
    return found
