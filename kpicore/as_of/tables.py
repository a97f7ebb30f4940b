"""The tables as a load would have left them that took the raw rows as they stood, made when they are asked for.

What is made of the very same rows as today's table is today's table.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb

from kpicore.as_of.raw_views import lay_out_rows
from kpicore.as_of.state import Stood
from kpicore.calendar import local_date
from kpicore.ingest.catalog.tables import make_calendar, reach
from kpicore.ingest.derive.dimension_values import holders, list_texts
from kpicore.ingest.derive.make import make_one, prepared
from kpicore.ingest.derive.overflow import emptied
from kpicore.ingest.fields.currency import keep_currency
from kpicore.text.sql_text import quoted
from kpicore.turns import TurnLock, aside
from kpicore.warehouse import EntityState, LoadedWarehouse, Member, Refusals, State
from kpicore.warehouse.duckdb.dialect import DUCKDB
from kpicore.warehouse.duckdb.freshness import source_states
from kpicore.warehouse.duckdb.layout import TABLES
from kpicore.warehouse.duckdb.problems import clear_errors
from kpicore.warehouse.duckdb.reader import ENTITY_STATES, entity_state, relation, rows_of
from kpicore.warehouse.port import outdated_tables

if TYPE_CHECKING:
    from kpicore.config.reader import Config
    from kpicore.model.sources import Unreadable
    from kpicore.registry.registry import Registry

_READ = re.compile(r'\bkpi\."?(\w+)')
"""The tables that a statement reads."""


class PastTables:
    """The tables of one day, in a database in memory that is let go of with them."""

    def __init__(self, warehouse: LoadedWarehouse, name: str, config: Config, registry: Registry, stood: Stood) -> None:
        self.path, self._registry, self._config, self._name = warehouse.path, registry, config, name
        self.currency = config.currency
        self._lock = TurnLock()
        self._texts: set[str] = set()
        self.rows = 0
        """How many rows were made, of all tables."""
        with clear_errors(self.path):
            self._connection = warehouse.beside(name)
            # not __del__: the database must go also when the process ends with it
            weakref.finalize(self, _let_go, self._connection, name)
            for statement in TABLES:
                self._connection.execute(statement)
            lay_out_rows(self._connection, registry.entities, stood.loads)
            keep_currency(self._connection, config.currency)
            today, until = (local_date(time, config.timezone) for time in (stood.made_at, stood.time))
            left_empty = emptied(map(entity_state, warehouse.query(ENTITY_STATES)))
            self._making, self._wanted = prepared(
                self._connection, config, registry, today, until, left_empty, _underived(warehouse, registry)
            )
            self._take_same(warehouse)
        # before the first load nobody knows what each source would have said
        known = stood.load is not None
        self.sources = source_states(self.query, config.lags, config.timeless) if known else ()

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a statement; the tables that it reads are there from then on."""
        # which tables a statement reads is told by its text: those of entities stand in the schema kpi alone
        lacking = {name for name in _READ.findall(sql) if name in self._wanted} - self._making.made
        with clear_errors(self.path):
            if lacking:
                with self._lock, aside():
                    for name in sorted(lacking):
                        self._make(name)
            return rows_of(self._connection, self._name, sql, values)

    def names(self) -> tuple[str, ...]:
        """Return the entities that were there."""
        return tuple(self._wanted)

    def state(self, entity: str) -> EntityState:
        """Return what was loaded of an entity; its table is there from then on."""
        with self._lock, aside(), clear_errors(self.path):
            self._make(entity)
        ((_, state),) = map(entity_state, self.query(f"{ENTITY_STATES} WHERE entity = ?", [entity]))
        return state

    def members(self, dimension: str) -> tuple[Member, ...]:
        """Return the values of a dimension, sorted."""
        if not self._registry.dimensions[dimension].entity:
            with self._lock, aside(), clear_errors(self.path):
                self._list_texts(dimension)
        sql = "SELECT value, id, label FROM book.member WHERE dimension = ? ORDER BY value, id"
        return tuple(Member(*row) for row in self.query(sql, [dimension]))

    def _make(self, entity: str) -> None:
        # asked again under the lock: who held it before may have made it
        if entity in self._making.made:
            return
        derived = self._registry.derived.get(entity)
        if derived is not None and derived.view is not None:
            self._make(derived.origin)  # over which it may be a view
        make_one(self._making, entity, self._wanted[entity])
        self._making.forget()
        self._reach_out()
        sql = 'SELECT "rows" FROM book.entity WHERE entity = ?'
        self.rows += sum(rows for (rows,) in self._connection.execute(sql, [entity]).fetchall())

    def _list_texts(self, dimension: str) -> None:
        if dimension in self._texts:
            return
        for holder in holders(self._registry, dimension, self._wanted):
            self._make(holder)
        list_texts(self._connection, self._registry, (dimension,), self._wanted)
        self._texts.add(dimension)

    def _take_same(self, warehouse: LoadedWarehouse) -> None:
        """Show today's tables where the rows behind them are those of the day, and today's calendar."""
        today = f'"{warehouse.shown_in}".kpi'
        self._connection.execute(f"CREATE VIEW kpi.calendar AS FROM {today}.calendar")
        if warehouse.refusals.columns:
            return  # today's tables are not as today's definitions make them
        # by fingerprints of all that each table is made from
        made_from = dict(warehouse.query("SELECT entity, made FROM book.entity"))
        for name in [name for name, rows in self._wanted.items() if made_from.get(name) == rows]:
            self._connection.execute(f"CREATE VIEW kpi.{quoted(name)} AS FROM {today}.{quoted(name)}")
            self._connection.execute("INSERT INTO book.entity FROM warehouse.book.entity WHERE entity = ?", [name])
            self._making.made.add(name)

    def _reach_out(self) -> None:
        """Make a calendar that holds the days of rows that have other ones today."""
        ((first, last),) = self._connection.execute("SELECT min(date), max(date) FROM kpi.calendar").fetchall()
        seen = [day for day in reach(self._connection) if day is not None]
        if all(first <= day <= last for day in seen):
            return
        # today's calendar need not hold a day that a row has lost since
        self._connection.execute("DROP VIEW IF EXISTS kpi.calendar")
        make_calendar(self._connection, self._config.calendar(), [first, last, *seen])


