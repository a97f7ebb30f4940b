"""Fields that are filled from fields with codes alone hold these codes: their words mean the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from kpicore.model.codes import Codes
from kpicore.model.schema import Entity, Field, How, LookUp, Type, given_name


def with_copied_codes(entities: Mapping[str, Entity], added: Collection[tuple[str, str]]) -> dict[str, Entity]:
    """Return the entities, those of their `added` fields which only copy fields with the same codes having them too.

    Else `state = 'Paid'` would be true of no row where `state` is filled from the code of a status.
    """
    coded, left = dict(entities), {*added}
    while copies := {pair: codes for pair in left if (codes := _copied(coded, *pair)) is not None}:  # copies of copies
        left -= copies.keys()
        for (entity, name), codes in copies.items():
            fields = (replace(field, codes=codes) if field.name == name else field for field in coded[entity].fields)
            coded[entity] = replace(coded[entity], fields=tuple(fields))
    return coded


def _copied(entities: Mapping[str, Entity], entity: str, name: str) -> Codes | None:
    """Return the codes that a field without some holds, None where it may hold anything else."""
    field = entities[entity].field(name)
    if field is None or field.codes is not None or field.type is not Type.TEXT or not field.how:
        return None
    if entities[entity].field(given_name(name)) is not None:
        return None
    sources = [_source(entities, entity, way) for way in field.how]
    codes = [source.codes if source is not None else None for source in sources]
    return codes[0] if all(code is not None and code == codes[0] for code in codes) else None


def _source(entities: Mapping[str, Entity], entity: str, way: How) -> Field | None:
    """Return the field whose value a way gives as it stands, None for any other way."""
    if isinstance(way, str):
        return entities[entity].field(way.strip())
    if isinstance(way, LookUp) and way.entity in entities:
        return entities[way.entity].field(way.field)
    return None
