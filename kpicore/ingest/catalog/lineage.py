"""The lineage of today's definitions, and that of the made tables as the book keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from kpicore.calendar import Grain
from kpicore.calendar.grid import FISCAL
from kpicore.errors import BadBuild, KpiError
from kpicore.ingest.fields.currency import CURRENCY
from kpicore.ingest.fields.derivations import ID, DerivationReader, FieldDerivation
from kpicore.ingest.fields.derived_entities import building, copied_fields
from kpicore.ingest.fields.shown_ids import NAMED, references
from kpicore.ingest.raw.sql_types import days, main_day
from kpicore.language import Node, names, text
from kpicore.lineage.as_written import dimension_text, entity_text, field_text, settings_of, words_of
from kpicore.lineage.lineage import CALENDAR, DIMENSION, RULES, WORDS, Column, Lineage, Origin, setting
from kpicore.model.schema import Dimension, Entity, Field, How, RollUp, Type

if TYPE_CHECKING:
    from kpicore.calendar import Calendar
    from kpicore.config.reader import Config
    from kpicore.model.derived_entities import DerivedEntity
    from kpicore.registry.registry import Registry

_MOST = 20
"""So many installations that have made the tables are remembered."""

# the columns that a conversion reads; a column named "" stands for the rows of an entity, here and below
_RATES = ("fx_rate", ("", "currency", "rate", "rate_on"))


def traced(registry: Registry, config: Config, calendar: Calendar, known: Lineage | None = None) -> Lineage:
    """Return the lineage of the definitions. What is written as in `known` is not read again.

    A definition that cannot be read means what is written.
    """
    tracing = _Tracing(
        registry, config, known or Lineage({}), DerivationReader(registry, config.settings, registry.entities)
    )
    origins = {setting(name): Origin(value, value) for name, value in settings_of(config, calendar).items()}
    origins |= {setting(name): Origin(value, value) for name, value in words_of(registry).items()}
    for name, dimension in registry.dimensions.items():
        # its values are named by rows as they were given, so their fields need not be as they are defined
        read = {(dimension.entity, "")} if dimension.entity in registry.entities else set()
        written = dimension_text(dimension)
        origins[setting(DIMENSION + name)] = Origin(written, written, frozenset(read))
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


def kept_lineage(connection: duckdb.DuckDBPyConnection) -> Lineage | None:
    """Return the lineage of the tables as they are, None when a version that keeps none has made them."""
    lineages = connection.execute(
        "SELECT lineage FROM book.lineage JOIN book.state ON book.lineage.version = book.state.version"
    ).fetchall()
    return Lineage.parse(lineages[0][0]) if lineages else None


def keep_lineage(
    connection: duckdb.DuckDBPyConnection, version: str, written: str, lineage: Lineage, misread: Mapping[str, str]
) -> None:
    """Write down by which definitions the tables of a data version were made; `written` is their text.

    `misread` tells of entities whose rows were read in another time zone.
    """
    kept = connection.execute("SELECT installed FROM book.lineage").fetchall()
    before: list[str] = json.loads(kept[0][0]) if kept else []
    # in order of time: `renewal` compares the last one with itself to see whether installations take turns
    if before[-1:] != [lineage.installed]:
        before = [*before, lineage.installed][-_MOST:]
    connection.execute("DELETE FROM book.lineage")
    connection.execute(
        "INSERT INTO book.lineage VALUES (?, ?, ?, ?, ?)",
        [version, written, lineage.text(), json.dumps(before), json.dumps(misread)],
    )


@dataclass(frozen=True, slots=True)
class _Tracing:
    registry: Registry
    config: Config
    known: Lineage
    reader: DerivationReader

    def rows(self, entity: Entity) -> Origin:
        """Return what decides which rows the entity has."""
        reads = {setting(RULES)}
        if self.registry.is_implied(entity.name):
            reads |= set(references(self.registry, entity.name))
        derived = self.registry.derived.get(entity.name)
        if derived is not None:
            reads |= {setting(f"setting.{name}") for name in derived.settings} | set(self._built_from(derived))
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
        # what the field is beside its `how` may be another today, so the reads of both are kept: one too many makes a
        # table anew in vain, one too few would leave it wrong
        if before is not None and before.written == wording:
            return replace(before, reads=before.reads | reads)
        try:
            ways = [self.reader.coded(entity, self.reader.derivation(entity, field, how)) for how in field.how]
            settled = [self.reader.derivation(entity, field, how) for how in (field.settled,) if how]
        except KpiError:
            return Origin(wording, wording, reads)
        # one way at the most
        end = "".join(str(_meant(way)) for way in settled)
        meant = field_text(replace(field, how=tuple(_meant(way) for way in ways), settled=end))
        words = (way.words for way in ways if way.words is not None)
        dated = {(way.other, main_day(self.registry.entity(way.other))) for way in ways if isinstance(way.how, RollUp)}
        return Origin(wording, meant, reads.union(dated, *(_read(way) for way in (*settled, *ways, *words))))

    def _structure(self, entity: Entity, field: Field) -> Iterator[Column]:
        """Yield what a field reads by what it is, whatever its `how`."""
        yield entity.name, ""
        moment = days(entity).get(field.name)
        if moment is not None:
            yield entity.name, moment
            yield setting("timezone")
        if field.type is Type.MONEY and entity.key == (ID,) and entity.field(CURRENCY) is not None:
            yield setting("currency")
            yield from ((entity.name, column) for column in (CURRENCY, main_day(entity)) if column)
            if _RATES[0] in self.registry.entities:
                yield from ((_RATES[0], column) for column in _RATES[1])
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


def _grain(grain: Grain) -> Origin:
    reads = {setting(RULES)}
    if grain is Grain.WEEK:
        reads.add(setting("weeks"))
    if grain in FISCAL:
        reads.add(setting("fiscal months"))
    return Origin("", "", frozenset(reads))


def _meant(derivation: FieldDerivation) -> How:
    """Return the way to fill a field with its expressions in their canonical form."""

    def canonical(node: Node | None) -> str:
        return text(node) if node is not None else ""

    how = derivation.how
    if isinstance(how, str):
        return canonical(derivation.value)
    if not isinstance(how, RollUp):
        return how
    dated_by = derivation.dating.node if derivation.dating is not None and how.aggregate.when else None
    aggregate = replace(
        how.aggregate,
        value=canonical(derivation.value),
        when=canonical(derivation.when or dated_by),
        where=canonical(derivation.where),
    )
    return replace(how, aggregate=aggregate)


def _read(derivation: FieldDerivation) -> set[Column]:
    """Return what a way to fill a field reads."""
    reads = {(derivation.entity, column) for column in derivation.own}
    if derivation.other:
        reads |= {(derivation.other, column) for column in ("", *derivation.read)}
    trees = (node for node in (derivation.value, derivation.when, derivation.where) if node is not None)
    used = {name for tree in trees for space, name in names(tree) if space == "setting"}
    return reads | {setting(f"setting.{name}") for name in used}
