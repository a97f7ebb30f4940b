"""Words of sources as codes: what the raw rows hold in fields with codes, and the SQL that maps it.

The words stay in the raw rows, so what is told of them later is mapped when tables are made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from kpicore.ingest.fields.cycles import FieldOf
from kpicore.ingest.fields.derivations import Derivations, FieldDerivation
from kpicore.model.schema import Entity, Field
from kpicore.text.sql_text import literal, quoted


@dataclass(frozen=True, slots=True)
class RawWords:
    """What the raw rows hold in a field with codes: how many rows each word has.

    `blank` words are nothing but space, and count as no word; `empty` tells how many rows have no word.
    """

    field: Field
    words: Mapping[str, int]
    blank: tuple[str, ...]
    empty: int

    @property
    def unknown(self) -> tuple[tuple[str, int], ...]:
        """The words that are no code of a closed field, with their rows, the most frequent first."""
        codes = self.field.codes
        if codes is None or not codes.closed:
            return ()
        pairs = ((word, rows) for word, rows in self.words.items() if codes.code_of(word) is None)
        return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    @property
    def differs(self) -> bool:
        """Whether any word is not the code itself."""
        return any(code != word for word, code in self._codes())

    def code_sql(self) -> str:
        """Return the SQL of the code: that of a word which is none is empty, or in an open field the word itself."""
        if not self.differs:
            return self.word_sql()
        column, spellings = quoted(self.field.name), dict[str, list[str]]()
        for word, code in self._codes():
            if code is not None:
                spellings.setdefault(code, []).append(word)
        branches = "".join(
            f" WHEN {column} IN ({', '.join(map(literal, words))}) THEN {literal(code)}"
            for code, words in sorted(spellings.items())
        )
        rest = "NULL" if self.field.codes is None or self.field.codes.closed else self.word_sql()
        # without a branch the NULL of a closed field would have no type
        return f"CASE{branches} ELSE {rest} END" if branches else f"CAST({rest} AS VARCHAR)"

    def word_sql(self) -> str:
        """Return the SQL of the word as given."""
        column = quoted(self.field.name)
        if not self.blank:
            return column
        return f"CASE WHEN {column} IN ({', '.join(map(literal, self.blank))}) THEN NULL ELSE {column} END"

    def _codes(self) -> Iterator[tuple[str, str | None]]:
        """Yield the words with their codes; of an open field only those that are mapped."""
        codes = self.field.codes
        assert codes is not None
        for word in self.words:
            code = codes.code_of(word)
            if codes.closed or (code is not None and code != word):
                yield word, code


def given_words(
    connection: duckdb.DuckDBPyConnection, entity: Entity, columns: Collection[str], rows: str
) -> dict[str, RawWords]:
    """Return what stands in the fields with codes among the `columns` of the raw rows."""
    raw_words = {}
    for field in entity.fields:
        if field.codes is not None and field.name in columns:
            sql = f"SELECT {quoted(field.name)}, count(*) FROM {rows} GROUP BY 1"
            counted: dict[str | None, int] = dict(connection.execute(sql).fetchall())
            # no-break spaces and the like count as blank too, which SQL's trim would leave
            words = {word: number for word, number in counted.items() if word is not None and word.strip()}
            blank = tuple(sorted(word for word in counted if word is not None and word not in words))
            raw_words[field.name] = RawWords(field, words, blank, sum(counted.values()) - sum(words.values()))
    return raw_words


WordsByField = Mapping[str, Mapping[str, RawWords]]
"""By entity and field."""


def other_words(words: WordsByField, derivations: Derivations, copies: Mapping[FieldOf, FieldOf]) -> set[FieldOf]:
    """Return the fields that hold another word than their code in any row, given or read from elsewhere."""
    holders = {(entity, name) for entity, fields in words.items() for name, raw in fields.items() if raw.differs}
    return _with_readers(holders, derivations, copies)


def unknown_words(words: WordsByField, derivations: Derivations, copies: Mapping[FieldOf, FieldOf]) -> set[FieldOf]:
    """Return the fields that hold a word that is no code of theirs in any row, given or read from elsewhere."""
    holders = {(entity, name) for entity, fields in words.items() for name, raw in fields.items() if raw.unknown}
    return _with_readers(holders, derivations, copies)


def _with_readers(fields: set[FieldOf], derivations: Derivations, copies: Mapping[FieldOf, FieldOf]) -> set[FieldOf]:
    reached = set(fields)
    # Words go on through copies and look-ups, in any number of steps and in circles: until nothing is added.
    while True:
        new = {copy for copy, source in copies.items() if source in reached}
        new |= {
            key for key, ways in derivations.items() for way in ways if way.words is not None and _reads(way, reached)
        }
        if new <= reached:
            return reached
        reached |= new


def _reads(way: FieldDerivation, fields: Collection[FieldOf]) -> bool:
    read = {(way.entity, field) for field in way.own} | {(way.other, field) for field in way.read}
    return not read.isdisjoint(fields)
