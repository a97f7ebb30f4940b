"""A derived entity that is a view over its origin: to write its rows would cost as much as to write the origin's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpicore.ingest.fields.derived_entities import EntityDerivation, building
from kpicore.ingest.raw.sql_types import days, local_day
from kpicore.model.notes import Note
from kpicore.model.schema import Type, day_name
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted

if TYPE_CHECKING:
    from kpicore.ingest.derive.making import Making

ORIGIN = "origin"
"""How the rows of the origin are called in the SQL of a view."""


def view_columns(making: Making, derivation: EntityDerivation) -> dict[str, str] | None:
    """Return SQL of the columns that can hold a value over the rows of the origin, None where rows are to be built."""
    view = derivation.derived.view
    if view is None or derivation.origin not in making.made:
        return None
    notes: list[Note] = []
    with building(derivation.name):
        own = view(making.context(derivation, notes.append))
    dimensions = _dimensions(making.registry, derivation, own) if own is not None else None
    if own is None or dimensions is None:
        return None
    for note in notes:
        making.note(derivation.name, note)
    moments, copied = days(derivation.entity), derivation.copied
    same = (
        field.name for field in derivation.entity.fields if field.name in copied or moments.get(field.name) in copied
    )
    # what comes later counts: a day that the plugin gives in a cheaper way stands over the one reckoned of its moment
    return {
        **{name: f"{ORIGIN}.{quoted(name)}" for name in same},
        **_days(derivation, own, making.config.timezone),
        **own,
        # what a plugin writes are codes, so the word beside one is the code itself
        **{field.name: own[field.words_of] for field in derivation.entity.fields if field.words_of in own},
        **dimensions,
    }


def _days(derivation: EntityDerivation, own: Mapping[str, str], zone: str) -> dict[str, str]:
    """Return SQL of the days of its own moments, which it may give in a cheaper way."""
    moments = (field.name for field in derivation.entity.fields if field.type is Type.MOMENT and field.name in own)
    return {day_name(moment): local_day(f"({own[moment]})", zone) for moment in moments}


def _dimensions(registry: Registry, derivation: EntityDerivation, own: Mapping[str, str]) -> dict[str, str] | None:
    """Return SQL of the dimensions with a column of their own, None where one would be to be looked up."""
    columns: dict[str, str] = {}
    of_origin = registry.dimensions_of(derivation.origin)
    for name in registry.dimensions_of(derivation.name):
        key = registry.key_of(derivation.name, name)
        if key in derivation.copied and name in of_origin and registry.key_of(derivation.origin, name) == key:
            columns[name] = f"{ORIGIN}.{quoted(name)}"
        # A view looks up nothing: its rows are built when a dimension of its own needs a name.
        elif key and (key in own or key in derivation.copied):
            return None
    return columns
