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
    return {name for field in entity.fields for name in columns_of(field)}


def wrong_in_entity(entity: Entity, taken: Collection[str]) -> Iterator[BadDefinition]:
    """Yield what is wrong with an entity; `taken` are the dimensions whose values are names of rows."""
    where, names = f"entity '{entity.name}'", Counter(name for field in entity.fields for name in columns_of(field))
    for field in entity.fields:
        if field.entity != entity.name:
            yield BadDefinition(where, f"its field '{field.name}' is of '{field.entity}'")
        if problem := wrong_in_field(field, taken):
            yield BadDefinition(f"field '{entity.name}.{field.name}'", problem)
    if len(entity.fields) > MOST_FIELDS:
        yield BadDefinition(where, f"it has more than {MOST_FIELDS} fields")
    for name, times in names.items():
        if times > 1:
            yield BadDefinition(where, f"two of its fields give the column '{name}'")
    for name in (*entity.key, *filter(None, (entity.main_date, entity.label))):
        if name not in names:
            yield BadDefinition(where, f"it has no field '{name}'")
    types = {day.name: day.type for day in with_days(entity.fields)}
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
    if key and not any(key in columns(entity) for entity in entities.values()):
        ids = {field.name for entity in entities.values() for field in entity.fields if field.refers_to}
        return UnknownName("field", key, ids, where=f"any entity, {where}, its key")
    for entity in entities.values() if key else ():
        for field in with_days(entity.fields):
            if field.name == key and field.type is not Type.TEXT:
                return BadDefinition(where, f"its key '{entity.name}.{key}' is {field.type.value}, and ids are text")
    if dimension.entity and not entities[dimension.entity].label:
        return BadDefinition(where, f"rows of the entity '{dimension.entity}' have no label to be called by")
    return None


def wrong_in_derived(derived: DerivedEntity, entities: Mapping[str, Entity]) -> KpiError | None:
    """Return what is wrong with a derived entity over these entities, None where nothing is."""
    where, name = f"derived entity '{derived.entity}'", derived.entity
    for owner in (name, derived.origin):
        if owner not in entities:
            return UnknownName("entity", owner, entities, where=where)
    entity, origin = entities[name], entities[derived.origin]
    if not entity.made:
        return BadDefinition(where, f"sources can give the entity '{name}': say made=True there")
    if origin.made or origin.key != ("id",):
        return BadDefinition(where, f"its origin '{origin.name}' is no entity that sources give with an id")
    known = {field.name: field for field in entity.fields}
    for column in derived.columns:
        if column not in known:
            return UnknownName("field", column, known, where=where)
    if known[derived.through].refers_to != origin.name:
        return BadDefinition(where, f"its field '{derived.through}' does not refer to '{origin.name}'")
    for column in known.keys() - {*derived.columns}:
        same = origin.field(column)
        if same is not None and same.type is not known[column].type:
            return BadDefinition(where, f"it copies '{origin.name}.{column}', which is {same.type.value}")
    for owner in derived.history:
        if owner in entities and entities[owner].key != ("id",):
            return BadDefinition(where, f"the entity '{owner}' of its history has no id")
    # What it reads by settings is known when they are: the load checks that.
    fixed_reads = () if callable(derived.reads) else (derived.reads,)
    return next(filter(None, (wrong_reads(where, reads, entities) for reads in (*fixed_reads, derived.history))), None)


def wrong_reads(where: str, reads: FieldsOf, entities: Mapping[str, Entity]) -> KpiError | None:
    """Return what is wrong with the fields that a derived entity reads, None where nothing is."""
    for entity, fields in reads.items():
        if entity not in entities:
            return UnknownName("entity", entity, entities, where=where)
        if entities[entity].made:
            return BadDefinition(where, f"it reads '{entity}', which is derived itself")
        known = columns(entities[entity])
        for field in fields:
            if field not in known:
                return UnknownName("field", field, known, where=f"entity '{entity}', {where}")
    return None
