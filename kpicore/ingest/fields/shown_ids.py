"""Raw rows by the ids that people see: the id that a source gave while no other source has it, else `north:17`.

What was merged is called as the row that it went into, and so is what refers to it. Where one id then stands for
several raw rows they are one row: what people wrote beside kpi.toml comes before what sources say of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from kpicore.ingest.raw.change_log import UNTIL, past_columns, past_table
from kpicore.ingest.raw.merged import LAST
from kpicore.ingest.raw.origins import COMMON, SOURCE, source_names
from kpicore.ingest.raw.raw_tables import merge_key, raw_table
from kpicore.ingest.raw.sql_types import given_fields
from kpicore.model.schema import Entity
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import literal, quoted

NAMED = "target"
"""The entity whose references may be names."""

_SHOWN = "temp.main.shown_ids"
_ID = "id"
_OWN, _AS_GIVEN = '"is its own"', '"as given"'


def given_table(entity: str) -> str:
    """Return the name of an entity's raw rows with the ids that are shown."""
    return f"temp.main.{quoted('given ' + entity)}"


def earlier_table(entity: str) -> str:
    """Return the name of the earlier versions of rows that are there, with the ids that are shown."""
    return f"temp.main.{quoted('earlier ' + entity)}"


def lay_out_given(
    connection: duckdb.DuckDBPyConnection, registry: Registry, loaded: Mapping[str, frozenset[str]]
) -> None:
    """Lay out the raw rows of all entities with the ids that are shown; `loaded` are the raw tables with their columns.

    The tables are `given_table` and, of entities with a past, `earlier_table`.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_SHOWN} (entity VARCHAR, source USMALLINT, id VARCHAR, shown VARCHAR)"
    )
    known = {name: registry.entities[name] for name in loaded if name in registry.entities}
    sources = {name: _sources(connection, name) for name in known}
    merged = {name for (name,) in connection.execute("SELECT DISTINCT entity FROM book.merged").fetchall()}
    for entity in registry.entities.values():
        if entity.key == (_ID,) and not entity.made:
            mentions = _Mentions(connection, registry, entity, loaded, sources)
            _keep_shown(mentions, is_merged=entity.name in merged)
    renamed = {name for (name,) in connection.execute(f"SELECT DISTINCT entity FROM {_SHOWN}").fetchall()}
    for name, entity in known.items():
        _lay_out(connection, entity, sorted(loaded[name]), renamed, common=sources[name] > {COMMON})


def plain_view(connection: duckdb.DuckDBPyConnection, entity: str) -> None:
    """Lay out the raw rows of an entity as they are: there are none yet."""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {given_table(entity)} AS SELECT * FROM {raw_table(entity)}")


def shown_facts(connection: duckdb.DuckDBPyConnection, entity: Entity) -> list[object]:
    """Return what of the shown ids the rows of an entity depend on, to compare."""
    names = {entity.name, *(field.refers_to for field in entity.fields if field.refers_to)}
    # exclusive or, as rows come in any order; no row comes twice, so that none hides another
    sql = f"SELECT entity, count(*), bit_xor(hash(source, id, shown)) FROM {_SHOWN} GROUP BY entity ORDER BY entity"
    return [facts for facts in connection.execute(sql).fetchall() if facts[0] in names]


def references(registry: Registry, to: str) -> Iterator[tuple[str, str]]:
    """Yield each field that sources may give ids of an entity in, with its own entity: all but those of names."""
    for entity in registry.entities.values():
        if not entity.made and entity.name != NAMED:
            yield from ((entity.name, field.name) for field in given_fields(entity) if field.refers_to == to)


def histories(registry: Registry, to: str) -> Iterator[tuple[str, str]]:
    """Yield each reference to an entity whose earlier values a derived entity reads, with its own entity."""
    read = {pair for derived in registry.derived.values() for pair in derived.history.items()}
    columns = {(name, column) for name, fields in read for column in fields}
    for name, column in sorted(columns):
        field = registry.entities[name].field(column)
        if field is not None and field.refers_to == to:
            yield name, column


@dataclass(frozen=True, slots=True)
class _Mentions:
    """Where the ids of an entity stand: in its own raw rows and in what refers to it."""

    connection: duckdb.DuckDBPyConnection
    registry: Registry
    entity: Entity
    loaded: Mapping[str, frozenset[str]]
    by_entity: Mapping[str, frozenset[int]]

    @property
    def places(self) -> list[tuple[str, str]]:
        """The entities and columns, the entity's own first."""
        own = [(self.entity.name, _ID)] if _ID in self.loaded.get(self.entity.name, ()) else []
        referring = references(self.registry, self.entity.name)
        return own + [(name, field) for name, field in referring if field in self.loaded.get(name, ())]

    @property
    def sources(self) -> frozenset[int]:
        """The numbers of the sources that have any."""
        return frozenset().union(*(self.by_entity[name] for name, _ in self.places)) - {COMMON}

    def sql(self) -> str:
        """Return a SELECT of the ids of each source."""
        # a row that others went into need not be there, and is that of its source all the same
        merged = f"SELECT source, new AS id FROM ({LAST}) WHERE entity = {literal(self.entity.name)} AND old <> new"
        places = (
            f"SELECT {SOURCE} AS source, {quoted(field)} AS id FROM {raw_table(name)}"
            f" WHERE {quoted(field)} IS NOT NULL AND {SOURCE} <> {COMMON}"
            for name, field in self.places
        )
        past = (
            f"SELECT {SOURCE}, {quoted(field)} FROM {past_table(name)}"
            f" WHERE {quoted(field)} IS NOT NULL AND {SOURCE} <> {COMMON}"
            for name, field in histories(self.registry, self.entity.name)
            if field in past_columns(self.connection, name)
        )
        return " UNION ".join((*places, *past, merged))


