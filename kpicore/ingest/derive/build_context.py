"""What a derived entity is made with: its plugin reads here, and here alone, what the load knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from kpicore.errors import BadDefinition
from kpicore.ingest.fields.cycles import FieldOf
from kpicore.ingest.fields.dated_rows import Until
from kpicore.ingest.fields.derived_entities import EntityDerivation
from kpicore.ingest.fields.derived_rows import Relation
from kpicore.ingest.fields.shown_ids import earlier_table, given_table
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.ingest.raw.change_log import UNTIL, past_columns
from kpicore.ingest.raw.origins import BROUGHT
from kpicore.ingest.raw.raw_tables import raw_columns
from kpicore.ingest.raw.sql_types import SQL_TYPES, local_day
from kpicore.model.derived_entities import FieldsOf
from kpicore.model.notes import Note
from kpicore.model.schema import Type
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import literal, quoted

# min(time) is the load's own time: that of the second line of a source that stays is later, see `data_time`
_LOADS = "(SELECT number, min(time) AS time FROM book.load GROUP BY number)"


@dataclass(frozen=True, slots=True)
class Building:
    """The BuildContext of one derived entity. `all_settings` are those of the workspace, `possible` all fields that
    can hold a value, `values` gives tables of filled fields, and `keep` takes a note."""

    connection: duckdb.DuckDBPyConnection
    registry: Registry
    derivation: EntityDerivation
    today: date
    timezone: str
    all_settings: Mapping[str, object]
    loaded: Mapping[str, EntityRows]
    possible: Collection[FieldOf]
    values: Relation
    keep: Callable[[Note], None]

    @property
    def settings(self) -> Mapping[str, object]:
        """The values of the settings that it names."""
        return {name: self.all_settings[name] for name in self.derivation.derived.settings}

    @property
    def reads(self) -> FieldsOf:
        """What is read in this load."""
        return self.derivation.reads

    def is_loaded(self, entity: str) -> bool:
        """Return whether there are rows of an entity."""
        return entity in self.loaded

    def can_hold(self, entity: str, field: str) -> bool:
        """Return whether any row of an entity may hold a value in a field."""
        return (entity, field) in self.possible

    def table(self, entity: str, *fields: str) -> str:
        """Return the name of a table with these fields of an entity, filled."""
        self._refuse_others(self.reads, "reads", entity, fields)
        return self.values(entity, frozenset(fields))

    def given(self, entity: str) -> str:
        """Return the name of a table with the fields of an entity as sources gave them."""
        self._refuse_others(self.reads, "reads", entity, ())
        return self.loaded[entity].table if entity in self.loaded else self.values(entity, frozenset())

    def temporary(self, name: str, sql: str) -> str:
        """Make a temporary table of a SELECT and return its name."""
        table = f"temp.main.{quoted(f'{self.derivation.name} {name}')}"
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}")
        return table

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        return self.connection.execute(sql).fetchall()

    def note(self, note: Note) -> None:
        """Keep what is to be known of the rows."""
        self.keep(note)

    def local_day(self, moment: str) -> str:
        """Return SQL for the day of a moment."""
        return local_day(moment, self.timezone)

    def is_ahead(self, sql: str, type: Type) -> str:
        """Return SQL for a date or moment that lies after the day of the data."""
        return Until(self.today, self.timezone).is_ahead(sql, type)

    def first_load(self, entity: str) -> str:
        """Return SQL for the instant of the first load of an entity."""
        self._refuse_others(self.derivation.derived.history, "history", entity, ())
        first = f"SELECT min(load) FROM book.raw_version WHERE entity = {literal(entity)}"
        return f"(SELECT min(time) FROM book.load WHERE number = ({first}))"

    def arrivals(self, entity: str) -> str:
        """Return a SELECT of the rows that came after the first load, each with its time."""
        self._refuse_others(self.derivation.derived.history, "history", entity, ())
        if BROUGHT not in raw_columns(self.connection).get(entity, ()):
            return "SELECT CAST(NULL AS VARCHAR) AS id, CAST(NULL AS TIMESTAMP) AS time WHERE FALSE"
        first = f"SELECT min(load) FROM book.raw_version WHERE entity = {literal(entity)}"
        return (
            f"SELECT id, load.time FROM {given_table(entity)} JOIN {_LOADS} AS load ON load.number = {BROUGHT}"
            f" WHERE {BROUGHT} > ({first})"
        )

    def versions(self, entity: str, *fields: str) -> str:
        """Return a SELECT of the versions of rows that a load has changed."""
        self._refuse_others(self.derivation.derived.history, "history", entity, fields)
        past, columns = past_columns(self.connection, entity), raw_columns(self.connection).get(entity, ())
        # Versions that hold none of the fields do not tell when these changed.
        if not past.intersection(fields):
            nothing = "".join(f", CAST(NULL AS {self._type(entity, field)}) AS {quoted(field)}" for field in fields)
            ends = "CAST(NULL AS BIGINT) AS until, CAST(NULL AS TIMESTAMP) AS until_at"
            return f"SELECT CAST(NULL AS VARCHAR) AS id{nothing}, {ends} WHERE FALSE"
        earlier = earlier_table(entity)
        # a row that was changed twice is given three times: two versions that ended, and as it is now, without an end;
        # one that never was is not given at all (SEMI JOIN)
        then, now = (
            "".join(f", {quoted(field) if field in there else 'NULL'} AS {quoted(field)}" for field in fields)
            for there in (past, columns)
        )
        return (
            f"SELECT version.*, load.time AS until_at FROM (SELECT id{then}, {UNTIL} AS until FROM {earlier}"
            f" UNION ALL SELECT id{now}, NULL FROM {given_table(entity)} SEMI JOIN {earlier} USING (id))"
            f" AS version LEFT JOIN {_LOADS} AS load ON load.number = version.until"
        )

    def _type(self, entity: str, name: str) -> str:
        field = self.registry.entity(entity).field(name)
        return SQL_TYPES[field.type if field is not None else Type.TEXT]

    def _refuse_others(self, declared: FieldsOf, called: str, entity: str, fields: Collection[str]) -> None:
        """Refuse what it does not say: the order of making, the lineage and what is made anew go by that."""
        lacking = [field for field in fields if field not in declared.get(entity, ())]
        if entity not in declared or lacking:
            what = ".".join((entity, *lacking[:1]))
            raise BadDefinition(f"derived entity '{self.derivation.name}'", f"its {called} lack '{what}'")
