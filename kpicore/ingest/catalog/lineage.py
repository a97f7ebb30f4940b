"""The lineage of today's definitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kpicore.calendar import Grain
from kpicore.calendar.grid import FISCAL
from kpicore.errors import BadBuild, KpiError
from kpicore.ingest.fields.currency import CURRENCY
from kpicore.ingest.fields.derivations import ID, Filling, Reader
from kpicore.ingest.fields.derived_entities import building, copied_fields
from kpicore.ingest.fields.name_lookup import NAMED
from kpicore.ingest.raw.sql_types import days, given_fields, main_day
from kpicore.language import Node, names, text
from kpicore.lineage.as_written import dimension_text, entity_text, field_text, settings_of, words_of
from kpicore.lineage.lineage import CALENDAR, DIMENSION, RULES, WORDS, Column, Lineage, Origin, setting
from kpicore.model.schema import Dimension, Entity, Field, How, RollUp, Type

if TYPE_CHECKING:
    from kpicore.calendar import Calendar
    from kpicore.config.reader import Config
    from kpicore.model.derived_entities import DerivedEntity
    from kpicore.registry.registry import Registry

_RATES = ("fx_rate", ("", "currency", "rate", "rate_on"))


def traced(registry: Registry, config: Config, calendar: Calendar, known: Lineage | None = None) -> Lineage:
    """Return the lineage of the definitions. What is written as in `known` is not read again.

    A definition that cannot be read means what is written.
    """
    tracing = _Tracing(registry, config, known or Lineage({}), Reader(registry, config.settings, registry.entities))
    origins = {setting(name): Origin(value, value) for name, value in settings_of(config, calendar).items()}
    origins |= {setting(name): Origin(value, value) for name, value in words_of(registry).items()}
    for name, each in registry.dimensions.items():
        # its members are named by rows as they were given, so their fields need not be as they are defined
        read = {(each.entity, "")} if each.entity in registry.entities else set()
        origins[setting(DIMENSION + name)] = Origin(dimension_text(each), dimension_text(each), frozenset(read))
    origins |= {(CALENDAR, grain.value): _grain(grain) for grain in Grain}
    for entity in registry.entities.values():
        origins[entity.name, ""] = tracing.rows(entity)
        for name in registry.dimensions_of(entity.name):
            if registry.dimensions[name].entity:
                origins[entity.name, name] = tracing.dimension(entity, registry.dimensions[name])
        for field in entity.fields:
            origins[entity.name, field.name] = tracing.field(entity, field)
    own = {(entity, name) for entity, name in registry.own_fields if entity in registry.entities}
    return Lineage(origins, frozenset(own))


@dataclass(frozen=True, slots=True)
class _Tracing:
    registry: Registry
    config: Config
    known: Lineage
    reader: Reader

    def rows(self, entity: Entity) -> Origin:
        """Return what decides which rows the entity has."""
        reads = {setting(RULES)}
        if self.registry.is_implied(entity.name):
            reads |= set(self._referring(entity.name))
        derived = self.registry.derived.get(entity.name)
        if derived is not None:
            reads |= {setting(f"setting.{each}") for each in derived.settings} | set(self._built_from(derived))
        if entity.name == NAMED:
            reads |= {(field.refers_to, "") for field in entity.fields if field.refers_to}
        written = entity_text(entity, derived)
        return Origin(written, written, frozenset(reads))

    def _built_from(self, derived: DerivedEntity) -> Iterator[Column]:
        """Yield all that a derived entity may be built from under the workspace's settings."""
        try:
            with building(derived.entity):
                alternatives = derived.alternatives(self.config.settings)
        except BadBuild:  # the load tells it, and does without
            return
        for alternative in alternatives:
            yield from ((entity, name) for entity, fields in alternative.items() for name in ("", *fields))

    def dimension(self, entity: Entity, dimension: Dimension) -> Origin:
        """Return what the column of a dimension with rows of its own is made from."""
        key = self.registry.key_of(entity.name, dimension.name)
        return Origin("", "", frozenset({(entity.name, ""), (entity.name, key), setting(DIMENSION + dimension.name)}))

    def field(self, entity: Entity, field: Field) -> Origin:
        """Return what a field is made from."""
        wording, reads = field_text(field), frozenset(self._structure(entity, field))
        if not field.how and not field.settled:
            return Origin(wording, wording, reads)
        before = self.known.origins.get((entity.name, field.name))
        if before is not None and before.written == wording:
            return replace(before, reads=before.reads | reads)
        try:
            ways = [self.reader.coded(entity, self.reader.filling(entity, field, how)) for how in field.how]
            settled = [self.reader.filling(entity, field, how) for how in (field.settled,) if how]
        except KpiError:
            return Origin(wording, wording, reads)
        end = "".join(str(_meant(each)) for each in settled)
        meant = field_text(replace(field, how=tuple(_meant(way) for way in ways), settled=end))
        words = (way.words for way in ways if way.words is not None)
        dated = {(way.other, main_day(self.registry.entity(way.other))) for way in ways if isinstance(way.how, RollUp)}
        return Origin(wording, meant, reads.union(dated, *(_read(each) for each in (*settled, *ways, *words))))

    def _structure(self, entity: Entity, field: Field) -> Iterator[Column]:
        """Yield what a field reads by what it is, whatever its `how`."""
        yield entity.name, ""
        moment = days(entity).get(field.name)
        if moment is not None:
            yield entity.name, moment
            yield setting("timezone")
        if field.type is Type.MONEY and entity.key == (ID,) and entity.field(CURRENCY) is not None:
            yield setting("currency")
            yield from ((entity.name, each) for each in (CURRENCY, main_day(entity)) if each)
            if _RATES[0] in self.registry.entities:
                yield from ((_RATES[0], each) for each in _RATES[1])
        if field.words_of:
            yield entity.name, field.words_of
        if field.codes is not None:
            yield setting(f"{WORDS}{entity.name}.{field.name}")
        derived = self.registry.derived.get(entity.name)
        if derived is not None and field.name in copied_fields(self.registry, derived):
            yield derived.origin, field.name
        named = self.registry.dimensions.get(field.name)
        if field.dimension and named is not None and not named.entity:
            yield setting(DIMENSION + field.name)

    def _referring(self, target: str) -> Iterator[Column]:
        for entity in self.registry.entities.values():
            if not entity.made and entity.name != NAMED:
                yield from ((entity.name, field.name) for field in given_fields(entity) if field.refers_to == target)