def _sources(connection: duckdb.DuckDBPyConnection, entity: str) -> frozenset[int]:
    rows = connection.execute(f"SELECT DISTINCT {SOURCE} FROM {raw_table(entity)}").fetchall()
    return frozenset(int(number) for (number,) in rows)


def _keep_shown(mentions: _Mentions, *, is_merged: bool) -> None:
    """Keep which ids of an entity are shown otherwise than their source gave them."""
    connection, entity = mentions.connection, mentions.entity
    survivors = _survivors(connection, entity) if is_merged else {}
    shared = _shared(mentions) if len(mentions.sources) > 1 else set()
    if not survivors and not shared:
        return
    names = source_names(connection)
    taken = _all_ids(mentions) if shared else set()
    rows: dict[tuple[int, str], str] = {}
    for source, id in sorted(shared):
        rows[source, id] = _qualified(names[source], id, taken)
        taken.add(rows[source, id])  # `b:1` of a source `a` is not `1` of one called `a:b`
    for old, new in survivors.items():
        rows[old] = rows.get(new, new[1])
    connection.executemany(
        f"INSERT INTO {_SHOWN} VALUES (?, ?, ?, ?)",
        [(entity.name, source, id, shown) for (source, id), shown in rows.items()],
    )


def _shared(mentions: _Mentions) -> set[tuple[int, str]]:
    """Return the ids that several sources have, each with its source."""
    entity = mentions.entity
    kept = ""
    if entity.words:
        # a word of the organisation is the same word wherever it stands, unless a source has a row of its own for it
        given = _ID in mentions.loaded.get(entity.name, ())
        own = f"SELECT id FROM {raw_table(entity.name)} WHERE {SOURCE} <> {COMMON}"
        kept = f" AND id IN ({own})" if given else " AND FALSE"
    sql = (
        f"WITH mentions AS ({mentions.sql()}) SELECT source, id FROM mentions WHERE id IN"
        f" (SELECT id FROM mentions GROUP BY id HAVING count(*) > 1){kept}"
    )
    return {(int(source), str(id)) for source, id in mentions.connection.execute(sql).fetchall()}


def _all_ids(mentions: _Mentions) -> set[str]:
    sql = f"SELECT DISTINCT id FROM ({mentions.sql()}) WHERE contains(id, ':')"
    return {str(id) for (id,) in mentions.connection.execute(sql).fetchall()}


def _qualified(source: str, id: str, taken: Collection[str]) -> str:
    """Return an id with its source before it, told apart from ids that look just like that."""
    mark = ":"
    while f"{source}{mark}{id}" in taken:
        mark += ":"
    return f"{source}{mark}{id}"


def _survivors(connection: duckdb.DuckDBPyConnection, entity: Entity) -> dict[tuple[int, str], tuple[int, str]]:
    """Return the ids that were merged into others, each with the one that it stands for in the end."""
    sql = f"SELECT source, old, new FROM ({LAST}) AS m WHERE entity = ? AND old <> new"
    rows = connection.execute(sql, [entity.name]).fetchall()
    into = {(int(source), str(old)): (int(source), str(new)) for source, old, new in rows}
    return {old: _end(old, into) for old in into}


