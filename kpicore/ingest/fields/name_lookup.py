"""Targets are written by people, who know names and no ids: what they name is found before it is loaded.

Elsewhere an unknown id becomes a row of its own. A target must not do that: one for a branch that does not
exist would count for nothing and say nothing, so it is left out and told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from kpicore.errors import UnknownName
from kpicore.ingest.fields.shown_ids import given_table, references
from kpicore.ingest.raw.sql_types import given_fields
from kpicore.model.notes import Note
from kpicore.model.schema import Entity, Field
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import literal, quoted


@dataclass(frozen=True, slots=True)
class ResolvedNames:
    """The ids that names stand for, by field; the ids of rows that name what is not there; a note on each."""

    ids: Mapping[str, Mapping[str, str]]
    left_out: tuple[str, ...]
    notes: tuple[Note, ...]


def names_in(
    connection: duckdb.DuckDBPyConnection, registry: Registry, entity: Entity, loaded: Mapping[str, frozenset[str]]
) -> ResolvedNames:
    """Return what the references of a target mean; nothing where none is loaded."""
    columns = loaded.get(entity.name, frozenset())
    by_field: dict[str, dict[str, str]] = {}
    out: list[str] = []
    notes: list[Note] = []
    for field in given_fields(entity):
        if not field.refers_to or field.name not in columns:
            continue
        known = _known(connection, registry, field, loaded)
        labels = _labels(known)
        sql = f"SELECT id, {quoted(field.name)} FROM {given_table(entity.name)} WHERE {quoted(field.name)} IS NOT NULL"
        for id, name in connection.execute(f"{sql} ORDER BY id").fetchall():
            # an id stands for itself, even where another row has it for a name
            if name in known:
                continue
            ids = labels.get(name.strip().casefold(), ())
            if len(ids) == 1:
                by_field.setdefault(field.name, {})[name] = ids[0]
            else:
                out.append(id)
                notes.append(Note.of("target_left_out", id=id, problem=_why(registry, field, name, ids, known)))
    return ResolvedNames(by_field, tuple(out), tuple(notes))


def rows_with_ids(
    connection: duckdb.DuckDBPyConnection, entity: Entity, there: frozenset[str], names: ResolvedNames
) -> str:
    """Return SQL of the rows with ids in place of names, without those that name what is not there."""
    if not names.ids and not names.left_out:
        return given_table(entity.name)
    connection.execute("CREATE OR REPLACE TEMP TABLE named_ids (field VARCHAR, given VARCHAR, id VARCHAR)")
    connection.execute("CREATE OR REPLACE TEMP TABLE named_nothing (id VARCHAR)")
    pairs = [(field, name, id) for field, ids in names.ids.items() for name, id in ids.items()]
    if pairs:
        connection.executemany("INSERT INTO named_ids VALUES (?, ?, ?)", pairs)
    if names.left_out:
        connection.executemany("INSERT INTO named_nothing VALUES (?)", [(id,) for id in names.left_out])
    columns = ", ".join(_column(name, names) for name in sorted(there))
    kept = "id NOT IN (SELECT id FROM temp.main.named_nothing)"
    return f"(SELECT {columns} FROM {given_table(entity.name)} AS given WHERE {kept})"


def _column(name: str, names: ResolvedNames) -> str:
    if name not in names.ids:
        return quoted(name)
    meant = (
        f"SELECT n.id FROM temp.main.named_ids AS n WHERE n.field = {literal(name)} AND n.given = given.{quoted(name)}"
    )
    return f"coalesce(({meant}), {quoted(name)}) AS {quoted(name)}"


def _why(registry: Registry, field: Field, name: str, ids: Collection[str], known: Mapping[str, str]) -> str:
    kinds = (dimension.name for dimension in registry.dimensions.values() if dimension.key == field.name)
    kind = next(kinds, field.refers_to)
    if ids:
        return f"{len(ids)} {kind}s are called '{name}'. Say which by id: {', '.join(sorted(ids))}."
    return str(UnknownName(kind, name, known.values()))


def _known(
    connection: duckdb.DuckDBPyConnection, registry: Registry, field: Field, loaded: Mapping[str, frozenset[str]]
) -> dict[str, str]:
    """Return the labels by id of the rows that a field may refer to: those given, and those that others name."""
    labels: dict[str, str] = {}
    for name, column in references(registry, field.refers_to):
        if column not in loaded.get(name, ()):
            continue
        sql = f"SELECT DISTINCT {quoted(column)} FROM {given_table(name)} WHERE {quoted(column)} IS NOT NULL"
        labels |= {str(id): str(id) for (id,) in connection.execute(sql).fetchall()}
    label = registry.entity(field.refers_to).label
    if field.refers_to in loaded:
        shown = f"coalesce({quoted(label)}, id)" if label in loaded[field.refers_to] else "id"
        rows = connection.execute(f"SELECT id, {shown} FROM {given_table(field.refers_to)}").fetchall()
        # the labels of given rows over the bare ids that others mention
        labels |= {str(id): str(name) for id, name in rows}
    return labels


def _labels(known: Mapping[str, str]) -> dict[str, list[str]]:
    by_label: dict[str, list[str]] = {}
    for id, label in known.items():
        for name in {label.strip().casefold(), id.strip().casefold()}:  # a set: a row is no namesake of itself
            by_label.setdefault(name, []).append(id)
    return by_label
