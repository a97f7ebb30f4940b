"""The state of one making: which tables are there already, and partial ones for fields needed earlier."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from kpicore.ingest.derive.build_context import Building
from kpicore.ingest.fields.derivations import bare
from kpicore.ingest.fields.derived_entities import EntityDerivation, building
from kpicore.ingest.fields.derived_rows import FieldPlan, filled_rows
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.ingest.raw.sql_types import SQL_TYPES, days, local_day, stored_fields
from kpicore.model.notes import Note
from kpicore.model.schema import Entity
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted

if TYPE_CHECKING:
    from kpicore.config.reader import Config


@dataclass(slots=True)
class Making:
    """What the making of all entities shares. `today` is the data day in the organisation's zone.

    `made` are the entities whose tables hold what they shall hold; `notes` what to tell of each.
    """

    connection: duckdb.DuckDBPyConnection
    config: Config
    registry: Registry
    today: date
    rows: Mapping[str, EntityRows]
    plan: FieldPlan
    made: set[str] = field(default_factory=set)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    _built: dict[str, str] = field(default_factory=dict)
    _partial: dict[tuple[str, frozenset[str]], str] = field(default_factory=dict)

    def values(self, entity: str, columns: frozenset[str]) -> str:
        """Return a table that has these columns of an entity, filled."""
        # a made table has no "given …" and "apart …" columns: those are only ever made as partial tables
        if entity in self.made and all(column == bare(column) for column in columns):
            return f"kpi.{quoted(entity)}"
        if entity in self.plan.derived:
            return self._derived_values(self.plan.derived[entity], columns)
        if entity not in self.rows:
            return self._nothing(entity)
        rows = self.rows[entity]
        if all(self.plan.is_plain(rows.entity, column) for column in columns):
            return rows.table
        if (known := self._known(entity, columns)) is not None:
            return known
        statement = filled_rows(self.plan, rows, sorted(columns), self.values)
        return self._kept(entity, columns, statement.sql, statement.values)

    def note(self, entity: str, note: Note) -> None:
        """Keep something to tell of an entity."""
        self.notes.setdefault(entity, []).append(note)

    def forget(self) -> None:
        """Drop the partial tables."""
        # what was built stays: the next making replaces it by its name, while partial tables are numbered anew
        for table in self._partial.values():
            self.connection.execute(f"DROP TABLE {table}")
        self._partial.clear()

    def derived_rows(self, derivation: EntityDerivation, copied: Collection[str] | None = None) -> str:
        """Return a SELECT of all fields but the days of a derived entity; of those that it copies all or these."""
        names = derivation.copied if copied is None else copied
        own, origin = self._built_rows(derivation), self.values(derivation.origin, frozenset({"id", *names}))
        there = {name: f"origin.{quoted(name)}" for name in names} | {
            column: f"own.{quoted(column)}" for column in derivation.derived.columns
        }
        shown = ", ".join(
            f"{there.get(field.name, f'CAST(NULL AS {SQL_TYPES[field.type]})')} AS {quoted(field.name)}"
            for field in stored_fields(derivation.entity)
        )
        # LEFT JOIN: what the plugin built stays a row, even if its row of the origin is not there
        through = quoted(derivation.derived.through)
        return f"SELECT {shown} FROM {own} AS own LEFT JOIN {origin} AS origin ON origin.id = own.{through}"

    def context(self, derivation: EntityDerivation, keep: Callable[[Note], None] | None = None) -> Building:
        """Return what a derived entity is made with; `keep` takes its notes in place of this making."""
        return Building(
            self.connection, self.registry, derivation, self.today, self.config.timezone, self.config.settings,
            self.rows, self.plan.possible, self.values, keep or (lambda note: self.note(derivation.name, note)),
        )  # fmt: skip

    def _nothing(self, entity: str) -> str:
        """Return a table without rows for an entity that is not loaded."""
        table = f"temp.main.{quoted('no_' + entity)}"
        types = ", ".join(
            f"{quoted(field.name)} {SQL_TYPES[field.type]}" for field in self.registry.entity(entity).fields
        )
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({types})")
        return table

    def _derived_values(self, derivation: EntityDerivation, columns: frozenset[str]) -> str:
        # what the plugin itself built needs no join of the origin
        if columns <= {*derivation.derived.columns}:
            return self._built_rows(derivation)
        if (known := self._known(derivation.name, columns)) is not None:
            return known
        copied = {derivation.moment_of(column) for column in columns}.intersection(derivation.copied)
        rows = self.derived_rows(derivation, sorted(copied))
        fields = shown_fields(derivation.entity, self.config.timezone)
        shown = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in fields.items() if name in columns)
        return self._kept(derivation.name, columns, f"SELECT {shown} FROM ({rows}) AS made")

    def _built_rows(self, derivation: EntityDerivation) -> str:
        """Return the table with the columns that the plugin builds, which it does once."""
        name, derived = derivation.name, derivation.derived
        if name not in self._built:
            table = f"temp.main.{quoted(f'built {name}')}"
            columns = ", ".join(
                f"CAST(built.{quoted(column)} AS {SQL_TYPES[field.type]}) AS {quoted(column)}"
                for column in derived.columns
                if (field := derivation.entity.field(column)) is not None
            )
            with building(name):
                sql = derived.build(self.context(derivation))
                self.connection.execute(
                    f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM ({sql}) AS built"
                )
            self._built[name] = table
        return self._built[name]

    def _known(self, entity: str, columns: frozenset[str]) -> str | None:
        """Return a partial table that is there and has the columns."""
        for (other, there), table in self._partial.items():
            # a table with more columns serves as well
            if other == entity and columns <= there:
                return table
        return None

    def _kept(self, entity: str, columns: frozenset[str], sql: str, values: Sequence[object] = ()) -> str:
        table = f"temp.main.partial_{len(self._partial)}"
        self.connection.execute(f"CREATE TEMP TABLE {table} AS {sql}", values)
        self._partial[entity, columns] = table
        return table


def shown_fields(entity: Entity, zone: str) -> dict[str, str]:
    """Return SQL for every field of `made`, which has all but the days."""
    moments = days(entity)
    return {
        field.name: local_day("made." + quoted(moments[field.name]), zone)
        if field.name in moments
        else f"made.{quoted(field.name)}"
        for field in entity.fields
    }
