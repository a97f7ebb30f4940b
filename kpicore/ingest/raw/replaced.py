"""Rows under known ids that are other rows now: those of another account, whose ids mean something else."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.model.schema import Entity
from kpicore.text.sql_text import quoted

_FEWEST = 2
"""So many fields must be filled before and now; one alone may be what was corrected."""


def replaced_rows(
    connection: duckdb.DuckDBPyConnection, entity: Entity, values: Sequence[str], changed: str
) -> tuple[int, str]:
    """Return how many rows are going to be others under their old ids, and one of them: "1: Acme became Dial".

    `changed` names a table with the new `values` and the place of each row that changes. A row is another one where
    more than half of the fields that are filled before and now differ, its name among them if it has one.
    """
    if len(merge_key(entity)) > 1 or len(values) < _FEWEST:
        return 0, ""
    pairs = [(f"given.{quoted(name)}", f"kept.{quoted(name)}") for name in values]
    both = " + ".join(f"CAST({given} IS NOT NULL AND {kept} IS NOT NULL AS INTEGER)" for given, kept in pairs)
    # a comparison with nothing is no difference
    differ = " + ".join(f"coalesce(CAST({given} <> {kept} AS INTEGER), 0)" for given, kept in pairs)
    another = f"({both}) >= {_FEWEST} AND ({differ}) * 2 > ({both})"
    key = f"CAST(kept.{quoted(merge_key(entity)[0])} AS VARCHAR)"
    example = key
    if entity.label in values:
        given, kept = (f"CAST({table}.{quoted(entity.label)} AS VARCHAR)" for table in ("given", "kept"))
        another += f" AND lower(trim({given})) IS DISTINCT FROM lower(trim({kept}))"
        example = f"{key} || coalesce(': ' || {kept} || ' became ' || {given}, '')"
    ((rows, named),) = connection.execute(
        f"SELECT count(*), min_by({example}, kept.rowid) FROM {changed} AS given"
        f" JOIN {raw_table(entity.name)} AS kept ON kept.rowid = given._place WHERE {another}"
    ).fetchall()
    return int(rows), str(named or "")