def _grain(grain: Grain) -> Origin:
    reads = {setting(RULES)}
    if grain is Grain.WEEK:
        reads.add(setting("weeks"))
    if grain in FISCAL:
        reads.add(setting("fiscal months"))
    return Origin("", "", frozenset(reads))


def _meant(filling: Filling) -> How:
    """Return the way to fill a field with its expressions in their canonical form."""

    def canonical(node: Node | None) -> str:
        return text(node) if node is not None else ""

    how = filling.how
    if isinstance(how, str):
        return canonical(filling.value)
    if not isinstance(how, RollUp):
        return how
    dated_by = filling.dating.node if filling.dating is not None and how.aggregate.when else None
    aggregate = replace(
        how.aggregate,
        value=canonical(filling.value),
        when=canonical(filling.when or dated_by),
        where=canonical(filling.where),
    )
    return replace(how, aggregate=aggregate)


def _read(filling: Filling) -> set[Column]:
    """Return what a way to fill a field reads."""
    found = {(filling.entity, each) for each in filling.own}
    if filling.other:
        found |= {(filling.other, each) for each in ("", *filling.read)}
    trees = (each for each in (filling.value, filling.when, filling.where) if each is not None)
    used = {name for tree in trees for space, name in names(tree) if space == "setting"}
    return found | {setting(f"setting.{name}") for name in used}
