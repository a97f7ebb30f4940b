"""In which time zone local times were read: a moment without a zone is an instant only by the zone of its load.

To make such rows anew by another zone would move them; they are to be given again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from kpicore.ingest.raw.sql_types import given_fields
from kpicore.model.schema import Entity, Type

if TYPE_CHECKING:
    from kpicore.ingest.raw.run import Run
    from kpicore.registry.registry import Registry

_EARLIER = "an earlier load"


def is_local(entity: Entity, columns: Iterable[str], types: Mapping[str, pa.DataType]) -> bool:
    """Return whether any of the columns holds moments without a zone."""
    moments = {field.name for field in entity.fields if field.type is Type.MOMENT}
    return any(name in moments and getattr(types[name], "tz", None) is None for name in columns)


def note_zone(run: Run, entity: str, stream: str, *, local: bool, all_rows: bool, all_of_stream: bool) -> None:
    """Write down that rows of a stream were read in the zone of this run.

    What it gave earlier in another zone is as good as given again when these are `all_of_stream`; `all_rows` tells that
    they are all rows of the entity, whoever gave them earlier.
    """
    # A row given again is read again: of rows that are all new in this zone none is left of another.
    if all_rows:
        run.connection.execute("DELETE FROM book.read_in WHERE entity = ? AND zone <> ?", [entity, run.zone])
    elif all_of_stream:
        # of an earlier version the stream is not known
        mine = "entity = ? AND (stream = ? OR stream IS NULL) AND source IN (?, ?) AND zone <> ?"
        values = [entity, stream, run.source, run.label, run.zone]
        run.connection.execute(f"DELETE FROM book.read_in WHERE {mine}", values)
    if local:
        known = "SELECT 1 FROM book.read_in WHERE entity = ? AND source = ? AND zone = ? AND stream = ?"
        values = [entity, run.label, run.zone, stream]
        if not run.connection.execute(known, values).fetchall():
            run.connection.execute("INSERT INTO book.read_in VALUES (?, ?, ?, ?)", values)


def note_earlier(connection: duckdb.DuckDBPyConnection, registry: Registry, loaded: Iterable[str], zone: str) -> None:
    """Write down in which zone a version that did not do so has read the rows: that of its last load, else `zone`."""
    tables = "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'book' AND table_name = 'made_with'"
    if connection.execute(tables).fetchall():
        zones = connection.execute("SELECT value FROM book.made_with WHERE setting = 'timezone'").fetchall()
        zone = zones[0][0] if zones else zone
    # what this load itself has read is noted already, by its own zone
    noted = {entity for (entity,) in connection.execute("SELECT DISTINCT entity FROM book.read_in").fetchall()}
    for name in loaded:
        entity = registry.entities.get(name)
        if entity and name not in noted and any(field.type is Type.MOMENT for field in given_fields(entity)):
            connection.execute("INSERT INTO book.read_in VALUES (?, ?, ?, NULL)", [name, _EARLIER, zone])


def read_in_other_zones(connection: duckdb.DuckDBPyConnection, zone: str) -> dict[str, str]:
    """Return of which source, and in which zone, rows were read that is not this one, by entity."""
    described = "min(source || ' was read in the time zone ' || zone)"
    sql = f"SELECT entity, {described} FROM book.read_in WHERE zone <> ? GROUP BY entity"
    return dict(connection.execute(sql, [zone]).fetchall())
