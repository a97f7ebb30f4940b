"""The derived entities of one load: which of them can be made, what they read, and what they copy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from kpicore.errors import BadBuild
from kpicore.ingest.fields.cycles import FieldOf, Need
from kpicore.ingest.raw.run import ENDS_LOAD
from kpicore.ingest.raw.sql_types import days, stored_fields
from kpicore.model.derived_entities import DerivedEntity, FieldsOf
from kpicore.model.schema import Entity
from kpicore.registry.registry import Registry
from kpicore.registry.schema_checks import wrong_reads
from kpicore.utils.isolation import contained, failure_words


@dataclass(frozen=True, slots=True)
class EntityDerivation:
    """One of them in this load. `reads` is of its alternatives the one that counts."""

    derived: DerivedEntity
    entity: Entity
    copied: tuple[str, ...]
    reads: FieldsOf

    @property
    def name(self) -> str:
        """The name of the entity."""
        return self.entity.name

    @property
    def origin(self) -> str:
        """The entity that its rows belong to."""
        return self.derived.origin

    def moment_of(self, column: str) -> str:
        """Return the moment behind a day, any other column as it is."""
        return days(self.entity).get(column, column)

    def needs(self, column: str) -> Iterator[Need]:
        """Yield what a column is made from."""
        if (moment := self.moment_of(column)) != column:
            yield Need((self.name, moment), False)
            return
        yield from (Need((entity, field), False) for entity, fields in self.reads.items() for field in fields)
        if column in self.copied:
            yield Need((self.origin, column), False)

    def copies(self) -> dict[FieldOf, FieldOf]:
        """Return its fields with those of the origin that hold a value whenever they may."""
        own = {field.name for field in stored_fields(self.entity)} - {*self.copied}
        copies = {(self.name, field): (self.origin, field) for field in self.copied}
        # what the plugin builds may hold a value as soon as there are rows, and an id is what every row has
        return copies | {(self.name, field): (self.origin, "id") for field in own}


def entity_derivations(
    registry: Registry, settings: Mapping[str, object], loaded: Collection[str], without: Collection[str] = ()
) -> dict[str, EntityDerivation]:
    """Return those that can be made when there are rows of the entities that are `loaded`, by name.

    Raises BadBuild for one that does not say what it reads.
    """
    makeable, there = {}, set(loaded)
    for name, derived in registry.derived.items():
        if derived.origin in there and name not in without:
            with building(name):
                alternatives = derived.alternatives(settings)
                for reads in alternatives if callable(derived.reads) else ():
                    if wrong := wrong_reads(f"derived entity '{name}'", reads, registry.entities):
                        raise wrong
                last: FieldsOf = alternatives[-1] if alternatives else {}
                # The first of which there is any row counts; where there is none, the last one's tables are empty.
                reads = next((reads for reads in alternatives if not there.isdisjoint(reads)), last)
                copied = copied_fields(registry, derived)
                makeable[name] = EntityDerivation(derived, registry.entities[name], copied, dict(reads))
    return makeable


def copied_fields(registry: Registry, derived: DerivedEntity) -> tuple[str, ...]:
    """Return the fields that a row has from its row of the origin."""
    of_origin = {field.name for field in stored_fields(registry.entities[derived.origin])}
    fields = (field.name for field in stored_fields(registry.entities[derived.entity]))
    return tuple(field for field in fields if field in of_origin and field not in derived.columns)


@contextmanager
def building(entity: str) -> Iterator[None]:
    """Run a plugin's code that makes a derived entity. Raises BadBuild for whatever it raises."""
    try:
        with contained():
            yield
    except (*ENDS_LOAD, BadBuild):  # of the warehouse, or of another derived entity that it reads
        raise
    except Exception as error:  # foreign code, and the SQL that it gave
        raise BadBuild(entity, failure_words(error)) from error
