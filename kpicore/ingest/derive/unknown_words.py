"""Words that are no code of a closed field: told with their rows, and a load refused that has nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import duckdb

from kpicore.errors import UnknownWords
from kpicore.ingest.fields.coded_words import RawWords, given_words
from kpicore.ingest.fields.cycles import FieldOf
from kpicore.ingest.raw.raw_tables import raw_columns, raw_table
from kpicore.model.notes import UNKNOWN_WORDS, Note
from kpicore.model.schema import Entity, given_name
from kpicore.registry.registry import Registry
from kpicore.text.sql_text import quoted

if TYPE_CHECKING:
    from kpicore.ingest.derive.making import Making

_MOST = 20
"""So many words of a field are told one by one."""
_LONGEST = 200


def left_out_words(making: Making, entity: Entity) -> Iterator[Note]:
    """Yield a note for each field of a made table that has words which are no codes, the most frequent first."""
    for field in entity.fields:
        # Counted in the made table: there also words stand that rows have from another entity, where they were given.
        if (entity.name, field.name) in making.plan.unknown and field.codes is not None and field.codes.closed:
            code, word = quoted(field.name), quoted(given_name(field.name))
            where = f"FROM kpi.{quoted(entity.name)} WHERE {code} IS NULL AND {word} IS NOT NULL"
            ((rows,),) = making.connection.execute(f"SELECT count(*) {where}").fetchall()
            words = making.connection.execute(
                f"SELECT CAST({word} AS VARCHAR) AS word, count(*) AS n {where} AND length({word}) <= {_LONGEST}"
                f" GROUP BY ALL ORDER BY n DESC, word LIMIT {_MOST}"
            ).fetchall()
            if rows:
                counts = tuple((str(text), int(number)) for text, number in words)
                givers = _givers(making, (entity.name, field.name))
                said = tuple(text for text, _ in counts if _is_said(text, givers.values()))
                places = tuple(".".join(giver) for giver in givers) or (f"{entity.name}.{field.name}",)
                yield Note.of(
                    UNKNOWN_WORDS, rows=int(rows), entity=entity.name, field=field.name, words=counts, said=said,
                    places=places,
                )  # fmt: skip


def _givers(making: Making, field: FieldOf) -> dict[FieldOf, RawWords]:
    """Return the fields in which sources gave the words of a field that are no codes: itself, or what it is read from.

    A word is explained where it was given, which may be in another entity.
    """
    givers: dict[FieldOf, RawWords] = {}
    seen, todo = {field}, [field]
    while todo:
        entity, name = todo.pop(0)
        # a derived entity has no raw rows: its words are those of the origin that it copies them from
        raw = making.rows[entity].words.get(name) if entity in making.rows else None
        if raw is not None and raw.unknown:
            givers[entity, name] = raw
        ways = (way for way in making.plan.derivations.get((entity, name), ()) if way.words is not None)
        read = {
            pair
            for way in ways
            for pair in (*((entity, own) for own in way.own), *((way.other, column) for column in way.read))
        }
        derivation = making.plan.derived.get(entity)
        if derivation is not None and name in derivation.copied:
            read.add((derivation.origin, name))
        new = sorted((read & {*making.plan.unknown}) - seen)
        seen.update(new)
        todo += new
    return givers


def _is_said(word: str, givers: Iterable[RawWords]) -> bool:
    """Return whether the organisation says that a word is none of the codes, wherever it was given."""
    codes = [giver.field.codes for giver in givers if word in giver.words]
    return bool(codes) and all(code is not None and code.is_answered(word) for code in codes)


def refuse_nothing_but_unknown(
    connection: duckdb.DuckDBPyConnection, registry: Registry, entities: Iterable[str]
) -> None:
    """Refuse rows of an entity that all have a word in a closed field that is no code: none would count.

    Raises: UnknownWords.
    """
    there = raw_columns(connection)
    for name in entities:
        entity = registry.entities[name]
        for word in given_words(connection, entity, there.get(name, frozenset()), raw_table(name)).values():
            # a row without a word may be filled from elsewhere, so one such row is enough to load the rest
            if word.unknown and len(word.unknown) == len(word.words) and not word.empty:
                raise _refused(entity, word)


def _refused(entity: Entity, raw: RawWords) -> UnknownWords:
    codes = raw.field.codes
    assert codes is not None
    return UnknownWords(entity.name, raw.field.name, raw.unknown, codes.names)
