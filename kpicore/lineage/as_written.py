"""The definitions as they are written, in one short text: while it stays the same, nothing needs to be compared.

Names, texts for people and what is to be known for answers are no part of it, as the load does not look at
them; every other attribute is, also one that is added later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from kpicore.lineage.lineage import RULES, WORDS, digest
from kpicore.model.codes import Codes
from kpicore.model.schema import Dimension, Entity, Field

if TYPE_CHECKING:
    from kpicore.calendar import Calendar
    from kpicore.config.reader import Config
    from kpicore.model.derived_entities import DerivedEntity
    from kpicore.registry.registry import Registry

RULES_NUMBER = 7
"""Raised whenever the load makes other tables than before from the same definitions and rows."""

_NO_PART = ("name", "meaning", "unit", "fields", "presumes", "current", "basis", "checks")


def _attributes(kind: type) -> tuple[tuple[str, object], ...]:
    """Return the attributes that tell what a record of this kind means, with their defaults."""
    return tuple((field.name, field.default) for field in fields(kind) if field.name not in _NO_PART)


_OF_ENTITY, _OF_FIELD, _OF_DIMENSION = (_attributes(kind) for kind in (Entity, Field, Dimension))


def entity_text(entity: Entity, derived: DerivedEntity | None = None) -> str:
    """Return an entity without its fields as it is written, with the version of how it is derived."""
    version = f" {derived.version}" if derived is not None and derived.version > 1 else ""
    return _text(entity, _OF_ENTITY) + version


def field_text(field: Field) -> str:
    """Return a field as it is written."""
    return _text(field, _OF_FIELD)


def dimension_text(dimension: Dimension) -> str:
    """Return a dimension as it is written."""
    return _text(dimension, _OF_DIMENSION)


def _text(record: Any, attributes: tuple[tuple[str, object], ...]) -> str:
    # what has its default is left out, so that an attribute which a later version adds outdates no table
    values = [(name, value) for name, default in attributes if (value := getattr(record, name)) != default]
    return repr([(name, _codes_text(value) if isinstance(value, Codes) else value) for name, value in values])


def _codes_text(codes: Codes) -> str:
    """Return the codes without the organisation's words, which the workspace says and no installation."""
    return replace(codes, answers=()).fingerprint if codes.answers else codes.fingerprint


def settings_of(config: Config, calendar: Calendar) -> dict[str, str]:
    """Return the value of each setting that tables can be made by, by name."""
    fiscal = ("fiscal_starts", "pattern", "first_week", "fiscal_named", "listed")
    # On which day weeks begin matters to fiscal months of whole weeks alone.
    weeks = calendar.week_starts if calendar.pattern else 0
    return {
        RULES: str(RULES_NUMBER),
        "currency": config.currency,
        "timezone": config.timezone,
        "weeks": str(calendar.week_starts),
        "fiscal months": repr([weeks, *(getattr(calendar, attribute) for attribute in fiscal)]),
        **{f"setting.{name}": repr(value) for name, value in config.settings.items()},
    }


def words_of(registry: Registry) -> dict[str, str]:
    """Return what the organisation says of the words of each field with codes, "" where it says nothing."""
    return {
        f"{WORDS}{entity}.{field}": repr(sorted(codes.answers)) if codes.answers else ""
        for entity in registry.entities
        for field, codes in registry.codes(entity).items()
    }


def written(registry: Registry, config: Config, calendar: Calendar) -> str:
    """Return the text of all definitions and settings that tables are made by, as they are written."""
    return digest(
        repr(
            [
                sorted(settings_of(config, calendar).items()),
                sorted(words_of(registry).items()),
                *sorted(_lines(registry)),
            ]
        )
    )


def _lines(registry: Registry) -> Iterator[str]:
    for name, entity in registry.entities.items():
        yield f"{name} {entity_text(entity, registry.derived.get(name))}"
        yield from (f"{name}.{field.name} {field_text(field)}" for field in entity.fields)
    yield from (f"{name} {dimension_text(dimension)}" for name, dimension in registry.dimensions.items())
