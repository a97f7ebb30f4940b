"""What a newcomer gives to be made at load is refused where it cannot be: it would stop loads, whoever's data it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kpicore.errors import BadBuild, KpiError, UnknownName
from kpicore.model.derived_entities import DerivedEntity
from kpicore.model.schema import Entity, Field, RowCheck, columns_of
from kpicore.registry.contributions import Contributions, Given, Problem
from kpicore.registry.joined import build_registry, declared
from kpicore.registry.registry import Registry

if TYPE_CHECKING:
    from kpicore.ingest.fields.derivations import FieldDerivation

FieldOf = tuple[str, str]
"""An entity and a field of it."""


def makeable(contributions: Contributions) -> Contributions:
    """Return the contributions without what of newcomers cannot be made at load; it is told.

    That are fields, with those that are made from them, derived entities, and conditions of rows that cannot be.
    """
    # what is refused may be what others are made from or refer to, so all is looked at anew until nothing falls
    while problems := _problems(contributions, dict(_newcomers(contributions))):
        refused = {problem.item for problem in problems}
        entities = ((giver, _without(entity, refused)) for giver, entity in contributions.entities)
        fields = (field for field in contributions.fields if f"{field[1].entity}.{field[1].name}" not in refused)
        contributions = replace(
            contributions,
            entities=tuple(entities),
            fields=tuple(fields),
            problems=(*contributions.problems, *problems),
        )
    return _readable(contributions)


def _readable(contributions: Contributions) -> Contributions:
    """Return the contributions without derived entities and checks of newcomers that read what is not there."""
    derived = [pair for pair in contributions.derived_entities if pair[0] not in contributions.built_in]
    checked = [pair for pair in contributions.entities if pair[0] not in contributions.built_in and pair[1].checks]
    if not derived and not checked:
        return contributions
    registry, settings = build_registry(contributions), _settings(contributions)
    wrong = {
        item.entity: (giver, problem) for giver, item in derived for problem in _underivable(item, registry, settings)
    }
    problems = [Problem(giver, name, problem) for name, (giver, problem) in wrong.items()]
    kept = []
    for giver, entity in contributions.entities:
        wrong_checks = [*_wrong_checks(entity, registry)] if (giver, entity) in checked else []
        problems += [Problem(giver, entity.name, problem) for _, problem in wrong_checks]
        refused = [check for check, _ in wrong_checks]
        kept.append((giver, replace(entity, checks=tuple(check for check in entity.checks if check not in refused))))
    return replace(
        contributions,
        entities=tuple(kept),
        derived_entities=tuple(pair for pair in contributions.derived_entities if pair[1].entity not in wrong),
        problems=(*contributions.problems, *problems),
    )


def _underivable(derived: DerivedEntity, registry: Registry, settings: Mapping[str, object]) -> Iterator[str]:
    from kpicore.ingest.fields.derived_entities import entity_derivations

    where = f"derived entity '{derived.entity}'"
    yield from (str(UnknownName("setting", setting, settings, where=where)) for setting in derived.settings
                if setting not in settings)  # fmt: skip
    try:
        entity_derivations(registry, settings, [derived.origin] if derived.entity in registry.derived else [])
    except BadBuild as error:
        yield str(error)


def _wrong_checks(entity: Entity, registry: Registry) -> Iterator[tuple[RowCheck, str]]:
    from kpicore.ingest.derive.row_checks import condition

    for check in entity.checks if entity.name in registry.entities else ():
        try:
            condition(check, entity.name, registry)
        except KpiError as error:
            yield check, str(error)


def ways_to_make(
    registry: Registry, settings: Mapping[str, object], entity: Entity, fields: Iterable[Field]
) -> tuple[dict[str, tuple[FieldDerivation, ...]], dict[str, KpiError]]:
    """Return how fields of an entity are made at load, and why others cannot be, each by name."""
    from kpicore.ingest.fields.derivations import DerivationReader
    from kpicore.ingest.fields.field_plan import refuse_circles

    reader = DerivationReader(registry, settings, frozenset(registry.entities))
    ways: dict[str, tuple[FieldDerivation, ...]] = {}
    broken: dict[str, KpiError] = {}
    for field in fields:
        try:
            ways[field.name] = tuple(reader.derivations(replace(entity, fields=(field,))))
            if ways[field.name]:
                refuse_circles({(entity.name, name): fillings for name, fillings in ways.items() if fillings})
        except KpiError as error:
            ways.pop(field.name, None)
            broken[field.name] = error
    return ways, broken


def _newcomers(contributions: Contributions) -> Iterator[tuple[FieldOf, Given[Field]]]:
    entity_fields = ((giver, field) for giver, entity in contributions.entities for field in entity.fields)
    for giver, field in (*entity_fields, *contributions.fields):
        if giver not in contributions.built_in:
            yield (field.entity, field.name), (giver, field)


def _without(entity: Entity, refused: Collection[str]) -> Entity:
    fields = tuple(field for field in entity.fields if f"{entity.name}.{field.name}" not in refused)
    return entity if len(fields) == len(entity.fields) else replace(entity, fields=fields)


def _problems(contributions: Contributions, new: Mapping[FieldOf, Given[Field]]) -> list[Problem]:
    # a field that is made of nothing and speaks of nothing can always be made
    if not any(map(_reads, new.values())):
        return []
    registry = build_registry(contributions)
    known = _settings(contributions)
    ways: dict[FieldOf, tuple[FieldDerivation, ...]] = {}
    broken: dict[FieldOf, str] = {}
    for entity, fields in _by_entity(registry, new):
        possible, impossible = ways_to_make(registry, known, entity, fields)
        ways |= {(entity.name, name): fillings for name, fillings in possible.items()}
        broken |= {(entity.name, name): str(error) for name, error in impossible.items()}
    _spread(broken, new, ways)
    return [Problem(new[key][0], ".".join(key), problem) for key, problem in broken.items()]


def _settings(contributions: Contributions) -> dict[str, object]:
    """Return the settings that there are in every workspace, with what they are by default."""
    settings = {setting.name: setting.default for setting in declared(contributions).settings}
    return {name: default for name, default in settings.items() if default is not None}


def _reads(new: Given[Field]) -> bool:
    """Whether a field is made from others, or speaks of them."""
    _, field = new
    return bool(
        field.how
        or field.settled
        or field.ends
        or field.words_of
        or field.refers_to
        or field.needs_one_of
        or field.open_while
    )


def _by_entity(registry: Registry, new: Mapping[FieldOf, Given[Field]]) -> Iterator[tuple[Entity, list[Field]]]:
    """Yield the entities with the fields that newcomers gave them."""
    for entity in registry.entities.values():
        fields = [field for field in entity.fields if (entity.name, field.name) in new]
        if fields:
            yield entity, fields


def _spread(
    broken: dict[FieldOf, str], new: Mapping[FieldOf, Given[Field]], ways: Mapping[FieldOf, Iterable[FieldDerivation]]
) -> None:
    """Tell of each field that it is made from one that cannot be."""
    readers: dict[FieldOf, list[FieldOf]] = {}
    for key in ways:
        for read in _read(new[key][1], ways[key]):
            readers.setdefault(read, []).append(key)
    # it grows while it is gone through: what reads a field that falls falls too
    todo = list(broken)
    for entity, name in todo:
        for column in columns_of(new[entity, name][1]):
            for reader in readers.get((entity, column), ()):
                if reader not in broken:
                    broken[reader] = f"field '{'.'.join(reader)}': it is made from '{entity}.{name}', which cannot be."
                    todo.append(reader)


def _read(field: Field, ways: Iterable[FieldDerivation]) -> set[FieldOf]:
    from kpicore.ingest.fields.derivations import bare

    sources = {(field.entity, field.ends)}
    for way in ways:
        sources |= {(field.entity, bare(name)) for name in way.own} | {(way.other, name) for name in way.read}
    return sources
