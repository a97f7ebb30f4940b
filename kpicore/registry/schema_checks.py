"""Whether entities, fields and dimensions go together: what is wrong with one, in the order in which it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from kpicore.errors import BadDefinition, KpiError, UnknownName
from kpicore.model.derived_entities import DerivedEntity, FieldsOf
from kpicore.model.schema import Dimension, Entity, Field, Type, columns_of, with_days

MOST_FIELDS = 500
"""Of one entity: each may be made from another one, and whatever follows them calls itself as often."""


def columns(entity: Entity) -> set[str]:
    """Return the names of the columns of an entity's table."""
    return {name for each in entity.fields for name in columns_of(each)}


def wrong_in_entity(entity: Entity, taken: Collection[str]) -> Iterator[BadDefinition]:
    """Yield what is wrong with an entity; `taken` are the dimensions whose values are names of rows."""
    where, names = f"entity '{entity.name}'", Counter(name for each in entity.fields for name in columns_of(each))
    for each in entity.fields:
        if each.entity != entity.name:
            yield BadDefinition(where, f"its field '{each.name}' is of '{each.entity}'")
        if problem := wrong_in_field(each, taken):
            yield BadDefinition(f"field '{entity.name}.{each.name}'", problem)
    if len(entity.fields) > MOST_FIELDS:
        yield BadDefinition(where, f"it has more than {MOST_FIELDS} fields")
    for name, times in names.items():
        if times > 1:
            yield BadDefinition(where, f"two of its fields give the column '{name}'")
    for name in (*entity.key, *filter(None, (entity.main_date, entity.label))):
        if name not in names:
            yield BadDefinition(where, f"it has no field '{name}'")
    types = {each.name: each.type for each in with_days(entity.fields)}
    for name in ("id", entity.label):
        if types.get(name, Type.TEXT) is not Type.TEXT:
            yield BadDefinition(where, f"its field '{name}' is {types[name].value}, not text")
    if types.get(entity.main_date, Type.DATE) not in (Type.DATE, Type.MOMENT):
        yield BadDefinition(where, f"its main_date '{entity.main_date}' is {types[entity.main_date].value}, no date")


def wrong_in_field(field: Field, taken: Collection[str]) -> str:
    """Return what is wrong with a field, "" where nothing is; `taken` is as for an entity."""
    if field.codes is not None and field.codes.clash:
        return f"the word {field.codes.clash}"
    if field.dimension and field.type is not Type.TEXT:
        return f"it is {field.type.value}, and answers are cut by texts"
    if field.name in taken:
        return f"'{field.name}' is a dimension, whose values are the names of rows: choose another name"
    return ""


def wrong_in_dimension(dimension: Dimension, entities: Mapping[str, Entity]) -> KpiError | None:
    """Return what is wrong with a dimension over these entities, None where nothing is."""
    where, key = f"dimension '{dimension.name}'", dimension.key
    if dimension.entity and dimension.entity not in entities:
        return UnknownName("entity", dimension.entity, entities, where=where)
    if bool(dimension.entity) != bool(key):
        return BadDefinition(where, "give both entity and key, or none of them")
    if key and not any(key in columns(each) for each in entities.values()):
        ids = {field.name for each in entities.values() for field in each.fields if field.refers_to}
        return UnknownName("field", key, ids, where=f"any entity, {where}, its key")
    for each in entities.values() if key else ():
        for field in with_days(each.fields):
            if field.name == key and field.type is not Type.TEXT:
                return BadDefinition(where, f"its key '{each.name}.{key}' is {field.type.value}, and ids are text")
    if dimension.entity and not entities[dimension.entity].label:
        return BadDefinition(where, f"rows of the entity '{dimension.entity}' have no label to be called by")
    return None


def wrong_in_derived(derived: DerivedEntity, entities: Mapping[str, Entity]) -> KpiError | None:
    """Return what is wrong with a derived entity over these entities, None where nothing is."""
    where, name = f"derived entity '{derived.entity}'", derived.entity
    for each in (name, derived.origin):
        if each not in entities:
            return UnknownName("entity", each, entities, where=where)
    entity, origin = entities[name], entities[derived.origin]
    if not entity.made:
        return BadDefinition(where, f"sources can give the entity '{name}': say made=True there")
    if origin.made or origin.key != ("id",):
        return BadDefinition(where, f"its origin '{origin.name}' is no entity that sources give with an id")
    known = {each.name: each for each in entity.fields}
    for each in derived.columns:
        if each not in known:
            return UnknownName("field", each, known, where=where)
    if known[derived.through].refers_to != origin.name:
        return BadDefinition(where, f"its field '{derived.through}' does not refer to '{origin.name}'")
    for each in known.keys() - {*derived.columns}:
        same = origin.field(each)
        if same is not None and same.type is not known[each].type:
            return BadDefinition(where, f"it copies '{origin.name}.{each}', which is {same.type.value}")
    for each in derived.history:
        if each in entities and entities[each].key != ("id",):
            return BadDefinition(where, f"the entity '{each}' of its history has no id")
    given = () if callable(derived.reads) else (derived.reads,)
    return next(filter(None, (wrong_reads(where, each, entities) for each in (*given, derived.history))), None)


def wrong_reads(where: str, reads: FieldsOf, entities: Mapping[str, Entity]) -> KpiError | None:
    """Return what is wrong with the fields that a derived entity reads, None where nothing is."""
    for entity, fields in reads.items():
        if entity not in entities:
            return UnknownName("entity", entity, entities, where=where)
        if entities[entity].made:
            return BadDefinition(where, f"it reads '{entity}', which is derived itself")
        known = columns(entities[entity])
        for each in fields:
            if each not in known:
                return UnknownName("field", each, known, where=f"entity '{entity}', {where}")
    return None
