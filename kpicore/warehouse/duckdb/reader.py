"""A warehouse in one DuckDB file, read only."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from kpicore.errors import WarehouseError
from kpicore.model.notes import read
from kpicore.model.sources import Unreadable
from kpicore.text.sql_text import literal, quoted
from kpicore.turns import aside, one_by_one
from kpicore.warehouse.duckdb.dialect import DUCKDB
from kpicore.warehouse.duckdb.freshness import source_states
from kpicore.warehouse.duckdb.layout import FORMAT, spill_folder
from kpicore.warehouse.duckdb.problems import clear_errors, missing, newer
from kpicore.warehouse.duckdb.refusing import lay_out_refusals
from kpicore.warehouse.port import CALENDAR, EntityState, Lags, Member, Refusals, SourceState, State, outdated_tables

READ_MEMORY = "800MB"
"""So that a process that answers stays below 1 GiB, and distinct counts of millions of ids need no disk."""

_PERFECT_BITS = "17"
"""Groups of few months and dimension values are counted in an array of up to 2^17 places instead of a hash table.

DuckDB goes through all places, so that in a larger one few rows of many conditions take longer than in a hash table.
"""


ENTITY_STATES = 'SELECT entity, "rows", filled, "first", "last", notes FROM book.entity'


def entity_state(row: tuple[Any, ...]) -> tuple[str, EntityState]:
    """Return the name and the state of an entity from a row of `ENTITY_STATES`."""
    name, rows, filled, first, last, notes = row
    return name, EntityState(rows, json.loads(filled), first, last, tuple(read(load) for load in json.loads(notes)))


def rows_of(
    connection: duckdb.DuckDBPyConnection, catalog: str, sql: str, values: Sequence[object]
) -> list[tuple[Any, ...]]:
    """Return all rows of a statement over a catalog. Others may take their turn meanwhile."""
    cursor = connection.cursor()  # one each, so that threads may ask at the same time
    try:
        # a cursor begins in the catalog of a new connection ("memory"), whatever the one it comes from uses
        cursor.execute(f'USE "{catalog}"')
        with aside(cursor.interrupt):
            return cursor.execute(sql, list(values)).fetchall()
    finally:
        cursor.close()


def relation(entity: str) -> str:
    """Return the table that questions read, of an entity or of the days."""
    return f"kpi.{entity}" if entity == CALENDAR else f"kpi.{DUCKDB.quote(entity)}"


class DuckDBWarehouse:
    """One published state of the file. A load that is published later is seen by the next one that is opened."""

    dialect = DUCKDB

    def __init__(self, path: Path, lags: Lags, timeless: Mapping[str, Sequence[str]]) -> None:
        self.path, self._lags, self._timeless = path, lags, timeless
        self.refusals = Refusals()
        self._catalog = "warehouse"
        if not path.exists():
            raise missing(path)
        with clear_errors(path):
            # Attached to a connection of its own: connecting to the path itself would share one
            # instance in this process and go on showing the file that a later load has replaced.
            self._connection = duckdb.connect(":memory:")
            try:
                self._attach()
                self.state = self._state()
            except BaseException:
                self._connection.close()
                raise

    @property
    def version(self) -> str:
        """The version of the state."""
        return self.state.version

    def relation(self, entity: str) -> str:
        """Return the table of an entity or of the days."""
        return relation(entity)

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a statement. Raises WarehouseError when the file cannot be read."""
        with clear_errors(self.path):
            return rows_of(self._connection, self._catalog, sql, values)

    def members(self, dimension: str) -> tuple[Member, ...]:
        """Return the values of a dimension, sorted. Raises WarehouseError for one that is refused."""
        if dimension in self.refusals.dimensions:
            raise outdated_tables(self.refusals.dimensions[dimension])
        rows = self.query(
            "SELECT value, id, label FROM book.member WHERE dimension = ? ORDER BY value, id", [dimension]
        )
        return tuple(Member(*row) for row in one_by_one(rows))

    def lineage(self) -> tuple[str, tuple[str, ...]] | None:
        """Return the lineage of the tables as text, and which installations made them."""
        if not self.state.written:
            return None
        ((lineage, installed),) = self.query("SELECT lineage, installed FROM book.lineage")
        return lineage, tuple(json.loads(installed))

    def given_columns(self, entity: str) -> frozenset[str]:
        """Return the columns of an entity's raw rows."""
        columns = "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = ?"
        # what begins with "_" tells whose rows they are, and is no field
        return frozenset(str(name) for (name,) in self.query(columns, [entity]) if not name.startswith("_"))

    def given_rows(self, entity: str) -> str:
        """Return the table of an entity's raw rows."""
        return f"raw.{quoted(entity)}"

    def unreadable(self, most: int) -> tuple[Unreadable, ...]:
        """Return what stands in quarantine."""
        place = 'file, line, "column"'
        sql = f"SELECT {place}, raw, reason FROM book.quarantine ORDER BY {place} LIMIT {most:d}"
        return tuple(Unreadable(*row) for row in self.query(sql))

    def beside(self, name: str) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own to a new database of that name in memory, which the file stands beside.

        The file is its catalog `warehouse`; what questions may read of it, its catalog `shown_in`.
        """
        # a cursor shares the instance, and so the file that is attached to it: another connection would open it anew
        connection = self._connection.cursor()
        connection.execute(f"ATTACH ':memory:' AS \"{name}\"")
        connection.execute(f'USE "{name}"')
        return connection

    @property
    def shown_in(self) -> str:
        """The catalog that questions read."""
        return self._catalog

    def refuse(self, refusals: Refusals) -> None:
        """Refuse from now on to read these columns and dimensions."""
        with clear_errors(self.path):
            lay_out_refusals(self._connection, refusals.columns)
        # in memory stands a view for each table of the file, so the same statements read these from now on
        self.refusals, self._catalog = refusals, "memory"

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _attach(self) -> None:
        settings = {
            "memory_limit": READ_MEMORY,
            "temp_directory": spill_folder(),
            "threads": str(os.cpu_count() or 1),
            "perfect_ht_threshold": _PERFECT_BITS,
            "TimeZone": "UTC",
        }
        for name, value in settings.items():
            # GLOBAL: some settings else hold for this connection alone, and each query has a cursor of its own
            self._connection.execute(f"SET GLOBAL {name} = {literal(value)}")
        self._connection.execute(f"ATTACH {literal(str(self.path))} AS warehouse (READ_ONLY)")
        self._connection.execute("USE warehouse")

    def _state(self) -> State:
        try:
            ((number,),) = self.query("SELECT number FROM book.format")
        # ValueError: the table of the format is there and has no row
        except (duckdb.CatalogException, ValueError):
            problem = f"{self.path}: it is a DuckDB file, but not a warehouse."
            raise WarehouseError(problem, hint="Move it away and load: kpi import FILE") from None
        if number > FORMAT:  # a lower one is read as it is, and carried over by the next load
            raise newer(self.path, number, FORMAT)
        states = self.query("SELECT version, time, first_load FROM book.state")
        if not states:
            raise missing(self.path)
        version, time, first_load = states[0]
        entities = dict(entity_state(row) for row in self.query(f"{ENTITY_STATES} ORDER BY entity"))
        known = *self._lineage(version), self._currency()
        return State(version, _aware(time), _aware(first_load), entities, *known, self._sources())

    def _sources(self) -> tuple[SourceState, ...]:
        """Return of when the data of each source is."""
        try:
            return source_states(self.query, self._lags, self._timeless)
        except duckdb.CatalogException:  # an earlier version did not count what loads changed
            return ()

    def _lineage(self, version: str) -> tuple[str, dict[str, str]]:
        """Return the text of the definitions and what was misread."""
        try:
            kept = self.query("SELECT written, misread FROM book.lineage WHERE version = ?", [version])
        except duckdb.CatalogException:  # an earlier version made the tables
            return "", {}
        return (kept[0][0], json.loads(kept[0][1])) if kept else ("", {})

    def _currency(self) -> str:
        try:
            ((code,),) = self.query("SELECT max(code) FROM book.currency")
        except duckdb.CatalogException:  # an earlier version made the tables
            return ""
        return code or ""


def _aware(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC)
