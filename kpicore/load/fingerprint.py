"""What a made table was made from, as a short text: equal texts mean that it need not be made again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import md5

import duckdb

from kpicore.expressions import names
from kpicore.load import told
from kpicore.load.making import Making
from kpicore.load.rows import Rows
from kpicore.load.spells import SPELL, spell_source
from kpicore.load.stages import STAGE

_ACTIVE = ("active_rule", "inactivity_days")
"""The settings that tell from when to when a customer is active."""


def fingerprints(making: Making, entities: Iterable[str]) -> dict[str, str]:
    """Return the fingerprint of each entity: its own definition and data, and those of all that it reads."""
    reads = {each: _read_by(making, each) for each in entities}
    versions, members = raw_versions(making.connection), _members(making.connection)
    own = {each: _own(making, each, versions, members) for each in reads}
    return {each: _digest(sorted(own[read] for read in _reachable(each, reads))) for each in reads}


def made_with(making: Making, entities: Collection[str]) -> dict[str, object]:
    """Return the settings that the entities are made by, by their names in kpi.toml."""
    config = making.config
    found: dict[str, object] = {"currency": config.currency, "timezone": config.timezone}
    if SPELL in entities:
        found |= {name: config.settings[name] for name in _ACTIVE}
    return found | {name: value for each in entities for name, value in _settings(making, each)}


def raw_versions(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how often the raw rows of each entity have changed."""
    return dict(connection.execute("SELECT entity, version FROM book.raw").fetchall())


def _digest(texts: Iterable[str]) -> str:
    return md5("\n".join(texts).encode(), usedforsecurity=False).hexdigest()


def _reachable(start: str, reads: dict[str, set[str]]) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        new = (reads[todo.pop()] & set(reads)) - found
        found |= new
        todo += new
    return found


def _read_by(making: Making, entity: str) -> set[str]:
    if entity == STAGE:
        return {"opportunity", "stage_history", "stage"}
    if entity == SPELL:
        return {"customer", spell_source(making.config, making.rows)}
    return {
        each.other for (owner, _), ways in making.definitions.fillings.items() if owner == entity for each in ways
    } | ({"fx_rate"} if entity in making.definitions.foreign else set())


def _own(making: Making, entity: str, versions: Mapping[str, int], members: Mapping[str, object]) -> str:
    registry, config = making.registry, making.config
    dimensions = [(each, registry.key_of(entity, each)) for each in registry.dimensions_of(entity)]
    facts: list[object] = [registry.entities[entity], config.timezone, dimensions, _settings(making, entity)]
    facts.append([members.get(name) for name, key in dimensions if key])
    if entity in making.rows:
        facts += [versions.get(entity, 0), _implied(making.connection, making.rows[entity])]
        facts += told.kept(making.connection, registry.entities[entity])
    if entity in making.definitions.foreign:
        facts += [config.currency, making.today]
    if entity == SPELL:
        facts += [*(config.settings[name] for name in _ACTIVE), making.today]
    facts.append(sorted(pair for pair in making.definitions.cuts if pair[0][0] == entity))
    return repr(facts)


def _settings(making: Making, entity: str) -> list[tuple[str, object]]:
    """Return the settings that the entity's definitions name, with their values."""
    trees = (
        tree
        for (owner, _), ways in making.definitions.fillings.items()
        if owner == entity
        for each in ways
        for tree in (each.value, each.when, each.where)
        if tree is not None
    )
    used = {name for tree in trees for namespace, name in names(tree) if namespace == "setting"}
    return sorted((name, making.config.settings[name]) for name in used)


def _members(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    sql = "SELECT dimension, count(*), bit_xor(hash(id, value)) FROM book.member GROUP BY dimension"
    return {dimension: facts for dimension, *facts in connection.execute(sql).fetchall()}


def _implied(connection: duckdb.DuckDBPyConnection, rows: Rows) -> object:
    if not rows.implied:
        return 0
    return connection.execute(f"SELECT count(*), bit_xor(hash(id)) FROM {rows.implied_table}").fetchall()
