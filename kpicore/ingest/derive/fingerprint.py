"""Which rows a made table was made from, as a short text: while it stays the same they need not be made again.

By which definitions they were made is told by the lineage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import md5

import duckdb

from kpicore.ingest.derive.making import Making
from kpicore.ingest.derive.rows_ahead import rows_ahead
from kpicore.ingest.fields.derived_entities import building
from kpicore.ingest.fields.shown_ids import shown_facts
from kpicore.ingest.fields.source_rows import EntityRows
from kpicore.ingest.raw import left_out


def fingerprints(making: Making, entities: Iterable[str]) -> dict[str, str]:
    """Return the fingerprint of the rows behind each entity: its own, and those of all that it reads."""
    reads = {entity: _read_by(making, entity) for entity in entities}
    versions, values = raw_versions(making.connection), _values_of_dimensions(making.connection)
    ahead = rows_ahead(making)
    own = {entity: _own(making, entity, versions, values) + repr(ahead.get(entity, [])) for entity in reads}
    return {entity: _digest(sorted(own[read] for read in _reachable(entity, reads))) for entity in reads}


def raw_versions(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how often the raw rows of each entity have changed."""
    return dict(connection.execute("SELECT entity, max(version) FROM book.raw_version GROUP BY entity").fetchall())


def _digest(texts: Iterable[str]) -> str:
    return md5("\n".join(texts).encode(), usedforsecurity=False).hexdigest()


def _reachable(start: str, reads: dict[str, set[str]]) -> set[str]:
    reached, todo = {start}, [start]
    while todo:
        new = (reads[todo.pop()] & set(reads)) - reached
        reached |= new
        todo += new
    return reached


def _read_by(making: Making, entity: str) -> set[str]:
    if entity in making.plan.derived:
        derivation = making.plan.derived[entity]
        # what its origin reads in turn is followed by `_reachable`
        return {derivation.origin, *derivation.reads}
    # "" where a way reads its own row alone: no entity has that name, so it is dropped where it is followed
    return {way.other for (owner, _), ways in making.plan.derivations.items() if owner == entity for way in ways} | (
        {"fx_rate"} if entity in making.plan.foreign else set()
    )


def _own(making: Making, entity: str, versions: Mapping[str, int], values: Mapping[str, object]) -> str:
    registry = making.registry
    named = sorted(name for name in registry.dimensions_of(entity) if registry.key_of(entity, name))
    # the names of values stand in made rows, so a branch that is renamed makes every table anew that names branches
    facts: list[object] = [entity, [values.get(name) for name in named]]
    if entity in making.rows:
        facts += [versions.get(entity, 0), _implied(making.connection, making.rows[entity])]
        facts += left_out.kept(making.connection, registry.entities[entity])
        facts += shown_facts(making.connection, registry.entities[entity])
    if entity in making.plan.foreign:
        facts.append(making.today)  # rows without a date take the rate of that day
    if entity in making.plan.derived:
        derivation = making.plan.derived[entity]
        with building(entity):
            facts += derivation.derived.facts(making.context(derivation))
    # where circles are cut decides what look-ups find, and depends on what was given (`cycles`)
    facts.append(sorted(pair for pair in making.plan.cuts if pair[0][0] == entity))
    return repr(facts)


def _values_of_dimensions(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    # Exclusive or, as rows come in any order; no row comes twice, so that none hides another.
    sql = "SELECT dimension, count(*), bit_xor(hash(id, value)) FROM book.member GROUP BY dimension"
    return {dimension: facts for dimension, *facts in connection.execute(sql).fetchall()}


def _implied(connection: duckdb.DuckDBPyConnection, rows: EntityRows) -> object:
    if not rows.implied:
        return 0
    return connection.execute(f"SELECT count(*), bit_xor(hash(id)) FROM {rows.implied_table}").fetchall()