class PastWarehouse:
    """The tables of one day as a warehouse that questions read."""

    dialect = DUCKDB

    def __init__(self, tables: PastTables, today: LoadedWarehouse, stood: Stood) -> None:
        self._tables, self._today = tables, today
        entities, currency = _Entities(tables), tables.currency
        self.state: State = replace(
            today.state, time=stood.time, entities=entities, currency=currency, sources=tables.sources
        )
        self.path, self.refusals, self.shown_in = today.path, today.refusals, today.shown_in
        self.version = today.version

    def relation(self, entity: str) -> str:
        """Return the table of an entity or of the days."""
        return relation(entity)

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement. Raises WarehouseError."""
        return self._tables.query(sql, values)

    def members(self, dimension: str) -> tuple[Member, ...]:
        """Return the values of a dimension, sorted. Raises WarehouseError for one that is refused."""
        if dimension in self.refusals.dimensions:
            raise outdated_tables(self.refusals.dimensions[dimension])
        return self._tables.members(dimension)

    def lineage(self) -> tuple[str, tuple[str, ...]] | None:
        """Return the lineage of today's tables."""
        return self._today.lineage()

    def given_columns(self, entity: str) -> frozenset[str]:
        """Return the columns that any source ever gave: those that were given later are empty here."""
        return self._today.given_columns(entity)

    def given_rows(self, entity: str) -> str:
        """Return the rows that sources had given, as they were."""
        return self._today.given_rows(entity)

    def unreadable(self, most: int) -> tuple[Unreadable, ...]:
        """Return what today's warehouse says could not be read."""
        return self._today.unreadable(most)

    def refuse(self, refusals: Refusals) -> None:
        """Refuse from now on to read these columns and dimensions."""
        self.refusals = refusals

    def beside(self, name: str) -> duckdb.DuckDBPyConnection:
        """Return a connection to a new database in memory beside today's warehouse."""
        return self._today.beside(name)

    def close(self) -> None:
        """Nothing is held that today's warehouse does not hold."""


class _Entities(Mapping[str, EntityState]):
    """The state of each entity: to look at it makes its table."""

    def __init__(self, tables: PastTables) -> None:
        self._tables = tables

    def __getitem__(self, name: str) -> EntityState:
        if name not in self._tables.names():
            raise KeyError(name)
        return self._tables.state(name)

    # that of Mapping looks at the state, and so would make the table
    def __contains__(self, name: object) -> bool:
        return name in self._tables.names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables.names())

    def __len__(self) -> int:
        return len(self._tables.names())


def _underived(warehouse: LoadedWarehouse, registry: Registry) -> frozenset[str]:
    """Return the derived entities that the last load has not made though there are rows of their origin."""
    there = warehouse.state.entities
    derived = registry.derived.items()
    return frozenset(name for name, entity in derived if entity.origin in there and name not in there)


def _let_go(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Drop the database, in whatever turn the last who used it ends; of a file that is closed all is gone."""
    with suppress(duckdb.Error):
        connection.execute("USE warehouse")
        connection.execute(f'DETACH "{name}"')
    connection.close()