def _end(start: tuple[int, str], into: Mapping[tuple[int, str], tuple[int, str]]) -> tuple[int, str]:
    seen, at = {start}, into[start]
    while at in into and at not in seen:
        seen.add(at)
        at = into[at]
    return at


def _lay_out(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    columns: list[str],
    renamed: Collection[str],
    *,
    common: bool,
) -> None:
    joins, shown = _joins(entity, columns, renamed)
    given = f"{raw_table(entity.name)} AS given{joins}"
    raw, view = f"SELECT {_selected(shown)} FROM {given}", given_table(entity.name)
    # rows without a key of their own are those of one source, and none of them is merged
    if (common or joins) and entity.key:
        raw = _one_a_key(connection, entity, shown, given, common=common) or raw
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {raw}")
    past = past_columns(connection, entity.name)
    if past:
        names = [*sorted(past - {UNTIL}), UNTIL]
        joins, shown = _joins(entity, names, renamed)
        same = " AND ".join(
            f"now.{quoted(name)} IS NOT DISTINCT FROM given.{quoted(name)}" for name in (SOURCE, *merge_key(entity))
        )
        # of rows that have gone there is nothing to tell today
        there = f"EXISTS (SELECT 1 FROM {raw_table(entity.name)} AS now WHERE {same})"
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {earlier_table(entity.name)} AS SELECT {_selected(shown)}"
            f" FROM {past_table(entity.name)} AS given{joins} WHERE {there}"
        )


def _joins(entity: Entity, columns: Collection[str], renamed: Collection[str]) -> tuple[str, dict[str, str]]:
    """Return the joins with shown ids, and SQL of each column with them."""
    joins, shown = "", {name: f"given.{quoted(name)}" for name in columns}
    targets = {field.name: field.refers_to for field in given_fields(entity) if field.refers_to}
    if entity.key == (_ID,):
        targets[_ID] = entity.name
    for name, target in targets.items():
        if name in shown and target in renamed:
            alias = quoted(f"shown {name}")
            joins += (
                f" LEFT JOIN {_SHOWN} AS {alias} ON {alias}.entity = {literal(target)}"
                f" AND {alias}.source = given.{SOURCE} AND {alias}.id = given.{quoted(name)}"
            )
            shown[name] = f"coalesce({alias}.shown, given.{quoted(name)})"
    return joins, shown


def _selected(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())


def _one_a_key(
    connection: duckdb.DuckDBPyConnection, entity: Entity, shown: Mapping[str, str], given: str, *, common: bool
) -> str:
    """Return SQL of the rows with those that share a key made one, "" where none do.

    Of each field the first source that has a value counts, and in it the row that was not merged. Rows of two sources
    share a key only with what belongs to no source: that is of all of them.
    """
    key = [quoted(name) for name in (*merge_key(entity), *(() if common else (SOURCE,)))]
    as_given = ", ".join(f"given.{quoted(name)}" for name in entity.key)
    own = " AND ".join(f"given.{quoted(name)} IS NOT DISTINCT FROM {shown[name]}" for name in entity.key)
    place = f"({own}) AS {_OWN}, CAST(row({as_given}) AS VARCHAR) AS {_AS_GIVEN}"
    raw = f"SELECT {_selected(shown)}, {place} FROM {given}"
    together = f"SELECT {', '.join(key)} FROM ({raw}) GROUP BY ALL HAVING count(*) > 1"
    if not connection.execute(f"{together} LIMIT 1").fetchall():
        return ""
    same = " AND ".join(f"twice.{name} IS NOT DISTINCT FROM every.{name}" for name in key)
    order = f"{SOURCE}, {_OWN} DESC, {_AS_GIVEN}"
    values = ", ".join(
        name if name in key else f"first({name} ORDER BY {order}) FILTER (WHERE {name} IS NOT NULL) AS {name}"
        for name in map(quoted, shown)
    )
    every = f"WITH every AS ({raw}), twice AS MATERIALIZED ({together})"
    listed = ", ".join(map(quoted, shown))
    return (
        f"{every} SELECT {listed} FROM every WHERE NOT EXISTS (SELECT 1 FROM twice WHERE {same})"
        f" UNION ALL SELECT {listed} FROM (SELECT {values} FROM every"
        f" WHERE EXISTS (SELECT 1 FROM twice WHERE {same}) GROUP BY {', '.join(key)})"
    )
