"""Derived entities: tables whose rows are made at load, by a plugin, from the rows of others.

DuckDB is the builder: what a `build` or a `view` gives is DuckDB's SQL, whatever warehouse is read later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields
from kpicore.model.field_kinds import Id
from kpicore.model.notes import Note
from kpicore.model.schema import Type

FieldsOf = Mapping[str, tuple[str, ...]]
"""Names of fields, by entity."""


class BuildContext(Protocol):
    """What a derived entity is made with in one load, or as of an earlier day."""

    @property
    def today(self) -> date:
        """The day of the data, in the organisation's time zone; as of an earlier day it is that one."""

    @property
    def timezone(self) -> str:
        """The organisation's time zone."""

    @property
    def settings(self) -> Mapping[str, object]:
        """The values of the settings that the derived entity names, no others."""

    @property
    def reads(self) -> FieldsOf:
        """What is read in this load: of alternatives the one that counts."""

    def is_loaded(self, entity: str) -> bool:
        """Return whether there are rows of an entity: given ones, or ids that others refer to."""

    def can_hold(self, entity: str, field: str) -> bool:
        """Return whether any row of an entity may hold a value in a field."""

    def table(self, entity: str, *fields: str) -> str:
        """Return the name of a table with these fields of an entity, filled; it has no rows when none are loaded.

        Raises BadDefinition for a field that the derived entity does not say that it reads.
        """

    def given(self, entity: str) -> str:
        """Return the name of a table with the fields of an entity that it reads as sources gave them."""

    def temporary(self, name: str, sql: str) -> str:
        """Make a temporary table of a SELECT and return its name; another derived entity's of this name is another."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""

    def note(self, note: Note) -> None:
        """Keep what is to be known of the derived entity's rows: whatever reads them tells it."""

    def local_day(self, moment: str) -> str:
        """Return SQL for the day of a moment, in the organisation's time zone."""

    def is_ahead(self, sql: str, type: Type) -> str:
        """Return SQL for a date or moment that lies after the day of the data."""

    def first_load(self, entity: str) -> str:
        """Return SQL for the instant of the first load of an entity in `history`, in UTC."""

    def arrivals(self, entity: str) -> str:
        """Return a SELECT of `id` and `time` of the rows of an entity in `history` that came after its first load."""

    def versions(self, entity: str, *fields: str) -> str:
        """Return a SELECT of the versions of the rows of an entity in `history` that a load has changed.

        Its columns are `id`, the fields as sources gave them, and of the load that changed them `until`, its number,
        and `until_at`, its time in UTC: both are empty in the version of today. No rows when no load has changed any.
        """


def by_day(context: BuildContext) -> tuple[object, ...]:
    """Return what rows depend on that are other ones on another day."""
    return (context.today,)


@dataclass(frozen=True, slots=True)
class DerivedEntity:
    """How the rows of an entity are made at load; the entity itself comes by `kpi_entities`, with `made=True`.

    Each row belongs to a row of `origin`, whose id stands in the field `through`, and there are rows whenever the
    origin has some. `build` gives a SELECT of the fields in `columns`, `through` among them; all other fields that the
    origin has too are copied from its row.
    `reads` are the fields that `build` may read, or a function of the settings that returns alternatives: of these
    the first of which an entity is loaded counts, else the last. `settings` are the names of those that it may look at.
    `history` are the entities of which it asks when their rows came, with the fields of which it reads what loads
    have changed.
    `facts` gives what else the rows depend on: as soon as it is another, they are made anew. By default they are on
    each day of the data; `lambda context: ()` is for rows that are the same on all days.
    `view` gives SQL of the columns, and of days of moments, over the rows of the origin as `origin`, when each of these
    is a row: that costs nothing. It gives None when rows are to be built; a column that it leaves out is empty.
    `version` is raised whenever `build` makes other rows than before of the same ones.
    """

    entity: Id
    origin: Id
    through: Id
    columns: tuple[Id, ...]
    reads: FieldsOf | Callable[[Mapping[str, object]], tuple[FieldsOf, ...]]
    build: Callable[[BuildContext], str]
    settings: tuple[Id, ...] = ()
    history: FieldsOf = field(default_factory=lambda: MappingProxyType({}))
    facts: Callable[[BuildContext], tuple[object, ...]] = by_day
    view: Callable[[BuildContext], Mapping[str, str] | None] | None = None
    version: int = 1

    def __post_init__(self) -> None:
        check_fields(self, "derived entity", "entity")
        if self.through not in self.columns:
            raise BadDefinition(f"derived entity '{self.entity}'", f"its columns lack '{self.through}', its through")

    def alternatives(self, settings: Mapping[str, object]) -> tuple[FieldsOf, ...]:
        """Return what it may read under these settings. It is foreign code that may raise."""
        return self.reads(settings) if callable(self.reads) else (self.reads,)
